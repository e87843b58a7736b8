// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// One merge in progress. Belongs to the thread that runs the merge.
public final class MergeTransaction {
    let db: Database
    let grid: StoreReferenceSystem
    private let recorder: ChangeRecorder
    private(set) var layers: [String: LayerTable] = [:]
    private var sourcesChanged = false
    /// The rows of `miaopu_sources`; nil until they are asked for, and when they may
    /// have become others.
    private var knownSources: [String: SourceRecord]?
    /// Whether what decides about features became another, though none of them did.
    var settingsChanged = false
    /// Layers of which a source was written or taken out.
    public private(set) var writtenLayers: Set<String> = []
    /// Sources that were not in the store before.
    private var created: Set<String> = []
    /// Why the change set cannot be taken back, once that is known.
    private var obstacle: String?

    init(_ db: Database, grid: StoreReferenceSystem) throws {
        self.db = db
        self.grid = grid
        recorder = try ChangeRecorder(db)
    }

    /// The sources that the store holds, by id.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func sources() throws -> [String: SourceRecord] {
        if let knownSources { return knownSources }
        let sources = try SourceRecord.fetchAll(db)
        knownSources = sources
        return sources
    }

    /// To be called when rows of `miaopu_sources` were written.
    func forgetSources() { knownSources = nil }

    /// The issues that the store holds for a source, in order.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func issues(of source: String) throws -> [RecordIssue] {
        try RecordIssue.fetchAll(db, source: source)
    }

    /// The deliveries that were taken back, by source.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func heldDeliveries() throws -> [String: HeldDelivery] {
        try HeldDelivery.fetchAll(db)
    }

    /// Writes one source: its features, where they came from, and what happened
    /// to them. The body hands over the rows in any order, each once; what the
    /// store holds of the source and is not handed over is deleted. When the body
    /// throws, the source is as it was before the call and the merge can go on.
    ///
    /// - Parameters:
    ///   - slot: the upper bits of the features' ids, below 2²².
    ///   - asOf: the day that the delivery describes, `yyyy-mm-dd`.
    ///   - reviewed: which records people say are which features.
    /// - Returns: the features that went and those that came.
    /// - Throws: `DistrictStoresError` when the store holds the source under
    ///   another slot or the layer with another schema, and what the body throws.
    @discardableResult
    public func writeSource(
        id: String, slot: UInt32, town: String?, asOf: String? = nil, layer: LayerDefinition,
        reviewed: [ReviewedMatch] = [],
        _ body: (SourceWriter) throws -> (record: SourceRecord, issues: [RecordIssue])
    ) throws -> UnmatchedFeatures {
        defer { forgetSources() }
        let previous = try SourceRecord.fetch(db, id: id)
        if let previous, previous.slot != slot {
            throw DistrictStoresError(
                .unusable,
                "The store holds source “\(id)” under other feature ids; move district.gpkg away to merge everything anew."
            )
        }
        // Outside the savepoint: a table that is there and empty does no harm,
        // and one that is gone again would leave this object behind.
        let table = try table(layer)
        let oldTable = try previous.flatMap { $0.layer == layer.id ? nil : try self.table(of: $0) }
        var done: [(LayerTable, LayerTable.Changes)] = []
        var recordsChanged = false
        var unmatched = UnmatchedFeatures(missing: [:], inserted: [])
        func write() throws {
            try db.inSavepoint {
                done = []
                if let previous, let oldTable {
                    done.append((oldTable, try deleteFeatures(of: previous, in: oldTable, asOf: asOf)))
                }
                let writer = try SourceWriter(
                    table: table, source: id, slot: slot, town: town, asOf: asOf, reviewed: reviewed)
                let (record, issues) = try body(writer)
                unmatched = UnmatchedFeatures(missing: writer.missingIdentities, inserted: writer.inserted)
                try writer.finish()
                let recordChanged = try record.save(db)
                let issuesChanged = try RecordIssue.replace(issues, of: record, on: grid, in: db)
                recordsChanged = recordChanged || issuesChanged
                done.append((table, writer.changes))
                return .commit
            }
        }
        if previous == nil {
            // A source is taken back whole; its rows need not be remembered.
            try recorder.pausing(write)
            created.insert(id)
        } else {
            try write()
        }
        try HeldDelivery.release(id, in: db)
        writtenLayers.formUnion([layer.id, previous?.layer].compactMap { $0 })
        for (table, changes) in done { table.note(changes) }
        sourcesChanged = sourcesChanged || recordsChanged
        return unmatched
    }

    /// Deletes a source that the district no longer names, with its features.
    ///
    /// - Parameter keepsPast: whether they were once true.
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func removeSource(_ record: SourceRecord, keepsPast: Bool = true) throws {
        if let table = try table(of: record) {
            table.note(try deleteFeatures(of: record, in: table, asOf: nil, keepsPast: keepsPast))
        }
        writtenLayers.insert(record.layer)
        try db.execute(sql: "DELETE FROM miaopu_issues WHERE source = ?", arguments: [record.id])
        try db.execute(sql: "DELETE FROM miaopu_sources WHERE source = ?", arguments: [record.id])
        forgetSources()
        sourcesChanged = true
    }

    private func deleteFeatures(
        of record: SourceRecord, in table: LayerTable, asOf: String?, keepsPast: Bool = true
    ) throws -> LayerTable.Changes {
        let writer = try SourceWriter(
            table: table, source: record.id, slot: record.slot, town: record.town, asOf: asOf)
        try writer.finish(keepsPast: keepsPast)
        return writer.changes
    }

    /// The table that the store holds a source's features in; nil when it has none.
    private func table(of record: SourceRecord) throws -> LayerTable? {
        if let table = layers[record.layer] { return table }
        return try LayerDefinition.fetch(db, id: record.layer).map { try table($0) }
    }

    func table(_ definition: LayerDefinition) throws -> LayerTable {
        if let table = layers[definition.id] {
            guard table.definition.columns == definition.columns else {
                throw DistrictStoresError(.unknown, "Layer “\(definition.id)” has two schemas in one merge.")
            }
            return table
        }
        let table = try recorder.pausing { try LayerTable(definition, in: db, grid: grid) }
        if table.wasRebuilt { obstacle = "with it the fields of layer “\(definition.id)” became others." }
        layers[definition.id] = table
        return table
    }

    /// Brings the spatial indexes up to date and writes the log.
    func finish(summary: (ChangeSet) -> String) throws -> ChangeSet {
        var changes = ChangeSet(id: nil, layers: [])
        var envelopes: [Envelope] = []
        for (id, table) in layers.sorted(by: { $0.key < $1.key }) {
            let envelope = try table.finish()
            let done = table.changes
            guard !done.isEmpty else { continue }
            changes.layers.append(
                .init(layer: id, inserted: done.inserted, updated: done.updated, deleted: done.deleted))
            envelopes.append(envelope)
        }
        guard sourcesChanged || settingsChanged || !changes.layers.isEmpty else { return changes }

        changes.id = try nextChangeSet()
        if recorder.isOverLimit { obstacle = "it changed more than \(ChangeRecorder.memoryLimit >> 20) MB of rows." }
        let rows = try obstacle == nil ? recorder.recorded() : RecordedChanges(bytes: [])
        try ChangeLog.append(
            changes, envelopes: envelopes, summary: summary(changes),
            recording: .init(created: created.sorted(), columns: try columns(of: rows), rows: rows), obstacle: obstacle,
            in: db)
        return changes
    }

    /// The number that the change set gets, if it changes anything.
    func nextChangeSet() throws -> Int64 {
        (try Int64.fetchOne(db, sql: "SELECT max(id) FROM miaopu_changesets") ?? 0) + 1
    }

    private func columns(of rows: RecordedChanges) throws -> [String: [String]] {
        var columns: [String: [String]] = [:]
        try rows.forEachRow { row in
            if columns[row.key.table] == nil {
                columns[row.key.table] = try ChangeLog.columns(of: row.key.table, in: db)
            }
        }
        return columns
    }
}
