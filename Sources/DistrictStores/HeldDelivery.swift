// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

/// A delivery that was taken back: a merge of everything leaves it alone until
/// another one comes, or a person merges its source by name.
public struct HeldDelivery: Sendable, Hashable {
    public var source: String
    /// Of the delivery that was taken back; nil when what was taken back is that
    /// the source was removed.
    public var fingerprint: String?
    /// The change set that took it back.
    public var changeSet: Int64

    static let table = """
        CREATE TABLE miaopu_held (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL UNIQUE,
            fingerprint TEXT,
            changeset INTEGER NOT NULL
        );
        """

    static func fetchAll(_ db: Database) throws -> [String: HeldDelivery] {
        var held: [String: HeldDelivery] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT source, fingerprint, changeset FROM miaopu_held") {
            let delivery = HeldDelivery(
                source: try row.decode(forColumn: "source"), fingerprint: try row.decode(forColumn: "fingerprint"),
                changeSet: try row.decode(forColumn: "changeset"))
            held[delivery.source] = delivery
        }
        return held
    }

    func save(slot: UInt32, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO miaopu_held (id, source, fingerprint, changeset) VALUES (?, ?, ?, ?)",
            arguments: [slot, source, fingerprint, changeSet])
    }

    static func release(_ source: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM miaopu_held WHERE source = ?", arguments: [source])
    }
}
