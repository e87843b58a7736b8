// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A MapLibre style document, checked and ready to be drawn with.
///
/// A renderer binds each layer to the columns of its features once, and makes
/// one evaluation of it for each tile; nothing is looked up by name after
/// that:
///
/// ```swift
/// let style = try Style(parsing: bytes)
/// for (index, layer) in style.layers.enumerated() where layer.isShown(atZoom: zoom) {
///     let bound = style.bind(layer: index, columns: ["class", "height"])
///     let evaluation = bound.evaluation(zoom: zoom)
///     evaluation.row = reader                     // a FeatureRow
///     for feature in reader.features {
///         reader.move(to: feature)
///         evaluation.begin(id: feature.id, geometryType: .polygon)
///         guard evaluation.passesFilter() else { continue }
///         let color = evaluation[.fillColor].multiplied(byOpacity: evaluation[.fillOpacity])
///     }
/// }
/// ```
///
/// What is constant or depends only on the zoom is evaluated once, when the
/// evaluation is made. An expression that fails for a feature gives the
/// property's default, and is counted.
public struct Style: Sendable {
    public let name: String?
    /// In document order.
    public let sources: [StyleSource]
    /// From the bottom of the picture to its top.
    public let layers: [StyleLayer]
    /// What was accepted although newer styles write it otherwise.
    public let warnings: [StyleIssue]
    /// The document.
    public let json: JSONValue

    let names: PropertyNames
    /// Values of the style's `state`, by name.
    let state: [String: StyleValue]

    /// Reads a style document.
    ///
    /// - Throws: `MapStylesError` with all mistakes at once.
    public init(parsing bytes: [UInt8], limits: StyleLimits = .default) throws(MapStylesError) {
        try self.init(try JSONValue(parsing: bytes, of: "style", limits: limits), limits: limits)
    }

    /// Reads a style document.
    ///
    /// - Throws: `MapStylesError` with all mistakes at once.
    public init(parsing text: String, limits: StyleLimits = .default) throws(MapStylesError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    private init(_ json: JSONValue, limits: StyleLimits) throws(MapStylesError) {
        var validator = StyleValidator(style: json, limits: limits)
        validator.validate()
        let mistakes = validator.issues.filter { $0.severity == .error }
        guard mistakes.isEmpty else { throw MapStylesError(issues: mistakes) }

        self.json = json
        name = json["name"]?.string
        warnings = validator.issues.filter { $0.severity == .warning }
        sources = (json["sources"]?.object ?? []).compactMap { StyleSource(id: $0.key, $0.value) }
        let state = Dictionary(
            (json["state"]?.object ?? []).map { ($0.key, StyleValue($0.value["default"] ?? JSONValue(.null))) }
        ) { $1 }
        var names = PropertyNames()
        layers = Self.resolvingReferences(json["layers"]?.array ?? []).compactMap {
            StyleLayer($0, names: &names, state: state)
        }
        self.names = names
        self.state = state
    }

    /// Layers of old that took source, type and layout from another, written
    /// out.
    private static func resolvingReferences(_ layers: [JSONValue]) -> [JSONValue] {
        guard layers.contains(where: { $0["ref"] != nil }) else { return layers }
        let byID = Dictionary(layers.compactMap { layer in layer["id"]?.string.map { ($0, layer) } }) { first, _ in
            first
        }
        return layers.map { layer in
            guard let parent = layer["ref"]?.string.flatMap({ byID[$0] }), var members = layer.object else {
                return layer
            }
            members.removeAll { $0.key == "ref" }
            let shared = ["type", "source", "source-layer", "minzoom", "maxzoom", "filter", "layout"]
            for key in shared where layer[key] == nil {
                if let value = parent[key] { members.append(JSONMember(key, value)) }
            }
            return JSONValue(.object(members), line: layer.line)
        }
    }

    /// Matches a layer with the columns of its features.
    ///
    /// - Parameters:
    ///   - index: the layer's position in `layers`.
    ///   - columns: the names of the attributes, in the order in which a
    ///     `FeatureRow` numbers them.
    public func bind(layer index: Int, columns: [String]) -> BoundLayer {
        BoundLayer(layer: layers[index], columnNames: columns, columns: names.columns(in: columns), state: state)
    }
}
