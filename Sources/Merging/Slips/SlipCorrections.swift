// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Formats
import Foundation
import Projections
import SimpleFeatures

/// The records of corrected slips, which take the place of those of the
/// delivery. Read in the child, before the delivery itself.
struct SlipCorrections {
    /// A record of a slip that takes no record's place, and why.
    struct Stray {
        var name: String
        var sentence: String
    }

    private var records: [Int: RawFeature] = [:]
    private(set) var strays: [Stray] = []
    private(set) var notes: [String] = []
    /// How many records of the delivery were replaced.
    private(set) var taken = 0

    /// - Parameter base: the layer of the delivery.
    /// - Throws: `MergingError` of kind `.sourceRefused` when a file is no slip of
    ///   this source and delivery, or lost a column; `FormatsError`.
    init(_ job: SourceJob, base: LayerDescription) throws {
        if base.schema.fields.contains(where: { $0.name == SlipMark.column }) {
            throw MergingError(
                .sourceRefused,
                "“\(job.dataset.displayName)” is a slip and no delivery: leave `path` on the delivery, and list the slip "
                    + "under `corrections:` of the source that its column \(SlipMark.column) names.")
        }
        for (number, request) in (job.slip?.corrections ?? []).enumerated() {
            try read(request, number, job, base)
        }
    }

    private mutating func read(
        _ request: DatasetRequest, _ number: Int, _ job: SourceJob, _ base: LayerDescription
    ) throws {
        guard let context = job.slip else { return }
        let file = request.displayName
        let dataset = try Self.open(request, number, encoding: job.dataset.encoding)
        let layer = try SourceReading.chosenLayer(of: dataset, request)
        let names = layer.schema.fields.map(\.name)
        guard let markField = names.firstIndex(of: SlipMark.column) else {
            throw MergingError(
                .sourceRefused,
                "“\(file)” is no slip: it has no column \(SlipMark.column), by which each record is known again. "
                    + "Let the town correct the file that “miaopu slip” made, and keep its columns.")
        }
        let positions = base.schema.fields.map { field in names.firstIndex(of: field.name) }
        if let lost = zip(base.schema.fields, positions).first(where: { $0.1 == nil })?.0 {
            throw MergingError(
                .sourceRefused, "The slip “\(file)” has lost the field “\(lost.name)” that the delivery has.")
        }
        try Self.checkSystem(layer, base, file)
        var seen: Set<Int> = []
        let straysBefore = strays.count
        _ = try dataset.forEachFeature(in: layer.name) { raw in
            guard markField < raw.values.count, case .text(let text) = raw.values[markField],
                let mark = SlipMark(text)
            else {
                strays.append(
                    .init(
                        name: "unmarked-record",
                        sentence:
                            "Record \(raw.row) of the slip “\(file)” has no mark in \(SlipMark.column), so nobody knows "
                            + "which record it corrects."))
                return
            }
            if let refusal = mark.refusal(by: context, file: file) { throw MergingError(.sourceRefused, refusal) }
            guard seen.insert(mark.row).inserted else {
                strays.append(
                    .init(
                        name: "mark-given-twice",
                        sentence: "Record \(raw.row) of the slip “\(file)” has the mark of an earlier one; a record is "
                            + "corrected by one record."))
                return
            }
            var corrected = raw
            corrected.row = mark.row
            corrected.values = positions.map { $0.map { raw.values[$0] } ?? .null }
            records[mark.row] = corrected
        }
        guard !seen.isEmpty || strays.count == straysBefore else {
            throw MergingError(.sourceRefused, "No record of the slip “\(file)” has its mark in \(SlipMark.column).")
        }
        notes.append(
            "The slip “\(file)” was handed back: \(MergeReport.count(seen.count, "record")) of it take the place of those "
                + "in the delivery.")
    }

    private static func open(_ request: DatasetRequest, _ number: Int, encoding: String?) throws -> Dataset {
        func open(_ request: DatasetRequest, _ name: String) throws -> Dataset {
            let scratch = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
                .appendingPathComponent("slip-\(number)-\(name)")
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: false)
            return try Dataset(opening: request, scratch: scratch)
        }
        let dataset = try open(request, "a")
        // The town's programs may have written another encoding; what the district
        // declared counts where the file says nothing.
        guard let encoding, dataset.layers.contains(where: { $0.encoding?.claim.origin == .nobody }) else {
            return dataset
        }
        var declared = request
        declared.encoding = encoding
        return try open(declared, "b")
    }

    /// A slip comes back in the reference system in which it went out.
    private static func checkSystem(_ layer: LayerDescription, _ base: LayerDescription, _ file: String) throws {
        guard let returned = layer.crs, let delivered = base.crs, returned.wkt != delivered.wkt else { return }
        func name(_ declared: DeclaredCRS) -> String? {
            if let code = declared.authorityCode { return code == "OGC:CRS84" ? "EPSG:4326" : code }
            let system = try? CoordinateReferenceSystem(parsing: declared.wkt)
            return system.map { $0.authorityCode ?? $0.name }
        }
        let (one, other) = (name(returned), name(delivered))
        guard one != other else { return }
        throw MergingError(
            .sourceRefused,
            "The slip “\(file)” came back in \(one ?? "an unknown reference system") and the delivery is in "
                + "\(other ?? "another"): hand it back in the delivery's own.")
    }

    /// The record that takes the place of one of the delivery.
    mutating func take(_ row: Int) -> RawFeature? {
        guard let record = records.removeValue(forKey: row) else { return nil }
        taken += 1
        return record
    }

    /// Says of the records that were not taken that the delivery has no such
    /// record.
    mutating func finish() {
        for row in records.keys.sorted() {
            strays.append(
                .init(
                    name: "mark-of-no-record",
                    sentence:
                        "A record of a slip has the mark of record \(row), which the delivery does not have or `from:` "
                        + "leaves out."))
        }
        records = [:]
    }
}
