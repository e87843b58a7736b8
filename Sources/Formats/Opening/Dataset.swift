// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Foundation

/// A delivery that is open for reading.
///
/// GDAL reads files from outside here: use it in a child process only (see
/// `ChildProcesses`). Nothing of the file leads GDAL to any other file: it sees
/// links to the delivery's own files in a folder of ours, and one driver.
public final class Dataset {
    /// The format of the file, or of the first one in an archive.
    public let format: FileFormat
    /// In the order of the file.
    public var layers: [LayerDescription] { readers.map(\.description) }
    /// Sentences about the delivery as a whole.
    public let notes: [String]

    private let readers: [any LayerReader]
    private let request: DatasetRequest

    /// Recognises, checks and opens a file.
    ///
    /// - Parameter scratch: an empty folder of ours; the working directory unless
    ///   told otherwise, which in a child is private and removed afterwards.
    /// - Throws: `FormatsError` when the file is refused.
    public init(opening request: DatasetRequest, scratch: URL? = nil) throws {
        self.request = request
        let scratch = scratch ?? URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        var staging = Staging(folder: scratch, limits: request.limits)
        let delivery = try staging.stage(path: request.path)
        var readers: [any LayerReader] = []
        for file in delivery.files {
            readers += try DatasetOpening(request: request, file: file, scratch: scratch).readers()
            guard readers.count <= request.limits.layers else {
                throw FormatsError(
                    .tooLarge,
                    "“\(request.displayName)” has more than \(request.limits.layers) layers, the most allowed.")
            }
        }
        self.readers = Self.withUniqueNames(readers)
        notes = delivery.notes
        format = delivery.files[0].format
    }

    /// Hands over every record of a layer, in the order of the file, those with
    /// faults too.
    ///
    /// Records that `request.where` leaves out are counted as skipped and not
    /// handed over.
    ///
    /// - Returns: what became of all records; it balances with what the file
    ///   declares.
    /// - Throws: `FormatsError` when the layer does not exist, the condition is
    ///   wrong, a ceiling is passed, or the file ends before its records do; and
    ///   what `body` throws.
    /// - Complexity: O(*n*) in the file; one record is held at a time.
    public func forEachFeature(in layer: String, body: (RawFeature) throws -> Void) throws -> ReadBalance {
        guard let reader = readers.first(where: { $0.description.name == layer }) else {
            throw FormatsError(
                .wrongUse,
                "“\(request.displayName)” has no layer “\(layer)”; it has "
                    + "\(layers.map { "“\($0.name)”" }.joined(separator: ", ")).")
        }
        var tally = try ReadTally(reader.description, request)
        try reader.forEachFeature { feature in try tally.take(feature, body) }
        return try tally.balance(reader.closingNotes)
    }

    private static func withUniqueNames(_ readers: [any LayerReader]) -> [any LayerReader] {
        var seen: Set<String> = []
        for reader in readers where !seen.insert(reader.description.name).inserted {
            var name = "\(reader.member)/\(reader.description.name)"
            while !seen.insert(name).inserted { name += "′" }
            reader.description.name = name
        }
        return readers
    }
}
