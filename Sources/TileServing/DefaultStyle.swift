// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// How a layer without a style of its own is drawn: quiet colours, one a layer.
enum DefaultStyle {
    // Muted hues that stay apart on paper, for readers with any colour vision.
    private static let colors = [
        "#8a9db0", "#b59a7d", "#8fa886", "#a991b0", "#c09090", "#7fa5a3", "#b3a46f", "#9295b8",
    ]

    /// A JSON array of style layers for a geometry type.
    static func styleLayers(for type: GeometryType, id: String) -> String {
        let color = colors[id.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % colors.count]
        let fill = """
            {"id":"fill","type":"fill","filter":["==",["geometry-type"],"Polygon"],\
            "paint":{"fill-color":"\(color)","fill-opacity":0.45}}
            """
        let line = """
            {"id":"line","type":"line","filter":["!=",["geometry-type"],"Point"],"layout":{"line-join":"round"},\
            "paint":{"line-color":"\(color)","line-width":["interpolate",["linear"],["zoom"],10,0.6,16,1.6]}}
            """
        let circle = """
            {"id":"circle","type":"circle","filter":["==",["geometry-type"],"Point"],\
            "paint":{"circle-color":"\(color)","circle-stroke-color":"#ffffff","circle-stroke-width":1,\
            "circle-radius":["interpolate",["linear"],["zoom"],10,2,16,5]}}
            """
        switch type {
        case .point, .multiPoint: return "[\(circle)]"
        case .lineString, .multiLineString: return "[\(line)]"
        case .polygon, .multiPolygon: return "[\(fill),\(line)]"
        default: return "[\(fill),\(line),\(circle)]"
        }
    }
}
