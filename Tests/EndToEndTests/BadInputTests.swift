// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What people really hand over: each case ends with one clear sentence, the
/// right exit code, and a district that is as it was.
@Suite struct `Bad input to a merge` {
    static let good = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"甲"},"geometry":{"type":"Polygon","coordinates":[[[121.38,31.11],[121.381,31.11],[121.381,31.111],[121.38,31.11]]]}}]}
        """

    /// A district with a good source beside the one that is bad.
    static func fixture(bad: String, more: String = "") throws -> DistrictFixture {
        let fixture = try DistrictFixture(
            sources: """
                  - { id: good, town: "310112108", layer: buildings, path: maps/good.geojson }
                  - { id: bad, town: "310112108", layer: buildings, path: maps/\(bad)\(more) }

                """)
        try fixture.write(good, to: "maps/good.geojson")
        return fixture
    }

    /// The bad source is quarantined with a sentence that names the words; the
    /// good one is merged; nothing else is left behind.
    @discardableResult
    static func expectQuarantine(
        _ fixture: DistrictFixture, saying words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> DistrictFixture.Report {
        let result = try fixture.merge()
        #expect(result.status == 1, "\(result.errors)\(result.output)", sourceLocation: sourceLocation)
        let report = try fixture.report()
        let bad = try report.source("bad")
        #expect(bad.outcome == "quarantined", sourceLocation: sourceLocation)
        #expect(bad.needs.count == 1, sourceLocation: sourceLocation)
        for word in words {
            #expect(bad.needs.first?.contains(word) == true, "\(bad.needs)", sourceLocation: sourceLocation)
        }
        #expect(try report.source("good").counts.accepted == 1, sourceLocation: sourceLocation)
        #expect(try fixture.query("SELECT count(*) FROM buildings") == ["1"], sourceLocation: sourceLocation)
        let left = try fixture.files().filter { !$0.hasPrefix("maps") && !$0.hasPrefix(".miaopu") }
        #expect(left == ["district.gpkg", "district.yaml"], sourceLocation: sourceLocation)
        return report
    }

    @Test func `no such file`() throws {
        try Self.expectQuarantine(try Self.fixture(bad: "missing.shp"), saying: ["maps/missing.shp"])
    }

    @Test func `a reference system that nobody names`() throws {
        let fixture = try Self.fixture(bad: "t.csv")
        try fixture.write("name,x,y\n甲,631808.653,3444301.836\n", to: "maps/t.csv")
        try Self.expectQuarantine(fixture, saying: ["crs", "GCJ-02"])
    }

    @Test func `a datum shift that nobody has determined`() throws {
        let fixture = try Self.fixture(bad: "bj.csv", more: ", crs: \"EPSG:2437\"")
        try fixture.write("name,x,y\n甲,631808.653,3444301.836\n", to: "maps/bj.csv")
        try Self.expectQuarantine(fixture, saying: ["fit:"])
    }

    @Test func `a field that the file lacks`() throws {
        let fixture = try Self.fixture(bad: "f.geojson", more: ", fields: { name: 名称 }")
        try fixture.write(Self.good, to: "maps/f.geojson")
        try Self.expectQuarantine(fixture, saying: ["名称", "name"])
    }

    @Test func `a typing mistake in district.yaml is told with file, line and what is accepted`() throws {
        let fixture = try DistrictFixture(
            sources: "  - { id: a, layer: buildings, path: maps/a.shp, crs: \"ESPG:4549\", tonw: x }\n")
        let result = try fixture.merge()
        #expect(result.status == 2)
        #expect(result.errors.contains("district.yaml:6"))
        #expect(result.errors.contains("ESPG:4549") && result.errors.contains("EPSG:"))
        #expect(result.errors.contains("tonw") && result.errors.contains("town"))
        #expect(try fixture.files() == ["district.yaml", "maps"])
    }

    @Test func `no district at all`() throws {
        let result = try Program.run(["merge", "--district", "/nonexistent"])
        #expect(result.status == 2)
        #expect(result.errors.contains("district.yaml"))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `an unknown source and an unknown verb`() throws {
        let fixture = try Self.fixture(bad: "x.shp")
        let source = try fixture.merge(["goood"])
        #expect(source.status == 2)
        #expect(source.errors.contains("goood") && source.errors.contains("good"))
        #expect(try Program.run(["murge"]).status == 2)
    }
}
