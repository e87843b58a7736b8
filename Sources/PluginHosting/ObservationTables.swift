// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import PluginMessages

/// A plugin's observations, in two tables of its own database.
enum ObservationTables {
    static func create(in db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS miaopu_datastreams (
                    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE
                );
                CREATE TABLE IF NOT EXISTS miaopu_observations (
                    datastream INTEGER NOT NULL REFERENCES miaopu_datastreams (id), time INTEGER NOT NULL,
                    number REAL, text TEXT, quality TEXT NOT NULL, PRIMARY KEY (datastream, time)
                ) WITHOUT ROWID
                """)
    }

    static func append(
        _ message: WireObservationsAppend, plugin: String, in db: Database
    ) throws -> WireObservationsAppended {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.invalid, plugin, "The plugin \(plugin) has an observation that is not kept: \(reason)")
        }
        guard message.observations.count <= PluginContract.maxObservations else {
            throw refuse(
                "\(message.observations.count) came at once; at most \(PluginContract.maxObservations) are accepted.")
        }
        let add = try db.cachedStatement(
            sql:
                "INSERT OR IGNORE INTO miaopu_observations (datastream, time, number, text, quality) VALUES (?, ?, ?, ?, ?)"
        )
        let replace = try db.cachedStatement(
            sql: "UPDATE miaopu_observations SET number = ?, text = ?, quality = ? WHERE datastream = ? AND time = ?")
        var idOfName: [String: Int64] = [:]
        var appended = WireObservationsAppended()
        for observation in message.observations {
            guard (1...200).contains(observation.datastream.utf8.count) else {
                throw refuse("the datastream \"\(observation.datastream.prefix(40))\" has to have 1 to 200 bytes.")
            }
            var number: Double?
            var text: String?
            switch observation.result {
            case .number(let value):
                guard value.isFinite else { throw refuse("\(observation.datastream) has the number \(value).") }
                number = value
            case .text(let value): text = value
            case nil: throw refuse("\(observation.datastream) has no result.")
            }
            let id: Int64
            if let known = idOfName[observation.datastream] {
                id = known
            } else {
                id = try identifier(of: observation.datastream, in: db)
                idOfName[observation.datastream] = id
            }
            try add.execute(arguments: [id, observation.time, number, text, observation.quality])
            if db.changesCount > 0 {
                appended.added += 1
            } else {
                try replace.execute(arguments: [number, text, observation.quality, id, observation.time])
                appended.replaced += 1
            }
        }
        return appended
    }

    /// Seeks once in each datastream, however long it is.
    static func latest(_ message: WireObservationsLatest, in db: Database) throws -> WireObservations {
        try read(
            """
            SELECT d.name, o.time, o.number, o.text, o.quality
            FROM miaopu_datastreams d JOIN miaopu_observations o ON o.datastream = d.id AND o.time = (
                SELECT max(time) FROM miaopu_observations WHERE datastream = d.id AND time <= ?
            )
            WHERE substr(d.name, 1, length(?)) = ? ORDER BY d.name LIMIT ?
            """,
            [
                message.hasUntil ? message.until : Int64.max, message.prefix, message.prefix,
                PluginContract.maxObservations,
            ], in: db)
    }

    static func query(_ message: WireObservationsQuery, in db: Database) throws -> WireObservations {
        let limit = min(message.limit == 0 ? 10_000 : Int(message.limit), PluginContract.maxObservations)
        var observations = try read(
            """
            SELECT d.name, o.time, o.number, o.text, o.quality
            FROM miaopu_datastreams d JOIN miaopu_observations o ON o.datastream = d.id
            WHERE d.name = ? AND o.time BETWEEN ? AND ? ORDER BY o.time DESC LIMIT ?
            """,
            [
                message.datastream, message.hasFrom ? message.from : Int64.min,
                message.hasUntil ? message.until : Int64.max, limit,
            ], in: db)
        observations.observations.reverse()
        return observations
    }

    /// One pass over the index for all runs of time.
    static func buckets(_ message: WireObservationsBuckets, plugin: String, in db: Database) throws -> WireBuckets {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.invalid, plugin, "The plugin \(plugin) asked for runs of time that \(reason).")
        }
        guard message.width > 0, message.from < message.until else {
            throw refuse("are empty: from \(message.from) until \(message.until), \(message.width) ms wide")
        }
        let (length, overflow) = message.until.subtractingReportingOverflow(message.from)
        guard !overflow, (length - 1) / message.width < Int64(PluginContract.maxBuckets) else {
            throw refuse("are more than \(PluginContract.maxBuckets); wider ones are accepted")
        }
        let cursor = try GRDB.Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    WITH stream AS (SELECT id FROM miaopu_datastreams WHERE name = :name)
                    SELECT b.bucket, b.count, b.minimum, b.maximum, b.mean, o.number
                    FROM (
                        SELECT (time - :from) / :width AS bucket, count(*) AS count, min(number) AS minimum,
                            max(number) AS maximum, avg(number) AS mean, max(time) AS newest
                        FROM miaopu_observations
                        WHERE datastream = (SELECT id FROM stream) AND time >= :from AND time < :until
                            AND number IS NOT NULL AND quality = ''
                        GROUP BY bucket
                    ) b JOIN miaopu_observations o
                        ON o.datastream = (SELECT id FROM stream) AND o.time = b.newest
                    ORDER BY b.bucket
                    """),
            arguments: [
                "name": message.datastream, "from": message.from, "until": message.until, "width": message.width,
            ])
        var answer = WireBuckets()
        while let row = try cursor.next() {
            var bucket = WireBucket()
            bucket.time = message.from + (try row.decode(Int64.self, atIndex: 0)) * message.width
            bucket.count = UInt64(clamping: try row.decode(Int64.self, atIndex: 1))
            bucket.minimum = try row.decode(atIndex: 2)
            bucket.maximum = try row.decode(atIndex: 3)
            bucket.mean = try row.decode(atIndex: 4)
            bucket.last = try row.decode(atIndex: 5)
            answer.buckets.append(bucket)
        }
        return answer
    }

    private static func identifier(of name: String, in db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO miaopu_datastreams (name) VALUES (?)")
            .execute(arguments: [name])
        let select = try db.cachedStatement(sql: "SELECT id FROM miaopu_datastreams WHERE name = ?")
        return try Int64.fetchOne(select, arguments: [name]) ?? 0
    }

    private static func read(
        _ sql: String, _ arguments: StatementArguments, in db: Database
    ) throws -> WireObservations {
        var answer = WireObservations()
        let cursor = try GRDB.Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try cursor.next() {
            var observation = WireObservation()
            // The plugin can write to these tables with SQL of its own: `decode`
            // throws where a subscript would trap.
            observation.datastream = try row.decode(atIndex: 0)
            observation.time = try row.decode(atIndex: 1)
            if let number = try row.decode(Double?.self, atIndex: 2) {
                observation.number = number
            } else {
                observation.text = try row.decode(String?.self, atIndex: 3) ?? ""
            }
            observation.quality = try row.decode(atIndex: 4)
            answer.observations.append(observation)
        }
        return answer
    }
}
