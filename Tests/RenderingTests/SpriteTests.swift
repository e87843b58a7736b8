// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rendering
import Testing

@Suite struct SpriteTests {
    private let sheet = Town.picture(6, 4) { x, y in
        PremultipliedColor(straightRed: UInt8(x * 40), green: UInt8(y * 60), blue: 0)
    }

    private func sprite(_ index: String) throws -> Sprite {
        try Sprite(index: Array(index.utf8), png: PNGEncoder().encode(sheet))
    }

    @Test func `Images are cut out of the sheet, with all that the index says`() throws {
        let sprite = try sprite(
            """
            { "tree": { "x": 2, "y": 1, "width": 4, "height": 3, "pixelRatio": 2, "sdf": true,
                "stretchX": [[1, 2], [3, 4]], "stretchY": [[0, 9]], "content": [1, 1, 3, 2],
                "textFitWidth": "stretchOnly" },
              "dot": { "x": 0, "y": 0, "width": 1, "height": 1 } }
            """)
        let tree = try #require(sprite.images["tree"])
        #expect(tree.pixmap == sheet.cropped(x: 2, y: 1, width: 4, height: 3))
        #expect(tree.width == 2 && tree.height == 1.5)
        #expect(tree.isSDF && tree.stretchX == [1..<2, 3..<4] && tree.content == [1, 1, 3, 2])
        #expect(tree.stretchY == [], "a range beyond the image")
        #expect(tree.textFitWidth == .stretchOnly && tree.textFitHeight == nil)
        #expect(sprite.images["dot"]?.pixelRatio == 1)
    }

    @Test(arguments: [
        ("[]", "no object"), ("{", "not JSON"),
        (#"{ "a": {} }"#, "“a”, line 1"), (#"{ "a": 5 }"#, "whole numbers"),
        (#"{ "a": { "x": 0, "y": 0, "width": 0, "height": 1 } }"#, "within the picture"),
        (#"{ "a": { "x": 3, "y": 0, "width": 4, "height": 1 } }"#, "6 × 4"),
        (#"{ "a": { "x": -1, "y": 0, "width": 4, "height": 1 } }"#, "whole numbers"),
        (#"{ "a": { "x": 1e300, "y": 0, "width": 4, "height": 1 } }"#, "whole numbers"),
        (#"{ "a": { "x": 0, "y": 0, "width": 4, "height": 1, "pixelRatio": 0 } }"#, "pixelRatio"),
    ])
    func `A wrong index is refused with a sentence`(index: String, words: String) throws {
        let error = #expect(throws: RenderingError.self) { try sprite(index) }
        #expect(error?.kind == .badSprite)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `A picture that is none is refused`() {
        #expect(throws: RenderingError.self) { try Sprite(index: Array("{}".utf8), png: [1, 2, 3]) }
    }

    @Test func `An image that the sprite lacks is named, and its features are left out`() throws {
        let layers = """
            { "id": "houses", "type": "fill", "source": "houses", "paint": { "fill-pattern": "grass" } }
            """.replacingSources(["houses"])
        let tile = try TileRenderer().renderPNG(
            style: try Town.style(layers), layers: try Town.snapshots(), sprite: Town.sprite, address: Town.tile(z: 15))
        #expect(tile.notDrawn == ["houses: image grass"])
        #expect(try Pixmap(png: tile.png).solidColor == .transparent)
    }
}
