// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's layer.
enum TicketLayer {
    static let registration = LayerRegistration.points(
        "tickets", title: Title(zh: "物业工单", en: "Property tickets"),
        fields: [
            Field("number", .text, Title(zh: "工单号", en: "Number")),
            Field("estate", .text, Title(zh: "小区", en: "Estate")),
            Field("company", .text, Title(zh: "物业公司", en: "Company")),
            Field("category", .text, Title(zh: "类别代码", en: "Category")),
            Field("category_zh", .text, Title(zh: "类别", en: "Category (Chinese)")),
            Field("summary", .text, Title(zh: "内容", en: "Summary")),
            Field("state", .text, Title(zh: "状态代码", en: "State")),
            Field("state_zh", .text, Title(zh: "状态", en: "State (Chinese)")),
            Field("reported", .dateTime, Title(zh: "上报时间", en: "Reported")),
            Field("due", .dateTime, Title(zh: "办理期限", en: "Due")),
            Field("closed", .dateTime, Title(zh: "结案时间", en: "Closed")),
            Field("open", .boolean, Title(zh: "未结案", en: "Open")),
            Field("overdue", .boolean, Title(zh: "超期", en: "Overdue")),
            Field("town", .text, Title(zh: "街镇代码", en: "Town code")),
        ], style: PackageResources.tickets_json, zoomRange: 9...24)

    static func feature(_ ticket: Ticket, now: Timestamp) -> Feature {
        var properties: [String: AttributeValue] = [
            "number": .text(ticket.number), "estate": .text(ticket.estate), "company": .text(ticket.company),
            "category": .text(ticket.category.rawValue), "category_zh": .text(ticket.category.zh),
            "state": .text(ticket.state.rawValue), "state_zh": .text(ticket.state.zh),
            "reported": .text(ticket.reported.description), "due": .text(ticket.due.description),
            "open": .boolean(ticket.isOpen(at: now)), "overdue": .boolean(ticket.isOverdue(at: now)),
        ]
        properties["summary"] = ticket.summary.map(AttributeValue.text)
        properties["closed"] = ticket.closed.map { .text($0.description) }
        properties["town"] = ticket.town.map(AttributeValue.text)
        return Feature(id: ticket.id, geometry: .point(Point(ticket.position)), properties: properties)
    }
}
