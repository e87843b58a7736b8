// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

extension SourceRecord {
    static func fetchAll(_ db: Database) throws -> [String: SourceRecord] {
        var records: [String: SourceRecord] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM miaopu_sources ORDER BY source") {
            let record = SourceRecord(row)
            records[record.id] = record
        }
        return records
    }

    private init(_ row: Row) {
        var counts = Counts()
        counts.read = row["read"]
        counts.accepted = row["accepted"]
        counts.repaired = row["repaired"]
        counts.rejected = row["rejected"]
        counts.skipped = row["skipped"]
        self.init(
            id: row["source"], slot: row["id"], town: row["town"], layer: row["layer"], path: row["path"],
            fileHash: row["file_hash"], fingerprint: row["fingerprint"], crs: row["crs"],
            crsOrigin: row["crs_origin"], steps: row["steps"], accuracyInMeters: row["accuracy_m"],
            encoding: row["encoding"], asOf: row["as_of"], counts: counts)
    }

    /// - Returns: whether the stored row was other than this.
    func save(_ db: Database) throws -> Bool {
        if try Self.fetchAll(db)[id] == self { return false }
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO miaopu_sources (id, source, town, layer, path, file_hash, fingerprint, crs,
                crs_origin, steps, accuracy_m, encoding, as_of, read, accepted, repaired, rejected, skipped)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                slot, id, town, layer, path, fileHash, fingerprint, crs, crsOrigin, steps, accuracyInMeters,
                encoding, asOf, counts.read, counts.accepted, counts.repaired, counts.rejected, counts.skipped,
            ])
        return true
    }
}

extension RecordIssue {
    static func fetchAll(_ db: Database, source: String) throws -> [RecordIssue] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_issues WHERE source = ? ORDER BY number", arguments: [source]
        ).map { row in
            RecordIssue(
                kind: Kind(rawValue: row["kind"]) ?? .noted, row: row["row"], name: row["name"],
                message: row["message"], x: row["x"], y: row["y"])
        }
    }

    /// - Returns: whether the stored issues were other than these.
    static func replace(_ issues: [RecordIssue], of source: SourceRecord, in db: Database) throws -> Bool {
        if try fetchAll(db, source: source.id) == issues { return false }
        try db.execute(sql: "DELETE FROM miaopu_issues WHERE source = ?", arguments: [source.id])
        let insert = try db.makeStatement(
            sql: """
                INSERT INTO miaopu_issues (id, source, number, kind, row, name, message, x, y)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (offset, issue) in issues.enumerated() {
            let number = Int64(offset + 1)
            try insert.execute(arguments: [
                source.featureID(row: number), source.id, number, issue.kind.rawValue, issue.row, issue.name,
                issue.message, issue.x, issue.y,
            ])
        }
        return true
    }
}
