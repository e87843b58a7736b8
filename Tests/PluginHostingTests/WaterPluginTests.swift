// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting
import SimpleFeatures
import Testing

/// GB 3838-2002, table 1, written down a second time from the standard: item,
/// limits of classes I to V. Dissolved oxygen is a lower limit.
private let limits: [(String, [Double])] = [
    ("CODMn", [2, 4, 6, 10, 15]), ("COD", [15, 15, 20, 30, 40]), ("BOD5", [3, 3, 4, 6, 10]),
    ("NH3N", [0.15, 0.5, 1, 1.5, 2]), ("TP", [0.02, 0.1, 0.2, 0.3, 0.4]), ("Cu", [0.01, 1, 1, 1, 1]),
    ("Zn", [0.05, 1, 1, 2, 2]), ("F", [1, 1, 1, 1.5, 1.5]), ("Se", [0.01, 0.01, 0.01, 0.02, 0.02]),
    ("As", [0.05, 0.05, 0.05, 0.1, 0.1]), ("Hg", [0.00005, 0.00005, 0.0001, 0.001, 0.001]),
    ("Cd", [0.001, 0.005, 0.005, 0.005, 0.01]), ("Cr6", [0.01, 0.05, 0.05, 0.05, 0.1]),
    ("Pb", [0.01, 0.01, 0.05, 0.05, 0.1]), ("cyanide", [0.005, 0.05, 0.2, 0.2, 0.2]),
    ("phenol", [0.002, 0.002, 0.005, 0.01, 0.1]), ("petroleum", [0.05, 0.05, 0.05, 0.5, 1]),
    ("surfactant", [0.2, 0.2, 0.2, 0.3, 0.3]), ("sulfide", [0.05, 0.1, 0.2, 0.5, 1]),
    ("DO", [7.5, 6, 5, 3, 2]),
]

@Suite(.enabled(if: arePluginsBuilt)) struct WaterClassTests {
    private let water: ShippedPlugin

    init() throws {
        water = try ShippedPlugin("water")
    }

    private func classify(_ values: [String: Any], body: String = "river") throws -> (class: Int?, limiting: [String]) {
        let query = [("body", body)] + values.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let answer = try water.get("/classify", query)
        try #require(answer.status == 200, "\(answer.json)")
        return (answer.json["waterClass"] as? Int, answer.json["limitingItems"] as? [String] ?? [])
    }

    @Test func aValueAtALimitBelongsToTheBetterClass() throws {
        for (item, classes) in limits {
            for limit in classes {
                // Where classes share a limit, the better one is awarded.
                let better = try #require(classes.firstIndex(of: limit)) + 1
                let worse = try #require(classes.lastIndex(of: limit)) + 2
                let beyond = item == "DO" ? limit.nextDown : limit.nextUp
                #expect(try classify([item: limit]).class == better, "\(item) \(limit)")
                #expect(try classify([item: beyond]).class == worse, "\(item) \(beyond)")
            }
        }
    }

    @Test func theTableThatIsServedIsTheStandards() throws {
        let rows = try #require(try water.get("/limits").json["rows"] as? [[String: Any]])
        for (item, classes) in limits {
            let row = try #require(rows.first { $0["item"] as? String == item && $0["body"] as? String != "lake" })
            #expect(row["limits"] as? [Double] == classes)
            #expect(row["isLowerLimit"] as? Bool == (item == "DO"))
        }
        // And total phosphorus of lakes.
        #expect(rows.count == limits.count + 1)
    }

    @Test func phosphorusHasItsOwnLimitsInLakes() throws {
        let lake = [0.01, 0.025, 0.05, 0.1, 0.2]
        for (index, limit) in lake.enumerated() {
            #expect(try classify(["TP": limit], body: "lake").class == index + 1)
            #expect(try classify(["TP": limit.nextUp], body: "lake").class == index + 2)
        }
        #expect(try classify(["TP": 0.1]).class == 2)
    }

    @Test func warmWaterReachesClassOneByItsSaturation() throws {
        // 90 % of 468 / (31.6 + 30) is 6.84 mg/L.
        #expect(try classify(["DO": 6.9]).class == 2)
        #expect(try classify(["DO": 6.9, "temperature": 30]).class == 1)
        #expect(try classify(["DO": 6.8, "temperature": 30]).class == 2)
        #expect(try classify(["DO": 7.5, "temperature": 5]).class == 1)
    }

    @Test func acidityHasOneRangeForAllClasses() throws {
        for value in [6.0, 7, 9] { #expect(try classify(["pH": value]).class == 1) }
        for value in [5.99, 9.01] { #expect(try classify(["pH": value]).class == 6) }
    }

    @Test func theWorstItemDecidesAndIsNamed() throws {
        let two = try classify(["DO": 8, "NH3N": 1.2, "CODMn": 7, "pH": 7])
        #expect(two.class == 4)
        #expect(two.limiting == ["CODMn", "NH3N"])
        #expect(try classify(["DO": 8, "pH": 7]).limiting.isEmpty)
    }

    @Test func nitrogenTemperatureAndColiformsHaveNoPart() throws {
        let answer = try classify(["TN": 99, "temperature": 40, "coliform": 1e9, "NH3N": 0.1])
        #expect(answer.class == 1)
        #expect(try classify(["TN": 99]).class == nil)
    }

    @Test func nothingMeasuredIsNoClass() throws {
        #expect(try classify([:]).class == nil)
        #expect(try classify(["NH3N": -1]).class == nil)
    }

    @Test func aQuestionThatMakesNoSenseIsRefused() throws {
        #expect(try water.get("/classify", [("NH3N", "much")]).status == 400)
        #expect(try water.get("/classify", [("gold", "1")]).status == 400)
        #expect(try water.get("/classify", [("body", "puddle")]).status == 400)
    }
}

@Suite(.enabled(if: arePluginsBuilt)) struct WaterPluginTests {
    private let water: ShippedPlugin
    private let document = """
        {"stations":{"type":"FeatureCollection","features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[121.36,31.02]},"properties":
        {"code":"MQ-01","name":"一号","water":"俞塘","target_class":3}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[121.40,31.05]},"properties":
        {"code":"MQ-02","name":"二号"}}]},
        "samples":[
        {"station":"MQ-01","time":"2026-08-24T00:00:00Z","values":{"DO":8,"NH3N":0.4},"flags":{"NH3N":"N"}},
        {"station":"MQ-01","time":"2026-08-24T04:00:00Z","values":{"DO":8,"NH3N":1.3,"TP":9},"flags":{"TP":"D"}}]}
        """

    init() throws {
        water = try ShippedPlugin("water")
    }

    @Test func stationsShowTheirLatestSample() throws {
        #expect(try water.post("/import", document).status == 200)
        let stations = try water.features("stations", by: "code")
        let first = try #require(stations["MQ-01"])
        #expect(first["class"] == 4)
        #expect(first["class_name"] == "Ⅳ")
        #expect(first["limiting_items"] == "NH3N")
        #expect(first["meets_target"] == false)
        #expect(first["sample_time"] == "2026-08-24T04:00:00.000Z")
        // A flagged value is neither shown nor assessed.
        #expect(first["TP"] == nil)
        #expect(first["items_assessed"] == 2)
        #expect(stations["MQ-02"]?["class"] == nil)
    }

    @Test func anEarlierTimeShowsTheSampleOfThatTime() throws {
        _ = try water.post("/import", document)
        let earlier = try water.features("stations", by: "code", time: 1_787_533_200_000)
        #expect(earlier["MQ-01"]?["class"] == 2)
        #expect(try water.features("stations", by: "code", time: 0)["MQ-01"]?["class"] == nil)
    }

    @Test func onlyTheEnvelopeIsAnswered() throws {
        _ = try water.post("/import", document)
        let features = try water.host.features(
            layer: "water.stations", envelope: .init(minX: 121.39, minY: 31, maxX: 121.5, maxY: 31.2), zoom: 12)
        #expect(features.map { $0.properties["code"] } == [.text("MQ-02")])
    }

    @Test func samplesCanBeAdded() throws {
        _ = try water.post("/import", document)
        let more = "{\"samples\":[{\"station\":\"MQ-02\",\"time\":\"now\",\"values\":{\"pH\":7}}]}"
        #expect(try water.post("/samples", more).status == 200)
        #expect(try water.features("stations", by: "code")["MQ-02"]?["class"] == 1)
        #expect(try water.post("/samples", more, isFromOperator: false).status == 403)
    }

    @Test func aReportListsEveryItemWithItsClass() throws {
        _ = try water.post("/import", document)
        let report = try water.get("/station", [("code", "MQ-01")]).json
        let items = try #require(report["items"] as? [[String: Any]])
        #expect(items.map { $0["item"] as? String } == ["DO", "NH3N", "TP"])
        #expect(items.map { $0["flagged"] as? Bool } == [false, false, true])
        #expect(try water.get("/station", [("code", "none")]).status == 404)
        #expect(try water.get("/station").status == 400)
    }

    @Test func theSummaryCountsClassesAndMissedTargets() throws {
        _ = try water.post("/import", document)
        let summary = try water.get("/summary").json
        #expect(summary["classes"] as? [String: Int] == ["4": 1, "unknown": 1])
        #expect(summary["worseThanTarget"] as? [String] == ["MQ-01"])
    }

    @Test(arguments: [
        ("\"MQ-02\"", "\"MQ-01\"", "twice"), ("\"NH3N\":1.3", "\"gold\":1.3", "gold"),
        ("\"station\":\"MQ-01\",\"time\":\"2026-08-24T00", "\"station\":\"MQ-99\",\"time\":\"2026-08-24T00", "MQ-99"),
        ("\"target_class\":3", "\"target_class\":9", "1 to 5"), ("2026-08-24T04:00:00Z", "yesterday", "yesterday"),
    ])
    func oneMistakeChangesNothing(_ what: String, _ with: String, _ part: String) throws {
        #expect(try water.post("/import", document).status == 200)
        let wrong = try water.post("/import", document.replacingOccurrences(of: what, with: with))
        #expect(wrong.status == 422)
        #expect((wrong.json["title"] as? String)?.contains(part) == true, "\(wrong.json)")
        #expect(try water.features("stations", by: "code").count == 2)
    }
}
