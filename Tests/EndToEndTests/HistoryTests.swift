// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// `log`, `undo`, `show` and the options of `merge` that ask or answer.
@Suite struct `The history of a district` {
    private struct Log: Decodable {
        var id: Int
        var undoneBy: Int?
    }

    private struct Feature: Decodable {
        struct Attribute: Decodable {
            var field: String
            var value: String?
            var from: String?
            var steps: [String]
        }
        struct Source: Decodable {
            var file: String
            var sha256: String
            var row: Int
            var crs: String
        }
        var layer: String
        var attributes: [Attribute]
        var source: Source
    }

    /// Parcels that the town knows by number, with their area in 亩.
    private static func parcels(_ numbers: ClosedRange<Int>, mu: Double = 3) -> String {
        let features = numbers.map { number in
            let west = 121.3 + Double(number) * 0.001
            let ring = [[west, 31], [west + 0.0005, 31], [west + 0.0005, 31.0005], [west, 31.0005], [west, 31]]
            return """
                {"type":"Feature","properties":{"宗地号":"D\(number)","面积":\(mu)},
                "geometry":{"type":"Polygon","coordinates":[\(ring)]}}
                """
        }
        return #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
    }

    private static func district() throws -> DistrictFixture {
        let fixture = try DistrictFixture(
            sources: """
                  - { id: zd, town: "310112108", layer: parcels, path: maps/zd.geojson, as_of: 2026-06-30,
                      fields: { parcel_no: 宗地号, area_m2: { from: 面积, unit: 亩 } } }

                """)
        try fixture.write(parcels(1...12), to: "maps/zd.geojson")
        #expect(try fixture.merge().status == 0)
        return fixture
    }

    private func run(_ verb: String, _ arguments: [String], _ fixture: DistrictFixture) throws -> Program.Result {
        try Program.run([verb, "--district", fixture.directory.path] + arguments)
    }

    private func features(_ fixture: DistrictFixture) throws -> [String] {
        try fixture.query("SELECT parcel_no, area_m2 FROM parcels ORDER BY parcel_no")
    }

    @Test func `lists what was merged, and takes it back and forth`() throws {
        let fixture = try Self.district()
        let before = try features(fixture)
        try fixture.write(Self.parcels(2...13, mu: 4), to: "maps/zd.geojson")
        let plan = try fixture.merge(["--plan"])
        #expect(plan.status == 0 && plan.output.contains("nothing was done"), "\(plan.output)")
        #expect(try features(fixture) == before)
        #expect(try fixture.merge().status == 0)
        let after = try features(fixture)
        #expect(after != before)

        let undone = try run("undo", ["2"], fixture)
        #expect(undone.status == 0 && undone.output.contains("taken back by change set 3"), "\(undone)")
        #expect(try features(fixture) == before)
        #expect(try fixture.merge().output.contains("left alone"))
        #expect(try features(fixture) == before)
        #expect(try run("undo", ["3"], fixture).status == 0)
        #expect(try features(fixture) == after)

        let log = try JSONDecoder().decode([Log].self, from: Data(try run("log", ["--json"], fixture).output.utf8))
        #expect(log.map(\.id) == [4, 3, 2, 1])
        #expect(log.map(\.undoneBy) == [nil, 4, 3, nil])
        #expect(try run("log", ["--limit", "1"], fixture).output.contains("took back 3"))

        for (arguments, words) in [(["9"], "no change set 9"), (["2"], "was taken back already"), (["x"], "x")] {
            let refused = try run("undo", arguments, fixture)
            #expect(refused.status == 2 && refused.errors.contains(words), "\(refused)")
        }
        #expect(try features(fixture) == after)
    }

    @Test func `says of a feature where each attribute came from`() throws {
        let fixture = try Self.district()
        let id = try #require(try fixture.query("SELECT fid FROM parcels WHERE parcel_no = 'D5'").first)
        let shown = try run("show", ["--json", id], fixture)
        let feature = try JSONDecoder().decode(Feature.self, from: Data(shown.output.utf8))
        #expect(feature.layer == "parcels")
        #expect(feature.source.file == "maps/zd.geojson" && feature.source.row == 5)
        #expect(feature.source.sha256.count == 64)
        let area = try #require(feature.attributes.first { $0.field == "area_m2" })
        #expect(area.from == "面积" && area.steps == ["亩 turned into m²"], "\(area)")
        #expect(abs(try #require(area.value.flatMap { Double($0) }) - 2000) < 1e-6, "\(area)")
        let text = try run("show", [id], fixture)
        #expect(text.status == 0 && text.output.contains("梅陇镇") && text.output.contains("record 5"))

        let unknown = try run("show", ["7"], fixture)
        #expect(unknown.status == 2 && unknown.errors.contains("no feature 7"), "\(unknown)")
    }

    @Test func `is not lost to an older or a smaller delivery unless a person says so`() throws {
        let fixture = try Self.district()
        let before = try features(fixture)
        try fixture.write(Self.parcels(1...2), to: "maps/zd.geojson")
        let refused = try fixture.merge()
        #expect(refused.status == 1 && refused.output.contains("--accept zd"), "\(refused.output)")
        #expect(try features(fixture) == before)
        #expect(try fixture.merge(["--accept", "nobody"]).status == 2)
        #expect(try fixture.merge(["--accept", "zd"]).status == 0)
        #expect(try features(fixture).count < before.count)
    }
}
