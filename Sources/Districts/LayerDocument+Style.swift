// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension LayerDocument {
    /// A muted hue: pale for grounds, deeper for what is drawn on them.
    private struct Hue {
        var fill: String
        var edge: String
        var line: String
        var point: String
    }

    // Neighbours in the list differ in hue, for readers with any colour vision.
    // None is as strong as a shipped layer's, so that roads, water and buildings
    // stay what the eye finds first.
    private static let hues = [
        Hue(fill: "#ded5c0", edge: "#c9bda2", line: "#ab9a7c", point: "#8f7f62"),
        Hue(fill: "#cbd5de", edge: "#afbdca", line: "#8d9fb0", point: "#6f859a"),
        Hue(fill: "#cfdcc6", edge: "#b4c6a8", line: "#8faa84", point: "#6f8f66"),
        Hue(fill: "#dccfd9", edge: "#c4b2c0", line: "#a68fa2", point: "#8c7288"),
        Hue(fill: "#c8dcd9", edge: "#a9c5c1", line: "#7fa5a1", point: "#5f8a86"),
        Hue(fill: "#e3cfc6", edge: "#cfb3a7", line: "#b59183", point: "#9c7566"),
        Hue(fill: "#dddabb", edge: "#c5c19b", line: "#a5a072", point: "#878257"),
        Hue(fill: "#d3d3e3", edge: "#b7b7d0", line: "#9595b6", point: "#76769c"),
    ]

    /// The text of `style.json`: one muted hue, pale areas under thin lines
    /// under points that are specks from afar. Equal documents give equal text.
    public var style: String {
        let number = tint?.magnitude ?? UInt(SourceDefinition.slot(of: id))
        let hue = Self.hues[Int(number % UInt(Self.hues.count))]
        var layers: [String] = []
        switch geometryType.dimension {
        case 0: layers = [circle(hue)]
        case 1: layers = [line(hue)]
        case 2: layers = isFilled ? [fill(hue), edge(hue)] : [outline(hue)]
        default: layers = isFilled ? [fill(hue), line(hue), circle(hue)] : [line(hue), circle(hue)]
        }
        return "[\n\(layers.joined(separator: ",\n"))\n]\n"
    }

    private func fill(_ hue: Hue) -> String {
        styleLayer("fill", "fill", only: "Polygon", [("fill-color", Self.text(hue.fill)), ("fill-opacity", "0.6")])
    }

    /// The edge of a filled area; from afar the fill is enough.
    private func edge(_ hue: Hue) -> String {
        styleLayer(
            "outline", "line", minZoom: 12,
            [("line-color", Self.text(hue.edge)), ("line-width", Self.byZoom([(12, 0.3), (15, 0.7), (18, 1)]))])
    }

    /// The border of an area that covers others.
    private func outline(_ hue: Hue) -> String {
        styleLayer(
            "outline", "line",
            [
                ("line-color", Self.text(hue.line)), ("line-opacity", "0.7"), ("line-dasharray", "[5, 3]"),
                ("line-width", Self.byZoom([(8, 0.5), (14, 1), (18, 1.4)])),
            ])
    }

    private func line(_ hue: Hue) -> String {
        // What covers others lies on lines that are drawn already.
        let opacity = isFilled ? [(10, 0.55), (15, 0.8)] : [(10, 0.35), (15, 0.6)]
        return styleLayer(
            "line", "line",
            [
                ("line-color", Self.text(hue.line)), ("line-opacity", Self.byZoom(opacity)),
                ("line-width", Self.byZoom([(8, 0.3), (12, 0.6), (15, 1), (18, 1.6)])),
            ])
    }

    private func circle(_ hue: Hue) -> String {
        // Beside lines and areas points are what is left, and they are many.
        let isAlone = geometryType.dimension == 0
        let radius =
            isAlone ? [(8, 0.5), (12, 0.7), (14, 1.2), (16, 2.6), (18, 4.5)] : [(14, 0.7), (16, 1.6), (18, 3)]
        return styleLayer(
            "point", "circle", only: "Point", minZoom: isAlone ? nil : 14,
            [
                ("circle-color", Self.text(hue.point)),
                ("circle-opacity", Self.byZoom([(10, 0.5), (14, 0.7), (16, 0.9)])),
                ("circle-radius", Self.byZoom(radius)),
                ("circle-stroke-color", Self.text("#ffffff")),
                ("circle-stroke-width", Self.byZoom([(14, 0), (16, 0.8), (18, 1.2)])),
            ])
    }

    /// - Parameter type: the one that features of a layer of any geometries have
    ///   to have: a line must not be filled, nor every vertex get a circle.
    private func styleLayer(
        _ suffix: String, _ kind: String, only type: String? = nil, minZoom: Int? = nil,
        _ paint: [(name: String, value: String)]
    ) -> String {
        var members = [
            ("id", Self.text("\(id)-\(suffix)")), ("type", Self.text(kind)), ("source", Self.text("district")),
            ("source-layer", Self.text(id)),
        ]
        if let minZoom { members.append(("minzoom", String(minZoom))) }
        if let type, geometryType.dimension == nil {
            members.append(("filter", "[\"==\", [\"geometry-type\"], \"\(type)\"]"))
        }
        let properties = paint.map { "      \"\($0.name)\": \($0.value)" }.joined(separator: ",\n")
        members.append(("paint", "{\n\(properties)\n    }"))
        return "  {\n" + members.map { "    \"\($0.0)\": \($0.1)" }.joined(separator: ",\n") + "\n  }"
    }

    private static func byZoom(_ stops: [(zoom: Int, value: Double)]) -> String {
        let list = stops.map { "\($0.zoom), \($0.value)" }.joined(separator: ", ")
        return "[\"interpolate\", [\"linear\"], [\"zoom\"], \(list)]"
    }

    /// An id or a colour in JSON; neither holds what would have to be escaped.
    private static func text(_ text: String) -> String { "\"\(text)\"" }
}
