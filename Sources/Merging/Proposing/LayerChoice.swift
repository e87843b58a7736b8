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
        /// With the name of its field for each field of the file.
        case new(LayerDocument, fields: [String])

        var id: String {
            switch self {
            case .known(let manifest): manifest.id
            case .new(let document, _): document.id
            }
        }
    }

    /// - Parameters:
    ///   - part: the records of the layer that are meant.
    ///   - names: what the layer, its file and its folder are called, the most
    ///     telling first.
    mutating func choose(_ layer: LayerInspection, part: LayerPart, names: [String]) -> Choice {
        let type = part.type
        if let known = part.layer.flatMap({ catalogue[$0] }) { return .known(known) }
        let names = part.name.map { [$0] } ?? names
        if part.key == nil, part.name == nil {
            for name in names {
                if let manifest = catalogue.layer(matching: name), Self.fits(type, manifest.geometryType) {
                    return .known(manifest)
                }
            }
        }
        var id = SourceProposal.id(from: [names.first ?? "layer"])
        // Another kind of geometry under the same name is another layer.
        if created[id].map({ $0.geometryType != type }) ?? isTaken(id) {
            let base = SourceProposal.id(from: [id, Self.suffix(type)])
            id = base
            var number = 2
            while created[id].map({ $0.geometryType != type }) ?? isTaken(id) {
                id = SourceProposal.id(from: [base, "\(number)"])
                number += 1
            }
        }
        var document = created[id] ?? LayerDocument(id: id, title: names.first ?? id, geometryType: type)
        if document.tint == nil { document.tint = created.count }
        if part.coversOthers { document.isFilled = false }
        let fields = document.take(layer.description.schema.fields)
        created[id] = document
        return .new(document, fields: fields)
    }

    /// Whether an id is a shipped layer's or the name of a map.
    private func isTaken(_ id: String) -> Bool {
        catalogue[id] != nil || ["district", "base", "live"].contains(id)
    }

    private static func fits(_ type: GeometryType, _ layer: GeometryType) -> Bool {
        layer == .geometry || type == layer
            || (type.dimension != nil && type.dimension == layer.dimension && type != .multiPoint)
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
