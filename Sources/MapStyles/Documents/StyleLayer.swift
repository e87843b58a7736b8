// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One layer of a style: what to draw and how.
public struct StyleLayer: Sendable {
    public let id: String
    public let type: StyleLayerType
    /// The id of the source; nil for backgrounds.
    public let source: String?
    /// Which layer of the source's vector tiles.
    public let sourceLayer: String?
    /// The layer is drawn from this zoom on, in MapLibre's zoom for 512-pixel
    /// tiles.
    public let minZoom: Double?
    /// The layer is drawn below this zoom.
    public let maxZoom: Double?
    /// False for `"visibility": "none"`.
    public let isVisible: Bool
    /// Whether the filter or a property asks for the geometry itself, with
    /// `within` or `distance`.
    public let usesGeometry: Bool
    /// The layer as it stands in the style.
    public let json: JSONValue

    let filter: ExpressionTree?
    /// In the order of the reference's properties of this type.
    let properties: [CompiledProperty]
    let range: Range<Int>

    /// Whether the layer shows anything at a zoom, in MapLibre's zoom for
    /// 512-pixel tiles.
    public func isShown(atZoom zoom: Double) -> Bool {
        isVisible && zoom >= minZoom ?? -.infinity && zoom < maxZoom ?? .infinity
    }

    /// Whether a property's result may differ from feature to feature.
    public func isFeatureDependent<Value>(_ key: PropertyKey<Value>) -> Bool {
        range.contains(key.index) && properties[key.index - range.lowerBound].dependencies.usesFeature
    }

    /// Whether the layer itself sets a property.
    public func sets<Value>(_ key: PropertyKey<Value>) -> Bool {
        json["paint"]?[key.name] != nil || json["layout"]?[key.name] != nil
    }
}

extension StyleLayer {
    /// Reads a layer that has been checked; nil when it has no known type.
    init?(_ json: JSONValue, names: inout PropertyNames, state: [String: StyleValue]) {
        guard let id = json["id"]?.string, let type = json["type"]?.string.flatMap(StyleLayerType.init(rawValue:)),
            let range = StyleReference.ranges[type]
        else { return nil }
        self.id = id
        self.type = type
        self.range = range
        self.json = json
        source = json["source"]?.string
        sourceLayer = json["source-layer"]?.string
        minZoom = json["minzoom"]?.number
        maxZoom = json["maxzoom"]?.number
        filter = json["filter"].flatMap { Self.filter($0, names: &names) }

        var properties: [CompiledProperty] = []
        let layout = json["layout"]
        let paint = json["paint"]
        for reference in StyleReference.properties[range] {
            let value = layout?[reference.name] ?? paint?[reference.name]
            properties.append(
                value.flatMap { CompiledProperty($0, reference, names: &names) }
                    ?? CompiledProperty(defaultOf: reference))
        }
        self.properties = properties
        usesGeometry =
            filter?.root.dependencies.usesGeometry ?? false || properties.contains { $0.dependencies.usesGeometry }

        let context = EvaluationContext()
        context.globalState = state
        var failures = 0
        let visibility = layout?["visibility"].flatMap {
            CompiledProperty($0, StyleReference.visibility, names: &names)
        }
        isVisible = visibility?.evaluate(context, failures: &failures) != .string("none")
    }

    private static func filter(_ json: JSONValue, names: inout PropertyNames) -> ExpressionTree? {
        guard LegacyFilter.isExpression(json) else {
            return LegacyFilter.node(json, names: &names).map(ExpressionTree.init)
        }
        let parser = ExpressionParser(names: names, expected: .boolean)
        let node = parser.parse(json)
        names = parser.shared.names
        return node.map(ExpressionTree.init)
    }
}
