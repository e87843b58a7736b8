// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures

/// A source that was read to the end, with what its child said about it.
struct SourceOutcome {
    let record: SourceRecord
    let opening: SourceOpening
    let summary: SourceSummary

    /// - Parameter candidates: sentences about fields that nothing takes.
    init(
        prepared: PreparedSource, opening: SourceOpening, finding: ReferenceFinding?, summary: SourceSummary,
        candidates: [String]
    ) {
        self.opening = opening
        self.summary = summary
        let source = prepared.source
        var fields = opening.fields
        for (index, coverage) in zip(fields.indices, summary.coverage) { fields[index].coverage = coverage }
        var record = SourceRecord(
            id: source.id, slot: source.slot, town: source.town, layer: source.layer, path: source.path,
            fileHash: prepared.fileHash, fingerprint: prepared.fingerprint, crs: opening.crs,
            crsOrigin: opening.crsOrigin, steps: opening.steps.joined(separator: "\n"),
            accuracyInMeters: opening.accuracyInMeters, encoding: opening.encoding,
            asOf: source.asOf?.description, fields: fields, counts: summary.counts)
        record.account.issues = summary.totals.map { .init(kind: $0.kind, name: $0.name, count: $0.count) }
        record.account.notes = opening.notes + candidates + summary.notes
        record.account.shift = summary.shift
        record.account.reference = finding
        self.record = record
    }
}

/// Collects what becomes of each source, and makes the report of it.
struct MergeLog {
    private let district: District
    private var sources: [MergeReport.Source] = []
    private var seams: [MergeReport.Seams] = []
    private var standing: StandingIssues?
    /// What the fields of the layers are filled from.
    var schema: [MergeReport.LayerSchema] = []
    var gridCodes: [MergeReport.GridCodes] = []
    var figures = MergeReport.Figures()
    private var matches: [MatchStage.Outcome] = []

    init(district: District) {
        self.district = district
    }

    /// One line for the store's log.
    var summary: String {
        let merged = sources.filter { $0.outcome == .merged }.map(\.id)
        let removed = sources.filter { $0.outcome == .removed }.map(\.id)
        let parts = [("merged", merged), ("removed", removed)].filter { !$0.1.isEmpty }
            .map { "\($0.0) \(MergeReport.list($0.1))" }
        return parts.isEmpty ? "looked at seams and rules anew" : parts.joined(separator: "; ")
    }

    mutating func noteMerged(_ source: SourceDefinition, _ outcome: SourceOutcome) {
        sources.append(entry(source, .merged, outcome.record, outcome.summary.issues))
    }

    mutating func noteUnchanged(_ source: SourceDefinition, _ record: SourceRecord, issues: [RecordIssue]) {
        sources.append(entry(source, .unchanged, record, issues))
    }

    mutating func noteHeld(
        _ source: SourceDefinition, _ held: HeldDelivery, _ record: SourceRecord?, issues: [RecordIssue]
    ) {
        var entry = entry(source, record == nil ? .held : .unchanged, record, issues)
        entry.notes.append(
            "Its present delivery was taken back by change set \(held.changeSet) and is left alone; "
                + "“miaopu merge \(source.id)” takes it in again.")
        sources.append(entry)
    }

    /// Takes what stands in the district, by this merge or an earlier one.
    ///
    /// - Parameter seams: what this merge found where deliveries meet.
    mutating func noteStanding(_ transaction: MergeTransaction, seams found: [MergeReport.Seams]) throws {
        let standing = try StandingIssues(transaction)
        seams = standing.seams(found)
        self.standing = standing
    }

    mutating func noteQuarantined(
        _ source: SourceDefinition, _ sentence: String, hasEarlierDelivery: Bool, _ finding: ReferenceFinding? = nil
    ) {
        var entry = entry(source, .quarantined, nil)
        entry.verdict = finding
        entry.needs.append(sentence)
        if hasEarlierDelivery { entry.notes.append("The features of its last good delivery stay in the district.") }
        sources.append(entry)
    }

    mutating func noteKept(_ record: SourceRecord, _ held: HeldDelivery) {
        var entry = MergeReport.Source(
            id: record.id, town: record.town, layer: record.layer, path: record.path, outcome: .unchanged,
            counts: record.counts, steps: [], issues: [], notes: [], needs: [])
        entry.notes.append(
            "No longer in district.yaml; its removal was taken back by change set \(held.changeSet), so it stays.")
        sources.append(entry)
    }

    mutating func noteRemoved(_ record: SourceRecord) {
        var entry = MergeReport.Source(
            id: record.id, town: record.town, layer: record.layer, path: record.path, outcome: .removed,
            counts: .init(), steps: [], issues: [], notes: [], needs: [])
        entry.notes.append(
            "No longer in district.yaml: its \(record.counts.accepted + record.counts.repaired) features were taken out."
        )
        sources.append(entry)
    }

    /// Takes what is to be said of records that may be earlier features.
    mutating func note(_ matches: [MatchStage.Outcome]) {
        self.matches = matches
        for outcome in matches {
            guard let index = sources.firstIndex(where: { $0.id == outcome.report.source }) else { continue }
            sources[index].notes += outcome.notes
            sources[index].needs += outcome.needs
        }
    }

    /// What is to be written into the files of matches, by source.
    var proposals: [String: [(entry: MatchList.Entry, remark: String)]] {
        Dictionary(uniqueKeysWithValues: matches.map { ($0.report.source, $0.proposals) }).filter { !$0.value.isEmpty }
    }

    /// Says which features are counted as taken and are not on the map.
    mutating func noteSuppressed(_ counts: [String: Int]) {
        for index in sources.indices {
            guard let count = counts[sources[index].id] else { continue }
            sources[index].notes.append(
                "For \(MergeReport.count(count, "feature")) another town's stands on the map (miaopu_suppressed).")
        }
    }

    /// - Parameter record: the delivery that the district holds; nil when none.
    private func entry(
        _ source: SourceDefinition, _ outcome: MergeReport.Outcome, _ record: SourceRecord?,
        _ issues: [RecordIssue] = []
    ) -> MergeReport.Source {
        let account = record?.account ?? .init()
        var entry = MergeReport.Source(
            id: source.id, town: source.town, layer: source.layer, path: source.path, outcome: outcome,
            counts: record?.counts ?? .init(), crs: record?.crs, crsOrigin: record?.crsOrigin,
            encoding: record?.encoding, steps: record?.steps.split(separator: "\n").map(String.init) ?? [],
            accuracyInMeters: record?.accuracyInMeters, shift: account.shift, issues: [], notes: account.notes,
            needs: [])
        entry.verdict = account.reference
        entry.issues = account.issues.map { total in
            let example = issues.first { $0.kind == total.kind && $0.name == total.name }
            return .init(name: total.name, kind: total.kind, count: total.count, example: example?.message ?? "")
        }
        if record != nil, let mixture = HeightMarks.mixture(in: district, layer: source.layer) {
            entry.notes.append(mixture)
        }
        if entry.counts.rejected > 0 {
            entry.needs.append(
                "\(MergeReport.count(entry.counts.rejected, "record")) of \(entry.counts.read) rejected; "
                    + "the table miaopu_issues names each.")
        }
        return entry
    }

    /// Of the seams in the report, on the district grid.
    var outlines: [MergeReport.Issue: Geometry] { standing?.outlines ?? [:] }

    func report(_ changes: ChangeSet, isPlan: Bool) -> MergeReport {
        let sources = sources.sorted { $0.id < $1.id }
        var standing = standing
        standing?.add(sources.filter { $0.outcome == .quarantined })
        return MergeReport(
            district: district.name, grid: district.grid.crs, isPlan: isPlan, changeSet: changes.id,
            layers: changes.layers.map(MergeReport.Layer.init),
            sources: sources, seams: seams, issues: standing?.issues ?? [], issueTotals: standing?.totals ?? [],
            schema: schema, gridCodes: gridCodes, figures: figures,
            matches: matches.map(\.report).filter { $0.openCount + $0.accepted > 0 })
    }
}

extension MergeReport {
    /// The report for programs, with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Writes the report as a page, as text and as JSON, over those of the merge
    /// before; each of them is there as a whole or as it was.
    func write(_ page: ReportPage, to folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in [("merge.json", try json()), ("merge.txt", self.text), ("merge.html", page.text)] {
                try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
            }
        } catch {
            throw MergingError(
                .system, "The merge is done, but its report cannot be written: \(error.localizedDescription)")
        }
    }
}
