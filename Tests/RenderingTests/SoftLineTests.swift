// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps
import Rendering
import SimpleFeatures
import Testing

@Suite struct SoftLineTests {
    private func style(_ paint: String, cap: String = "butt") throws -> Style {
        try Style(
            parsing: """
                { "version": 8, "sources": { "lines": { "type": "geojson", "lineMetrics": true,
                    "data": { "type": "FeatureCollection", "features": [] } } },
                  "layers": [{ "id": "a", "type": "line", "source": "lines",
                    "layout": { "line-cap": "\(cap)", "line-join": "miter" }, "paint": { \(paint) } }] }
                """)
    }

    /// A line through places in pixels from the middle of a picture of 64.
    private func draw(_ style: Style, _ places: [(Double, Double)]) throws -> Pixmap {
        let degrees = 360.0 / 512
        let line = LineString(places.map { Coordinate(x: $0.0 * degrees, y: -$0.1 * degrees) })
        let view = MapView(longitude: 0, latitude: 0, zoom: 0, width: 64, height: 64)
        let content = LayerContent.features([Feature(id: 1, geometry: .lineString(line))])
        return try Pixmap(png: TileRenderer().renderPNG(style: style, layers: ["lines": content], view: view).png)
    }

    @Test func `A gradient runs from the first colour to the last`() throws {
        let style = try style(
            """
            "line-width": 8,
            "line-gradient": ["interpolate", ["linear"], ["line-progress"], 0, "#ff0000", 1, "#0000ff"]
            """)
        let picture = try draw(style, [(-20, 0), (20, 0)])
        #expect(picture[13, 32].red > 245 && picture[50, 32].blue > 245)
        #expect(abs(Int(picture[32, 32].red) - 128) < 8)
        #expect((13...50).allSatisfy { picture[$0, 32].isOpaque })
        #expect(picture[8, 32].isTransparent && picture[32, 38].isTransparent)
    }

    @Test func `A gradient counts along the corners of a line`() throws {
        let style = try style(
            #""line-width": 6, "line-gradient": ["step", ["line-progress"], "red", 0.5, "blue"]"#)
        let picture = try draw(style, [(-20, -20), (-20, 20), (20, 20)])
        #expect(picture[12, 40] == PremultipliedColor(red: 1, green: 0, blue: 0))
        #expect(picture[40, 52] == PremultipliedColor(red: 0, green: 0, blue: 1))
    }

    @Test func `Blur makes edges fade evenly to both sides`() throws {
        let picture = try draw(try style(#""line-width": 20, "line-blur": 9"#), [(-32, 0), (32, 0)])
        #expect((0..<20).allSatisfy { picture[32, 31 - $0] == picture[32, 32 + $0] })
        #expect(picture[32, 32].isOpaque && picture[32, 31].isOpaque)
        let rising = (21..<31).map { picture[32, $0].alpha }
        #expect(rising == rising.sorted() && Set(rising).count > 8)
    }

    @Test(arguments: ["miter", "bevel", "round"])
    func `Blur of nothing draws what a pen draws`(join: String) throws {
        let places = [(-20.0, 12.0), (0, -14), (18, 15)]
        for cap in ["butt", "round", "square"] {
            let hard = #""line-width": 7, "line-color": "navy""#
            func picture(_ paint: String) throws -> Pixmap {
                let text = try style(paint, cap: cap).json.text.replacing(#""miter""#, with: "\"\(join)\"")
                return try draw(try Style(parsing: text), places)
            }
            let difference = try #require(
                picture(hard).difference(from: picture(hard + #", "line-blur": ["get", "none"]"#), tolerance: 90))
            #expect(difference.differingPixels < 12, "\(join) \(cap): \(difference.differingPixels)")
        }
    }

    @Test func `Dashes of a soft line are named as not drawn`() throws {
        let style = try style(#""line-blur": 2, "line-dasharray": [1, 2]"#)
        #expect(style.notDrawn() == ["a: line-dasharray together with blur, gradient or pattern"])
    }
}
