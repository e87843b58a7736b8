// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// One merge in progress. Belongs to the thread that runs the merge.
public final class MergeTransaction {
    let db: Database
    let grid: StoreReferenceSystem
    private var layers: [String: LayerTable] = [:]
    private var sourcesChanged = false

    init(_ db: Database, grid: StoreReferenceSystem) {
        self.db = db
        self.grid = grid
    }

    /// The sources that the store holds, by id.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func sources() throws -> [String: SourceRecord] {
        try SourceRecord.fetchAll(db)
    }

    /// The issues that the store holds for a source, in order.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func issues(of source: String) throws -> [RecordIssue] {
        try RecordIssue.fetchAll(db, source: source)
    }

    /// Writes one source: its features, where they came from, and what happened
    /// to them. The body hands over the rows in any order, each once; what the
    /// store holds of the source and is not handed over is deleted. When the body
    /// throws, the source is as it was before the call and the merge can go on.
    ///
    /// - Parameter slot: the upper bits of the features' ids, below 2²².
    /// - Throws: `DistrictStoresError` when the store holds the source under
    ///   another slot or the layer with another schema, and what the body throws.
    public func writeSource(
        id: String, slot: UInt32, town: String?, layer: LayerDefinition,
        _ body: (SourceWriter) throws -> (record: SourceRecord, issues: [RecordIssue])
    ) throws {
        let previous = try SourceRecord.fetchAll(db)[id]
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
        try db.inSavepoint {
            done = []
            if let previous, let oldTable { done.append((oldTable, try deleteFeatures(of: previous, in: oldTable))) }
            let writer = try SourceWriter(table: table, source: id, slot: slot, town: town)
            let (record, issues) = try body(writer)
            try writer.finish()
            let recordChanged = try record.save(db)
            let issuesChanged = try RecordIssue.replace(issues, of: record, in: db)
            recordsChanged = recordChanged || issuesChanged
            done.append((table, writer.changes))
            return .commit
        }
        for (table, changes) in done { table.note(changes) }
        sourcesChanged = sourcesChanged || recordsChanged
    }

    /// Deletes a source that the district no longer names, with its features.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func removeSource(_ record: SourceRecord) throws {
        if let table = try table(of: record) { table.note(try deleteFeatures(of: record, in: table)) }
        try db.execute(sql: "DELETE FROM miaopu_issues WHERE source = ?", arguments: [record.id])
        try db.execute(sql: "DELETE FROM miaopu_sources WHERE source = ?", arguments: [record.id])
        sourcesChanged = true
    }

    private func deleteFeatures(of record: SourceRecord, in table: LayerTable) throws -> LayerTable.Changes {
        let writer = try SourceWriter(table: table, source: record.id, slot: record.slot, town: record.town)
        try writer.finish()
        return writer.changes
    }

    /// The table that the store holds a source's features in; nil when it has none.
    private func table(of record: SourceRecord) throws -> LayerTable? {
        if let table = layers[record.layer] { return table }
        return try LayerDefinition.fetch(db, id: record.layer).map { try table($0) }
    }

    private func table(_ definition: LayerDefinition) throws -> LayerTable {
        if let table = layers[definition.id] {
            guard table.definition.columns == definition.columns else {
                throw DistrictStoresError(.unknown, "Layer “\(definition.id)” has two schemas in one merge.")
            }
            return table
        }
        let table = try LayerTable(definition, in: db, grid: grid)
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
        guard sourcesChanged || !changes.layers.isEmpty else { return changes }

        let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM miaopu_changesets") ?? 0
        changes.id = last + 1
        try db.execute(
            sql: """
                INSERT INTO miaopu_changesets (id, committed_at, summary)
                VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?)
                """, arguments: [changes.id, summary(changes)])
        for (change, envelope) in zip(changes.layers, envelopes) {
            let box = envelope.isEmpty ? nil : envelope
            try db.execute(
                sql: """
                    INSERT INTO miaopu_changes
                    (changeset, layer, inserted, updated, deleted, min_x, min_y, max_x, max_y)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    changes.id, change.layer, change.inserted, change.updated, change.deleted,
                    box?.minX, box?.minY, box?.maxX, box?.maxY,
                ])
        }
        return changes
    }
}
