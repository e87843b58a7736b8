// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@Suite(.enabled(if: arePluginsBuilt)) struct AssetsPluginTests {
    private let assets: ShippedPlugin

    init() throws {
        assets = try ShippedPlugin("assets")
    }

    private func premises(_ code: String, area: Double = 1000) -> (geometry: String, properties: String) {
        (
            GeoJSONText.square,
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
            "/import",
            "{\"premises\":\(GeoJSONText.collection(premises)),\"contracts\":[\(contracts.joined(separator: ","))]}")
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

extension Double {
    fileprivate func isApproximately(_ other: Double) -> Bool { abs(self - other) < 1e-9 }
}
