// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

// The JSON that README.md describes. Names are those of the document.

struct TicketProperties: Decodable, Sendable {
    var number: String
    var estate: String
    var company: String
    var town: String?
    var category: String?
    var summary: String?
    var state: String
    var reported: ImportedTime
    var due: ImportedTime?
    var closed: ImportedTime?
}

struct TicketDocument: Decodable {
    var tickets: FeatureCollection<TicketProperties>
}

/// `GET /ticket`
struct TicketReport: Encodable {
    var number: String
    var estate: String
    var company: String
    var category: String
    var summary: String?
    var state: String
    var reported: String
    var due: String
    var closed: String?
    var overdue: Bool

    init(_ ticket: Ticket, now: Timestamp) {
        number = ticket.number
        estate = ticket.estate
        company = ticket.company
        category = ticket.category.rawValue
        summary = ticket.summary
        state = ticket.state.rawValue
        reported = ticket.reported.description
        due = ticket.due.description
        closed = ticket.closed?.description
        overdue = ticket.isOverdue(at: now)
    }
}

/// `GET /summary`
struct TicketSummary: Encodable {
    /// One company's record.
    struct Company: Encodable {
        var company: String
        /// Tickets whose time has come: closed, or open and overdue.
        var n = 0
        var closedInTime = 0
        /// `closedInTime / n`; nil when too few tickets say anything.
        var shareInTime: Double?
        /// From 1, among the companies that have a share; equal shares share
        /// the better rank.
        var rank: Int?
    }

    /// Fewer tickets than this are no basis for a rank.
    static let fewestForRank = 10

    var tickets: Int
    var open = 0
    var overdue = 0
    var states: [String: Int] = [:]
    var companies: [Company] = []

    init(_ tickets: [Ticket], now: Timestamp) {
        self.tickets = tickets.count
        var companyOfName: [String: Company] = [:]
        for ticket in tickets {
            let isOverdue = ticket.isOverdue(at: now)
            states[ticket.state.rawValue, default: 0] += 1
            if ticket.isOpen(at: now) { open += 1 }
            if isOverdue { overdue += 1 }
            guard ticket.state != .withdrawn, ticket.state == .closed || isOverdue else { continue }
            companyOfName[ticket.company, default: Company(company: ticket.company)].n += 1
            if !isOverdue { companyOfName[ticket.company]?.closedInTime += 1 }
        }
        companies = Self.ranked(Array(companyOfName.values))
    }

    private static func ranked(_ companies: [Company]) -> [Company] {
        var companies = companies
        for index in companies.indices where companies[index].n >= fewestForRank {
            companies[index].shareInTime = Double(companies[index].closedInTime) / Double(companies[index].n)
        }
        companies.sort { left, right in
            (right.shareInTime ?? -1, left.company) < (left.shareInTime ?? -1, right.company)
        }
        for index in companies.indices {
            guard let share = companies[index].shareInTime else { break }
            let previous = index > 0 ? companies[index - 1] : nil
            companies[index].rank = previous?.shareInTime == share ? previous?.rank : index + 1
        }
        return companies
    }
}
