// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures

/// What of a drawing becomes the features of one layer. Crosses to the child as
/// part of its job.
struct DrawingPlan: Codable, Sendable {
    struct Label: Codable, Sendable {
        var field: String
        var layers: [String]
        var joinsSeveral: Bool
    }

    var layers: [String]
    var labels: [Label]
    /// In metres.
    var closing: Double

    init(_ selection: DrawingSelection) {
        layers = selection.layers
        labels = selection.labels.map {
            Label(field: $0.field, layers: $0.layers, joinsSeveral: $0.several == .join)
        }
        closing = selection.closing
    }

    /// Whether a layer of the drawing is one of those that are named; case does
    /// not count, as in drawings.
    static func names(_ names: [String], contain layer: String) -> Bool {
        let layer = layer.lowercased()
        return names.contains { name in
            let name = name.lowercased()
            return name.hasSuffix("*") ? layer.hasPrefix(name.dropLast()) : layer == name
        }
    }
}
