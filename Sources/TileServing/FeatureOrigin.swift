// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import SimpleFeatures

/// Where a feature on the map came from, attribute by attribute, as everybody may
/// read it. It names fields, files and steps and holds no values: those are in
/// the tiles, as far as they are served.
struct FeatureOrigin: Encodable {
    struct Attribute: Encodable {
        var field: String
        /// The source that the value came from; nil when the district gave it.
        var source: String?
        /// The field of the file.
        var from: String?
        /// Symbols of the units that the value was turned from and into.
        var fromUnit: String?
        var unit: String?
        /// Whether the town's word was replaced by the layer's code.
        var isCoded = false
        /// The change set in which the district assigned the value as a grid code.
        var assignedIn: Int64?
        var isAssigned = false
        /// Whether `source` is the authority of the field, and not the feature's own.
        var isFromAuthority = false
    }

    struct Source: Encodable {
        var id: String
        /// The town's name; nil for a delivery of the whole district.
        var town: String?
        /// Relative to the district's folder.
        var file: String
        var sha256: String
        /// The record's number in the file.
        var row: Int64
        /// `yyyy-mm-dd`.
        var asOf: String?
        var encoding: String?
        var crs: String
        /// What named the reference system: `declared`, `file`, `fit`, `inferred` or
        /// `address match`.
        var crsOrigin: String
        var accuracyInMeters: Double?
        /// What the coordinates went through, in order.
        var steps: [String]
    }

    /// Another delivery of the same thing.
    struct Twin: Encodable {
        var source: String
        var row: Int64
        /// `twin` or `cut`.
        var kind: String
    }

    /// Twins that are listed; a block of flats that many towns claim is no reason
    /// for an answer without an end.
    static let mostTwins = 50

    var layer: String
    var feature: Int64
    var validFrom: String?
    /// Those that have a value, in the order of the layer's fields.
    var attributes: [Attribute]
    /// The feature's own first, then those of values that an authority says.
    var sources: [Source]
    var repair: String?
    var standsFor: [Twin]
    var standsForCount: Int

    /// - Parameter town: the name of the town with a code.
    init(_ feature: FeatureProvenance, town: (String) -> String, sentence: PublicSentence) {
        layer = feature.layer.id
        self.feature = feature.id
        validFrom = feature.validFrom
        attributes = zip(feature.layer.schema.fields, feature.values).compactMap { field, value in
            guard !value.isNull else { return nil }
            switch feature.origin(of: field.name) {
            case .assigned(let code):
                return Attribute(field: field.name, assignedIn: code.changeSet, isAssigned: true)
            case .authority(let other):
                return Attribute(field: field.name, source: other.source, isFromAuthority: true)
            case .delivered(let origin):
                let turned = origin?.fromUnit != nil && origin?.fromUnit != origin?.unit
                return Attribute(
                    field: field.name, source: feature.source?.id, from: origin?.from,
                    fromUnit: turned ? origin?.fromUnit : nil, unit: turned ? origin?.unit : nil,
                    isCoded: origin?.isCoded ?? false)
            }
        }
        // One authority may answer for several fields.
        var told: Set<String> = []
        let others = feature.fromAuthority.filter { told.insert("\($0.source) \($0.row)").inserted }
        sources = ([(feature.source, feature.row)] + others.map { ($0.record, $0.row) }).compactMap { source, row in
            source.map { source in
                Source(
                    id: source.id, town: source.town.map(town), file: source.path, sha256: source.fileHash, row: row,
                    asOf: source.asOf, encoding: source.encoding, crs: source.crs, crsOrigin: source.crsOrigin,
                    accuracyInMeters: source.accuracyInMeters,
                    steps: source.steps.split(separator: "\n").map { sentence.text(String($0)) })
            }
        }
        repair = feature.repair.map(sentence.text)
        standsForCount = feature.merged.count
        standsFor = feature.merged.prefix(Self.mostTwins).map { Twin(source: $0.source, row: $0.row, kind: $0.kind) }
    }
}
