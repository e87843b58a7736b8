// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// Where a ticket stands.
enum TicketState: String, CaseIterable {
    case reported
    case dispatched
    case accepted
    case inProgress = "in_progress"
    case review
    case closed
    case withdrawn

    var zh: String {
        switch self {
        case .reported: "已上报"
        case .dispatched: "已派单"
        case .accepted: "已接单"
        case .inProgress: "处置中"
        case .review: "待复核"
        case .closed: "已结案"
        case .withdrawn: "已撤销"
        }
    }
}

/// What a ticket is about.
enum TicketCategory: String, CaseIterable {
    case lift, water, electricity, roof, cleaning, parking, green, noise, other

    var zh: String {
        switch self {
        case .lift: "电梯"
        case .water: "给排水"
        case .electricity: "供电"
        case .roof: "屋面渗漏"
        case .cleaning: "保洁"
        case .parking: "停车"
        case .green: "绿化"
        case .noise: "噪声"
        case .other: "其他"
        }
    }

    /// How long the company has when the ticket does not say: urgent repairs
    /// are due within two hours, ordinary ones within three days.
    var minutesToClose: Int64 {
        self == .lift ? 120 : 3 * 24 * 60
    }
}

/// One ticket.
struct Ticket {
    var id: Int64
    var number: String
    var estate: String
    var company: String
    var town: String?
    var category: TicketCategory
    var summary: String?
    var state: TicketState
    var reported: Timestamp
    var due: Timestamp
    var closed: Timestamp?
    /// OGC:CRS84.
    var position: Coordinate

    /// Closed too late, or open although its time is over.
    func isOverdue(at now: Timestamp) -> Bool {
        state == .withdrawn ? false : (closed ?? now) > due
    }

    /// Whether it was closed by then: a ticket is as it was at the time that is
    /// looked at.
    func isOpen(at now: Timestamp) -> Bool {
        if state == .withdrawn { return false }
        return closed.map { $0 > now } ?? true
    }
}

extension Ticket {
    init(_ properties: TicketProperties, geometry: Geometry, id: Int64) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The ticket \(properties.number) is refused: \(reason).")
        }
        guard case .point(let point) = geometry, let position = point.coordinate else {
            throw refuse("a ticket is a Point")
        }
        guard !properties.number.isEmpty, properties.number.utf8.count <= 100 else {
            throw refuse("a number has 1 to 100 bytes")
        }
        guard let state = TicketState(rawValue: properties.state) else {
            let states = TicketState.allCases.map(\.rawValue).joined(separator: ", ")
            throw refuse("its state is \(properties.state); accepted are \(states)")
        }
        guard let category = TicketCategory(rawValue: properties.category ?? "other") else {
            let categories = TicketCategory.allCases.map(\.rawValue).joined(separator: ", ")
            throw refuse("its category is \(properties.category ?? ""); accepted are \(categories)")
        }
        let reported = properties.reported.timestamp
        let closed = properties.closed?.timestamp
        switch (state, closed) {
        case (.closed, nil): throw refuse("it is closed and does not say when")
        case (.closed, let time?) where time < reported: throw refuse("it was closed before it was reported")
        case (.closed, _), (_, nil): break
        default: throw refuse("it has a time of closing, and its state is \(state.rawValue)")
        }
        let due = properties.due?.timestamp ?? reported.adding(minutes: category.minutesToClose)
        guard due >= reported else { throw refuse("it was due before it was reported") }
        self.init(
            id: id, number: properties.number, estate: properties.estate, company: properties.company,
            town: properties.town, category: category, summary: properties.summary, state: state,
            reported: reported, due: due, closed: closed, position: position)
    }
}
