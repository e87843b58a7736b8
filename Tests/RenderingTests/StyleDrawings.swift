// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

/// A style whose picture a person has looked at.
struct StyleDrawing: Sendable, CustomTestStringConvertible {
    let name: String
    let z: Int
    /// The layers of the style as JSON.
    let layers: String

    init(_ name: String, z: Int = 15, hasPaper: Bool = true, _ layers: String) {
        let paper = """
            { "id": "paper", "type": "background", "paint": { "background-color": "#f2efe9" } },
            """
        self.name = name
        self.z = z
        self.layers = (hasPaper ? paper : "") + layers.replacingSources(["houses", "roads", "trees"])
    }

    var testDescription: String { name }
}

let styleDrawings = shapeDrawings + labelDrawings

private let shapeDrawings: [StyleDrawing] = [
    StyleDrawing(
        "town",
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": {
            "fill-color": ["match", ["get", "use"],
                "residential", "#d9d0c9", "industrial", "#ebdbe8", "school", "#f0e68c", "#f4c7ab"],
            "fill-outline-color": "#b8a99a" } },
        { "id": "casing", "type": "line", "source": "roads",
          "layout": { "line-join": "round", "line-cap": "butt" },
          "paint": { "line-color": "#707d05", "line-width": ["match", ["get", "class"], "primary", 9.4, 4.4] } },
        { "id": "roads", "type": "line", "source": "roads",
          "layout": { "line-join": "round", "line-cap": "round" },
          "paint": { "line-color": ["match", ["get", "class"], "primary", "#fcd6a4", "#ffffff"],
                     "line-width": ["match", ["get", "class"], "primary", 8, 3] } },
        { "id": "trees", "type": "circle", "source": "trees", "paint": {
            "circle-radius": ["interpolate", ["linear"], ["get", "height"], 1, 1, 9, 4],
            "circle-color": "#4a8a3a", "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 } }
        """),
    StyleDrawing(
        "fill-plain", hasPaper: false,
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": { "fill-color": "#cc3311" } }
        """),
    StyleDrawing(
        "fill-translucent",
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": {
            "fill-color": "#3355cc", "fill-opacity": 0.5, "fill-outline-color": "#001166" } },
        { "id": "moved", "type": "fill", "source": "houses", "paint": {
            "fill-color": "rgba(200, 60, 0, 0.4)", "fill-translate": [6, -3.5] } }
        """),
    StyleDrawing(
        "fill-filter",
        """
        { "id": "high", "type": "fill", "source": "houses", "filter": [">=", ["get", "levels"], 15],
          "paint": { "fill-color": ["step", ["get", "levels"], "#fdbb84", 20, "#e34a33", 25, "#7f0000"] } }
        """),
    StyleDrawing(
        "fill-sort-key", z: 14,
        """
        { "id": "houses", "type": "fill", "source": "houses",
          "layout": { "fill-sort-key": ["get", "levels"] },
          "paint": { "fill-color": ["step", ["get", "levels"], "#000000", 15, "#ffffff"], "fill-translate": [0, 0],
                     "fill-outline-color": "#ff0000" } }
        """),
    StyleDrawing(
        "fill-layer-opacity",
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": {
            "fill-color": "#3355cc", "fill-outline-color": "#001166", "fill-layer-opacity": 0.5 } }
        """),
    StyleDrawing(
        "line-widths",
        """
        { "id": "roads", "type": "line", "source": "roads",
          "layout": { "line-join": "round", "line-cap": "round" },
          "paint": { "line-color": "rgba(0, 60, 160, 0.5)",
                     "line-width": ["interpolate", ["exponential", 2], ["zoom"], 10, 0.4, 16, 20] } }
        """),
    StyleDrawing(
        "line-dash",
        """
        { "id": "roads", "type": "line", "source": "roads", "layout": { "line-join": "bevel" },
          "paint": { "line-color": "#883322", "line-width": 3, "line-dasharray": [4, 1.5, 1, 1.5] } }
        """),
    StyleDrawing(
        "line-gap-and-offset",
        """
        { "id": "pair", "type": "line", "source": "roads", "layout": { "line-join": "round" },
          "paint": { "line-color": "#223388", "line-width": 2, "line-gap-width": 5 } },
        { "id": "aside", "type": "line", "source": "roads", "layout": { "line-join": "round" },
          "paint": { "line-color": "#cc2222", "line-width": 1.5, "line-offset": 8 } }
        """),
    StyleDrawing(
        "line-around-houses",
        """
        { "id": "walls", "type": "line", "source": "houses", "layout": { "line-join": "miter" },
          "paint": { "line-color": "#333333", "line-width": 2.5, "line-opacity": 0.6 } }
        """),
    StyleDrawing(
        "circles",
        """
        { "id": "trees", "type": "circle", "source": "trees", "paint": {
            "circle-radius": ["get", "height"], "circle-color": "#2a9d3a", "circle-opacity": 0.4,
            "circle-stroke-color": "#104010", "circle-stroke-width": 1.5, "circle-stroke-opacity": 0.7 } }
        """),
    StyleDrawing(
        "circle-sort-key",
        """
        { "id": "trees", "type": "circle", "source": "trees",
          "layout": { "circle-sort-key": ["-", ["get", "height"]] },
          "paint": { "circle-radius": ["*", 3, ["get", "height"]],
                     "circle-color": ["interpolate", ["linear"], ["get", "height"], 1, "#ffee88", 9, "#226622"],
                     "circle-stroke-color": "#000000", "circle-stroke-width": 0.5 } }
        """),
    StyleDrawing(
        "circle-blur",
        """
        { "id": "trees", "type": "circle", "source": "trees", "paint": {
            "circle-radius": ["*", 2, ["get", "height"]], "circle-color": "#cc2255", "circle-blur": 0.8,
            "circle-stroke-color": "#2233cc", "circle-stroke-width": 3 } }
        """),
    StyleDrawing(
        "background-pattern", hasPaper: false,
        """
        { "id": "ground", "type": "background", "paint": {
            "background-pattern": "dots", "background-opacity": 0.7 } },
        { "id": "roads", "type": "line", "source": "roads", "paint": { "line-width": 3 } }
        """),
    StyleDrawing(
        "fill-pattern",
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": {
            "fill-pattern": ["match", ["get", "use"], "residential", "checks", "industrial", "dots", "stripes"],
            "fill-opacity": ["case", [">", ["get", "levels"], 10], 1, 0.6] } }
        """),
    StyleDrawing(
        "line-blur",
        """
        { "id": "roads", "type": "line", "source": "roads",
          "layout": { "line-join": "round", "line-cap": "round" },
          "paint": { "line-color": "#aa2200", "line-width": 10, "line-blur": 6 } },
        { "id": "pair", "type": "line", "source": "roads", "paint": {
            "line-color": "#002288", "line-width": 3, "line-gap-width": 12, "line-blur": 1, "line-offset": 4 } }
        """),
    StyleDrawing(
        "line-pattern",
        """
        { "id": "roads", "type": "line", "source": "roads", "layout": { "line-join": "bevel" },
          "paint": { "line-pattern": ["match", ["get", "class"], "primary", "checks", "dots"],
                     "line-width": ["match", ["get", "class"], "primary", 12, 6], "line-opacity": 0.8 } }
        """),
    StyleDrawing(
        "from-afar", z: 12,
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": { "fill-color": "#a08070" } },
        { "id": "roads", "type": "line", "source": "roads",
          "paint": { "line-color": "#404040", "line-width": 0.6 } }
        """),
    StyleDrawing(
        "close", z: 19,
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": {
            "fill-color": "#d9d0c9", "fill-outline-color": "#806050" } },
        { "id": "roads", "type": "line", "source": "roads",
          "layout": { "line-join": "round", "line-cap": "round" },
          "paint": { "line-color": "rgba(80, 80, 200, 0.7)", "line-width": 40, "line-dasharray": [1, 1] } }
        """),
]

extension String {
    /// Names the data of a test by `source-layer`.
    func replacingSources(_ names: [String]) -> String {
        names.reduce(self) {
            $0.replacing(#""source": "\#($1)""#, with: #""source": "town", "source-layer": "\#($1)""#)
        }
    }
}
