// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The style layers that a plugin gives for one of its layers.
enum LiveStyle {
    /// What is wrong with a style.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Style-layer types that draw vector features.
    private static let types: Set<String> = ["fill", "line", "circle", "symbol"]

    /// The array with `source` and `source-layer` set to the layer's id and that
    /// id in front of each style layer's; names in alphabetical order.
    ///
    /// Paint and layout are checked where styles are understood.
    ///
    /// - Throws: `Fault` for what is no array of 1 to 32 style layers.
    static func complete(_ text: String, layer: String) throws(Fault) -> String {
        guard text.utf8.count <= 1 << 20 else { throw Fault(description: "its style is larger than 1 MiB") }
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
            var layers = value as? [[String: Any]], (1...32).contains(layers.count)
        else { throw Fault(description: "its style is no JSON array of 1 to 32 MapLibre style layers") }
        var names = Set<String>()
        for index in layers.indices {
            guard let type = layers[index]["type"] as? String, types.contains(type) else {
                throw Fault(
                    description: "style layer \(index) has the type \(layers[index]["type"] ?? "(none)"); "
                        + "fill, line, circle and symbol are accepted")
            }
            guard let name = layers[index]["id"] as? String, !name.isEmpty, names.insert(name).inserted else {
                throw Fault(description: "style layer \(index) has no id of its own")
            }
            layers[index]["id"] = "\(layer)/\(name)"
            layers[index]["source"] = layer
            layers[index]["source-layer"] = layer
        }
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: layers, options: [.sortedKeys, .withoutEscapingSlashes])
        else { throw Fault(description: "its style cannot be written as JSON") }
        return String(decoding: data, as: UTF8.self)
    }
}
