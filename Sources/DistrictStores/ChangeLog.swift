// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Foundation
import GRDB
import SimpleFeatures

/// A change set as the log has it.
public struct LoggedChangeSet: Sendable, Hashable, Encodable {
    public var id: Int64
    /// In UTC, `2026-06-30T08:15:00.123Z`.
    public var committedAt: String
    /// One line: which sources were merged or removed.
    public var summary: String
    /// By layer id, in its order.
    public var layers: [ChangeSet.LayerChange]
    /// The change set that took this one back; nil when none did.
    public var undoneBy: Int64?
    /// Why it cannot be taken back, as a sentence; nil when it can.
    public var obstacle: String?
}

/// The tables of the log.
enum ChangeLog {
    static let changeSets = "miaopu_changesets"
    static let changes = "miaopu_changes"

    /// What is needed to take a change set back.
    struct Recording {
        /// Sources of which the store held nothing before; their rows are not in
        /// `rows`, since to delete them all is enough.
        var created: [String]
        /// The columns of each table that `rows` is about.
        var columns: [String: [String]]
        var rows: RecordedChanges
    }

    static let tables = """
        CREATE TABLE miaopu_changesets (
            id INTEGER PRIMARY KEY,
            committed_at DATETIME NOT NULL,
            summary TEXT NOT NULL,
            undone_by INTEGER,
            created TEXT NOT NULL,
            columns TEXT NOT NULL,
            row_bytes INTEGER NOT NULL,
            rows BLOB,
            obstacle TEXT
        );
        CREATE TABLE miaopu_changes (
            id INTEGER PRIMARY KEY,
            changeset INTEGER NOT NULL REFERENCES miaopu_changesets(id),
            layer TEXT NOT NULL,
            inserted INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            min_x REAL,
            min_y REAL,
            max_x REAL,
            max_y REAL
        );
        CREATE INDEX miaopu_changes_layer ON miaopu_changes (layer);
        CREATE INDEX miaopu_changes_changeset ON miaopu_changes (changeset);
        """

    /// The names of a table's columns, in order.
    static func columns(of table: String, in db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?) ORDER BY cid", arguments: [table])
    }

    /// Writes a change set into the log.
    static func append(
        _ changes: ChangeSet, envelopes: [Envelope], summary: String, recording: Recording, obstacle: String?,
        in db: Database
    ) throws {
        let compressed = try obstacle == nil ? compressed(recording.rows.bytes) : nil
        try db.execute(
            sql: """
                INSERT INTO miaopu_changesets (id, committed_at, summary, created, columns, row_bytes, rows, obstacle)
                VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                changes.id, summary, try text(of: recording.created), try text(of: recording.columns),
                recording.rows.bytes.count, compressed, obstacle,
            ])
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
    }

    /// What a change set did, to take it back.
    ///
    /// - Throws: `DistrictStoresError` of kind `.unknown` when there is no such
    ///   change set, or it cannot be taken back.
    static func recording(of id: Int64, in db: Database) throws -> Recording {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM miaopu_changesets WHERE id = ?", arguments: [id]) else {
            let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM miaopu_changesets") ?? 0
            throw DistrictStoresError(
                .unknown, "There is no change set \(id); the log has \(last == 0 ? "none" : "1 to \(last)").")
        }
        if let undo = try row.decode(Int64?.self, forColumn: "undone_by") {
            throw DistrictStoresError(.unknown, "Change set \(id) was taken back already, by change set \(undo).")
        }
        if let obstacle = try row.decode(String?.self, forColumn: "obstacle") {
            throw DistrictStoresError(.unknown, "Change set \(id) cannot be taken back: \(obstacle)")
        }
        let decoder = JSONDecoder()
        let created: String = try row.decode(forColumn: "created")
        let columns: String = try row.decode(forColumn: "columns")
        let compressed: Data = try row.decode(Data?.self, forColumn: "rows") ?? Data()
        let count: Int = try row.decode(forColumn: "row_bytes")
        guard let created = try? decoder.decode([String].self, from: Data(created.utf8)),
            let columns = try? decoder.decode([String: [String]].self, from: Data(columns.utf8)),
            count >= 0, count <= 2 * ChangeRecorder.memoryLimit,
            let bytes = count == 0
                ? [] : try? Deflate.decompress(Array(compressed), format: .zlib, ceiling: count), bytes.count == count
        else { throw DistrictStoresError(.unusable, "What change set \(id) did is damaged in the log.") }
        return Recording(created: created, columns: columns, rows: RecordedChanges(bytes: bytes))
    }

    private static func compressed(_ bytes: [UInt8]) throws -> Data? {
        bytes.isEmpty ? nil : Data(try Deflate.compress(bytes, format: .zlib))
    }

    private static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension DistrictStore {
    /// The log, the last change set first.
    ///
    /// - Parameter limit: how many at most.
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func changeSets(limit: Int = .max) throws -> [LoggedChangeSet] {
        try reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, committed_at, summary, undone_by, obstacle FROM miaopu_changesets
                    ORDER BY id DESC LIMIT ?
                    """, arguments: [Int64(clamping: limit)])
            return try rows.map { row in
                let id: Int64 = try row.decode(forColumn: "id")
                return LoggedChangeSet(
                    id: id, committedAt: try row.decode(forColumn: "committed_at"),
                    summary: try row.decode(forColumn: "summary"), layers: try Self.layerChanges(of: id, in: db),
                    undoneBy: try row.decode(forColumn: "undone_by"), obstacle: try row.decode(forColumn: "obstacle"))
            }
        }
    }

    private static func layerChanges(of changeSet: Int64, in db: Database) throws -> [ChangeSet.LayerChange] {
        try Row.fetchAll(
            db, sql: "SELECT layer, inserted, updated, deleted FROM miaopu_changes WHERE changeset = ? ORDER BY layer",
            arguments: [changeSet]
        ).map { row in
            ChangeSet.LayerChange(
                layer: try row.decode(forColumn: "layer"), inserted: try row.decode(forColumn: "inserted"),
                updated: try row.decode(forColumn: "updated"), deleted: try row.decode(forColumn: "deleted"))
        }
    }
}
