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

    /// Takes up the fields of a file that the layer does not have.
    ///
    /// A field that another file has with another type is a field of its own
    /// (`code`, `code_text`): what differs is for a person to decide, and is never
    /// made text. Whole numbers go among numbers.
    ///
    /// - Returns: the name of the layer's field for each field of the file; no two
    ///   are equal, and none is one that the store keeps for itself.
    public mutating func take(_ fileFields: [Field]) -> [String] {
        var taken: Set<String> = []
        return fileFields.map { field in
            let name = takeField(field, besides: taken)
            taken.insert(name)
            return name
        }
    }

    private mutating func takeField(_ field: Field, besides taken: Set<String>) -> String {
        let plain = Self.plainName(from: field.name)
        var base = plain
        var number = 1
        while true {
            let name = number == 1 ? base : "\(base.prefix(Self.longestName - 6))_\(number)"
            number += 1
            if taken.contains(name) { continue }
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                fields.append(Field(name, field.type, titles: ["zh": field.name, "en": field.name]))
                return name
            }
            let numbers: Set<FieldType> = [.integer, .real]
            if fields[index].type == field.type { return name }
            if numbers.isSuperset(of: [fields[index].type, field.type]) {
                fields[index].type = .real
                return name
            }
            if base == plain {
                base = "\(plain.prefix(Self.longestName - 16))_\(Self.fieldName(from: field.type.rawValue))"
                number = 1
            }
        }
    }

    private static func plainName(from words: String) -> String {
        var name = fieldName(from: words)
        if LayerManifest.reservedNames.contains(name) || name.hasPrefix("miaopu_") { name = "file_\(name)" }
        return String(name.prefix(longestName))
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
