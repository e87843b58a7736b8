// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Files as others published them, from the folder to the drawn tile.
@Suite(.enabled(if: Program.sharedData != nil)) struct `A district of real files` {
    /// A district whose `district.yaml` is still to be written.
    private static func folder() throws -> DistrictFixture {
        let fixture = try DistrictFixture()
        try FileManager.default.removeItem(at: fixture.directory.appendingPathComponent("district.yaml"))
        return fixture
    }

    private static func data(_ path: String) throws -> URL {
        try #require(Program.sharedData).appendingPathComponent(path)
    }

    /// Runs `init` on the fixture's maps and returns what it wrote and said.
    private static func proposal(_ fixture: DistrictFixture) throws -> (yaml: String, output: String) {
        let maps = fixture.directory.appendingPathComponent("maps").path
        let result = try Program.run(["init", fixture.directory.path, maps, "--name", "试验区"])
        try #require(result.status == 0, "\(result.errors)")
        let yaml = fixture.directory.appendingPathComponent("district.yaml")
        return (try String(contentsOf: yaml, encoding: .utf8), result.output)
    }

    /// What became of the records, by layer of the district.
    private static func taken(_ report: DistrictFixture.Report, _ prefix: String) -> [String: Int] {
        let own = report.sources.filter { $0.id.hasPrefix(prefix) }
        return Dictionary(
            uniqueKeysWithValues: own.map {
                (String($0.id.dropFirst(prefix.count)), $0.counts.accepted + $0.counts.repaired)
            })
    }

    private static func expectBalance(_ report: DistrictFixture.Report) {
        for source in report.sources where source.outcome == "merged" {
            let counts = source.counts
            #expect(
                counts.read == counts.accepted + counts.repaired + counts.rejected + counts.skipped, "\(source.id)")
        }
    }

    /// Draws the tile of the district that a place lies in.
    private static func tile(
        _ fixture: DistrictFixture, zoom: Int, _ longitude: Double, _ latitude: Double
    ) throws -> Data {
        let count = Double(1 << zoom)
        let x = Int((longitude + 180) / 360 * count)
        let y = Int((1 - asinh(tan(latitude * .pi / 180)) / .pi) / 2 * count)
        let file = fixture.directory.appendingPathComponent("tile.png")
        let result = try Program.run([
            "tile", "--district", fixture.directory.path, "district", "\(zoom)", "\(x)", "\(y)", "-o", file.path,
        ])
        #expect(result.status == 0, "\(result.errors)")
        return try Data(contentsOf: file)
    }

    private static func expectDrawn(
        _ fixture: DistrictFixture, zoom: Int, _ longitude: Double, _ latitude: Double
    ) throws {
        let drawn = try tile(fixture, zoom: zoom, longitude, latitude)
        let empty = try tile(fixture, zoom: zoom, 0, -60)
        #expect(drawn.count > empty.count * 4, "\(drawn.count) bytes, without anything \(empty.count)")
    }

    @Test func `of Helsinki: every object once, what is broken named, and drawn`() throws {
        let fixture = try Self.folder()
        try fixture.copy(Self.data("osm/helsinki.osm.pbf"), to: "maps/helsinki.osm.pbf")
        let (yaml, _) = try Self.proposal(fixture)
        #expect(yaml.contains("grid: { crs: \"EPSG:32635\", precision: 0.001 }"))
        #expect(yaml.contains("from: { layer: lines, where: highway IS NULL AND railway IS NOT NULL }"))

        let report = try fixture.report()
        Self.expectBalance(report)
        #expect(report.sources.allSatisfy { $0.outcome == "merged" })
        // ogrinfo counts 8,045 points, 3,818 lines, 1,095 areas, 233 routes and
        // 232 other relations.
        #expect(
            Self.taken(report, "helsinki-") == [
                "points": 8045, "roads": 2504, "railways": 323, "rivers": 6, "other-lines": 984, "routes": 233,
                "buildings": 482, "water": 10, "landuse": 232, "other-areas": 344, "relations": 232,
            ])
        let rejected = report.sources.filter { $0.counts.rejected > 0 }.map { "\($0.id) \($0.counts.rejected)" }
        #expect(
            rejected.sorted() == [
                "helsinki-buildings 12", "helsinki-landuse 9", "helsinki-other-areas 6", "helsinki-other-lines 1",
            ])
        let issues = report.sources.flatMap(\.issues)
        #expect(issues.filter { $0.name == "too-few-positions" }.reduce(0) { $0 + $1.count } == 27)
        #expect(issues.allSatisfy { !$0.example.contains("..") && !$0.example.contains("?.") })
        try Self.expectDrawn(fixture, zoom: 16, 24.945, 60.17)
    }

    @Test func `of Andorra: on its own zone, wholly taken, and drawn`() throws {
        let fixture = try Self.folder()
        try fixture.copy(Self.data("osm/andorra.osm.pbf"), to: "maps/andorra.osm.pbf")
        #expect(try Self.proposal(fixture).yaml.contains("crs: \"EPSG:32631\""))
        let report = try fixture.report()
        Self.expectBalance(report)
        #expect(
            Self.taken(report, "andorra-") == [
                "points": 1650, "roads": 1614, "railways": 3, "rivers": 145, "other-lines": 319, "routes": 9,
                "buildings": 292, "water": 90, "landuse": 93, "outlines": 6, "other-areas": 143, "relations": 6,
            ])
        #expect(report.sources.allSatisfy { $0.counts.rejected == 0 })
        try Self.expectDrawn(fixture, zoom: 12, 1.52, 42.507)
    }

    @Test func `of Astana: one file of points, lines and areas becomes the layers of a map`() throws {
        let fixture = try Self.folder()
        let file = try Self.data("perf/osm_astana.geojsonl.gz")
        if Program.isLong {
            try fixture.copy(file, to: "maps/astana.geojsonl.gz")
        } else {
            let lines = try #require(
                try Program.tool("sh", ["-c", "gzip -dc \"$1\" | head -n 5000", "sh", file.path]))
            try fixture.write(lines.output, to: "maps/astana.geojsonl")
        }
        #expect(try Self.proposal(fixture).yaml.contains("crs: \"EPSG:32642\""))
        let report = try fixture.report()
        Self.expectBalance(report)
        let total = Program.isLong ? 50835 : 5000
        #expect(report.sources.allSatisfy { $0.counts.read == total && $0.counts.rejected == 0 })
        let taken = Self.taken(report, "astana-")
        #expect(taken.values.reduce(0, +) == total)
        let expected =
            Program.isLong
            ? [
                "points": 4120, "roads": 10664, "railways": 346, "rivers": 71, "other-lines": 973, "buildings": 32333,
                "water": 136, "landuse": 1320, "outlines": 0, "other-areas": 872,
            ]
            : [
                "points": 284, "roads": 555, "railways": 62, "rivers": 8, "other-lines": 43, "buildings": 3943,
                "water": 5, "landuse": 76, "outlines": 0, "other-areas": 24,
            ]
        #expect(taken == expected)
        try Self.expectDrawn(fixture, zoom: 14, 71.3427, 51.1878)
    }

    @Test func `of points of interest and a metro line, once someone says where they lie`() throws {
        let fixture = try Self.folder()
        for name in ["food", "bus", "school", "urban"] {
            try fixture.copy(Self.data("poi/shanghai_\(name).csv"), to: "maps/\(name).csv")
        }
        for name in ["cafes", "parks"] {
            try fixture.copy(Self.data("poi/\(name)_shanghai.geojson"), to: "maps/\(name).geojson")
        }
        for ending in ["shp", "shx", "dbf", "cpg"] {
            try fixture.copy(
                Self.data("transport/metroline2_noprj_shp/metroline2.\(ending)"), to: "maps/metroline2.\(ending)")
        }
        let (yaml, output) = try Self.proposal(fixture)
        #expect(yaml.contains("crs: \"EPSG:4549\""))
        #expect(output.contains("metroline2 → railways  (reference system not known)"))
        let unknown = try fixture.report()
        let quarantined = unknown.sources.filter { $0.outcome == "quarantined" }.map(\.id).sorted()
        #expect(quarantined == ["bus", "food", "metroline2", "school", "urban"])
        #expect(try unknown.source("metroline2").needs.contains { $0.contains("crs:") })

        let question = "# crs: \"EPSG:n, GCJ-02, BD-09 or fit:points.csv\"    # the file does not say"
        #expect(yaml.contains(question))
        try fixture.write(yaml.replacingOccurrences(of: question, with: "crs: \"EPSG:4326\""), to: "district.yaml")
        let report = try fixture.report()
        Self.expectBalance(report)
        let merged = report.sources.filter { $0.outcome == "merged" }
        #expect(
            Dictionary(uniqueKeysWithValues: merged.map { ($0.id, $0.counts.accepted) })
                == ["food": 14398, "bus": 10186, "school": 6151, "urban": 449, "metroline2": 2])
        #expect(try fixture.query("SELECT count(*) FROM cafes") == ["4950"])
        #expect(try fixture.query("SELECT name FROM urban ORDER BY fid LIMIT 1") == ["人民广场(地铁站)"])
        try Self.expectDrawn(fixture, zoom: 12, 121.47, 31.23)
    }

    @Test func `is proposed from a folder of everything, and merges as proposed`() throws {
        let fixture = try Self.folder()
        for ending in ["shp", "shx", "dbf", "prj"] {
            try fixture.copy(
                Self.data("boundaries/shanghai_districts_2017_shp/区县界_area.\(ending)"),
                to: "maps/莘庄镇/区县界_area.\(ending)")
        }
        let records = (0..<3).map { number in
            """
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [121.3\(number), 31.1]}, "properties":
            {"id": \(number), "source": "调查", "type": "a", "@type": "node", "Type": "b", "town": "x"}}
            """
        }
        let collection = "{\"type\": \"FeatureCollection\", \"features\": [\(records.joined(separator: ","))]}"
        try fixture.write(collection, to: "maps/梅陇镇/deep/base.geojson")
        try fixture.write("a drawing", to: "maps/plan.dwg")
        try fixture.write("read me", to: "maps/readme.txt")
        try fixture.write("", to: "maps/梅陇镇/empty.shp")
        try fixture.write("", to: "maps/空.csv")
        try fixture.write("{\"type\": \"FeatureCollection\", \"features\": []}", to: "maps/nothing.geojson")

        let (yaml, output) = try Self.proposal(fixture)
        for sentence in [
            "Skipped plan.dwg: “plan.dwg” is a DWG drawing, which is not read here. Ask for DXF (ASCII): in AutoCAD, "
                + "CASS or 中望CAD “另存为 → AutoCAD 2007 DXF”.",
            "Skipped readme.txt: A file with the ending .txt is none of the formats that are read.",
            "Skipped 梅陇镇/empty.shp: “empty.shp” is empty.", "Skipped 空.csv: “空.csv” is empty.",
            "Skipped nothing.geojson: It has no records.",
        ] {
            #expect(output.contains(sentence), "\(output)")
            #expect(yaml.contains("#   \(sentence.dropFirst("Skipped ".count))"))
        }
        #expect(yaml.contains("  - { code: \"mei-long-zhen\", name: 梅陇镇 }\n"))
        #expect(yaml.contains("  - { code: \"shen-zhuang-zhen\", name: 莘庄镇 }\n"))
        #expect(yaml.contains("path: maps/莘庄镇/区县界_area.shp\n    # crs: \"EPSG:4326\"    # what the file says"))
        #expect(yaml.contains("code: ADMINCODE") && yaml.contains("name: NAME"))
        // “base” is the name of a map, and the store keeps some fields for itself.
        #expect(yaml.contains("layer: base-points    # a new layer"))
        for field in [
            "file_id: id", "file_source: source", "type: type", "type_2: \"@type\"", "type_3: Type", "file_town: town",
        ] {
            #expect(yaml.contains("      \(field)\n"), "\(field)")
        }

        let report = try fixture.report()
        #expect(report.sources.map(\.outcome) == ["merged", "merged"], "\(report.sources.flatMap(\.needs))")
        #expect(report.sources.map(\.counts.accepted).sorted() == [3, 17])
        #expect(try fixture.query("SELECT name FROM districts WHERE code = '310112'") == ["闵行区"])
        let rows = try fixture.query(
            "SELECT file_id, file_source, type, type_2, type_3 FROM \"base-points\" ORDER BY 1")
        #expect(rows == ["0|调查|a|node|b", "1|调查|a|node|b", "2|调查|a|node|b"])
        try Self.expectDrawn(fixture, zoom: 9, 121.3, 31.1)
    }
}
