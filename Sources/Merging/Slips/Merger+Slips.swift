// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import DistrictStores
import Districts
import Formats
public import Foundation
import SimpleFeatures

extension Merger {
    /// Writes what a town should correct: the records that the last merge
    /// rejected or altered, as the town delivered them, with the reasons.
    ///
    /// The deliveries are read again and have to be those that were merged. The
    /// slip is there as a whole or not at all.
    ///
    /// - Parameters:
    ///   - town: its code or its name.
    ///   - output: the folder to make; nil for the district's own place for slips.
    ///     An older slip there is replaced, anything else is not touched.
    /// - Throws: `MergingError` when there is no such town, the folder holds
    ///   something else, or the machine failed; `DistrictStoresError` when there is
    ///   no store. A source that no slip can be made of is told in the result.
    public func slip(of town: String, to output: URL? = nil) throws -> SlipReport {
        guard let town = district.towns.first(where: { $0.code == town || $0.name == town }) else {
            let known = district.towns.map { "\($0.code) \($0.name)" }
            throw MergingError(
                .wrongUse, "district.yaml has no town “\(town)”; it has \(MergeReport.list(known)).")
        }
        let own = district.directory.appendingPathComponent(".miaopu/slips").appendingPathComponent(town.code)
        let folder = try SlipFolder(output ?? own)
        defer { folder.discard() }
        let store = try DistrictStore(opening: Self.store(of: district))
        let gridID = try storeReferenceSystem().id
        let stored = try store.sources()
        let slip = try SlipReasons(store)
        var ground = GroundStage(district, gridID: gridID, options: options)
        var addresses = AddressStage(district, gridID: gridID, options: options, ground: ground)
        var report = SlipReport(
            town: town.code, name: town.name, folder: folder.place.path, parts: [], needs: [])
        for source in district.sources.filter({ $0.town == town.code }).sorted(by: { $0.id < $1.id }) {
            do {
                guard let record = stored[source.id] else {
                    throw refused("was never merged as a whole; “miaopu merge” says why")
                }
                guard try slip.isOnSlip(record) else { continue }
                var prepared = try PreparedSource(
                    source, in: district, gridID: gridID,
                    ground: ground.digest(for: source) + addresses.digest(for: source))
                guard prepared.fileHash == record.fileHash else {
                    throw refused("the delivery is no longer the one that was merged; merge it, then make the slip")
                }
                guard prepared.fingerprint == record.fingerprint else {
                    throw refused(
                        "its entry in district.yaml has changed since it was merged; merge it, then make the slip")
                }
                prepared.job.ground = try ground.ground(for: source)
                try addresses.complete(&prepared, ground: &ground)
                report.parts.append(try part(of: prepared, record, slip.reasons(of: record), in: folder))
            } catch let error as MergingError where error.kind == .sourceRefused {
                report.needs.append("\(source.id): \(error.description)")
            }
        }
        guard !report.parts.isEmpty else { return report }
        try folder.finish(report)
        return report
    }

    private func refused(_ sentence: String) -> MergingError { MergingError(.sourceRefused, sentence + ".") }

    private func part(
        of prepared: PreparedSource, _ record: SourceRecord, _ moved: [Int64: String], in folder: SlipFolder
    ) throws -> SlipReport.Part {
        let source = prepared.source
        options.progress("\(source.id): \(source.path)")
        let place = try folder.folder(for: source.id)
        var file: SlipFile?
        var summary: SourceSummary?
        var failure: MergingError?
        var opening: ReadSlipJob.Opening?
        var written = 0
        let request = try JSONEncoder().encode(ReadSlipJob.Request(job: prepared.job, moved: moved))
        let exit = try ChildProcess.run(
            job: ReadSlipJob.name, request: Array(request), limits: ChildLimits(district.limits),
            executable: options.executable, temporaryDirectory: options.temporaryDirectory,
            isCancelled: options.isCancelled
        ) { frame in
            switch frame.kind {
            case SourceFrame.opening:
                let told = try JSONDecoder().decode(ReadSlipJob.Opening.self, from: Data(frame.payload))
                opening = told
                file = try SlipFile(in: place, told, delivered: district.url(of: source.path)) { row in
                    SlipMark(source: source.id, row: row, fileHash: prepared.fileHash, town: source.town)
                }
            case SourceFrame.records:
                guard let file, let opening else { break }
                written += try Self.write(frame.payload, opening.layer.schema, to: file)
            case SourceFrame.summary:
                summary = try JSONDecoder().decode(SourceSummary.self, from: Data(frame.payload))
            case SourceFrame.breakdown:
                failure = MergingError(.system, String(decoding: frame.payload, as: UTF8.self))
            default:
                failure = MergingError(.sourceRefused, String(decoding: frame.payload, as: UTF8.self))
            }
        }
        if options.isCancelled() { throw MergingError(.cancelled, "Stopped; there is no slip.") }
        if let failure = failure ?? exit.refusal(of: source.path) { throw failure }
        guard let file, let summary, summary.counts == record.counts else {
            throw refused("reading it again gave another result than the merge; merge it anew, then make the slip")
        }
        try file.close()
        return SlipReport.Part(
            source: source.id, layer: source.layer, path: source.path, sha256: record.fileHash,
            files: try folder.files(of: source.id), rejected: record.counts.rejected - summary.strays,
            altered: written - (record.counts.rejected - summary.strays), notes: file.notes + summary.notes.slipNotes)
    }

    /// - Returns: how many records there were.
    private static func write(_ frame: [UInt8], _ schema: Schema, to file: SlipFile) throws -> Int {
        try frame.withUnsafeBytes { bytes in
            var reader = RecordFrameReader(bytes)
            var count = 0
            while !reader.isAtEnd {
                let header = try reader.nextHeader()
                var values: [AttributeValue] = []
                for field in schema.fields { values.append(AttributeValue(try reader.nextValue(), field.type)) }
                let geometry = header.geometry.isEmpty ? nil : try? Geometry(wkb: Array(header.geometry))
                try file.write(
                    row: Int(header.row), geometry: geometry, values: values,
                    reason: String(decoding: header.repair, as: UTF8.self))
                count += 1
            }
            return count
        }
    }
}

extension [String] {
    /// What a town should know of its slip, of all that was said while it was read.
    fileprivate var slipNotes: [String] { filter { $0.hasSuffix(SourceReading.heightsDropped) } }
}

extension AttributeValue {
    fileprivate init(_ value: RecordFrameReader.Value, _ type: FieldType) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = type == .boolean ? .boolean(number != 0) : .integer(number)
        case .real(let number): self = .real(number)
        case .text(let utf8): self = .text(String(decoding: utf8, as: UTF8.self))
        }
    }
}
