// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@Suite(.enabled(if: arePluginsBuilt)) struct PropertyPluginTests {
    private let property: ShippedPlugin

    init() throws {
        property = try ShippedPlugin("property")
    }

    private func ticket(_ number: String, _ more: String, company: String = "万欣物业") -> (
        geometry: String, properties: String
    ) {
        (GeoJSONText.place, "\"number\":\"\(number)\",\"estate\":\"梅陇三村\",\"company\":\"\(company)\",\(more)")
    }

    private func load(
        _ tickets: [(geometry: String, properties: String)]
    ) throws -> (status: Int, json: [String: Any]) {
        try property.post("/import", "{\"tickets\":\(GeoJSONText.collection(tickets))}")
    }

    @Test func aTicketIsOverdueWhenItsTimeIsOver() throws {
        let answer = try load([
            ticket("late", "\"state\":\"accepted\",\"reported\":\"now-4d\""),
            ticket("early", "\"state\":\"accepted\",\"reported\":\"now-2d\""),
            ticket("lift", "\"state\":\"reported\",\"category\":\"lift\",\"reported\":\"now-3h\""),
            ticket("slow", "\"state\":\"closed\",\"reported\":\"now-9d\",\"due\":\"now-8d\",\"closed\":\"now-7d\""),
            ticket("done", "\"state\":\"closed\",\"reported\":\"now-9d\",\"due\":\"now-8d\",\"closed\":\"now-8d\""),
            ticket("gone", "\"state\":\"withdrawn\",\"reported\":\"now-9d\""),
        ])
        #expect(answer.status == 200, "\(answer.json)")
        let tickets = try property.features("tickets", by: "number")
        #expect(tickets.filter { $0.value["overdue"] == true }.keys.sorted() == ["late", "lift", "slow"])
        #expect(tickets.filter { $0.value["open"] == true }.keys.sorted() == ["early", "late", "lift"])
        let summary = try property.get("/summary").json
        #expect(summary["overdue"] as? Int == 3)
        #expect(summary["open"] as? Int == 3)
    }

    @Test func companiesAreRankedByTheirShareInTime() throws {
        func closed(_ count: Int, late: Int, _ company: String) -> [(geometry: String, properties: String)] {
            (0..<count).map {
                ticket(
                    "\(company)\($0)",
                    "\"state\":\"closed\",\"reported\":\"now-9d\",\"due\":\"now-8d\",\"closed\":\"\($0 < late ? "now-1d" : "now-8d")\"",
                    company: company)
            }
        }
        _ = try load(
            closed(10, late: 1, "B") + closed(20, late: 2, "A") + closed(10, late: 5, "C") + closed(9, late: 0, "D"))
        let companies = try #require(try property.get("/summary").json["companies"] as? [[String: Any]])
        #expect(companies.map { $0["company"] as? String } == ["A", "B", "C", "D"])
        #expect(companies.map { $0["rank"] as? Int } == [1, 1, 3, nil])
        #expect(companies.map { $0["n"] as? Int } == [20, 10, 10, 9])
    }

    @Test func aTicketThatContradictsItselfIsRefused() throws {
        let wrong = [
            "\"state\":\"closed\",\"reported\":\"now-1h\"",
            "\"state\":\"accepted\",\"reported\":\"now-1h\",\"closed\":\"now\"",
            "\"state\":\"closed\",\"reported\":\"now-1h\",\"closed\":\"now-2h\"",
            "\"state\":\"lost\",\"reported\":\"now-1h\"", "\"state\":\"accepted\",\"reported\":\"then\"",
            "\"state\":\"accepted\",\"reported\":\"now\",\"category\":\"ghosts\"",
        ]
        for properties in wrong { #expect(try load([ticket("1", properties)]).status == 422, "\(properties)") }
    }

    @Test func aTimeBeforeTheReportDoesNotShowTheTicket() throws {
        _ = try load([ticket("a", "\"state\":\"accepted\",\"reported\":\"2026-08-24T00:00:00Z\"")])
        #expect(try property.features("tickets", by: "number", time: 1_787_529_599_999).isEmpty)
        #expect(try property.features("tickets", by: "number", time: 1_787_529_600_000).count == 1)
    }
}
