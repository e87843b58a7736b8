// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's own table.
enum FloodTables {
    /// Published steps never change: a new one is added at the end.
    static let migrations = [
        Migration(
            "The first table",
            """
            CREATE TABLE IF NOT EXISTS facilities (
                id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
                town TEXT, owner TEXT, contact TEXT, quantity TEXT, unit TEXT, datum TEXT, warning DOUBLE PRECISION,
                alarm DOUBLE PRECISION, minimum DOUBLE PRECISION, maximum DOUBLE PRECISION,
                stale_after_minutes INTEGER NOT NULL, capacity INTEGER, crest_m DOUBLE PRECISION, geometry BLOB NOT NULL
            )
            """)
    ]

    static func replace(_ facilities: [Facility], _ database: HostDatabase) throws {
        try database.transaction([
            SQLStatement("DELETE FROM facilities"),
            SQLStatement(
                "INSERT INTO facilities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows: facilities.map { facility in
                    [
                        .integer(facility.id), .text(facility.code), .text(facility.kind.rawValue),
                        .text(facility.name), SQLValue(facility.town), SQLValue(facility.owner),
                        SQLValue(facility.contact), SQLValue(facility.quantity), SQLValue(facility.unit),
                        SQLValue(facility.datum), SQLValue(facility.warning), SQLValue(facility.alarm),
                        SQLValue(facility.minimum), SQLValue(facility.maximum),
                        .integer(facility.staleAfterMinutes), SQLValue(facility.capacity),
                        SQLValue(facility.crestInMeters), SQLValue(facility.geometry),
                    ]
                }),
        ])
    }

    static func read(_ database: HostDatabase) throws -> [Facility] {
        try database.query("SELECT * FROM facilities ORDER BY id").compactMap { row in
            guard let id = row.integer("id"), let code = row.text("code"), let name = row.text("name"),
                let kind = row.text("kind").flatMap(FacilityKind.init), let geometry = try row.geometry("geometry")
            else { return nil }
            return Facility(
                id: id, code: code, kind: kind, name: name, town: row.text("town"), owner: row.text("owner"),
                contact: row.text("contact"), quantity: row.text("quantity"), unit: row.text("unit"),
                datum: row.text("datum"), warning: row.real("warning"), alarm: row.real("alarm"),
                minimum: row.real("minimum"), maximum: row.real("maximum"),
                staleAfterMinutes: row.integer("stale_after_minutes") ?? 30, capacity: row.integer("capacity"),
                crestInMeters: row.real("crest_m"), geometry: geometry, envelope: geometry.envelope)
        }
    }
}
