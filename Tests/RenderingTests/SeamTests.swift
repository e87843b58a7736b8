// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rendering
import SimpleFeatures
import Testing
import TileMatrixSets

@Suite struct SeamTests {
    /// Draws sixteen tiles of a level as one picture, and one by one.
    func expectEqual(
        _ name: String, layers: String, contents: [String: LayerContent], z: Int, around corner: TileAddress
    ) throws {
        let style = try Town.style(layers)
        let renderer = TileRenderer()
        let whole = try Pixmap(
            png: renderer.renderPNG(
                style: style, layers: contents, sprite: Town.sprite, address: corner, tileSize: 1024
            ).png)
        // Planned once for the sixteen, and apart from the whole picture.
        let labels = LabelPlans(style: style, layers: contents)
        for row in 0..<4 {
            for column in 0..<4 {
                let address = TileAddress(z: z, x: corner.tileColumn * 4 + column, y: corner.tileRow * 4 + row)
                let tile = try Pixmap(
                    png: renderer.renderPNG(
                        style: style, layers: contents, sprite: Town.sprite, address: address, labels: labels
                    ).png)
                let part = whole.cropped(x: column * 256, y: row * 256, width: 256, height: 256)
                let difference = try #require(part.difference(from: tile))
                #expect(difference.differingPixels == 0, "\(name), z \(z), column \(column), row \(row)")
            }
        }
    }

    @Test(arguments: styleDrawings, [14, 17])
    func `Sixteen tiles equal the one picture of their block to the pixel`(drawing: StyleDrawing, z: Int) throws {
        try expectEqual(
            drawing.name, layers: drawing.layers, contents: try Town.snapshots(), z: z, around: Town.tile(z: z - 2))
    }

    @Test func `Live features have no seams either`() throws {
        let drawing = try #require(styleDrawings.first)
        let contents = [
            "houses": Town.live(Town.houses, Town.houseSchema), "roads": Town.live(Town.roads, Town.roadSchema),
            "trees": Town.live(Town.trees, Town.treeSchema),
        ]
        try expectEqual("live", layers: drawing.layers, contents: contents, z: 15, around: Town.tile(z: 13))
    }

    @Test func `A line of thousands of kilometres has no seams`() throws {
        let far = [(100.0, 10.0), (121.4, 31.1), (150, 45), (121.401, 31.101), (-170, -60), (121.399, 31.1)]
        let line = LineString(far.map { Coordinate(x: $0.0, y: $0.1) })
        let area = Polygon(LinearRing(line.coordinates + [line.coordinates[0]]))
        let contents = [
            "lines": LayerContent.features([Feature(id: 1, geometry: .lineString(line))]),
            "areas": .features([Feature(id: 1, geometry: .polygon(area))]),
        ]
        let layers = """
            { "id": "a", "type": "fill", "source": "areas", "paint": { "fill-color": "rgba(0, 90, 30, 0.3)" } },
            { "id": "b", "type": "line", "source": "lines",
              "layout": { "line-join": "round", "line-cap": "round" },
              "paint": { "line-color": "rgba(200, 0, 0, 0.5)", "line-width": 7, "line-dasharray": [3, 2] } },
            { "id": "c", "type": "line", "source": "lines", "paint": { "line-width": 2.3, "line-offset": 9 } }
            """.replacingSources(["areas", "lines"])
        for z in [6, 14] {
            try expectEqual("far", layers: layers, contents: contents, z: z, around: Town.tile(z: z - 2))
        }
    }
}
