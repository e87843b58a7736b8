// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import MapStyles

@Suite struct StyleTests {
    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try Style(parsing: text)
            return []
        } catch {
            return error.issues.map(\.description)
        }
    }

    private func style(layers: String) -> String {
        #"{"version": 8, "sources": {"map": {"type": "vector", "tiles": []}}, "layers": [\#(layers)]}"#
    }

    @Test func `A style is read with its sources and layers in order`() throws {
        let style = try Style(
            parsing: """
                {"version": 8, "name": "Test", "zebra": 1,
                 "sources": {"map": {"type": "vector", "tiles": ["a/{z}/{x}/{y}"], "maxzoom": 14},
                             "photo": {"type": "raster", "tiles": [], "tileSize": 256}},
                 "layers": [
                  {"id": "ground", "type": "background", "paint": {"background-color": "#eee"}},
                  {"id": "names", "type": "symbol", "source": "map", "source-layer": "towns", "minzoom": 5,
                   "maxzoom": 12, "layout": {"text-field": "{name} town", "visibility": "none"}}]}
                """)
        #expect(style.name == "Test")
        #expect(style.sources.map(\.id) == ["map", "photo"])
        #expect(style.sources.map(\.maxZoom) == [14, 22])
        #expect(style.sources[1].tileSize == 256)
        #expect(style.layers.map(\.type) == [.background, .symbol])
        #expect(style.layers.map(\.type.isDrawn) == [true, true])
        #expect(style.layers[1].sourceLayer == "towns")
        #expect(!style.layers[1].isVisible)
        #expect(!style.layers[1].isShown(atZoom: 8))
    }

    @Test func `A layer is shown from its lowest zoom on and below its highest`() throws {
        let style = try Style(
            parsing: style(layers: #"{"id": "a", "type": "background", "minzoom": 5, "maxzoom": 9}"#))
        #expect([4.9, 5, 8.9, 9].map(style.layers[0].isShown) == [false, true, true, false])
    }

    @Test func `Layers of old take what they lack from the layer they name`() throws {
        let style = try Style(
            parsing: style(
                layers: """
                    {"id": "a", "type": "line", "source": "map", "source-layer": "roads", "filter": ["has", "x"],
                     "layout": {"line-cap": "round"}},
                    {"id": "b", "ref": "a", "paint": {"line-width": 3}}
                    """))
        let layer = style.bind(layer: 1, columns: []).evaluation(zoom: 10)
        #expect(style.layers[1].sourceLayer == "roads")
        #expect(style.layers[1].filter != nil)
        #expect(layer[.lineCap] == .round)
        #expect(layer[.lineWidth] == 3)
    }

    @Test func `All mistakes are named at once with place and cure`() {
        let text = """
            {"version": 8, "sources": {"map": {"type": "vektor"}},
             "layers": [
              {"id": "a", "type": "fil", "source": "map"},
              {"id": "a", "type": "fill", "source": "mpa", "source-layer": "x",
               "paint": {"fill-colour": "red", "fill-color": ["mach", ["get", "x"], "a", "red", "blue"],
                         "fill-opacity": 2, "fill-sort-key": 1}}]}
            """
        #expect(
            mistakes(text) == [
                "line 1: sources.map.type: expected one of [vector, raster, raster-dem, geojson, video, image], "
                    + "\"vektor\" found. Did you mean \"vector\"?",
                "line 3: layers[0].type: expected one of [fill, line, symbol, circle, heatmap, fill-extrusion, raster, "
                    + "hillshade, color-relief, background], \"fil\" found. Did you mean \"fill\"?",
                "line 4: layers[1]: duplicate layer id \"a\", previously used at line 3",
                "line 4: layers[1]: source \"mpa\" not found. Did you mean \"map\"?",
                "line 5: layers[1].paint.fill-colour: unknown property \"fill-colour\". Did you mean \"fill-color\"?",
                "line 5: layers[1].paint.fill-color: color expected, array found. There is no expression \"mach\". "
                    + "Did you mean \"match\"?",
                "line 6: layers[1].paint.fill-opacity: 2 is greater than the maximum value 1",
                "line 6: layers[1].paint.fill-sort-key: unknown property \"fill-sort-key\". It belongs in \"layout\".",
            ])
    }

    @Test func `Text that is not JSON is refused with its line`() {
        #expect(
            mistakes("{\n\"version\" 8}") == [
                "line 2: the style is not JSON: ':' is expected after the key \"version\""
            ])
        #expect(mistakes("[]") == ["line 1: object expected, array found"])
    }

    @Test func `A cycle of references is refused`() {
        let text = style(layers: #"{"id": "a", "ref": "b"}, {"id": "b", "ref": "a"}"#)
        #expect(mistakes(text).count == 2)
        #expect(mistakes(text)[0].hasSuffix("ref cannot reference another ref layer"))
    }

    @Test func `An expression nested 10,000 deep is refused`() {
        let deep = String(repeating: "[\"!\",", count: 10_000) + "true" + String(repeating: "]", count: 10_000)
        let text = style(layers: #"{"id": "a", "type": "background", "paint": {"background-opacity": \#(deep)}}"#)
        #expect(mistakes(text).first?.contains("nested deeper than 64 levels") == true)
    }

    @Test func `Ten thousand layers are read, and more than the limit are refused`() throws {
        let layers = (0..<10_000).map { #"{"id": "\#($0)", "type": "background"}"# }.joined(separator: ",\n")
        #expect(try Style(parsing: style(layers: layers)).layers.count == 10_000)
        let limits = StyleLimits(maxBytes: 1 << 20, maxDepth: 64, maxLayers: 9_999)
        #expect(throws: MapStylesError.self) { try Style(parsing: style(layers: layers), limits: limits) }
    }

    @Test func `Variables that name each other in rows do not multiply the work`() throws {
        // Each variable doubles the one before: 2^40 steps without remembering.
        var expression = #"["var", "v20"]"#
        for index in stride(from: 20, through: 1, by: -1) {
            let before = #"["var", "v\#(index - 1)"]"#
            expression = #"["let", "v\#(index)", ["+", \#(before), \#(before)], \#(expression)]"#
        }
        let text = style(
            layers: """
                {"id": "a", "type": "circle", "source": "map", "source-layer": "x",
                 "paint": {"circle-radius": ["let", "v0", ["number", ["get", "r"], 1], \(expression)]}}
                """)
        let evaluation = try Style(parsing: text).bind(layer: 0, columns: ["r"]).evaluation(zoom: 0)
        evaluation.row = TestRow([.number(1)])
        #expect(evaluation[.circleRadius] == 1_048_576)
    }

    @Test func `Filters of old inside expressions are accepted with a warning`() throws {
        let style = try Style(
            parsing: style(
                layers: """
                    {"id": "a", "type": "line", "source": "map", "source-layer": "x",
                     "filter": ["all", ["==", ["get", "a"], 1], ["!has", "b"], ["has", "c"]]}
                    """.replacing("[\"!has\", \"b\"]", with: "[\"!\", [\"in\", \"name\", \"\"]]")))
        #expect(style.warnings.map(\.path) == ["layers[0].filter[2][1]"])
        #expect(style.warnings.first?.severity == .warning)
    }
}
