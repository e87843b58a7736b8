// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import SimpleFeatures
import Testing
import Topology

/// Real outlines of Shanghai, each in the state in which somebody published it.
@Suite(.enabled(if: Program.sharedData != nil)) struct `A district of real outlines` {
    static let sources = """
          - { id: towns-osm, layer: towns, path: maps/towns.geojson, fields: { name: name } }
          - id: amap
            layer: districts
            path: maps/amap.geojson
            crs: GCJ-02
            fields: { code: adcode, name: name }
          - { id: districts-2017, layer: districts, path: "maps/区县界_area.shp", fields: { code: ADMINCODE, name: NAME } }
          - { id: districts-4490, layer: districts, path: maps/d4490.geojson, fields: { code: 县代码, name: 县名 } }
          - { id: minhang-edited, town: "310112108", layer: towns, path: maps/minhang.geojson, fields: { name: name } }
        """

    static func fixture(declaresGCJ02: Bool = true) throws -> DistrictFixture {
        let text = declaresGCJ02 ? sources : sources.replacingOccurrences(of: "    crs: GCJ-02\n", with: "")
        let fixture = try DistrictFixture(name: "上海市", sources: text)
        let boundaries = try #require(Program.sharedData).appendingPathComponent("boundaries")
        for (file, path) in [
            ("shanghai_towns_osm_127.geojson", "towns.geojson"), ("shanghai_districts_amap.geojson", "amap.geojson"),
            ("shanghai_districts_epsg4490.geojson", "d4490.geojson"),
            ("minhang_sectors_user_edited_wgs84.geojson", "minhang.geojson"),
        ] {
            try fixture.copy(boundaries.appendingPathComponent(file), to: "maps/\(path)")
        }
        for ending in ["shp", "shx", "dbf", "prj"] {
            try fixture.copy(
                boundaries.appendingPathComponent("shanghai_districts_2017_shp/区县界_area.\(ending)"),
                to: "maps/区县界_area.\(ending)")
        }
        return fixture
    }

    @Test func `merges, and says what it shifted and repaired`() throws {
        let fixture = try Self.fixture()
        let report = try fixture.report()
        #expect(
            report.sources.map(\.outcome) == Array(repeating: "merged", count: 5), "\(report.sources.flatMap(\.needs))")
        #expect(try report.source("towns-osm").counts.read == 127)
        #expect(try report.source("towns-osm").counts.accepted == 127)
        #expect(try report.source("amap").counts == .init(read: 16, accepted: 16, repaired: 0, rejected: 0, skipped: 0))
        let shift = try #require(try report.source("amap").shift)
        #expect((400...600).contains(shift.mean))
        #expect(try report.source("districts-2017").counts.read == 17)
        #expect(try report.source("districts-4490").crs == "EPSG:4490")
        let edited = try report.source("minhang-edited")
        #expect(edited.counts == .init(read: 11, accepted: 10, repaired: 1, rejected: 0, skipped: 0))
        // Half of the towns lie beyond 121.5° E, the edge of EPSG:4549's area.
        #expect(try report.source("towns-osm").notes.contains { $0.contains("outside of the area") })
        #expect(try report.source("towns-osm").steps.contains { $0.contains("null") })

        let names = try fixture.query("SELECT name FROM districts WHERE miaopu_source = 'districts-2017' ORDER BY fid")
        #expect(names.contains("闵行区"))
        let again = try fixture.report()
        #expect(again.changeSet == nil)
        #expect(again.sources.allSatisfy { $0.outcome == "unchanged" })
    }

    @Test func `does not take AMap's outlines for WGS 84, and agrees with those that say what they are`() throws {
        let fixture = try Self.fixture(declaresGCJ02: false)
        let report = try fixture.report()
        let amap = try report.source("amap")
        #expect(amap.outcome == "quarantined")
        #expect(amap.needs.first?.hasPrefix("It looks like GCJ-02, although its format implies OGC:CRS84") == true)
        #expect(amap.needs.first?.contains("Write `crs: GCJ-02` if that is right") == true, "\(amap.needs)")
        for id in ["towns-osm", "districts-2017", "districts-4490", "minhang-edited"] {
            let source = try report.source(id)
            #expect(source.outcome == "merged", "\(id): \(source.needs)")
            let doubts = source.notes.filter { $0.contains("known ones") }
            if !doubts.isEmpty { print("\(id): \(doubts)") }
        }

        let file = fixture.directory.appendingPathComponent("maps/amap.geojson").path
        let inspected = try Program.run(["inspect", "--district", fixture.directory.path, file])
        #expect(inspected.status == 0, "\(inspected.errors)")
        #expect(inspected.output.contains("    verdict   GCJ-02, decided by the ground: "), "\(inspected.output)")
        #expect(inspected.output.contains("    candidate GCJ-02, score "))
        let outside = try Program.run(["inspect", file])
        #expect(!outside.output.contains("verdict"))
    }

    @Test func `puts the outline in GCJ-02 where the one in WGS 84 lies`() throws {
        let fixture = try Self.fixture()
        _ = try fixture.report()
        let store = try DistrictStore(opening: fixture.store)
        var outlines: [String: Geometry] = [:]
        try store.forEachFeature(in: "districts") { feature in
            guard feature.value(at: 0) == .text("310112"), case .text(let source) = feature.source else { return }
            outlines[source] = try GeoPackageGeometry.decode(feature.geometry).geometry
        }
        let amap = try #require(outlines["amap"])
        let shapefile = try #require(outlines["districts-2017"])
        let engine = try TopologyEngine()
        let common = try engine.area(engine.intersection(amap, shapefile))
        let all = try engine.area(engine.union(amap, shapefile))
        print("Minhang: IoU \(common / all)")
        #expect(common / all >= 0.98)

        let border = try engine.boundary(shapefile)
        var distances: [Double] = []
        try amap.forEachCoordinates { run in
            for coordinate in run { distances.append(try engine.distance(.point(Point(coordinate)), border)) }
        }
        distances.sort()
        let median = try #require(distances.isEmpty ? nil : distances[distances.count / 2])
        print("Minhang: median distance \(median) m over \(distances.count) vertices")
        #expect(median <= 25)
    }

    @Test func `gives the same store whatever the order of its sources`() throws {
        let forward = try Self.fixture()
        _ = try forward.report()
        let backward = try Self.fixture()
        for id in ["minhang-edited", "districts-2017", "towns-osm", "districts-4490", "amap"] {
            _ = try backward.report([id])
        }
        #expect(try dump(forward) == dump(backward))
    }

    private func dump(_ fixture: DistrictFixture) throws -> [String] {
        var lines: [String] = []
        try DistrictStore(opening: fixture.store).canonicalDump { lines.append($0) }
        return lines
    }
}
