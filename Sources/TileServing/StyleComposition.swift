// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles

/// Puts the style layers of several map layers together into one MapLibre
/// style document.
enum StyleComposition {
    /// The sources that a document's layers draw from: merged layers from one,
    /// live ones from the other, so that a browser can refresh them apart.
    static func source(of layer: MapLayer) -> String {
        layer.isLive ? MapCatalogue.liveMap : MapCatalogue.baseMap
    }

    /// A style document (specification version 8) in UTF-8, keys sorted.
    ///
    /// The background comes first, then the layers' own style layers in the
    /// layers' order, those with labels above all others. Each style layer's id begins with its layer's id, and its
    /// metadata name the layer.
    ///
    /// - Parameter background: a CSS colour under everything; nil leaves the map
    ///   transparent where no layer is, for maps that lie over another.
    /// - Parameter sources: MapLibre sources by id; those that a layer needs
    ///   and this lacks are written as empty vector sources.
    /// - Parameter glyphs: where browsers find glyphs, as a template.
    /// - Throws: `TileServingError` when a layer's style is no JSON array of
    ///   objects.
    static func style(
        name: String, layers: [MapLayer], sources: [String: [String: Any]], background: String? = nil,
        glyphs: String? = nil
    ) throws -> Data {
        var sources = sources
        var styleLayers: [[String: Any]] = []
        // What is written on the map is not covered by what lies on it.
        var labels: [[String: Any]] = []
        if let background {
            styleLayers.append(["id": "background", "type": "background", "paint": ["background-color": background]])
        }
        for layer in layers {
            let source = source(of: layer)
            if sources[source] == nil { sources[source] = ["type": "vector", "tiles": [String]()] }
            for (number, styleLayer) in try self.styleLayers(of: layer).enumerated() {
                var styleLayer = styleLayer
                let own = styleLayer["id"] as? String ?? String(number)
                styleLayer["id"] = own.hasPrefix(layer.id) ? own : "\(layer.id)/\(own)"
                var metadata = styleLayer["metadata"] as? [String: Any] ?? [:]
                metadata["miaopu:layer"] = layer.id
                styleLayer["metadata"] = metadata
                if styleLayer["type"] as? String != "background" {
                    styleLayer["source"] = source
                    styleLayer["source-layer"] = layer.id
                    let minimum = styleLayer["minzoom"] as? Double ?? 0
                    if layer.minZoom > minimum { styleLayer["minzoom"] = layer.minZoom }
                }
                if styleLayer["type"] as? String == "symbol" {
                    labels.append(styleLayer)
                } else {
                    styleLayers.append(styleLayer)
                }
            }
        }
        var document: [String: Any] = [
            "version": 8, "name": name, "sources": sources, "layers": styleLayers + labels,
        ]
        document["glyphs"] = glyphs
        return try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
    }

    /// A layer's own style as it was given, when the server can draw with it.
    ///
    /// - Throws: `TileServingError` or `MapStylesError` that says what is wrong.
    static func checked(_ styleLayers: String, layer id: String) throws -> String {
        let list = try layers(in: styleLayers).enumerated().map { number, layer in
            var layer = layer
            layer["id"] = layer["id"] ?? String(number)
            if layer["type"] as? String != "background" {
                layer["source"] = id
                layer["source-layer"] = id
            }
            return layer
        }
        let document: [String: Any] = [
            "version": 8, "sources": [id: ["type": "vector", "tiles": [String]()]], "layers": list,
        ]
        _ = try Style(parsing: [UInt8](try JSONSerialization.data(withJSONObject: document)))
        return styleLayers
    }

    private static func styleLayers(of layer: MapLayer) throws -> [[String: Any]] {
        try layers(in: layer.styleLayers)
    }

    private static func layers(in text: String) throws(TileServingError) -> [[String: Any]] {
        guard let parsed = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else {
            throw TileServingError(.unreadable, "it is not JSON.")
        }
        // A whole style document is taken as well as the bare list.
        let list = (parsed as? [String: Any])?["layers"] ?? parsed
        guard let layers = list as? [[String: Any]] else {
            throw TileServingError(.unreadable, "it is not a JSON array of style layers.")
        }
        return layers
    }
}
