// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The folder of a slip while it is made: beside its place, and put there when it
/// is whole.
final class SlipFolder {
    let place: URL
    private let building: URL

    private static let contents = "slip.json"

    /// - Throws: `MergingError` when something else is in the place, or a slip that
    ///   somebody has worked on.
    init(_ place: URL) throws {
        self.place = place
        building = place.deletingLastPathComponent()
            .appendingPathComponent(".\(place.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).new")
        if FileManager.default.fileExists(atPath: place.path) { try Self.refuseForeign(place) }
        do {
            try? FileManager.default.removeItem(at: building)
            try FileManager.default.createDirectory(at: building, withIntermediateDirectories: true)
        } catch {
            throw MergingError(.system, "The folder “\(building.path)” cannot be made: \(error.localizedDescription)")
        }
    }

    private static func refuseForeign(_ place: URL) throws {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: place.path)) ?? []
        let isFolder = (try? place.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
        if isFolder, names.isEmpty { return }
        guard isFolder, let data = try? Data(contentsOf: place.appendingPathComponent(contents)),
            let report = try? JSONDecoder().decode(SlipReport.self, from: data)
        else {
            throw MergingError(
                .wrongUse, "“\(place.path)” is there and no slip; name a folder that does not exist, or an older slip.")
        }
        let made = Dictionary(report.parts.flatMap(\.files).map { ($0.name, $0.sha256) }) { first, _ in first }
        for name in names.sorted() where name != contents {
            let file = place.appendingPathComponent(name)
            if (try? file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true { continue }
            guard let hash = made[name], try DeliveredFiles.hash(of: file) == hash else {
                throw MergingError(
                    .wrongUse,
                    "“\(place.path)” has a slip that somebody has worked on (\(name)); move it away, or name another folder."
                )
            }
        }
    }

    /// What was written for a source.
    func files(of source: String) throws -> [SlipReport.File] {
        try FileManager.default.contentsOfDirectory(atPath: building.appendingPathComponent(source).path).sorted()
            .map { name in
                let path = "\(source)/\(name)"
                return .init(name: path, sha256: try DeliveredFiles.hash(of: building.appendingPathComponent(path)))
            }
    }

    /// An empty folder for the files of one source.
    func folder(for source: String) throws -> URL {
        let folder = building.appendingPathComponent(source)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        return folder
    }

    func finish(_ report: SlipReport) throws {
        var portable = report
        portable.folder = ""
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(portable).write(to: building.appendingPathComponent(Self.contents))
            let older = building.appendingPathExtension("old")
            let isReplaced = FileManager.default.fileExists(atPath: place.path)
            if isReplaced { try FileManager.default.moveItem(at: place, to: older) }
            try FileManager.default.moveItem(at: building, to: place)
            if isReplaced { try? FileManager.default.removeItem(at: older) }
        } catch {
            throw MergingError(.system, "The slip cannot be put into “\(place.path)”: \(error.localizedDescription)")
        }
    }

    /// Takes away what was not finished.
    func discard() {
        try? FileManager.default.removeItem(at: building)
    }
}
