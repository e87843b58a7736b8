// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@Suite(.enabled(if: arePluginsBuilt)) struct CommunityPluginTests {
    private let community: ShippedPlugin

    init() throws {
        community = try ShippedPlugin("community")
    }

    private func load(
        _ committees: [(geometry: String, properties: String)], _ estates: [(geometry: String, properties: String)]
    ) throws -> (status: Int, json: [String: Any]) {
        try community.post(
            "/import",
            "{\"committees\":\(GeoJSONText.collection(committees)),\"estates\":\(GeoJSONText.collection(estates))}")
    }

    private let committee = (geometry: GeoJSONText.square, properties: "\"code\":\"310112108001\",\"name\":\"梅陇三村居委会\"")

    @Test func householdsAreTheSumOverEstates() throws {
        let answer = try load(
            [committee, (GeoJSONText.square, "\"code\":\"310112108201\",\"name\":\"许泾村委会\"")],
            [
                (
                    GeoJSONText.place,
                    "\"code\":\"e1\",\"name\":\"a\",\"committee\":\"310112108001\",\"households\":1250,\"residents\":3300"
                ),
                (
                    GeoJSONText.square,
                    "\"code\":\"e2\",\"name\":\"b\",\"committee\":\"310112108001\",\"households\":750"
                ),
                (GeoJSONText.place, "\"code\":\"e3\",\"name\":\"c\",\"committee\":\"310112108001\""),
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
        let estate = (
            geometry: GeoJSONText.place, properties: "\"code\":\"e\",\"name\":\"a\",\"committee\":\"310112108002\""
        )
        #expect(try load([committee], [estate]).status == 422)
        #expect(try load([committee, committee], []).status == 422)
    }

    @Test(arguments: ["31011210800", "310112108000", "310112108400", "31011210800a", "３１０１１２１０８００１"])
    func aCodeThatIsNoneIsRefused(_ code: String) throws {
        #expect(try load([(GeoJSONText.square, "\"code\":\"\(code)\",\"name\":\"a\"")], []).status == 422)
    }
}
