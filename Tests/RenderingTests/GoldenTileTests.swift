// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rendering
import Testing

@Suite struct GoldenTileTests {
    static let golden = Golden(suite: "Rendering")

    @Test(arguments: styleDrawings)
    func `Styles look as they did when a person looked at them`(drawing: StyleDrawing) throws {
        let tile = try TileRenderer().renderPNG(
            style: try Town.style(drawing.layers), layers: try Town.snapshots(), sprite: Town.sprite,
            address: Town.tile(z: drawing.z))
        #expect(tile.isComplete)
        #expect(tile.evaluationFailures == 0)
        #expect(tile.notDrawn == [])
        try Self.golden.check(try Pixmap(png: tile.png), drawing.name)
    }

    @Test func `Every golden belongs to a drawing`() {
        #expect(Self.golden.unused(names: styleDrawings.map(\.name) + ["raster"]) == [])
    }
}
