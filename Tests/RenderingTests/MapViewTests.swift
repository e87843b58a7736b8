// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import Rendering
import SimpleFeatures
import Testing
import TileMatrixSets
import VectorTiles

@Suite struct MapViewTests {
    /// The window that a tile covers.
    private func view(of tile: TileAddress, pixels: Int = 256) -> MapView {
        let span = 2 * Double.pi * 6_378_137 / Double(1 << tile.tileMatrix)
        let half = Double.pi * 6_378_137
        let center = Town.unproject(
            Coordinate(
                x: (Double(tile.tileColumn) + 0.5) * span - half, y: half - (Double(tile.tileRow) + 0.5) * span))
        return MapView(
            longitude: center.x, latitude: center.y, zoom: Double(tile.tileMatrix) + log2(Double(pixels) / 512),
            width: pixels, height: pixels)
    }

    private func pixmap(_ layers: String, _ contents: [String: LayerContent], _ view: MapView) throws -> Pixmap {
        try Pixmap(
            png: TileRenderer().renderPNG(style: try Town.style(layers), layers: contents, view: view).png)
    }

    @Test(arguments: styleDrawings.prefix(3))
    func `A window on a tile shows the tile`(drawing: StyleDrawing) throws {
        let tile = Town.tile(z: drawing.z)
        let contents = try Town.snapshots()
        let expected = try TileRenderer().renderPNG(
            style: try Town.style(drawing.layers), layers: contents, address: tile)
        let actual = try pixmap(drawing.layers, contents, view(of: tile))
        // The middle is computed in degrees, which moves edges by a subpixel.
        let difference = try #require(Pixmap(png: expected.png).difference(from: actual, tolerance: 4))
        #expect(difference.differingPixels == 0, "\(difference.largestDifference)")
    }

    @Test func `Twice the pixels show the same, twice as large`() throws {
        var view = view(of: Town.tile(z: 15))
        let layers = """
            { "id": "trees", "type": "circle", "source": "trees", "paint": { "circle-radius": 12 } }
            """.replacingSources(["trees"])
        let small = try pixmap(layers, Town.snapshots(), view)
        view.pixelRatio = 2
        let large = try pixmap(layers, Town.snapshots(), view)
        #expect(large.width == 512)
        var inside = 0
        for y in 1..<255 {
            for x in 1..<255 where (0..<9).allSatisfy({ small[x - 1 + $0 % 3, y - 1 + $0 / 3].isOpaque }) {
                inside += 1
                #expect(large[2 * x, 2 * y].isOpaque && large[2 * x + 1, 2 * y + 1].isOpaque)
            }
        }
        #expect(inside > 100)
    }

    @Test func `A vector tile is drawn within its own square, like the data it was made of`() throws {
        let layers = """
            { "id": "houses", "type": "fill", "source": "houses", "paint": { "fill-color": "#cc3311" } },
            { "id": "roads", "type": "line", "source": "roads", "paint": { "line-width": 7 } },
            { "id": "trees", "type": "circle", "source": "trees", "paint": { "circle-radius": 3 } }
            """.replacingSources(["houses", "roads", "trees"])
        let address = Town.tile(z: 15)
        let bytes = try TileRenderer().renderVectorTile(layers: try Town.snapshots(), address: address).bytes
        var contents: [String: LayerContent] = [:]
        for layer in try VectorTile(bytes).layers {
            contents[layer.name] = .vectorTiles([PlacedVectorTile(address: address, layer: layer)])
        }
        let expected = try pixmap(layers, Town.snapshots(), view(of: address))
        let actual = try pixmap(layers, contents, view(of: address))
        let difference = try #require(expected.difference(from: actual, tolerance: 24))
        #expect(difference.differingPixels < 30, "\(difference.differingPixels)")

        var wide = view(of: address)
        wide.width = 512
        let withMargin = try pixmap(layers, contents, wide)
        #expect(withMargin.cropped(x: 0, y: 0, width: 120, height: 256).solidColor == .transparent)
        let middle = withMargin.cropped(x: 128, y: 0, width: 256, height: 256)
        #expect(middle.difference(from: actual)?.differingPixels == 0)
    }

    @Test func `The world repeats itself eastwards and westwards`() throws {
        let point = Feature(id: 1, geometry: .point(Point(Coordinate(x: 0, y: 0))))
        let layers = """
            { "id": "a", "type": "circle", "source": "p", "paint": { "circle-radius": 4 } }
            """.replacingSources(["p"])
        let view = MapView(longitude: 0, latitude: 0, zoom: 0, width: 1536, height: 64)
        let picture = try pixmap(layers, ["p": .features([point])], view)
        #expect([256, 768, 1280].allSatisfy { picture[$0, 32].isOpaque })
        #expect(!picture[512, 32].isOpaque)
    }

    @Test(arguments: [
        MapView(longitude: 0, latitude: 0, zoom: 3, width: 0, height: 10),
        MapView(longitude: 0, latitude: 0, zoom: 3, width: 10, height: 5000),
        MapView(longitude: 0, latitude: 0, zoom: 3, width: 3000, height: 3000, pixelRatio: 2),
        MapView(longitude: 0, latitude: 0, zoom: 3, width: 300, height: 300, pixelRatio: .nan),
        MapView(longitude: 0, latitude: .nan, zoom: 3, width: 10, height: 10),
        MapView(longitude: 0, latitude: 0, zoom: 25, width: 10, height: 10),
    ])
    func `What is no window is refused`(view: MapView) throws {
        #expect(throws: RenderingError.self) { try pixmap("", [:], view) }
    }
}
