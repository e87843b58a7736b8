// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Foundation
public import SimpleFeatures

/// A new layer to be written as `layer.yaml` and `style.json`.
public struct LayerDocument: Sendable {
    public var id: String
    public var title: String
    public var geometryType: GeometryType
    /// Whether areas are filled; outlines of what covers everything are not.
    public var isFilled = true
    /// Which of the colours it is drawn in, counted round; left out, the id
    /// picks one. Layers of one district differ when they are numbered.
    public var tint: Int?
    /// Field names are `[a-z][a-z0-9_]*`; the title `zh` is what the town calls it.
    public var fields: [Field]

    public init(id: String, title: String, geometryType: GeometryType, fields: [Field] = []) {
        self.id = id
        self.title = title
        self.geometryType = geometryType
        self.fields = fields
    }

    /// A field name made of any words: as ids of sources are, with `_`.
    public static func fieldName(from words: String) -> String {
        let name = SourceProposal.id(from: [words]).replacingOccurrences(of: "-", with: "_")
        guard let first = name.utf8.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else {
            return "f_\(name)"
        }
        return name
    }

    /// A field name for each field of a file, in its order: no two are equal,
    /// and none is one that the store keeps for itself.
    public static func fieldNames(from words: [String]) -> [String] {
        var taken: Set<String> = []
        return words.map { word in
            var name = fieldName(from: word)
            if LayerManifest.reservedNames.contains(name) || name.hasPrefix("miaopu_") { name = "file_\(name)" }
            name = String(name.prefix(longestName))
            var unique = name
            var number = 2
            while !taken.insert(unique).inserted {
                unique = "\(name.prefix(longestName - 6))_\(number)"
                number += 1
            }
            return unique
        }
    }

    /// Of a field, in characters.
    private static let longestName = 64

    /// The text of `layer.yaml`.
    public var text: String {
        var lines = [
            "id: \(id)", "titles: { zh: \(YAMLText.scalar(title)), en: \(YAMLText.scalar(title)) }",
            "geometry: \(geometryType.manifestSpelling)", "order: \(order)",
        ]
        lines.append(fields.isEmpty ? "fields: []" : "fields:")
        for field in fields {
            lines.append("  - name: \(field.name)")
            lines.append("    type: \(field.type.rawValue)")
            if let title = field.titles["zh"] {
                lines.append("    titles: { zh: \(YAMLText.scalar(title)), en: \(YAMLText.scalar(title)) }")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Areas lie above the shipped grounds and below water, lines above
    /// buildings and below roads, and points above all.
    private var order: Int {
        switch geometryType.dimension {
        case 0: 95
        case 1: 62
        default: isFilled ? 35 : 61
        }
    }

    /// Writes `layer.yaml` and `style.json` into `layers/<id>` of a district,
    /// over what is there.
    ///
    /// - Throws: the system's error when the folder cannot be written to.
    public func write(to district: URL) throws {
        let folder = district.appendingPathComponent("layers/\(id)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appendingPathComponent("layer.yaml"), options: .atomic)
        try Data(style.utf8).write(to: folder.appendingPathComponent("style.json"), options: .atomic)
    }
}

extension GeometryType {
    fileprivate var manifestSpelling: String {
        switch self {
        case .geometry, .geometryCollection: "Geometry"
        case .point: "Point"
        case .lineString: "LineString"
        case .polygon: "Polygon"
        case .multiPoint: "MultiPoint"
        case .multiLineString: "MultiLineString"
        case .multiPolygon: "MultiPolygon"
        }
    }
}
