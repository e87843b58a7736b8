// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Pixmaps
import Rendering
import SimpleFeatures
import Snapshots
import Testing
import TileMatrixSets
import VectorTiles

@Suite struct TileRendererTests {
    let houses = #"{ "id": "h", "type": "fill", "source": "town", "source-layer": "houses" }"#

    @Test func `Parallel renderers give the same bytes as one`() async throws {
        let drawing = try #require(styleDrawings.first)
        let style = try Town.style(drawing.layers)
        let contents = try Town.snapshots()
        let corner = Town.tile(z: 13)
        let addresses = (0..<16).map {
            TileAddress(z: 15, x: corner.tileColumn * 4 + $0 % 4, y: corner.tileRow * 4 + $0 / 4)
        }
        let renderer = TileRenderer()
        let serial = try addresses.map { try renderer.renderPNG(style: style, layers: contents, address: $0).png }
        let parallel = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask {
                    (index, try TileRenderer().renderPNG(style: style, layers: contents, address: address).png)
                }
            }
            var result = [[UInt8]](repeating: [], count: addresses.count)
            for try await (index, png) in group { result[index] = png }
            return result
        }
        #expect(serial == parallel)
    }

    @Test func `Live features draw as merged ones do`() throws {
        let style = try Town.style(
            houses + #", { "id": "r", "type": "line", "source": "town", "source-layer": "roads" }"#)
        let merged = [
            "houses": LayerContent.snapshot(try Town.snapshot("houses", Town.houses, Town.houseSchema)),
            "roads": .snapshot(try Town.snapshot("roads", Town.roads, Town.roadSchema)),
        ]
        let live = [
            "houses": Town.live(Town.houses, Town.houseSchema), "roads": Town.live(Town.roads, Town.roadSchema),
        ]
        let renderer = TileRenderer()
        // So near that the level of detail is the finest; the order of drawing
        // does not show in one colour.
        let address = Town.tile(z: 17)
        let a = try Pixmap(png: renderer.renderPNG(style: style, layers: merged, address: address).png)
        let b = try Pixmap(png: renderer.renderPNG(style: style, layers: live, address: address).png)
        // Degrees and back moves a position by up to one cell: a hundredth of a
        // pixel.
        #expect(try #require(a.difference(from: b, tolerance: 4)).differingPixels == 0)
    }

    @Test func `The zoom of a style is for tiles of 512 pixels`() throws {
        let style = try Town.style(
            """
            { "id": "b", "type": "background", "paint": {
                "background-color": ["step", ["zoom"], "#ff0000", 14, "#0000ff"] } }
            """)
        let renderer = TileRenderer()
        func color(z: Int, size: Int) throws -> PremultipliedColor {
            let png = try renderer.renderPNG(style: style, layers: [:], address: Town.tile(z: z), tileSize: size).png
            return try Pixmap(png: png)[size / 2, size / 2]
        }
        let red = PremultipliedColor(straightRed: 255, green: 0, blue: 0)
        let blue = PremultipliedColor(straightRed: 0, green: 0, blue: 255)
        #expect(try color(z: 14, size: 256) == red)
        #expect(try color(z: 15, size: 256) == blue)
        #expect(try color(z: 14, size: 512) == blue)
        #expect(try color(z: 13, size: 512) == red)
    }

    @Test func `Empty is what the index says`() throws {
        let contents = try Town.snapshots()
        let style = try Town.style(houses)
        let renderer = TileRenderer()
        let far = try renderer.renderPNG(style: style, layers: contents, address: TileAddress(z: 14, x: 3, y: 5))
        #expect(far.isEmpty)
        #expect(far.layers == [TileLayerRecord(layer: "houses", outcome: .drawn(dataVersion: "7"))])
        #expect(try Pixmap(png: far.png).solidColor == .transparent)
        let near = try renderer.renderPNG(style: style, layers: contents, address: Town.level14)
        #expect(!near.isEmpty)
        #expect(near.featuresFound >= near.featuresDrawn && near.featuresDrawn > 100)
        let none = try Town.style(
            """
            { "id": "h", "type": "fill", "source": "town", "source-layer": "houses",
              "filter": ["==", ["get", "use"], "castle"] }
            """)
        let filtered = try renderer.renderPNG(style: none, layers: contents, address: Town.level14)
        #expect(!filtered.isEmpty && filtered.featuresDrawn == 0)
    }

    @Test func `A layer that is missing is named, and the tile is not complete`() throws {
        let style = try Town.style(
            houses + #", { "id": "x", "type": "line", "source": "town", "source-layer": "canals" }"#)
        let tile = try TileRenderer().renderPNG(
            style: style, layers: try Town.snapshots(), address: TileAddress(z: 14, x: 3, y: 5))
        #expect(!tile.isComplete && !tile.isEmpty)
        #expect(tile.layers.map(\.layer) == ["houses", "canals"])
        #expect(tile.layers.last?.outcome == .failed("there is no layer of this name"))
    }

    @Test func `What is not drawn is listed`() throws {
        let style = try Town.style(
            """
            { "id": "p", "type": "fill", "source": "houses", "paint": { "fill-pattern": "dots" } },
            { "id": "b", "type": "line", "source": "roads", "paint": {
                "line-blur": 2, "line-dasharray": [1, 2] } },
            { "id": "s", "type": "heatmap", "source": "trees" }
            """.replacingSources(["houses", "roads", "trees"]))
        let tile = try TileRenderer().renderPNG(style: style, layers: try Town.snapshots(), address: Town.level14)
        let dashes = "b: line-dasharray together with blur, gradient or pattern"
        #expect(tile.notDrawn == [dashes, "p: image dots", "s: heatmap layer"])
    }

    @Test func `A tile outside of the set and a size out of range are refused`() throws {
        let style = try Town.style(houses)
        let renderer = TileRenderer()
        let outside = #expect(throws: RenderingError.self) {
            try renderer.renderPNG(style: style, layers: [:], address: TileAddress(z: 3, x: 8, y: 0))
        }
        #expect(outside?.kind == .noSuchTile)
        let size = #expect(throws: RenderingError.self) {
            try renderer.renderPNG(style: style, layers: [:], address: Town.level14, tileSize: 5000)
        }
        #expect(size?.kind == .badSize)
        #expect(throws: RenderingError.self) {
            try renderer.renderVectorTile(layers: [:], address: TileAddress(z: 99, x: 0, y: 0))
        }
    }

    @Test func `Live positions that are no positions are passed over`() throws {
        let bad = [
            Feature(id: 1, geometry: .point(Point(x: .nan, y: 31.1))), Feature(id: 2, geometry: nil),
            Feature(
                id: 3,
                geometry: .lineString(LineString([Coordinate(x: 121.4, y: .infinity), Coordinate(x: 0, y: 0)]))),
            Feature(id: 4, geometry: .polygon(Polygon(LinearRing([])))),
            Feature(id: 5, geometry: .point(Point(x: 121.4, y: 90))),
            Feature(id: 6, geometry: .point(Point(Town.unproject(Town.center)))),
        ]
        let style = try Town.style(#"{ "id": "c", "type": "circle", "source": "town", "source-layer": "live" }"#)
        let tile = try TileRenderer().renderPNG(
            style: style, layers: ["live": .features(bad)], address: Town.tile(z: 18))
        #expect(tile.featuresDrawn == 1)
    }
}

@Suite struct VectorTileRenderingTests {
    @Test func `A vector tile holds every layer with its attributes and ids`() throws {
        let renderer = TileRenderer()
        let rendered = try renderer.renderVectorTile(layers: try Town.snapshots(), address: Town.tile(z: 15))
        let tile = try VectorTile(rendered.bytes)
        #expect(tile.layers.map(\.name) == ["houses", "roads", "trees"])
        #expect(tile.layers.allSatisfy { $0.version == 2 && $0.extent == 4096 })
        #expect(tile.layers.reduce(0) { $0 + $1.features.count } == rendered.featureCount)
        let byID = Dictionary(uniqueKeysWithValues: Town.houses.map { (UInt64($0.id), $0) })
        for feature in try #require(tile.layer(named: "houses")).features {
            let source = try #require(feature.id.flatMap { byID[$0] })
            #expect(feature.properties["use"]?.attributeValue == source.values[0])
            #expect(feature.properties["levels"]?.attributeValue == source.values[1])
        }
    }

    @Test func `Positions lie in their tile units`() throws {
        let place = Town.unproject(Town.center)
        let address = Town.tile(z: 15)
        let tree = Feature(id: 9, geometry: .point(Point(place)), properties: ["n": .integer(1)])
        let bytes = try TileRenderer().renderVectorTile(layers: ["live": .features([tree])], address: address).bytes
        let feature = try #require(VectorTile(bytes).layers.first?.features.first)
        let span = 2 * Double.pi * 6_378_137 / Double(1 << 15)
        let half = Double.pi * 6_378_137
        let x = (Town.center.x + half - Double(address.tileColumn) * span) / span * 4096
        let y = (half - Town.center.y - Double(address.tileRow) * span) / span * 4096
        guard case .points(let points) = feature.geometry, let point = points.first else {
            Issue.record("no point")
            return
        }
        #expect(abs(Double(point.x) - x) < 0.51 && abs(Double(point.y) - y) < 0.51)
        #expect(feature.id == 9)
    }

    @Test func `A tile without features has no bytes`() throws {
        let tile = try TileRenderer().renderVectorTile(
            layers: try Town.snapshots(), address: TileAddress(z: 14, x: 3, y: 5))
        #expect(tile.isEmpty && tile.bytes.isEmpty && tile.layers.count == 3)
    }
}
