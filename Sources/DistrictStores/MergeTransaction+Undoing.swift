// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import SimpleFeatures

extension MergeTransaction {
    /// Takes a change set back: every row becomes what it was before. What is
    /// taken back is held: a merge of everything does not bring it in again.
    ///
    /// - Returns: the sources whose features became others, by id.
    /// - Throws: `DistrictStoresError` of kind `.unknown` when there is no such
    ///   change set, it was taken back already, or rows that it changed have
    ///   changed since; nothing is changed then.
    /// - Complexity: O(*n*) in rows that it changed.
    public func undo(changeSet: Int64) throws -> [String] {
        let recording = try ChangeLog.recording(of: changeSet, in: db)
        for (table, columns) in recording.columns where try ChangeLog.columns(of: table, in: db) != columns {
            throw DistrictStoresError(
                .unknown,
                "Change set \(changeSet) cannot be taken back: the fields of “\(table)” have become others since.")
        }
        let inverse = try recording.rows.inverted()
        let tables = try layerTables(of: inverse)
        let before = try sources()
        let changes = try tables.mapValues { try $0.indexChanges(of: inverse) }
        forgetSources()
        do {
            try inverse.apply(to: db)
        } catch let conflict as RecordedChanges.Conflict {
            throw DistrictStoresError(.unknown, try sentence(about: conflict, undoing: changeSet))
        }
        for (id, table) in tables {
            table.note(changes[id] ?? .init())
            // Some of these features are deleted next.
            _ = try table.flushIndex()
        }
        for id in recording.created {
            // A later change set may have taken the source out.
            guard let record = try SourceRecord.fetch(db, id: id) else { continue }
            // What was taken back never was.
            try removeSource(record, keepsPast: false)
        }
        try CodeRegister.takeBackDelivered(changeSet: changeSet, by: try nextChangeSet(), in: db)
        let touched = try hold(before, changeSet: changeSet)
        try markUndone(changeSet)
        return touched
    }

    private func layerTables(of rows: RecordedChanges) throws -> [String: LayerTable] {
        var names: Set<String> = []
        try rows.forEachRow { names.insert($0.key.table) }
        var tables: [String: LayerTable] = [:]
        for name in names.sorted() {
            if let definition = try LayerDefinition.fetch(db, id: name) { tables[name] = try table(definition) }
        }
        return tables
    }

    /// Keeps a merge of everything from undoing what was just done.
    private func hold(_ before: [String: SourceRecord], changeSet: Int64) throws -> [String] {
        let after = try sources()
        let next = try nextChangeSet()
        var touched: [String] = []
        for id in Set(before.keys).union(after.keys).sorted() where before[id] != after[id] {
            touched.append(id)
            guard let record = before[id] ?? after[id] else { continue }
            try HeldDelivery(source: id, fingerprint: before[id]?.fingerprint, changeSet: next)
                .save(slot: record.slot, in: db)
        }
        return touched
    }

    private func markUndone(_ changeSet: Int64) throws {
        try db.execute(
            sql: "UPDATE miaopu_changesets SET undone_by = ? WHERE id = ?",
            arguments: [try nextChangeSet(), changeSet])
    }

    /// Names the later change sets that have to be taken back first.
    private func sentence(about conflict: RecordedChanges.Conflict, undoing changeSet: Int64) throws -> String {
        let keys = Set(conflict.keys)
        var later: [Int64] = []
        let ids = try Int64.fetchAll(
            db, sql: "SELECT id FROM miaopu_changesets WHERE id > ? AND undone_by IS NULL ORDER BY id DESC",
            arguments: [changeSet])
        for id in ids {
            guard let recording = try? ChangeLog.recording(of: id, in: db) else { continue }
            var touches = false
            try recording.rows.forEachRow { touches = touches || keys.contains($0.key) }
            if touches { later.append(id) }
        }
        let rows = conflict.keys.prefix(3).map { "\($0.table) \($0.id)" }.joined(separator: ", ")
        let cure =
            later.isEmpty
            ? "somebody has changed them in the file"
            : "take change set \(later.map(String.init).joined(separator: ", then ")) back first"
        return "Change set \(changeSet) cannot be taken back: rows that it changed have changed since (\(rows)); \(cure)."
    }
}

extension LayerTable {
    /// What changes mean for the spatial index; asked before they are made.
    func indexChanges(of rows: RecordedChanges) throws -> Changes {
        var changes = Changes()
        try rows.forEachRow { row in
            guard row.key.table == definition.id else { return }
            let id = row.key.id
            switch row.operation {
            case .deleted: changes.deleted += 1
            case .inserted: changes.inserted += 1
            case .updated: changes.updated += 1
            }
            if row.operation != .inserted { changes.removed.append(id) }
            guard row.operation != .deleted else { return }
            // A row whose geometry stays has it in the index already.
            let envelope =
                try row.newBlob(at: LayerTable.geometryColumn).flatMap { GeoPackageGeometry.envelope(of: $0) }
                ?? index.envelope(of: id)
            if !envelope.isEmpty { changes.written.append(.init(id: id, envelope: envelope)) }
        }
        return changes
    }
}
