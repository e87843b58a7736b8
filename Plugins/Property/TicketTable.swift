// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's own table.
enum TicketTable {
    /// Published steps never change: a new one is added at the end.
    static let migrations = [
        Migration(
            "The first table",
            """
            CREATE TABLE IF NOT EXISTS tickets (
                id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, estate TEXT NOT NULL, company TEXT NOT NULL,
                town TEXT, category TEXT NOT NULL, summary TEXT, state TEXT NOT NULL, reported BIGINT NOT NULL,
                due BIGINT NOT NULL, closed BIGINT, longitude DOUBLE PRECISION NOT NULL,
                latitude DOUBLE PRECISION NOT NULL
            )
            """)
    ]

    static func replace(_ tickets: [Ticket], _ database: HostDatabase) throws {
        try database.transaction([
            SQLStatement("DELETE FROM tickets"),
            SQLStatement(
                "INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows: tickets.map { ticket in
                    [
                        .integer(ticket.id), .text(ticket.number), .text(ticket.estate), .text(ticket.company),
                        SQLValue(ticket.town), .text(ticket.category.rawValue), SQLValue(ticket.summary),
                        .text(ticket.state.rawValue), SQLValue(ticket.reported), SQLValue(ticket.due),
                        SQLValue(ticket.closed), .real(ticket.position.x), .real(ticket.position.y),
                    ]
                }),
        ])
    }

    static func read(_ database: HostDatabase) throws -> [Ticket] {
        try database.query("SELECT * FROM tickets ORDER BY id").compactMap { row in
            guard let id = row.integer("id"), let number = row.text("number"), let estate = row.text("estate"),
                let company = row.text("company"), let category = row.text("category").flatMap(TicketCategory.init),
                let state = row.text("state").flatMap(TicketState.init), let reported = row.time("reported"),
                let due = row.time("due"), let longitude = row.real("longitude"), let latitude = row.real("latitude")
            else { return nil }
            return Ticket(
                id: id, number: number, estate: estate, company: company, town: row.text("town"), category: category,
                summary: row.text("summary"), state: state, reported: reported, due: due, closed: row.time("closed"),
                position: Coordinate(x: longitude, y: latitude))
        }
    }
}
