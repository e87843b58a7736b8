// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's own tables.
enum CommunityTables {
    /// Published steps never change: a new one is added at the end.
    static let migrations = [
        Migration(
            "The first tables",
            """
            CREATE TABLE IF NOT EXISTS committees (
                id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, town TEXT NOT NULL,
                geometry BLOB NOT NULL
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS estates (
                id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                committee TEXT NOT NULL REFERENCES committees (code), households INTEGER, residents INTEGER,
                built INTEGER, geometry BLOB NOT NULL
            )
            """)
    ]

    static func replace(_ register: CommunityRegister, _ database: HostDatabase) throws {
        try database.transaction([
            SQLStatement("DELETE FROM estates"),
            SQLStatement("DELETE FROM committees"),
            SQLStatement(
                "INSERT INTO committees VALUES (?, ?, ?, ?, ?)",
                rows: register.committees.map { committee in
                    [
                        .integer(committee.id), .text(committee.code), .text(committee.name), .text(committee.town),
                        SQLValue(committee.geometry),
                    ]
                }),
            SQLStatement(
                "INSERT INTO estates VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows: register.estates.map { estate in
                    [
                        .integer(estate.id), .text(estate.code), .text(estate.name), .text(estate.committee),
                        SQLValue(estate.households), SQLValue(estate.residents), SQLValue(estate.built),
                        SQLValue(estate.geometry),
                    ]
                }),
        ])
    }

    static func read(_ database: HostDatabase) throws -> CommunityRegister {
        let committees = try database.query("SELECT * FROM committees ORDER BY id").compactMap { row -> Committee? in
            guard let id = row.integer("id"), let code = row.text("code"), let name = row.text("name"),
                let town = row.text("town"), let geometry = try row.geometry("geometry")
            else { return nil }
            return Committee(
                id: id, code: code, name: name, town: town, geometry: geometry, envelope: geometry.envelope)
        }
        let estates = try database.query("SELECT * FROM estates ORDER BY id").compactMap { row -> Estate? in
            guard let id = row.integer("id"), let code = row.text("code"), let name = row.text("name"),
                let committee = row.text("committee"), let geometry = try row.geometry("geometry")
            else { return nil }
            return Estate(
                id: id, code: code, name: name, committee: committee, households: row.integer("households"),
                residents: row.integer("residents"), built: row.integer("built"), geometry: geometry,
                envelope: geometry.envelope)
        }
        return CommunityRegister(committees: committees, estates: estates)
    }
}
