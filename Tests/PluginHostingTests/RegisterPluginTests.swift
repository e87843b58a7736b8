// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

private let square =
    "{\"type\":\"Polygon\",\"coordinates\":[[[121.38,31.11],[121.39,31.11],[121.39,31.12],[121.38,31.11]]]}"
private let place = "{\"type\":\"Point\",\"coordinates\":[121.385,31.115]}"

private func collection(_ features: [(geometry: String, properties: String)]) -> String {
    let members = features.map {
        "{\"type\":\"Feature\",\"geometry\":\($0.geometry),\"properties\":{\($0.properties)}}"
    }
    return "{\"type\":\"FeatureCollection\",\"features\":[\(members.joined(separator: ","))]}"
}

@Suite(.enabled(if: arePluginsBuilt)) struct AssetsPluginTests {
    private let assets: ShippedPlugin

    init() throws {
        assets = try ShippedPlugin("assets")
    }

    private func premises(_ code: String, area: Double = 1000) -> (geometry: String, properties: String) {
        (
            square,
            "\"code\":\"\(code)\",\"name\":\"n\",\"owner\":\"许泾村\",\"owner_level\":\"village\",\"area_m2\":\(area)"
        )
    }

    private func contract(
        _ number: String, _ premises: String, area: Double, rent: Double, _ start: String = "today-10d",
        _ end: String = "today+20d"
    ) -> String {
        "{\"number\":\"\(number)\",\"premises\":\"\(premises)\",\"lessee\":\"L\(number)\",\"area_m2\":\(area),"
            + "\"rent\":\(rent),\"start\":\"\(start)\",\"end\":\"\(end)\"}"
    }

    private func load(
        _ premises: [(geometry: String, properties: String)], _ contracts: [String]
    ) throws -> (status: Int, json: [String: Any]) {
        try assets.post(
            "/import", "{\"premises\":\(collection(premises)),\"contracts\":[\(contracts.joined(separator: ","))]}")
    }

    @Test func rentIsTheMeanOverAreaAndAYearHas365Days() throws {
        #expect(
            try load(
                [premises("a")], [contract("1", "a", area: 600, rent: 3), contract("2", "a", area: 200, rent: 5)]
            ).status == 200)
        let feature = try #require(try assets.features("premises", by: "code")["a"])
        #expect(feature["rent"] == 3.5)
        #expect(feature["area_let_m2"] == 800.0)
        #expect(feature["area_vacant_m2"] == 200.0)
        #expect(feature["vacancy"] == "partly")
        #expect(feature["yearly_rent_yuan"] == 1_022_000.0)
        #expect(feature["lessee"] == "L1")
        #expect(feature["days_left"] == 20)
        #expect(feature["overlet"] == false)
    }

    @Test func aContractRunsFromItsFirstDayToItsLast() throws {
        _ = try load(
            [premises("a")],
            [
                contract("1", "a", area: 1, rent: 1, "today", "today"),
                contract("2", "a", area: 2, rent: 1, "today-9d", "today-1d"),
                contract("3", "a", area: 4, rent: 1, "today+1d", "today+9d"),
            ])
        #expect(try assets.features("premises", by: "code")["a"]?["area_let_m2"] == 1.0)
    }

    @Test func moreLetThanThereIsIsShownAsAFault() throws {
        _ = try load([premises("a", area: 100), premises("b")], [contract("1", "a", area: 101, rent: 2)])
        let features = try assets.features("premises", by: "code")
        #expect(features["a"]?["overlet"] == true)
        #expect(features["a"]?["vacancy"] == "let")
        #expect(features["b"]?["vacancy"] == "vacant")
        #expect(features["b"]?["rent"] == nil)
        let summary = try assets.get("/summary").json
        #expect(summary["overlet"] as? [String] == ["a"])
        // What is let twice is not occupied twice: 100 of 1100 m².
        let total = try #require(summary["total"] as? [String: Any])
        #expect(try #require(total["occupancy"] as? Double).isApproximately(100.0 / 1100))
        #expect(try #require(total["meanRent"] as? Double).isApproximately(2))
    }

    @Test func onePremisesListsItsContracts() throws {
        _ = try load([premises("a")], [contract("1", "a", area: 1, rent: 1)])
        let report = try assets.get("/premises", [("code", "a")]).json
        #expect((report["contracts"] as? [[String: Any]])?.first?["isRunning"] as? Bool == true)
    }

    @Test func contractsMustFitTheirPremises() throws {
        let wrong = [
            [contract("1", "x", area: 1, rent: 1)], [contract("1", "a", area: 0, rent: 1)],
            [contract("1", "a", area: 1, rent: -1)], [contract("1", "a", area: 1, rent: 1, "2026-02-30")],
            [contract("1", "a", area: 1, rent: 1, "today", "today-1d")],
            [contract("1", "a", area: 1, rent: 1), contract("1", "a", area: 1, rent: 1)],
        ]
        for contracts in wrong { #expect(try load([premises("a")], contracts).status == 422, "\(contracts)") }
        #expect(try load([premises("a"), premises("a")], []).status == 422)
    }
}

@Suite(.enabled(if: arePluginsBuilt)) struct PropertyPluginTests {
    private let property: ShippedPlugin

    init() throws {
        property = try ShippedPlugin("property")
    }

    private func ticket(_ number: String, _ more: String, company: String = "万欣物业") -> (
        geometry: String, properties: String
    ) {
        (place, "\"number\":\"\(number)\",\"estate\":\"梅陇三村\",\"company\":\"\(company)\",\(more)")
    }

    private func load(
        _ tickets: [(geometry: String, properties: String)]
    ) throws -> (status: Int, json: [String: Any]) {
        try property.post("/import", "{\"tickets\":\(collection(tickets))}")
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

@Suite(.enabled(if: arePluginsBuilt)) struct CommunityPluginTests {
    private let community: ShippedPlugin

    init() throws {
        community = try ShippedPlugin("community")
    }

    private func load(
        _ committees: [(geometry: String, properties: String)], _ estates: [(geometry: String, properties: String)]
    ) throws -> (status: Int, json: [String: Any]) {
        try community.post(
            "/import", "{\"committees\":\(collection(committees)),\"estates\":\(collection(estates))}")
    }

    private let committee = (geometry: square, properties: "\"code\":\"310112108001\",\"name\":\"梅陇三村居委会\"")

    @Test func householdsAreTheSumOverEstates() throws {
        let answer = try load(
            [committee, (square, "\"code\":\"310112108201\",\"name\":\"许泾村委会\"")],
            [
                (
                    place,
                    "\"code\":\"e1\",\"name\":\"a\",\"committee\":\"310112108001\",\"households\":1250,\"residents\":3300"
                ),
                (square, "\"code\":\"e2\",\"name\":\"b\",\"committee\":\"310112108001\",\"households\":750"),
                (place, "\"code\":\"e3\",\"name\":\"c\",\"committee\":\"310112108001\""),
            ])
        #expect(answer.status == 200, "\(answer.json)")
        let committees = try community.features("committees", by: "code")
        #expect(committees["310112108001"]?["households"] == 2000)
        #expect(committees["310112108001"]?["estates"] == 3)
        #expect(committees["310112108001"]?["estates_counted"] == 2)
        #expect(committees["310112108001"]?["kind_zh"] == "居委会")
        #expect(committees["310112108001"]?["town"] == "310112108")
        #expect(committees["310112108201"]?["kind_zh"] == "村委会")
        // Unknown, not zero.
        #expect(committees["310112108201"]?["households"] == nil)
        let estates = try community.features("estates", by: "code")
        #expect(estates["e3"]?["households"] == nil)
        #expect(estates["e1"]?["committee"] == "梅陇三村居委会")
        let totals = try community.get("/summary").json["totals"] as? [String: Any]
        #expect(totals?["households"] as? Int == 2000)
        let report = try community.get("/committee", [("code", "310112108001")]).json
        #expect((report["estates"] as? [[String: Any]])?.count == 3)
    }

    @Test func estatesBelongToACommitteeOfTheDocument() throws {
        let estate = (geometry: place, properties: "\"code\":\"e\",\"name\":\"a\",\"committee\":\"310112108002\"")
        #expect(try load([committee], [estate]).status == 422)
        #expect(try load([committee, committee], []).status == 422)
    }

    @Test(arguments: ["31011210800", "310112108000", "310112108400", "31011210800a", "３１０１１２１０８００１"])
    func aCodeThatIsNoneIsRefused(_ code: String) throws {
        #expect(try load([(square, "\"code\":\"\(code)\",\"name\":\"a\"")], []).status == 422)
    }
}

extension Double {
    fileprivate func isApproximately(_ other: Double) -> Bool { abs(self - other) < 1e-9 }
}
