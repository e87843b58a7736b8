// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's own tables.
enum WaterTables {
    /// Published steps never change: a new one is added at the end.
    static let migrations = [
        Migration(
            "The first tables",
            """
            CREATE TABLE IF NOT EXISTS stations (
                id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, water TEXT, town TEXT,
                body TEXT NOT NULL, target_class INTEGER, owner TEXT, geometry BLOB NOT NULL
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS sample_values (
                station TEXT NOT NULL, time BIGINT NOT NULL, item TEXT NOT NULL, value DOUBLE PRECISION NOT NULL,
                flagged INTEGER NOT NULL, PRIMARY KEY (station, time, item)
            )
            """)
    ]

    /// Samples of stations that are gone are gone with them.
    static func replace(_ stations: [Station], _ samples: [Sample], _ database: HostDatabase) throws {
        try database.transaction([
            SQLStatement("DELETE FROM stations"),
            SQLStatement(
                "INSERT INTO stations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows: stations.map { station in
                    [
                        .integer(station.id), .text(station.code), .text(station.name), SQLValue(station.water),
                        SQLValue(station.town), .text(station.body.rawValue), SQLValue(station.targetClass),
                        SQLValue(station.owner), SQLValue(Geometry.point(Point(station.position))),
                    ]
                }),
            SQLStatement("DELETE FROM sample_values WHERE station NOT IN (SELECT code FROM stations)"),
            insertion(of: samples),
        ])
    }

    static func append(_ samples: [Sample], _ database: HostDatabase) throws {
        try database.transaction([insertion(of: samples)])
    }

    private static func insertion(of samples: [Sample]) -> SQLStatement {
        SQLStatement(
            "INSERT OR REPLACE INTO sample_values VALUES (?, ?, ?, ?, ?)",
            rows: samples.flatMap { sample in
                sample.values.sorted { $0.key < $1.key }.map { item, value in
                    [
                        .text(sample.station), SQLValue(sample.time), .text(item), .real(value),
                        .integer(sample.flagged.contains(item) ? 1 : 0),
                    ]
                }
            })
    }

    static func stations(_ database: HostDatabase) throws -> [Station] {
        try database.query("SELECT * FROM stations ORDER BY id").compactMap { row in
            guard let id = row.integer("id"), let code = row.text("code"), let name = row.text("name"),
                let body = row.text("body").flatMap(WaterBody.init),
                case .point(let point) = try row.geometry("geometry"),
                let position = point.coordinate
            else { return nil }
            return Station(
                id: id, code: code, name: name, water: row.text("water"), town: row.text("town"), body: body,
                targetClass: row.integer("target_class").map(Int.init), owner: row.text("owner"), position: position)
        }
    }

    /// The newest sample of each station, by its code, not newer than `until`.
    static func latestSamples(until time: Timestamp?, _ database: HostDatabase) throws -> [String: Sample] {
        let rows = try database.query(
            """
            SELECT v.station, v.time, v.item, v.value, v.flagged FROM stations s JOIN sample_values v
            ON v.station = s.code
                AND v.time = (SELECT max(time) FROM sample_values WHERE station = s.code AND time <= ?)
            """, [.integer(time?.milliseconds ?? .max)])
        var samples: [String: Sample] = [:]
        for row in rows {
            guard let station = row.text("station"), let time = row.time("time"), let item = row.text("item"),
                let value = row.real("value")
            else { continue }
            var sample = samples[station] ?? Sample(station: station, time: time, values: [:], flagged: [])
            sample.values[item] = value
            if row.integer("flagged") == 1 { sample.flagged.insert(item) }
            samples[station] = sample
        }
        return samples
    }
}
