// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// What the host looks for in the library.
@c(miaopu_plugin_v1)
public func entry(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
    PropertyPlugin.open(host, plugin)
}

/// Tickets of residents with the companies that manage their estates.
final class PropertyPlugin: Plugin {
    static let manifest = Manifest(
        id: "property", title: Title(zh: "物业直通车", en: "Property tickets"), version: "1.0.0",
        summary: Title(zh: "小区物业工单及办理时限", en: "Tickets with the companies that manage estates"),
        permissions: [.tables])

    /// Read from the database when first needed, replaced by an import. The host
    /// makes one call at a time, so it needs no lock.
    private var tickets: [Ticket]?

    func start(_ host: MapHost) throws {
        try host.database.migrate(TicketTable.migrations)
        try host.layers.register(TicketLayer.registration)
    }

    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        guard query.layer == "tickets" else {
            throw PluginError(.notFound, "The property plugin has no layer \(query.layer).")
        }
        let now = query.moment
        return try all(host).filter { query.envelope.contains($0.position) && $0.reported <= now }.map {
            TicketLayer.feature($0, now: now)
        }
    }

    func handle(_ request: Request, _ host: MapHost) throws -> Response {
        switch (request.method, request.path) {
        case ("GET", "/summary"): return try .json(TicketSummary(try all(host), now: .now))
        case ("GET", "/ticket"):
            let number = try request.required("number")
            guard let ticket = try all(host).first(where: { $0.number == number }) else {
                throw PluginError(.notFound, "There is no ticket \(number).")
            }
            return try .json(TicketReport(ticket, now: .now))
        case ("POST", "/import"):
            try request.requireOperator()
            return try replace(try request.json(as: TicketDocument.self), host)
        default:
            return .problem(404, "There is nothing at \(request.method) \(request.path) of the property plugin.")
        }
    }

    private func all(_ host: MapHost) throws -> [Ticket] {
        if let tickets { return tickets }
        let read = try TicketTable.read(host.database)
        tickets = read
        return read
    }

    private func replace(_ document: TicketDocument, _ host: MapHost) throws -> Response {
        var numbers = Set<String>()
        let tickets = try document.tickets.features.enumerated().map { index, feature in
            let ticket = try Ticket(feature.properties, geometry: feature.geometry, id: Int64(index + 1))
            guard numbers.insert(ticket.number).inserted else {
                throw PluginError(.invalid, "The ticket \(ticket.number) is there twice; numbers are unique.")
            }
            return ticket
        }
        try TicketTable.replace(tickets, host.database)
        self.tickets = tickets
        try host.invalidate("tickets")
        return try .json(["tickets": tickets.count])
    }
}
