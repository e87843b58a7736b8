// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import SimpleFeatures
import SpatialIndexing

/// The R*Tree of a feature table, as GeoPackage's `gpkg_rtree_index` extension
/// names it.
///
/// SQLite fills an R*Tree row by row at some 35,000 entries a second. Where most
/// of a tree is new it is packed in memory instead and its nodes are written to
/// the tree's own tables at once.
struct SpatialIndexTable {
    struct Entry {
        var id: Int64
        var envelope: Envelope
    }

    private let db: Database
    private let layer: String
    private let name: String
    let quoted: String

    /// Below this many changes a full rebuild never pays.
    private static let smallChange = 1000

    init(layer: String, in db: Database) throws {
        self.db = db
        self.layer = layer
        name = "rtree_\(layer)_geom"
        _ = try SQLIdentifier(layer)
        quoted = "\"\(name)\""
    }

    func create() throws {
        try db.execute(sql: "CREATE VIRTUAL TABLE \(quoted) USING rtree(id, minx, maxx, miny, maxy)")
        try db.execute(
            sql: """
                INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
                VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec/#extension_rtree', 'write-only')
                """, arguments: [layer])
    }

    /// The envelope of all entries, rounded outwards to single precision.
    func envelope() throws -> Envelope {
        try envelope(sql: "SELECT min(minx), min(miny), max(maxx), max(maxy) FROM \(quoted)")
    }

    /// The envelope of an entry; empty when it is not in the tree.
    func envelope(of id: Int64) throws -> Envelope {
        let statement = try db.cachedStatement(sql: "SELECT minx, miny, maxx, maxy FROM \(quoted) WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return .empty }
        return Envelope(minX: row[0], minY: row[1], maxX: row[2], maxY: row[3])
    }

    private func envelope(sql: String) throws -> Envelope {
        guard let row = try Row.fetchOne(db, sql: sql), row[0] != nil else { return .empty }
        return Envelope(minX: row[0], minY: row[1], maxX: row[2], maxY: row[3])
    }

    /// Takes entries out and puts entries in; an id may be in both.
    func apply(removed: [Int64], written: [Entry]) throws {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM \"\(name)_rowid\"") ?? 0
        let changes = removed.count + written.count
        if changes > Self.smallChange && changes > count / 4 {
            try rebuild(removed: removed, written: written)
        } else {
            let delete = try db.makeStatement(sql: "DELETE FROM \(quoted) WHERE id = ?")
            for id in removed { try delete.execute(arguments: [id]) }
            let insert = try db.makeStatement(
                sql: "INSERT INTO \(quoted) (id, minx, maxx, miny, maxy) VALUES (?, ?, ?, ?, ?)")
            for entry in written {
                let box = entry.envelope
                try insert.execute(arguments: [entry.id, box.minX, box.maxX, box.minY, box.maxY])
            }
        }
    }

    private func rebuild(removed: [Int64], written: [Entry]) throws {
        var entries = written.map { (id: $0.id, envelope: $0.envelope) }
        let gone = Set(removed)
        let rows = try Row.fetchCursor(db, sql: "SELECT id, minx, miny, maxx, maxy FROM \(quoted)")
        while let row = try rows.next() {
            let id: Int64 = row[0]
            guard !gone.contains(id) else { continue }
            entries.append((id, Envelope(minX: row[1], minY: row[2], maxX: row[3], maxY: row[4])))
        }
        let packing = SQLiteRTreePacking(entries: entries)
        for table in ["node", "rowid", "parent"] {
            try db.execute(sql: "DELETE FROM \"\(name)_\(table)\"")
        }
        let node = try BulkStatement("INSERT INTO \"\(name)_node\" (nodeno, data) VALUES (?, ?)", in: db)
        for (number, data) in packing.nodes {
            var binder = ValueBinder(node)
            binder.bind(number)
            data.withUnsafeBytes { binder.bind($0) }
            try node.execute()
        }
        let rowid = try BulkStatement("INSERT INTO \"\(name)_rowid\" (rowid, nodeno) VALUES (?, ?)", in: db)
        for (id, number) in packing.rowids {
            var binder = ValueBinder(rowid)
            binder.bind(id)
            binder.bind(number)
            try rowid.execute()
        }
        let parent = try BulkStatement("INSERT INTO \"\(name)_parent\" (nodeno, parentnode) VALUES (?, ?)", in: db)
        for (number, above) in packing.parents {
            var binder = ValueBinder(parent)
            binder.bind(number)
            binder.bind(above)
            try parent.execute()
        }
    }

    // MARK: Triggers, as the extension prescribes them

    func dropTriggers() throws {
        for suffix in ["insert", "update1", "update2", "update3", "update4", "delete"] {
            try db.execute(sql: "DROP TRIGGER IF EXISTS \"\(name)_\(suffix)\"")
        }
    }

    func createTriggers() throws {
        let table = "\"\(layer)\""
        let present = "NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)"
        let absent = "NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)"
        let put = """
            INSERT OR REPLACE INTO \(quoted) VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), \
            ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
            """
        let take = "DELETE FROM \(quoted) WHERE id = OLD.fid;"
        let triggers = [
            ("insert", "INSERT ON \(table) WHEN (\(present))", put),
            ("update1", "UPDATE OF geom ON \(table) WHEN OLD.fid = NEW.fid AND (\(present))", put),
            ("update2", "UPDATE OF geom ON \(table) WHEN OLD.fid = NEW.fid AND (\(absent))", take),
            ("update3", "UPDATE ON \(table) WHEN OLD.fid != NEW.fid AND (\(present))", "\(take) \(put)"),
            (
                "update4", "UPDATE ON \(table) WHEN OLD.fid != NEW.fid AND (\(absent))",
                "DELETE FROM \(quoted) WHERE id IN (OLD.fid, NEW.fid);"
            ),
            ("delete", "DELETE ON \(table) WHEN OLD.geom NOT NULL", take),
        ]
        for (suffix, event, action) in triggers {
            try db.execute(sql: "CREATE TRIGGER \"\(name)_\(suffix)\" AFTER \(event) BEGIN \(action) END")
        }
    }
}
