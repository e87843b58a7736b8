// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The layer that knows where addresses lie, and which of its fields say them.
public struct AddressDefinition: Hashable, Sendable {
    public var layer: String
    /// The road, and the number with or without 弄 and 号.
    public var road: String?
    public var number: String?
    /// The whole address, for features without road and number.
    public var full: String?

    public init(layer: String = "addresses", road: String? = "road", number: String? = "number", full: String? = "full") {
        self.layer = layer
        self.road = road
        self.number = number
        self.full = full
    }

    static func read(_ value: YAMLValue, layers: LayerCatalogue) -> AddressDefinition {
        let known = ["layer", "road", "number", "full"]
        guard let mapping = value.mapping("the layer of addresses", known: known) else { return AddressDefinition() }
        let layer = mapping["layer"]?.word() ?? "addresses"
        guard let manifest = layers[layer] else {
            (mapping["layer"] ?? value).refuse(layer, isNot: "a layer", among: layers.ids)
            return AddressDefinition()
        }
        func field(_ key: String) -> String? {
            guard let value = mapping[key], let name = value.word() else { return nil }
            if manifest.field(name) != nil { return name }
            value.refuse(name, isNot: "a field of \(layer)", among: manifest.fields.map(\.field.name))
            return nil
        }
        let definition = AddressDefinition(
            layer: layer, road: field("road"), number: field("number"), full: field("full"))
        if mapping["full"] == nil, mapping["road"] == nil || mapping["number"] == nil {
            value.refuse("a field with the whole address (full), or one with the road and one with the number, is missing")
        }
        return definition
    }
}
