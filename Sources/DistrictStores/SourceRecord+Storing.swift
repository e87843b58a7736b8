// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB

extension SourceRecord {
    static func fetchAll(_ db: Database) throws -> [String: SourceRecord] {
        var records: [String: SourceRecord] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM miaopu_sources ORDER BY source") {
            let record = try SourceRecord(row)
            records[record.id] = record
        }
        return records
    }

    static func fetch(_ db: Database, id: String) throws -> SourceRecord? {
        try Row.fetchOne(db, sql: "SELECT * FROM miaopu_sources WHERE source = ?", arguments: [id]).map(
            SourceRecord.init)
    }

    /// The file is there for people to open, and a cell that was edited may hold
    /// anything: `decode` throws where a subscript would trap.
    private init(_ row: Row) throws {
        var counts = Counts()
        counts.read = try row.decode(forColumn: "read")
        counts.accepted = try row.decode(forColumn: "accepted")
        counts.repaired = try row.decode(forColumn: "repaired")
        counts.rejected = try row.decode(forColumn: "rejected")
        counts.skipped = try row.decode(forColumn: "skipped")
        self.init(
            id: try row.decode(forColumn: "source"), slot: try row.decode(forColumn: "id"),
            town: try row.decode(forColumn: "town"), layer: try row.decode(forColumn: "layer"),
            path: try row.decode(forColumn: "path"), fileHash: try row.decode(forColumn: "file_hash"),
            fingerprint: try row.decode(forColumn: "fingerprint"), crs: try row.decode(forColumn: "crs"),
            crsOrigin: try row.decode(forColumn: "crs_origin"), steps: try row.decode(forColumn: "steps"),
            accuracyInMeters: try row.decode(forColumn: "accuracy_m"), encoding: try row.decode(forColumn: "encoding"),
            asOf: try row.decode(forColumn: "as_of"), fields: try Self.decoded("fields", of: row) ?? [], counts: counts)
        account = try Self.decoded("account", of: row) ?? Account()
    }

    /// Nil where somebody has edited the cell.
    private static func decoded<Value: Decodable>(_ column: String, of row: Row) throws -> Value? {
        let text: String = try row.decode(forColumn: column)
        return try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    /// As JSON with sorted keys.
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// - Returns: whether the stored row was other than this.
    func save(_ db: Database) throws -> Bool {
        if try Self.fetch(db, id: id) == self { return false }
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO miaopu_sources (id, source, town, layer, path, file_hash, fingerprint, crs,
                crs_origin, steps, accuracy_m, encoding, as_of, fields, account, read, accepted, repaired, rejected,
                skipped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                slot, id, town, layer, path, fileHash, fingerprint, crs, crsOrigin, steps, accuracyInMeters,
                encoding, asOf, try Self.text(of: fields), try Self.text(of: account), counts.read,
                counts.accepted, counts.repaired, counts.rejected, counts.skipped,
            ])
        return true
    }
}

extension RecordIssue {
    static func fetchAll(_ db: Database, source: String) throws -> [RecordIssue] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_issues WHERE source = ? ORDER BY number", arguments: [source]
        ).map(RecordIssue.init)
    }

    init(_ row: Row) throws {
        self.init(
            kind: Kind(rawValue: try row.decode(forColumn: "kind")) ?? .noted,
            row: try row.decode(forColumn: "row"),
            name: try row.decode(forColumn: "name"), message: try row.decode(forColumn: "message"),
            x: try row.decode(forColumn: "x"), y: try row.decode(forColumn: "y"))
    }

    /// - Returns: whether the stored issues were other than these.
    static func replace(
        _ issues: [RecordIssue], of source: SourceRecord, on grid: StoreReferenceSystem, in db: Database
    ) throws -> Bool {
        if try fetchAll(db, source: source.id) == issues { return false }
        try db.execute(sql: "DELETE FROM miaopu_issues WHERE source = ?", arguments: [source.id])
        let insert = try db.makeStatement(
            sql: """
                INSERT INTO miaopu_issues (id, source, number, kind, row, name, message, x, y, place)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (offset, issue) in issues.enumerated() {
            let number = Int64(offset + 1)
            try insert.execute(arguments: [
                source.featureID(row: number), source.id, number, issue.kind.rawValue, issue.row, issue.name,
                issue.message, issue.x, issue.y, IssueLayer.place(issue.x, issue.y, on: grid),
            ])
        }
        return true
    }
}
