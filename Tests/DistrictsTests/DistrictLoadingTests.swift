// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

private let complete = """
    name: 闵行区
    grid: { crs: "EPSG:4549", precision: 0.001 }          # metres
    towns:
      - { code: "310112108", name: 梅陇镇 }
      - { code: 310112114, name: 浦江镇 }
    sources:
      - id: meilong-buildings
        town: "310112108"
        layer: buildings
        path: maps/meilong/房屋.shp
        crs: GCJ-02
        encoding: gbk
        from: { layer: 房屋, where: "层数 > 0" }
        as_of: 2026-06-30
        fields: { name: 名称, levels: 层数, site_m2: { from: 占地面积, unit: 亩 } }
        values: { use: { 住宅: residential, 工业: industrial } }
        authority: 10
      - id: pujiang-points
        town: 310112114
        layer: points
        path: maps/pujiang/points.csv
        crs: fit:maps/pujiang/control.csv
        from: { x: Y坐标, y: X坐标 }
      - id: pujiang-roads
        town: 310112114
        layer: roads
        path: maps/pujiang/roads.tab
        crs: { fit: control.csv, from: "epsg:2437" }
    plugins:
      flood: { hosting: process }
      water:
    limits: { features: 2000000 }
    access: { hidden: [addresses] }
    """

@Suite struct DistrictLoadingTests {
    @Test func `a complete district is read with every value`() throws {
        let district = try load(complete)
        #expect(district.name == "闵行区")
        #expect(district.grid == GridDefinition(crs: "EPSG:4549", precision: 0.001))
        #expect(district.town("310112114")?.name == "浦江镇")
        let buildings = try #require(district.source("meilong-buildings"))
        #expect(buildings.line == 7)
        #expect(buildings.crs == .gcj02)
        #expect(buildings.encoding == "GBK")
        #expect(buildings.from == SourceSelection(layer: "房屋", condition: "层数 > 0"))
        #expect(buildings.asOf == CalendarDate(year: 2026, month: 6, day: 30))
        #expect(buildings.fields["levels"] == FieldMapping(from: "层数"))
        let squareMeter = try #require(MeasurementUnit(named: "m2"))
        #expect(buildings.fields["site_m2"]?.unit?.convert(3, to: squareMeter) == 2000)
        #expect(buildings.values == ["use": ["住宅": "residential", "工业": "industrial"]])
        #expect(buildings.authority == 10)
        #expect(district.source("pujiang-points")?.crs == .fit(.init(points: "maps/pujiang/control.csv")))
        #expect(district.source("pujiang-points")?.from.x == "Y坐标")
        #expect(district.source("pujiang-roads")?.crs == .fit(.init(points: "control.csv", from: "EPSG:2437")))
        #expect(district.plugins == [PluginDefinition(id: "flood", hosting: .process), PluginDefinition(id: "water")])
        #expect(district.limits.features == 2_000_000)
        #expect(district.access.hiddenLayers == ["addresses"])
    }

    @Test func `control points are found from the district's folder and beside the file`() throws {
        let folder = try TemporaryFolder()
        try folder.write(complete, to: "district.yaml")
        try folder.write("id", to: "maps/pujiang/control.csv")
        let district = try District.load(from: folder.url, installed: shippedLayers)
        for id in ["pujiang-points", "pujiang-roads"] {
            let source = try #require(district.source(id))
            let url = try #require(district.controlPoints(of: source))
            #expect(url.path == folder.url.appendingPathComponent("maps/pujiang/control.csv").path)
        }
        let buildings = try #require(district.source("meilong-buildings"))
        #expect(district.controlPoints(of: buildings) == nil)
    }

    @Test func `a folder without the file says how to get one`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: DistrictsError.self) {
            try District.load(from: folder.url, installed: shippedLayers)
        }
        #expect(error?.kind == .unreadable)
        #expect(error?.description.contains("miaopu init") == true)
    }

    @Test func `a district's own layer is known and wins over a shipped one`() throws {
        let folder = try TemporaryFolder()
        try folder.write("name: A\ngrid: { crs: \"EPSG:4549\" }\n", to: "district.yaml")
        try folder.write("id: benches\ntitles: { en: Benches }\ngeometry: Point\n", to: "layers/benches/layer.yaml")
        try folder.write("id: roads\ntitles: { en: Our roads }\ngeometry: LineString\n", to: "layers/roads/layer.yaml")
        let district = try District.load(from: folder.url, installed: shippedLayers)
        #expect(district.layers["benches"]?.titles == ["en": "Benches"])
        #expect(district.layers["roads"]?.geometryType == .lineString)
        #expect(district.layers["buildings"] != nil)
    }

    @Test func `a slot depends on the id alone and fits 22 bits`() {
        #expect(SourceDefinition.slot(of: "meilong-buildings") == SourceDefinition.slot(of: "meilong-buildings"))
        #expect((0..<5000).allSatisfy { SourceDefinition.slot(of: "source-\($0)") < 1 << 22 })
        #expect(Set((0..<1000).map { SourceDefinition.slot(of: "s\($0)") }).count > 990)
    }
}
