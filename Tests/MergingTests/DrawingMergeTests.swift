// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Encodings
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats
@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A drawing feeds several layers` {
    private static let origin = (x: 631_800.0, y: 3_444_300.0)

    private static func at(_ x: Double, _ y: Double) -> (Double, Double) { (origin.x + x, origin.y + y) }

    /// A house of 10 m, whose outline ends `gap` metres before its beginning.
    private static func house(_ x: Double, gap: Double = 0) -> [(Double, Double)] {
        let corners = [at(x, 0), at(x + 10, 0), at(x + 10, 10), at(x, 10)]
        return gap == 0 ? corners : corners + [at(x, gap)]
    }

    private func district(_ table: String, more: String = "", _ drawing: DrawingText) throws -> TestDistrict {
        let district = try TestDistrict(
            yaml: """
                name: 试验区
                grid: { crs: "EPSG:4549" }
                towns: [{ code: "1", name: 梅陇镇 }]
                sources:
                  - id: plan
                    town: "1"
                    path: maps/plan.dxf
                    crs: "EPSG:4549"
                    drawing:
                \(more.isEmpty ? "" : "      \(more)\n")      table:
                \(table.split(separator: "\n").map { "        - { \($0) }" }.joined(separator: "\n"))
                """)
        try district.deliver(#require(TextEncoder(encoding: "GBK")?.encode(drawing.text)), as: "plan.dxf")
        return district
    }

    private func source(_ id: String, in report: MergeReport) throws -> MergeReport.Source {
        try #require(report.sources.first { $0.id == id }, "\(report.sources.map(\.id))")
    }

    /// Values by the field's name and the geometry of each feature, in the order
    /// of the file.
    private func features(
        of layer: String, in district: TestDistrict
    ) throws -> [(values: [String], geometry: Geometry)] {
        let loaded = try District.load(from: district.directory)
        let store = try DistrictStore(opening: Merger.store(of: loaded))
        let count = try #require(loaded.layers[layer]).fields.count
        var features: [(values: [String], geometry: Geometry)] = []
        try store.forEachFeature(in: layer) { feature in
            let values = (0..<count).map { feature.value(at: $0).description }
            features.append((values, try GeoPackageGeometry.decode(feature.geometry).geometry))
        }
        return features
    }

    @Test func `its layers go where the table says, with texts, attached data and closed outlines`() throws {
        var drawing = DrawingText(block: "TREE")
        drawing.polyline(Self.house(0), on: "JMD", isClosed: true, data: ["141111", "砼"])
        drawing.polyline(Self.house(20, gap: 0.03), on: "jmd", data: ["141111"])
        drawing.polyline(Self.house(40, gap: 1.5), on: "JMD")
        drawing.text("砼3", at: Self.at(5, 5), on: "JMD")
        drawing.text("6", at: Self.at(25, 5), on: "ZJ-层数")
        drawing.paragraph(#"{\fSimSun|b0;\H2x;梅陇\P小学}"#, at: Self.at(24, 4), on: "ZJ-名称")
        drawing.text("路名", at: Self.at(200, 5), on: "ZJ-名称")
        drawing.polyline([Self.at(0, 50), Self.at(100, 50)], on: "DLSS-A")
        drawing.insert("TREE", at: Self.at(30, 30), on: "ZBTZ", data: ["213803"])
        drawing.polyline([Self.at(0, 70), Self.at(100, 70)], on: "KZ")
        let table = """
            layer: buildings, from: [JMD], labels: { 名称: ["ZJ-名称"], 层数: { from: ["ZJ-层数"] } }, fields: { name: 名称, levels: 层数, address: XDATA }
            layer: roads, from: ["DL*"]
            layer: points, from: [ZBTZ], fields: { name: XDATA, class: Layer }, values: { class: { ZBTZ: other } }
            """
        let district = try district(table, drawing)
        let report = try district.merge()

        let buildings = try source("plan-buildings", in: report)
        #expect(buildings.outcome == .merged, "\(buildings.needs)")
        // The text on JMD itself has no outline; the open house stays out.
        #expect(buildings.counts.accepted == 2 && buildings.counts.rejected == 2 && buildings.counts.read == 10)
        #expect(buildings.encoding == "GBK")
        let text = report.text
        for words in [
            "open-outline: 1 record rejected", "open by 1.5 m at (631840.0, 3444300.0)",
            "1 outline was not quite closed and closed now; the largest gap was 0.03 m, at (631820.0, 3444300.0)",
            "1 text under `labels:` stood in no area", "no-outline: 1 record rejected",
            "“DLSS-A” (1)", "“KZ” (1)",
        ] {
            #expect(text.contains(words), "\(words) is missing in\n\(text)")
        }
        let houses = try features(of: "buildings", in: district)
        #expect(houses[0].values[0] == "" && houses[0].values[6] == #"{"SOUTH":[[1000,"141111"],[1000,"砼"]]}"#)
        #expect(houses[1].values[0] == "梅陇 小学" && houses[1].values[2] == "6")
        #expect(abs(houses[1].geometry.planarArea - 100) < 0.01)

        #expect(try source("plan-roads", in: report).counts.accepted == 1)
        let trees = try features(of: "points", in: district)
        #expect(trees.count == 1 && trees[0].values[0] == #"{"SOUTH":[[1000,"213803"]]}"# && trees[0].values[1] == "other")
        #expect(trees[0].geometry == .point(Point(x: 631_830, y: 3_444_330)))

        #expect(try district.merge().changeSet == nil)
    }

    @Test func `two texts in one area are reported and none is taken, unless they are to be joined`() throws {
        var drawing = DrawingText()
        drawing.polyline(Self.house(0), on: "JMD", isClosed: true)
        drawing.text("南", at: Self.at(5, 2), on: "ZJ")
        drawing.text("北", at: Self.at(5, 8), on: "ZJ")
        // A court inside of the house: its text is the court's.
        drawing.polyline([Self.at(4, 4), Self.at(6, 4), Self.at(6, 6), Self.at(4, 6)], on: "JMD", isClosed: true)
        drawing.text("院", at: Self.at(5, 5), on: "ZJ")
        let none = try district("layer: buildings, from: [JMD], labels: { 注记: [ZJ] }, fields: { name: 注记 }", drawing)
        let report = try none.merge()
        #expect(report.text.contains("several-texts: 1 record noted"), "\(report.text)")
        #expect(report.text.contains("has 2 texts inside for 注记, “北”, “南”: none was taken"))
        #expect(try features(of: "buildings", in: none).map { $0.values[0] } == ["", "院"])

        let joined = try district(
            "layer: buildings, from: [JMD], labels: { 注记: { from: [ZJ], several: join } }, fields: { name: 注记 }", drawing)
        try joined.merge()
        #expect(try features(of: "buildings", in: joined).map { $0.values[0] } == ["北 南", "院"])
    }

    @Test(arguments: [(0.01, 0, 1), (0.05, 1, 0), (0.2, 1, 0)])
    func `outlines are closed up to the limit that is declared`(limit: Double, accepted: Int, rejected: Int) throws {
        var drawing = DrawingText()
        drawing.polyline(Self.house(0, gap: 0.04), on: "JMD")
        let district = try district("layer: buildings, from: [JMD]", more: "close_m: \(limit)", drawing)
        let source = try source("plan-buildings", in: district.merge())
        #expect(source.counts.accepted == accepted && source.counts.rejected == rejected)
    }

    @Test func `arcs are drawn within the tolerance, and units of the drawing are told`() throws {
        var drawing = DrawingText(units: 4)
        drawing.arc(at: Self.at(0, 0), radius: 1000, on: "DL")
        drawing.polyline([Self.at(0, 0), Self.at(10, 0)], on: "DL", bulge: 1)
        let district = try district("layer: roads, from: [DL]", more: "arc_m: 0.02", drawing)
        let report = try district.merge()
        #expect(report.text.contains("2 arcs are drawn as short lines that stray from it by 0.02 units"), "\(report.text)")
        #expect(report.text.contains("its unit is millimetres"))
        let lines = try features(of: "roads", in: district).map(\.geometry)
        var vertices: [Coordinate] = []
        lines[0].forEachCoordinates { vertices += $0 }
        let chords = zip(vertices, vertices.dropFirst()).map { first, second in
            let middle = Coordinate(x: (first.x + second.x) / 2, y: (first.y + second.y) / 2)
            return 1000 - middle.distance(to: Coordinate(x: Self.origin.x, y: Self.origin.y))
        }
        #expect(chords.allSatisfy { abs($0) < 0.0215 }, "\(chords.max() ?? 0)")
    }

    @Test func `what the drawing does not have is told with what it has`() throws {
        var drawing = DrawingText()
        drawing.polyline(Self.house(0), on: "房屋", isClosed: true)
        let needs = try source("plan-buildings", in: district("layer: buildings, from: [JMD]", drawing).merge()).needs
        #expect(needs == ["The drawing has no layer “JMD”; it has “房屋” (1)."], "\(needs)")

        let taken = try district("layer: buildings, from: [房屋], labels: { Text: [ZJ] }", drawing).merge()
        #expect(try source("plan-buildings", in: taken).needs.first?.contains("another name") == true)

        let other = try TestDistrict(["layer: buildings, path: maps/a.geojson, drawing: { from: [JMD] }"])
        try other.deliver(collection([square(1)]), as: "a.geojson")
        let refused = try other.merge().sources[0]
        #expect(refused.needs.first?.contains("`drawing:` is for DXF drawings") == true, "\(refused.needs)")
    }

    @Test func `a text with bytes of a bomb is bounded`() throws {
        var drawing = DrawingText()
        drawing.polyline(Self.house(0), on: "JMD", isClosed: true, data: (0..<2_000).map { "\($0)" + String(repeating: "x", count: 40) })
        for number in 0..<2_000 { drawing.text("t\(number)", at: Self.at(5, 5), on: "ZJ") }
        let district = try district(
            "layer: buildings, from: [JMD], labels: { 注记: [ZJ] }, fields: { name: 注记, address: XDATA }", drawing)
        let report = try district.merge()
        #expect(report.text.contains("XDATA of 1 entities is longer than 65536 bytes"), "\(report.text)")
        #expect(report.text.contains("has 2000 texts inside"))
        #expect(try features(of: "buildings", in: district)[0].values[6] == "")
    }
}
