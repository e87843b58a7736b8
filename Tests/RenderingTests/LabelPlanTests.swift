// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import SimpleFeatures
import Snapshots
import Testing
import TileMatrixSets
import Typesetting

@testable import Rendering

@Suite struct LabelPlanTests {
    static let names = """
        { "id": "n", "type": "symbol", "source": "houses", "layout": { "text-field": "苗圃新村", "text-size": 14 } }
        """.replacingSources(["houses"])

    func plan(_ layers: String, _ contents: [String: LayerContent], z: Int = 15) throws -> LabelPlan {
        let frame = try TileFrame(.webMercatorQuad, Town.tile(z: z), tileSize: 256)
        return LabelPlans(style: try Town.style(layers), layers: contents).plan(frame)
    }

    @Test func `Labels keep out of each other's room`() throws {
        let houses = LayerContent.snapshot(try Town.snapshot("houses", Town.houses, Town.houseSchema))
        let labels = try #require(try plan(Self.names, ["houses": houses]).layers[0]).labels
        #expect(labels.count > 20 && labels.count < Town.houses.count)
        let pixelsPerCell = 256.0 / Double(1 << 17)
        let boxes = labels.map { label -> PixelBox in
            let size = SIMD2(label.block.width, label.block.height) * label.size
            let center = SIMD2(Double(label.cellX), Double(label.cellY)) * pixelsPerCell
            return PixelBox(
                minX: center.x - size.x / 2, minY: center.y - size.y / 2, maxX: center.x + size.x / 2,
                maxY: center.y + size.y / 2)
        }
        for (index, box) in boxes.enumerated() {
            #expect(!boxes[..<index].contains { $0.overlaps(box) })
        }
    }

    @Test func `The order of the data does not matter`() throws {
        func places(_ features: [SnapshotFeature]) throws -> [SIMD2<Int32>] {
            let content = LayerContent.snapshot(try Town.snapshot("houses", features, Town.houseSchema))
            return try #require(try plan(Self.names, ["houses": content]).layers[0]).labels
                .map { SIMD2($0.cellX, $0.cellY) }
        }
        #expect(try places(Town.houses) == places(Town.houses.reversed()))
    }

    @Test func `The layer on top and the lowest sort key go first`() throws {
        let points = (0..<2).map { number in
            SnapshotFeature(id: Int64(number), geometry: .point(Point(Town.center)), values: [.text("p\(number)")])
        }
        let schema = Schema(geometryType: .point, fields: [Field("name", .text)])
        let contents = ["trees": LayerContent.snapshot(try Town.snapshot("trees", points, schema))]
        func drawn(_ layers: String) throws -> [Int: [Int]] {
            try plan(layers.replacingSources(["trees"]), contents).layers.mapValues { $0.labels.map(\.block.glyphs.count) }
        }
        let one = #""type": "symbol", "source": "trees", "filter": ["==", ["get", "name"], "p0"]"#
        #expect(
            try drawn(
                """
                { "id": "a", \(one), "layout": { "text-field": "下" } },
                { "id": "b", \(one), "layout": { "text-field": "上面" } }
                """) == [0: [], 1: [2]])
        let sorted = #""text-field": ["case", ["==", ["get", "name"], "p0"], "一", "二二"]"#
        #expect(
            try drawn(
                #"{ "id": "a", "type": "symbol", "source": "trees", "layout": { \#(sorted) } }"#) == [0: [1]])
        #expect(
            try drawn(
                """
                { "id": "a", "type": "symbol", "source": "trees", "layout": { \(sorted),
                  "symbol-sort-key": ["case", ["==", ["get", "name"], "p0"], 2, 1] } }
                """) == [0: [2]])
        #expect(
            try drawn(
                #"{ "id": "a", "type": "symbol", "source": "trees", "layout": { \#(sorted), "text-overlap": "always" } }"#)
                == [0: [1, 2]])
        #expect(
            try drawn(
                """
                { "id": "a", "type": "symbol", "source": "trees", "layout": { \(sorted),
                  "text-variable-anchor": ["top", "bottom"], "text-radial-offset": 1 } }
                """) == [0: [1, 2]])
    }

    @Test func `An area's label stands where it has most room, also in areas that a centroid misses`() throws {
        // A C: its centroid lies in the opening.
        let c = [(0.0, 0.0), (10, 0), (10, 2), (2, 2), (2, 8), (10, 8), (10, 10), (0, 10)].map { SIMD2($0.0, $0.1) }
        let place = try #require(InteriorPoint([c]).find(precision: 0.01))
        #expect(place.x > 0.9 && place.x < 1.5 || place.y < 1.5 || place.y > 8.5)
        let square = [SIMD2(0.0, 0), SIMD2(8, 0), SIMD2(8, 8), SIMD2(0, 8)]
        let hole = [SIMD2(1.0, 1), SIMD2(1, 7), SIMD2(5, 7), SIMD2(5, 1)]
        let beside = try #require(InteriorPoint([square, hole]).find(precision: 0.01))
        #expect(abs(beside.x - 6.5) < 0.2)
        #expect(InteriorPoint([[SIMD2(1.0, 1), SIMD2(2, 2)]]).find(precision: 1) == nil)
        let many = (0..<40_000).map { step -> SIMD2<Double> in
            let angle = Double(step) / 20_000 * .pi
            return SIMD2(cos(angle), sin(angle)) * (step.isMultiple(of: 2) ? 100 : 99)
        }
        let middle = try #require(InteriorPoint([many]).find(precision: 0.001))
        #expect(abs(middle.x) < 5 && abs(middle.y) < 5)
    }

    @Test func `A line that is too short or too bent has no label, and upright is from left to right`() throws {
        let schema = Town.roadSchema
        func labels(_ offsets: [(Double, Double)], _ layout: String = "") throws -> [PlacedLabel] {
            let line = offsets.map { Coordinate(x: Town.center.x + $0.0, y: Town.center.y + $0.1) }
            let road = SnapshotFeature(id: 1, geometry: .lineString(LineString(line)), values: [.text("x")])
            let content = LayerContent.snapshot(try Town.snapshot("roads", [road], schema))
            let style = """
                { "id": "a", "type": "symbol", "source": "roads", "layout": {
                  "symbol-placement": "line-center", "text-field": "人民路\(String(repeating: "段", count: 5))" \(layout) } }
                """.replacingSources(["roads"])
            return try #require(try plan(style, ["roads": content]).layers[0]).labels
        }
        // A pixel of level 15 is 4.8 m; the label is 128 pixels long.
        #expect(try labels([(0, 0), (500, 0)]).isEmpty)
        let west = try #require(try labels([(1000, 0), (0, 0)]).first)
        guard case .glyphs(let glyphs) = west.arrangement else { return #expect(Bool(false), "no glyphs") }
        #expect(zip(glyphs, glyphs.dropFirst()).allSatisfy { $0.offset.x < $1.offset.x })
        #expect(glyphs.allSatisfy { $0.direction.x > 0.999 })
        #expect(try labels([(0, 0), (400, 0), (400, 400)]).isEmpty)
        #expect(try labels([(0, 0), (400, 0), (400, 400)], #", "text-max-angle": 120"#).count == 1)
    }

    @Test func `Labels of 100,000 characters, of nothing and of what no font has do no harm`() throws {
        let texts = [String(repeating: "长", count: 100_000), "", " \u{200B}\u{0}", "\u{10FFFD}", "👩‍👩‍👧‍👦 סוף"]
        let points = texts.enumerated().map { number, text in
            SnapshotFeature(
                id: Int64(number),
                geometry: .point(Point(Coordinate(x: Town.center.x + Double(number) * 9000, y: Town.center.y))),
                values: [.text(text)])
        }
        let schema = Schema(geometryType: .point, fields: [Field("name", .text)])
        let contents = ["trees": LayerContent.snapshot(try Town.snapshot("trees", points, schema))]
        let style = """
            { "id": "a", "type": "symbol", "source": "trees", "layout": { "text-field": ["get", "name"] } }
            """.replacingSources(["trees"])
        let labels = try #require(try plan(style, contents).layers[0]).labels
        #expect(labels.map(\.block.isCut) == [true, false, false])
        let tile = try TileRenderer().renderPNG(
            style: try Town.style(style), layers: contents, address: Town.tile(z: 15))
        #expect(try Pixmap(png: tile.png).solidColor == nil)
    }

    @Test func `Live features have labels too`() throws {
        let renderer = TileRenderer()
        let live = ["houses": Town.live(Town.houses, Town.houseSchema)]
        let tile = try renderer.renderPNG(style: try Town.style(Self.names), layers: live, address: Town.tile(z: 15))
        #expect(tile.featuresDrawn > 20 && tile.isComplete)
        #expect(try Pixmap(png: tile.png).solidColor == nil)
    }

    @Test func `What no font has is named before anything is drawn`() throws {
        let schema = Schema(geometryType: .point, fields: [Field("name", .text), Field("note", .text)])
        let point = Geometry.point(Point(Town.center))
        func complaints(_ name: String, _ layout: String) throws -> [String] {
            let tree = SnapshotFeature(id: 1, geometry: point, values: [.text(name), .text("\u{10FFFF}")])
            let contents = ["trees": LayerContent.snapshot(try Town.snapshot("trees", [tree], schema))]
            let style = #"{ "id": "a", "type": "symbol", "source": "trees", "layout": { \#(layout) } }"#
            return LabelPlans(style: try Town.style(style.replacingSources(["trees"])), layers: contents).complaints()
        }
        let named = #""text-field": ["concat", ["get", "name"], "村"]"#
        #expect(try complaints("苗圃\u{200B}\n", named) == [])
        let missing = try complaints("苗\u{10FFFD}圃\u{10FFFE}", named)
        #expect(missing.count == 1)
        #expect(missing.first?.contains("U+10FFFD") == true && missing.first?.contains("U+10FFFF") == false)
        #expect(try complaints("A", #""text-field": "\#u{10FFFD}""#).count == 1)
        let fonts = try complaints("苗", named + #", "text-font": ["No Such Font Bold", "DejaVu Sans"]"#)
        #expect(fonts.count == 1 && fonts.first?.contains("No Such Font Bold") == true)
    }
}
