// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's own tables.
enum AssetsTables {
    /// Published steps never change: a new one is added at the end.
    static let migrations = [
        Migration(
            "The first tables",
            """
            CREATE TABLE IF NOT EXISTS premises (
                id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL,
                owner_level TEXT NOT NULL, town TEXT, use TEXT NOT NULL, area_m2 DOUBLE PRECISION NOT NULL,
                geometry BLOB NOT NULL
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS contracts (
                number TEXT PRIMARY KEY, premises INTEGER NOT NULL REFERENCES premises (id), lessee TEXT NOT NULL,
                area_m2 DOUBLE PRECISION NOT NULL, rent DOUBLE PRECISION NOT NULL, start_day BIGINT NOT NULL,
                end_day BIGINT NOT NULL
            )
            """)
    ]

    static func replace(_ ledger: [Premises], _ database: HostDatabase) throws {
        try database.transaction([
            SQLStatement("DELETE FROM contracts"),
            SQLStatement("DELETE FROM premises"),
            SQLStatement(
                "INSERT INTO premises VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows: ledger.map { premises in
                    [
                        .integer(premises.id), .text(premises.code), .text(premises.name), .text(premises.owner),
                        .text(premises.ownerLevel), SQLValue(premises.town), .text(premises.use),
                        .real(premises.areaInSquareMeters), SQLValue(premises.geometry),
                    ]
                }),
            SQLStatement(
                "INSERT INTO contracts VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows: ledger.flatMap { premises in
                    premises.contracts.map { contract in
                        [
                            .text(contract.number), .integer(premises.id), .text(contract.lessee),
                            .real(contract.areaInSquareMeters), .real(contract.rent), .integer(contract.start.days),
                            .integer(contract.end.days),
                        ]
                    }
                }),
        ])
    }

    static func read(_ database: HostDatabase) throws -> [Premises] {
        var contractsOfPremises: [Int64: [Contract]] = [:]
        for row in try database.query("SELECT * FROM contracts ORDER BY number") {
            guard let premises = row.integer("premises"), let number = row.text("number"),
                let lessee = row.text("lessee"), let area = row.real("area_m2"), let rent = row.real("rent"),
                let start = row.integer("start_day"), let end = row.integer("end_day")
            else { continue }
            contractsOfPremises[premises, default: []].append(
                Contract(
                    number: number, lessee: lessee, areaInSquareMeters: area, rent: rent,
                    start: CalendarDay(days: start), end: CalendarDay(days: end)))
        }
        return try database.query("SELECT * FROM premises ORDER BY id").compactMap { row in
            guard let id = row.integer("id"), let code = row.text("code"), let name = row.text("name"),
                let owner = row.text("owner"), let level = row.text("owner_level"), let use = row.text("use"),
                let area = row.real("area_m2"), let geometry = try row.geometry("geometry")
            else { return nil }
            return Premises(
                id: id, code: code, name: name, owner: owner, ownerLevel: level, town: row.text("town"), use: use,
                areaInSquareMeters: area, geometry: geometry, envelope: geometry.envelope,
                contracts: contractsOfPremises[id] ?? [])
        }
    }
}
