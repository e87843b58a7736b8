// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import MapStyles
import Rendering
import SimpleFeatures
import Testing
import TileMatrixSets

@Suite struct RasterTests {
    private static let address = Town.tile(z: 15)
    private static let photo = Town.picture(256, 256) { x, y in
        PremultipliedColor(
            straightRed: UInt8(x), green: UInt8(y), blue: UInt8((x / 16 + y / 16) % 2 * 200), alpha: 255)
    }

    private func draw(_ paint: String, _ pictures: [PlacedPicture], _ view: MapView? = nil) throws -> RenderedTile {
        let style = try Style(
            parsing: """
                { "version": 8, "sources": { "photo": { "type": "raster", "tiles": ["{z}/{x}/{y}"] } },
                  "layers": [{ "id": "photo", "type": "raster", "source": "photo", "paint": {\(paint)} }] }
                """)
        let renderer = TileRenderer()
        let layers = ["photo": LayerContent.pictures(pictures)]
        if let view { return try renderer.renderPNG(style: style, layers: layers, view: view) }
        return try renderer.renderPNG(style: style, layers: layers, address: Self.address)
    }

    private func pixmap(_ paint: String) throws -> Pixmap {
        try Pixmap(png: draw(paint, [PlacedPicture(Self.photo, tile: Self.address)]).png)
    }

    @Test func `A tile of the same size is drawn as it is`() throws {
        #expect(try pixmap("") == Self.photo)
    }

    @Test func `Opacity, greys and brightness do what the specification says`() throws {
        #expect(try pixmap(#""raster-opacity": 0"#).solidColor == .transparent)
        #expect(try pixmap(#""raster-opacity": 0.5"#)[200, 100].alpha == 128)
        let grey = try pixmap(#""raster-saturation": -1"#)[200, 101]
        #expect(grey.red == grey.green && grey.green == grey.blue)
        #expect(try pixmap(#""raster-contrast": -1"#).solidColor == PremultipliedColor(red: 0.5, green: 0.5, blue: 0.5))
        let bright = try pixmap(#""raster-brightness-min": 0.5"#)[0, 0]
        #expect(bright == PremultipliedColor(red: 0.5, green: 0.5, blue: 0.5))
        // A third of the circle turns red into green.
        let turned = try pixmap(#""raster-hue-rotate": 120"#)[15, 1]
        #expect(turned.green == 15 && turned.red <= 1)
    }

    @Test func `A quarter of a larger tile is drawn at twice the size, between its pixels`() throws {
        let parent = TileAddress(
            z: 14, x: Self.address.tileColumn / 2, y: Self.address.tileRow / 2)
        let tile = try Pixmap(png: draw("", [PlacedPicture(Self.photo, tile: parent)]).png)
        let (left, top) = (Self.address.tileColumn % 2 * 128, Self.address.tileRow % 2 * 128)
        let sharp = try Pixmap(
            png: draw(#""raster-resampling": "nearest""#, [PlacedPicture(Self.photo, tile: parent)]).png)
        #expect(sharp[100, 100] == Self.photo[left + 50, top + 50])
        #expect(abs(Int(tile[100, 100].red) - Int(Self.photo[left + 50, top + 50].red)) <= 1)
    }

    @Test func `A tile hides the larger one below, translucent as it is`() throws {
        let parent = TileAddress(z: 14, x: Self.address.tileColumn / 2, y: Self.address.tileRow / 2)
        let both = [PlacedPicture(Self.photo, tile: parent), PlacedPicture(Self.photo, tile: Self.address)]
        let paint = #""raster-opacity": 0.5"#
        let picture = try Pixmap(png: draw(paint, both).png)
        #expect(try picture == pixmap(paint))
    }

    @Test func `Without pictures the layer is named`() throws {
        let style = try Style(
            parsing: """
                { "version": 8, "sources": { "photo": { "type": "raster", "tiles": ["{z}/{x}/{y}"] } },
                  "layers": [{ "id": "photo", "type": "raster", "source": "photo" }] }
                """)
        let tile = try TileRenderer().renderPNG(style: style, layers: [:], address: Self.address)
        #expect(tile.notDrawn == ["photo: raster layer, for there are no pictures of photo"])
    }

    @Test func `Pictures look as they did when a person looked at them`() throws {
        let corners = [(121.39, 31.106), (121.407, 31.109), (121.410, 31.094), (121.393, 31.091)]
        let tilted = try #require(
            PlacedPicture(Self.photo, corners: corners.map { Coordinate(x: $0.0, y: $0.1) }))
        let view = MapView(longitude: 121.4, latitude: 31.1, zoom: 13.3, width: 200, height: 160)
        let paint = #""raster-hue-rotate": 40, "raster-contrast": 0.3, "raster-saturation": -0.4, "raster-opacity": 0.9"#
        try GoldenTileTests.golden.check(try Pixmap(png: draw(paint, [tilted], view).png), "raster")
    }
}
