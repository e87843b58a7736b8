// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting
import SimpleFeatures
import Testing

@Suite(.enabled(if: arePluginsBuilt)) struct FloodPluginTests {
    private let flood: ShippedPlugin

    init() throws {
        flood = try ShippedPlugin("flood")
    }

    private func facility(_ code: String, _ more: String = "", kind: String = "underpass") -> String {
        """
        {"type":"Feature","geometry":{"type":"Point","coordinates":[121.4,31.1]},"properties":
        {"code":"\(code)","kind":"\(kind)","name":"\(code)"\(more.isEmpty ? "" : ",\(more)")}}
        """
    }

    private func document(_ facilities: [String], readings: [String] = []) -> String {
        let features = facilities.joined(separator: ",")
        return "{\"facilities\":{\"type\":\"FeatureCollection\",\"features\":[\(features)]},\"readings\":["
            + readings.joined(separator: ",") + "]}"
    }

    private func reading(_ code: String, _ value: Double, _ time: String = "now-5m") -> String {
        "{\"facility\":\"\(code)\",\"time\":\"\(time)\",\"value\":\(value)}"
    }

    @Test func anUnderpassClosesAtTwentyFiveCentimetres() throws {
        let values = [
            ("dry", 0.0, "normal"), ("damp", 0.9, "normal"), ("wet", 1, "warning"), ("high", 24.9, "warning"),
            ("shut", 25, "alarm"),
        ]
        let body = document(values.map { facility($0.0) }, readings: values.map { reading($0.0, $0.1) })
        #expect(try flood.post("/import", body).status == 200)
        let facilities = try flood.features("facilities", by: "code")
        for (code, _, state) in values { #expect(facilities[code]?["state"]?.description == state, "\(code)") }
        #expect(facilities["shut"]?["state_zh"] == "报警")
        #expect(facilities["shut"]?["unit"] == "cm")
        #expect(facilities["shut"]?["datum"] == "invert")
        #expect(facilities["shut"]?["age_minutes"] == 5)
    }

    @Test func aReadingThatIsOldMissingOrImpossibleIsAFault() throws {
        let body = document(
            [
                facility("fresh"), facility("old"), facility("never"), facility("ahead"),
                facility("below", "\"minimum\":0"), facility("above", "\"maximum\":400"),
                facility("patient", "\"stale_after_minutes\":120"), facility("blind", "\"stale_after_minutes\":0"),
            ],
            readings: [
                reading("fresh", 0, "now-29m"), reading("old", 0, "now-32m"), reading("ahead", 0, "now+1h"),
                reading("below", -3), reading("above", 900), reading("patient", 0, "now-90m"),
            ])
        #expect(try flood.post("/import", body).status == 200)
        let states = try flood.features("facilities", by: "code").mapValues { $0["state"]?.description }
        #expect(
            states == [
                "fresh": "normal", "old": "fault", "never": "fault", "ahead": "fault", "below": "fault",
                "above": "fault", "patient": "normal", "blind": "unmonitored",
            ])
    }

    @Test func alertsFollowTheState() throws {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        func standing() -> [String: PluginAlert.Level] {
            Dictionary(uniqueKeysWithValues: flood.host.alerts(now: now).map { ($0.id, $0.level) })
        }
        let all = document(
            [facility("shut"), facility("wet"), facility("dry"), facility("old")],
            readings: [reading("shut", 30), reading("wet", 2), reading("dry", 0), reading("old", 30, "now-2h")])
        _ = try flood.post("/import", all)
        #expect(standing() == ["shut": .orange, "wet": .yellow])
        let alert = try #require(flood.host.alerts(now: now).first { $0.id == "shut" })
        #expect(alert.titles == ["zh": "shut：报警", "en": "shut: Alarm"])
        #expect(alert.texts["zh"] == "下立交 30 cm")
        #expect(alert.layer == "flood.facilities" && alert.envelope?.minX == 121.4)
        _ = try flood.post(
            "/readings", "{\"readings\":[\(reading("shut", 3, "now-1m")),\(reading("wet", 0, "now-1m"))]}")
        #expect(standing() == ["shut": .yellow])
        flood.host.tick(now: now + 3_600_000)
        #expect(standing() == ["shut": .yellow])
        _ = try flood.post("/import", document([facility("other")]))
        #expect(standing() == [:])
    }

    @Test func aCurveSumsReadingsUpByRuns() throws {
        _ = try flood.post(
            "/import",
            document(
                [facility("a")],
                readings: [("now-3m", 2.0), ("now-2m", 4), ("now-90m", 10)].map { reading("a", $0.1, $0.0) }))
        let (status, json) = try flood.get("/readings", [("facility", "a"), ("hours", "2"), ("every", "60")])
        #expect(status == 200)
        let runs = try #require(json["runs"] as? [[String: Any]])
        #expect(runs.map { $0["count"] as? Int } == [1, 2])
        #expect(runs.map { $0["mean"] as? Double } == [10, 3])
        #expect(runs.map { $0["last"] as? Double } == [10, 4])
        #expect(try flood.get("/readings", [("facility", "a"), ("every", "0")]).status == 400)
    }

    @Test func thePageAndTheTableNameEveryFacility() throws {
        let names = ["<b>bold</b>", "=1+1", "a, \\\"b\\\""]
        let facilities = names.enumerated().map { index, name in
            facility("c\(index)").replacingOccurrences(of: "\"name\":\"c\(index)\"", with: "\"name\":\"\(name)\"")
        }
        #expect(try flood.post("/import", document(facilities, readings: [reading("c0", 26)])).status == 200)
        func text(_ path: String, _ language: String) throws -> String {
            let response = try flood.host.handle(
                plugin: "flood", PluginRequest(path: path, language: language))
            #expect(response.status == 200)
            return String(decoding: response.body, as: UTF8.self)
        }
        let page = try text("/", "zh")
        #expect(page.contains("&lt;b&gt;bold&lt;/b&gt;") && !page.contains("<b>bold"))
        #expect(page.contains("报警 1") && page.contains("26 cm"))
        #expect(try text("/", "en").contains("Alarm 1"))
        let table = try text("/facilities.csv", "zh")
        #expect(table.hasPrefix("\u{FEFF}code,name,"))
        #expect(table.contains("c1,'=1+1,underpass,fault,,cm,invert,"))
        #expect(table.contains("c2,\"a, \"\"b\"\"\","))
        #expect(table.components(separatedBy: "\r\n").count == 5)
    }

    @Test func whatIsNormalNowIsAFaultLater() throws {
        _ = try flood.post("/import", document([facility("a")], readings: [reading("a", 0, "2026-08-24T00:00:00Z")]))
        let then: Int64 = 1_787_529_600_000
        func state(_ time: Int64) throws -> String? {
            try flood.features("facilities", by: "code", time: time)["a"]?["state"]?.description
        }
        #expect(try state(then) == "normal")
        #expect(try state(then + 30 * 60_000) == "normal")
        #expect(try state(then + 31 * 60_000) == "fault")
        // Before the reading there was none.
        #expect(try state(then - 1) == "fault")
    }

    @Test func thresholdsOfItsOwnReplaceThoseOfTheKind() throws {
        let body = document(
            [
                facility("own", "\"alarm\":24"),
                facility("tide", "\"warning\":4.55,\"alarm\":4.91", kind: "tide_station"),
            ],
            readings: [reading("own", 24), reading("tide", 4.55)])
        _ = try flood.post("/import", body)
        let facilities = try flood.features("facilities", by: "code")
        #expect(facilities["own"]?["state"] == "alarm")
        #expect(facilities["own"]?["warning"] == nil)
        #expect(facilities["tide"]?["state"] == "warning")
        #expect(facilities["tide"]?["datum"] == "Wusong")
    }

    @Test func wallsAreALayerOfLines() throws {
        let wall = """
            {"type":"Feature","geometry":{"type":"LineString","coordinates":[[121.45,31.03],[121.46,31.04]]},
            "properties":{"code":"FW-01","kind":"flood_wall","name":"w","crest_m":6.9}}
            """
        #expect(try flood.post("/import", document([wall, facility("a")])).status == 200)
        #expect(try flood.features("walls", by: "code")["FW-01"]?["crest_m"] == 6.9)
        #expect(try flood.features("facilities", by: "code").count == 1)
    }

    @Test func readingsAreAddedAndListedOldestFirst() throws {
        _ = try flood.post("/import", document([facility("a")], readings: [reading("a", 3, "now-10m")]))
        #expect(try flood.post("/readings", "{\"readings\":[\(reading("a", 26, "now-1m"))]}").status == 200)
        #expect(try flood.features("facilities", by: "code")["a"]?["state"] == "alarm")
        let history = try flood.get("/readings", [("facility", "a")]).json
        #expect((history["readings"] as? [[String: Any]])?.map { $0["value"] as? Double } == [3, 26])
        #expect(try flood.get("/readings", [("facility", "a"), ("hours", "-1")]).status == 400)
        #expect(try flood.get("/readings", [("facility", "b")]).status == 404)
    }

    @Test func theSummaryCountsKindsStatesAndAlarms() throws {
        _ = try flood.post("/import", document([facility("a"), facility("b")], readings: [reading("a", 99)]))
        let summary = try flood.get("/summary").json
        #expect(summary["kinds"] as? [String: Int] == ["underpass": 2])
        #expect(summary["states"] as? [String: Int] == ["alarm": 1, "fault": 1])
        #expect((summary["alarms"] as? [[String: Any]])?.first?["code"] as? String == "a")
    }

    @Test(arguments: [
        ("\"kind\":\"volcano\"", "volcano is no kind"), ("\"kind\":\"flood_wall\"", "a flood wall is a LineString"),
        ("\"kind\":\"gate\",\"warning\":5,\"alarm\":4", "above its alarm"),
        ("\"kind\":\"gate\",\"stale_after_minutes\":-1", "0 or more"),
    ])
    func aWrongFacilityIsNamed(_ replacement: String, _ part: String) throws {
        let body = document([facility("a")]).replacingOccurrences(of: "\"kind\":\"underpass\"", with: replacement)
        let answer = try flood.post("/import", body)
        #expect(answer.status == 422)
        #expect((answer.json["title"] as? String)?.contains(part) == true, "\(answer.json)")
    }

    @Test func readingsOfNobodyAreRefusedBeforeAnythingChanges() throws {
        _ = try flood.post("/import", document([facility("a")]))
        #expect(try flood.post("/import", document([facility("b")], readings: [reading("x", 1)])).status == 422)
        #expect(try flood.features("facilities", by: "code").keys.sorted() == ["a"])
    }
}
