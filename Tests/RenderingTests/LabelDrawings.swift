// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Styles with labels whose pictures a person has looked at.
let labelDrawings: [StyleDrawing] = [
    StyleDrawing(
        "labels-points-and-areas", z: 16,
        """
        { "id": "houses", "type": "fill", "source": "houses", "paint": { "fill-color": "#e4dcd4" } },
        { "id": "trees", "type": "circle", "source": "trees", "paint": { "circle-radius": 2, "circle-color": "#2a9d3a" } },
        { "id": "names", "type": "symbol", "source": "houses", "layout": {
            "text-field": ["match", ["get", "use"], "residential", "苗圃新村", "industrial", "大昌机械（集团）有限公司",
                "school", "中心小学校", "便民商店"],
            "text-size": 13, "text-max-width": 5, "symbol-sort-key": ["-", ["get", "levels"]] },
          "paint": { "text-color": "#333333", "text-halo-color": "#ffffff", "text-halo-width": 1.5 } },
        { "id": "heights", "type": "symbol", "source": "trees", "layout": {
            "text-field": ["concat", ["number-format", ["get", "height"], { "max-fraction-digits": 1 }], " m"],
            "text-size": 10, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.5 },
          "paint": { "text-color": "#1b6b27", "text-halo-color": "rgba(255, 255, 255, 0.8)", "text-halo-width": 1,
                     "text-halo-blur": 1 } }
        """),
    StyleDrawing(
        "labels-along-lines", z: 16,
        """
        { "id": "roads", "type": "line", "source": "roads", "layout": { "line-join": "round" },
          "paint": { "line-color": "#ffffff", "line-width": 12 } },
        { "id": "centers", "type": "symbol", "source": "houses", "minzoom": 15, "layout": {
            "symbol-placement": "line-center", "text-field": "墙", "text-size": 10, "text-rotation-alignment": "viewport" },
          "paint": { "text-color": "#a03030" } },
        { "id": "names", "type": "symbol", "source": "roads", "layout": {
            "symbol-placement": "line", "symbol-spacing": 180,
            "text-field": ["match", ["get", "class"], "primary", "大昌公路", "人民路 Renmin Rd"], "text-size": 12,
            "text-letter-spacing": 0.1 },
          "paint": { "text-color": "#5a4a3a", "text-halo-color": "#ffffff", "text-halo-width": 1 } }
        """),
    StyleDrawing(
        "labels-formatted", z: 16,
        """
        { "id": "names", "type": "symbol", "source": "houses", "layout": {
            "text-field": ["format",
                ["upcase", ["get", "use"]], { "font-scale": 0.7, "text-color": "#808080" }, "\\n", {},
                ["concat", ["to-string", ["get", "levels"]], " 层"],
                { "text-font": ["literal", ["DejaVu Sans Bold"]], "text-color": "#b03060" }],
            "text-size": 16, "text-rotate": -20, "text-anchor": "top-left", "text-justify": "right",
            "text-offset": [0.3, 0.2], "text-padding": 8 },
          "paint": { "text-opacity": 0.8, "text-translate": [4, -6] } },
        { "id": "many", "type": "symbol", "source": "trees", "layout": {
            "text-field": "שלום عربي 树", "text-size": 11, "text-allow-overlap": true,
            "text-ignore-placement": true } }
        """),
]
