// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles

/// How much an expression looks at; each includes those before.
enum FeatureDemand: Int, Comparable {
    case nothing
    case attributes
    /// The id or the kind of geometry too.
    case identity

    init(_ dependencies: Dependencies) {
        if !dependencies.usesFeature {
            self = .nothing
        } else if dependencies.usesID || dependencies.usesGeometryType || dependencies.usesGeometry {
            self = .identity
        } else {
            self = .attributes
        }
    }

    static func < (a: FeatureDemand, b: FeatureDemand) -> Bool { a.rawValue < b.rawValue }
}

/// What a layer's features are painted with, resolved no more often than
/// needed: once when it is the same for all, once for each code when it depends
/// on one dictionary-coded column, else once for each feature.
struct PaintMemo<Paint> {
    /// What has to be known of a feature for its paint.
    private(set) var demand = FeatureDemand.nothing
    /// Whether all depends on one column at most.
    private var isCoded = true
    private var column: Int?
    private var known: Paint?
    private var byCode: [Paint?] = []

    /// The most codes for which results are kept.
    private static var capacity: Int { 1 << 16 }

    /// Notes what one of the properties depends on.
    mutating func include(_ dependencies: Dependencies) {
        demand = max(demand, FeatureDemand(dependencies))
        guard dependencies.usesFeature else { return }
        let only = dependencies.columns.count == 1 ? dependencies.columns.first : nil
        isCoded = isCoded && only != nil && (column == nil || column == only) && !dependencies.usesAllColumns
        column = only
    }

    /// Whether it may differ from feature to feature.
    var varies: Bool { demand != .nothing }

    /// The paint of the feature at which the evaluation stands.
    @inline(__always)
    mutating func paint(_ evaluation: LayerEvaluation, _ resolve: (LayerEvaluation) -> Paint) -> Paint {
        if demand == .nothing {
            if let known { return known }
            let paint = resolve(evaluation)
            known = paint
            return paint
        }
        guard isCoded, demand == .attributes, let column, let code = evaluation.row?.dictionaryCode(at: column),
            code >= 0,
            code < Self.capacity
        else { return resolve(evaluation) }
        if code < byCode.count, let paint = byCode[code] { return paint }
        let paint = resolve(evaluation)
        while byCode.count <= code { byCode.append(nil) }
        byCode[code] = paint
        return paint
    }
}
