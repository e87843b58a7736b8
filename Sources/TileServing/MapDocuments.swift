// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import MapStyles
import PluginHosting
import Rendering
import SimpleFeatures

/// The JSON documents about the catalogue: TileJSON, styles, the list of layers.
struct MapDocuments {
    let catalogue: MapCatalogue
    /// What links begin with, without a slash at the end: `http://127.0.0.1:8080`.
    let base: String

    /// TileJSON 3.0 of a map's vector tiles.
    func tileJSON(of map: DistrictMap) throws -> Data {
        var document: [String: Any] = [
            "tilejson": "3.0.0", "name": title(map.titles), "version": "1.0.0", "scheme": "xyz",
            "tiles": [tileTemplate(of: map)], "minzoom": 0, "maxzoom": deepestZoom,
            "vector_layers": map.layers.compactMap(catalogue.layer).map { layer in
                [
                    "id": layer.id, "description": title(layer.titles), "minzoom": Int(layer.minZoom),
                    "maxzoom": deepestZoom, "miaopu:sensitivity": layer.sensitivity.rawValue,
                    "fields": Dictionary(layer.fields.map { ($0.name, tileJSONType($0.type)) }) { first, _ in first },
                ] as [String: Any]
            },
        ]
        if let bounds = bounds(of: map) {
            document["bounds"] = bounds
            document["center"] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, 11]
        }
        return try serialized(document)
    }

    /// The style document of a map, for MapLibre in a browser. Merged layers
    /// and live ones come from two sources, so that live ones can be refreshed
    /// alone; a map of one layer has one source.
    func style(of map: DistrictMap) throws -> Data {
        let layers = map.layers.compactMap(catalogue.layer)
        var sources: [String: [String: Any]] = [:]
        for layer in layers {
            let source = StyleComposition.source(of: layer)
            guard sources[source] == nil else { continue }
            let tiles = map.id == MapCatalogue.districtMap ? catalogue.maps[source] ?? map : map
            var description: [String: Any] = [
                "type": "vector", "tiles": [tileTemplate(of: tiles)], "minzoom": 0, "maxzoom": deepestSourceZoom,
            ]
            description["bounds"] = bounds(of: tiles)
            sources[source] = description
        }
        return try StyleComposition.style(
            name: title(map.titles), layers: layers, sources: sources, background: MapCatalogue.background(of: map.id),
            glyphs: "\(base)/fonts/{fontstack}/{range}.pbf")
    }

    /// Everything that there is, one line a layer: what the viewer's list and a
    /// reader of `/catalog` need.
    ///
    /// - Thread: reads files.
    func catalog(_ shown: ShownPlugins) throws -> Data {
        var lines: [String] = []
        for layer in catalogue.layers { lines.append(try text(entry(of: layer))) }
        var head: [String: Any] = ["title": catalogue.title, "problems": catalogue.problems]
        if let map = catalogue.maps[MapCatalogue.districtMap] {
            head["version"] = map.version
            head["bounds"] = bounds(of: map)
            head["style"] = "\(base)/styles/\(map.id).json"
            head["tiles"] = "\(base)/tiles/\(map.id).json"
        }
        let opening = try text(head).dropLast()
        let plugins = try shown.plugins.map { try text(entry(of: $0, in: shown)) }
        func list(_ name: String, _ lines: [String]) -> String {
            "\"\(name)\":[\n\(lines.joined(separator: ",\n"))\n]"
        }
        return Data("\(opening),\(list("plugins", plugins)),\(list("layers", lines))}\n".utf8)
    }

    private func entry(of layer: MapLayer) -> [String: Any] {
        var entry: [String: Any] = [
            "id": layer.id, "titles": layer.titles, "geometryType": layer.geometryType.rawValue,
            "version": layer.dataVersion, "minzoom": layer.minZoom, "sensitivity": layer.sensitivity.rawValue,
            "fields": layer.fields.map { field in
                var description: [String: Any] = [
                    "name": field.name, "type": field.type.rawValue, "titles": field.titles,
                ]
                description["unit"] = field.unit
                if let codes = layer.codes[field.name] {
                    description["codes"] = Dictionary(codes.codes.map { ($0.value, $0.titles) }) { first, _ in first }
                }
                return description
            },
            "style": "\(base)/styles/\(layer.id).json", "tiles": "\(base)/tiles/\(layer.id).json",
        ]
        entry["featureCount"] = layer.featureCount
        if let notDrawn = catalogue.maps[layer.id]?.style.notDrawn(), !notDrawn.isEmpty {
            entry["notDrawn"] = notDrawn
        }
        if let extent = layer.extent, !extent.isEmpty { entry["bounds"] = numbers(extent) }
        switch layer.content {
        case .snapshot: entry["group"] = "base"
        case .live(let plugin):
            entry["group"] = "live"
            entry["plugin"] = plugin
            if layer.dependsOnTime { entry["dependsOnTime"] = true }
        case .failed(let reason):
            entry["group"] = "base"
            entry["failure"] = reason
        }
        return entry
    }

    /// A tile's address names the version of its map, so that it may be kept
    /// for good; live maps have none.
    private func tileTemplate(of map: DistrictMap) -> String {
        let version = map.isLive ? "" : "?v=\(map.version)"
        return "\(base)/tiles/\(map.id)/{z}/{x}/{y}.mvt\(version)"
    }

    // Vector tiles hold full detail from here on; a browser draws deeper zooms
    // from them.
    private var deepestSourceZoom: Int { 16 }

    private var deepestZoom: Int { TileRoute.deepestTileMatrix }

    private func bounds(of map: DistrictMap) -> [Double]? {
        guard let extent = catalogue.extent(of: map), !extent.isEmpty else { return nil }
        return numbers(extent)
    }

    private func numbers(_ envelope: Envelope) -> [Double] {
        [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY].map { ($0 * 1e6).rounded() / 1e6 }
    }

    private func title(_ titles: [String: String]) -> String {
        titles["zh"] ?? titles["en"] ?? titles.sorted { $0.key < $1.key }.first?.value ?? ""
    }

    private func tileJSONType(_ type: FieldType) -> String {
        switch type {
        case .boolean: "Boolean"
        case .integer, .real: "Number"
        default: "String"
        }
    }

    private func serialized(_ object: [String: Any]) throws -> Data {
        try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    }

    private func text(_ object: [String: Any]) throws -> String {
        String(decoding: try serialized(object), as: UTF8.self)
    }
}
