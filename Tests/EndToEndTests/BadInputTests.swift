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

    @Test(arguments: [
        "x.shp", "x.geojson", "x.geojsonl", "x.gpkg", "x.kml", "x.tab", "x.dxf", "x.csv", "x.xlsx", "x.fgb",
        "x.osm.pbf", "x.zip", "x.geojson.gz",
    ])
    func `an empty file`(name: String) throws {
        let fixture = try Self.fixture(bad: name)
        try fixture.write("", to: "maps/\(name)")
        try Self.expectQuarantine(fixture, saying: [name])
    }

    @Test(arguments: ["x.shp", "x.geojson", "x.gpkg", "x.kml", "x.fgb", "x.osm.pbf", "x.zip", "x.xlsx"])
    func `random bytes`(name: String) throws {
        let fixture = try Self.fixture(bad: name)
        var state: UInt64 = 20_261_123
        let bytes = (0..<100_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        try fixture.write(Data(bytes), to: "maps/\(name)")
        try Self.expectQuarantine(fixture, saying: [name])
    }

    @Test(arguments: [1, 20, 41, 60, 90, 120, 150, 180, 196, 197]) func `GeoJSON that is cut`(length: Int) throws {
        let fixture = try Self.fixture(bad: "cut.geojson")
        try fixture.write(String(Self.good.prefix(length)), to: "maps/cut.geojson")
        try Self.expectQuarantine(fixture, saying: ["cut.geojson"])
    }

    @Test func `GeoJSON nested a hundred thousand deep`() throws {
        let fixture = try Self.fixture(bad: "deep.geojson")
        let depth = 100_000
        let coordinates = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        try fixture.write(
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":\#(coordinates)}}]}"#,
            to: "maps/deep.geojson")
        try Self.expectQuarantine(fixture, saying: ["deep.geojson", "64"])
    }

    @Test func `a file that is another file in disguise`() throws {
        let fixture = try Self.fixture(bad: "canary.geojson")
        try fixture.write("name,lon,lat\nCANARY,121.38,31.11\n", to: "secret.csv")
        try fixture.write(
            """
            <OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>\(fixture.directory.path)/secret.csv</SrcDataSource>
            <GeometryType>wkbPoint</GeometryType></OGRVRTLayer></OGRVRTDataSource>
            """, to: "maps/canary.geojson")
        let result = try fixture.merge()
        #expect(result.status == 1)
        #expect(!result.output.contains("CANARY") && !result.errors.contains("CANARY"))
        #expect(try fixture.query("SELECT count(*) FROM buildings") == ["1"])
    }

    @Test func `coordinates that are no numbers are rejected one by one`() throws {
        let fixture = try Self.fixture(bad: "numbers.geojson")
        let bad = [
            "[121.38,31.11],[1e400,31.11],[121.381,31.111],[121.38,31.11]",
            "[121.38,31.11],[null,31],[121.3,31.1],[121.38,31.11]", "",
        ]
        let features = (bad + ["[121.38,31.11],[121.381,31.11],[121.381,31.111],[121.38,31.11]"]).map {
            #"{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[\#($0)]]}}"#
        }
        try fixture.write(
            #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#,
            to: "maps/numbers.geojson")
        let report = try fixture.report()
        let source = try report.source("bad")
        #expect(source.counts.read == 4, "\(source.needs)")
        #expect(source.counts.rejected == 3)
        #expect(source.counts.accepted == 1)
        #expect(try fixture.query("SELECT count(*) FROM buildings WHERE geom IS NULL") == ["0"])
    }

    @Test func `coordinates far outside of the reference system's area are rejected`() throws {
        let fixture = try Self.fixture(bad: "far.geojson", more: ", crs: \"EPSG:4549\"")
        try fixture.write(Self.good, to: "maps/far.geojson")
        let report = try fixture.report()
        let source = try report.source("bad")
        #expect(source.counts.rejected == 1, "\(source)")
        #expect(source.issues.first?.name == "outside-area-of-use")
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

    @Test func `a DXF of nine hundred million inserts`() throws {
        let fixture = try Self.fixture(bad: "bomb.dxf", more: ", crs: \"EPSG:4549\"")
        let pairs = [
            "0", "SECTION", "2", "BLOCKS", "0", "BLOCK", "2", "B", "10", "0", "20", "0", "0", "POINT", "8", "0", "10",
            "0", "20",
            "0", "0", "ENDBLK", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES", "0", "INSERT", "8", "0", "2", "B", "10",
            "0",
            "20", "0", "70", "30000", "71", "30000", "44", "1", "45", "1", "0", "ENDSEC", "0", "EOF",
        ]
        try fixture.write(pairs.joined(separator: "\n") + "\n", to: "maps/bomb.dxf")
        try fixture.write(
            try String(contentsOf: fixture.directory.appendingPathComponent("district.yaml"), encoding: .utf8)
                + "limits: { cpu_seconds: 5 }\n", to: "district.yaml")
        let result = try fixture.merge()
        #expect(result.status == 1, "\(result.errors)")
        #expect(try fixture.query("SELECT count(*) FROM buildings") == ["1"])
    }
}
