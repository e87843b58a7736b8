// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import SimpleFeatures

/// A layer's feature table while a merge writes to it.
///
/// The triggers that GeoPackage prescribes for the spatial index call functions
/// that only GDAL and QGIS define, so they are taken away while we write, the
/// index is kept by us, and they are put back at the end.
final class LayerTable {
    let db: Database
    let definition: LayerDefinition
    let insertSQL: String
    let deleteSQL: String
    /// The columns of `insertSQL`, in order.
    let insertedColumns: [String]
    private let keepPastSQL: String
    private(set) var changes = Changes()
    /// Whether the table was made anew, with other fields than it had.
    let wasRebuilt: Bool

    let name: SQLIdentifier
    let index: SpatialIndexTable
    /// The identifier of the grid's reference system in the file.
    let gridID: Int32
    /// What was touched before the index was brought up to date for the last time.
    private var touched = Envelope.empty
    private var writtenBefore: Set<Int64> = []
    /// Around everything that was written or removed until the index was brought
    /// up to date for the last time.
    private(set) var everTouched: [Envelope] = []
    /// Features that were removed and not written again.
    private(set) var gone: Set<Int64> = []

    /// What was done to the table and is still to be done to its index.
    struct Changes {
        var inserted = 0
        var updated = 0
        var deleted = 0
        var written: [SpatialIndexTable.Entry] = []
        var removed: [Int64] = []
        /// Around features that went and were not in the index.
        var unindexed: [Envelope] = []

        var isEmpty: Bool { inserted + updated + deleted == 0 }

        mutating func append(_ other: Changes) {
            inserted += other.inserted
            updated += other.updated
            deleted += other.deleted
            written += other.written
            removed += other.removed
            unindexed += other.unindexed
        }
    }

    init(_ definition: LayerDefinition, in db: Database, grid: StoreReferenceSystem) throws {
        self.db = db
        self.definition = definition
        gridID = grid.id
        name = try SQLIdentifier(definition.id)
        index = try SpatialIndexTable(layer: definition.id, in: db)
        let columns =
            ["fid", "geom"] + (try definition.schema.fields.map { try SQLIdentifier($0.name).quoted })
            + ProvenanceColumn.all.map { "\"\($0)\"" }
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        insertSQL = "INSERT OR REPLACE INTO \(name.quoted) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        deleteSQL = "DELETE FROM \(name.quoted) WHERE fid = ?"
        insertedColumns = ["fid", "geom"] + definition.schema.fields.map(\.name) + ProvenanceColumn.all
        keepPastSQL = try PastFeature.insertSQL(definition)

        try index.dropTriggers()
        if try db.tableExists(definition.id) {
            wasRebuilt = try LayerDefinition.fetch(db, id: definition.id)?.columns != definition.columns
            if wasRebuilt { try rebuild(grid) }
        } else {
            wasRebuilt = false
            try create(name, grid)
            try index.create()
        }
    }

    /// The features whose ids lie in a range, in the order of ids.
    func held(ids: ClosedRange<Int64>) throws -> [FeatureMatcher.Held] {
        let columns = [ProvenanceColumn.identity, ProvenanceColumn.hash, ProvenanceColumn.row].joined(separator: ", ")
        // What is not on the map was delivered all the same.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT fid, \(columns) FROM \(name.quoted) WHERE fid BETWEEN ? AND ? UNION ALL
                SELECT id, identity, hash, row FROM miaopu_suppressed WHERE id BETWEEN ? AND ? AND layer = ? ORDER BY 1
                """, arguments: [ids.lowerBound, ids.upperBound, ids.lowerBound, ids.upperBound, definition.id])
        var held: [FeatureMatcher.Held] = []
        while let row = try rows.next() {
            held.append(
                .init(
                    id: try row.decode(atIndex: 0), identity: try row.decode(atIndex: 1),
                    content: try row.decode(atIndex: 2), row: try row.decode(atIndex: 3)))
        }
        return held
    }

    /// Says where in the file a feature lies now that is otherwise the same.
    func setRow(_ row: Int64, of id: Int64) throws {
        try db.cachedStatement(sql: "UPDATE \(name.quoted) SET \(ProvenanceColumn.row) = ? WHERE fid = ?")
            .execute(arguments: [row, id])
        try db.cachedStatement(sql: "UPDATE miaopu_suppressed SET row = ? WHERE id = ?").execute(arguments: [row, id])
    }

    /// Keeps what a feature is, before it is written over or deleted.
    func keepPast(of id: Int64, validTo: String?) throws {
        try db.cachedStatement(sql: keepPastSQL).execute(arguments: [validTo, id])
    }

    /// The position of the geometry among the table's columns.
    static let geometryColumn: Int32 = 1

    /// Takes over what one source did, once it is certain to stay.
    func note(_ changes: Changes) {
        self.changes.append(changes)
    }

    /// Brings the index and the catalogue up to date.
    ///
    /// - Returns: the envelope of everything that was written or removed.
    func finish() throws -> Envelope {
        if !changes.isEmpty {
            for envelope in try flushIndex() { touched.expand(toContain: envelope) }
            try updateContents()
        }
        try index.createTriggers()
        return touched
    }

    /// Brings the index up to date.
    ///
    /// - Returns: around each feature that was written or removed since the last
    ///   time, as it was and as it is.
    func flushIndex() throws -> [Envelope] {
        var dirty = changes.written.map(\.envelope) + changes.unindexed.filter { !$0.isEmpty }
        dirty += try changes.removed.map { try index.envelope(of: $0) }.filter { !$0.isEmpty }
        try index.apply(removed: changes.removed, written: Self.last(changes.written))
        for envelope in dirty { touched.expand(toContain: envelope) }
        let written = changes.written.map(\.id)
        gone.formUnion(changes.removed)
        gone.subtract(written)
        writtenBefore.formUnion(written)
        changes.written = []
        changes.removed = []
        changes.unindexed = []
        everTouched += dirty
        return dirty
    }

    /// Of entries with one id the last.
    private static func last(_ entries: [SpatialIndexTable.Entry]) -> [SpatialIndexTable.Entry] {
        var places: [Int64: Int] = [:]
        for (place, entry) in entries.enumerated() { places[entry.id] = place }
        guard places.count < entries.count else { return entries }
        return places.values.sorted().map { entries[$0] }
    }

    /// Takes note of a feature that has another border than was delivered.
    func noteAltered(_ id: Int64, envelope: Envelope) {
        // What this merge wrote itself is counted already.
        if writtenBefore.insert(id).inserted { changes.updated += 1 }
        changes.removed.append(id)
        changes.written.append(.init(id: id, envelope: envelope))
    }

    /// Takes note of a feature that was taken off the map after it was written.
    func noteSuppressed(_ id: Int64) {
        changes.deleted += 1
        changes.removed.append(id)
    }

    func noteReinstated(_ id: Int64, envelope: Envelope) {
        changes.inserted += 1
        changes.written.append(.init(id: id, envelope: envelope))
    }

    private func updateContents() throws {
        let envelope = try index.envelope()
        let box = envelope.isEmpty ? nil : envelope
        try db.execute(
            sql: """
                UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?, description = ?,
                last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE table_name = ?
                """,
            arguments: [box?.minX, box?.minY, box?.maxX, box?.maxY, definition.title, definition.id])
    }

    private func create(_ name: SQLIdentifier, _ grid: StoreReferenceSystem) throws {
        try createTable(name)
        try GeoPackageTables.insert(grid, in: db)
        try db.execute(
            sql: """
                INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
                VALUES (?, 'features', ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?)
                """, arguments: [definition.id, definition.id, definition.title, grid.id])
        try db.execute(
            sql: """
                INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m)
                VALUES (?, 'geom', ?, ?, 0, 0)
                """, arguments: [definition.id, definition.schema.geometryType.rawValue, grid.id])
    }

    private func createTable(_ name: SQLIdentifier) throws {
        let fields = try definition.schema.fields
            .map { "\(try SQLIdentifier($0.name).quoted) \($0.type.geoPackageType),\n" }.joined()
        try db.execute(
            sql: """
                CREATE TABLE \(name.quoted) (
                fid INTEGER PRIMARY KEY NOT NULL,
                geom \(definition.schema.geometryType.rawValue),
                \(fields)\(ProvenanceColumn.definitions)
                )
                """)
    }

    /// Gives the table the fields of the definition. Values of fields that stay
    /// are kept, for sources that this merge does not read again.
    private func rebuild(_ grid: StoreReferenceSystem) throws {
        let old = try LayerDefinition.fetch(db, id: definition.id)
        let kept = definition.schema.fields.filter { field in
            old?.schema.fields.contains { $0.name == field.name && $0.type == field.type } ?? false
        }
        let columns = (["fid", "geom"] + kept.map(\.name) + ProvenanceColumn.all)
            .map { "\"\($0)\"" }.joined(separator: ", ")
        let aside = try SQLIdentifier("rebuilding_\(definition.id.prefix(40))")
        try createTable(aside)
        try db.execute(sql: "INSERT INTO \(aside.quoted) (\(columns)) SELECT \(columns) FROM \(name.quoted)")
        try db.execute(sql: "DROP TABLE \(name.quoted)")
        try db.execute(sql: "ALTER TABLE \(aside.quoted) RENAME TO \(name.quoted)")
        try db.execute(
            sql: "UPDATE gpkg_geometry_columns SET geometry_type_name = ? WHERE table_name = ?",
            arguments: [definition.schema.geometryType.rawValue, definition.id])
    }
}
