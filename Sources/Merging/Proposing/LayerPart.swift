// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import SimpleFeatures

/// Records of a file's layer that belong together: all of them, or in data that
/// are tagged as OpenStreetMap's are, those with one key.
///
/// The parts of a layer never share a record, and leave none with a geometry
/// out.
struct LayerPart {
    /// The column that holds all of its geometries.
    var type: GeometryType
    /// In OGR SQL; nil for all records.
    var condition: String?
    /// The key that all of its records have.
    var key: String?
    /// The values of the key that its records have; nil for any.
    var words: [String]?
    /// The shipped layer that it belongs to.
    var layer: String?
    /// What a layer of its own is called, and what tells its source from those
    /// of the other parts; nil leaves that to the file.
    var name: String?
    /// Whether its areas cover what lies inside of them.
    var coversOthers = false

    /// Which records they are, in words.
    var records: String {
        let kind = type.dimension.map { ["points", "lines", "areas"][$0] } ?? "collections"
        if let words { return "the \(kind) with \(key ?? "") \(words.joined(separator: ", "))" }
        if let key { return "the \(kind) with \(key)" }
        return layer == nil && condition != nil ? "the other \(kind)" : "the \(kind)"
    }

    /// Which key leads to which layer. The first rule that fits a record wins.
    private struct Rule {
        var dimension: Int
        var key: String
        var words: [String]?
        /// A shipped layer, or the name of a new one.
        var layer: String
        var coversOthers = false
    }

    private static let rules = [
        Rule(dimension: 2, key: "building", layer: "buildings"),
        Rule(dimension: 2, key: "natural", words: ["water", "bay", "wetland"], layer: "water"),
        Rule(dimension: 2, key: "landuse", layer: "landuse"),
        Rule(dimension: 2, key: "boundary", layer: "outlines", coversOthers: true),
        Rule(dimension: 1, key: "highway", layer: "roads"),
        Rule(dimension: 1, key: "railway", layer: "railways"),
        Rule(dimension: 1, key: "waterway", layer: "rivers"),
    ]
    /// So many of the keys make a file one of tagged data.
    private static let fewestKeys = 3
    /// What GDAL gathers relations in, by what people call them.
    private static let relations = ["multilinestrings": "routes", "other_relations": "relations"]

    /// The parts of a layer, one at least.
    ///
    /// - Parameter layers: the ids of the layers that the district knows.
    static func parts(of layer: LayerInspection, _ format: FileFormat, layers: [String]) -> [LayerPart] {
        let types = layer.geometryTypes.filter { $0.count > 0 }.map(\.type)
        if format == .osmPBF || format == .osmXML, let name = relations[layer.description.name] {
            return [LayerPart(type: columnType(of: types), name: name, coversOthers: true)]
        }
        let text = layer.description.schema.fields.filter { $0.type == .text }.map(\.name)
        guard Set(rules.map(\.key)).intersection(text).count >= fewestKeys else {
            return [LayerPart(type: columnType(of: types))]
        }
        let dimensions: [Int?] = [2, 1, 0, nil]
        let found = dimensions.filter { dimension in types.contains { $0.dimension == dimension } }
        return found.flatMap { dimension in
            let ofDimension = types.filter { $0.dimension == dimension }
            // The next delivery may have other types of the same dimension.
            let names = GeometryType.allCases.filter { $0.dimension == dimension && $0 != .geometry }
                .map { "'\($0.rawValue)'" }.joined(separator: ", ")
            return parts(
                of: layer, dimension, type: columnType(of: ofDimension),
                condition: found.count > 1 ? "OGR_GEOMETRY IN (\(names))" : nil, layers: layers)
        }
    }

    private static func parts(
        of layer: LayerInspection, _ dimension: Int?, type: GeometryType, condition: String?, layers: [String]
    ) -> [LayerPart] {
        if dimension == 0, layers.contains("points"), type == .point {
            return [LayerPart(type: type, condition: condition, layer: "points", name: "points")]
        }
        let filled = Set(layer.fields.filter { $0.filled > 0 && $0.type == .text }.map(\.name))
        var conditions = condition.map { [$0] } ?? []
        var parts: [LayerPart] = []
        for rule in rules where rule.dimension == dimension && filled.contains(rule.key) {
            let list = rule.words.map { $0.map { "'\($0)'" }.joined(separator: ", ") }
            let has = list.map { "\(rule.key) IN (\($0))" } ?? "\(rule.key) IS NOT NULL"
            let lacks = list.map { "(\(rule.key) IS NULL OR \(rule.key) NOT IN (\($0)))" } ?? "\(rule.key) IS NULL"
            parts.append(
                LayerPart(
                    type: type, condition: (conditions + [has]).joined(separator: " AND "), key: rule.key,
                    words: rule.words, layer: layers.contains(rule.layer) ? rule.layer : nil, name: rule.layer,
                    coversOthers: rule.coversOthers))
            conditions.append(lacks)
        }
        let rest = ["other-points", "other-lines", "other-areas"]
        parts.append(
            LayerPart(
                type: type, condition: conditions.isEmpty ? nil : conditions.joined(separator: " AND "),
                name: dimension.map { rest[$0] } ?? "other-collections"))
        return parts
    }

    private static func columnType(of types: [GeometryType]) -> GeometryType {
        let dimensions = Set(types.map { $0.dimension ?? -1 })
        if dimensions.count == 1, let dimension = dimensions.first {
            switch dimension {
            case 0: return types == [.point] ? .point : .multiPoint
            case 1: return .multiLineString
            case 2: return .multiPolygon
            default: break
            }
        }
        return .geometry
    }
}
