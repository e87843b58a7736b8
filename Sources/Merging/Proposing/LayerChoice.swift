// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import Foundation
import SimpleFeatures

/// Into which layer of the district a layer of a file goes: one that the
/// district knows, or a new one.
struct LayerChoice {
    private let catalogue: LayerCatalogue
    /// New layers by id.
    private(set) var created: [String: LayerDocument] = [:]

    init(_ catalogue: LayerCatalogue) {
        self.catalogue = catalogue
    }

    enum Choice {
        case known(LayerManifest)
        case new(LayerDocument)

        var id: String {
            switch self {
            case .known(let manifest): manifest.id
            case .new(let document): document.id
            }
        }
    }

    /// - Parameter names: what the layer, its file and its folder are called, the
    ///   most telling first.
    mutating func choose(_ layer: LayerInspection, names: [String]) -> Choice {
        let type = Self.columnType(of: layer)
        for name in names {
            if let manifest = catalogue.layer(matching: name), Self.fits(type, manifest.geometryType) {
                return .known(manifest)
            }
        }
        var id = SourceProposal.id(from: [names.first ?? "layer"])
        // Another kind of geometry under the same name is another layer, and a
        // shipped layer's id is taken.
        while catalogue[id] != nil || created[id].map({ $0.geometryType != type }) ?? false {
            id = SourceProposal.id(from: [id, Self.suffix(type)])
            if created[id]?.geometryType == type || (catalogue[id] == nil && created[id] == nil) { break }
            id += "-2"
        }
        var document = created[id] ?? LayerDocument(id: id, title: names.first ?? id, geometryType: type)
        for field in layer.description.schema.fields {
            let name = LayerDocument.fieldName(from: field.name)
            if !document.fields.contains(where: { $0.name == name }) {
                document.fields.append(Field(name, field.type, titles: ["zh": field.name, "en": field.name]))
            }
        }
        created[id] = document
        return .new(document)
    }

    /// The column that holds all of the layer's geometries.
    private static func columnType(of layer: LayerInspection) -> GeometryType {
        let types = layer.geometryTypes.filter { $0.count > 0 }.map(\.type)
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

    private static func fits(_ type: GeometryType, _ layer: GeometryType) -> Bool {
        layer == .geometry || type == layer || (type.dimension != nil && type.dimension == layer.dimension && type != .multiPoint)
    }

    private static func suffix(_ type: GeometryType) -> String {
        switch type.dimension {
        case 0: "points"
        case 1: "lines"
        case 2: "areas"
        default: "mixed"
        }
    }
}
