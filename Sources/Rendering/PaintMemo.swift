// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles

/// What a layer's features are painted with, resolved no more often than
/// needed: once when it is the same for all, once for each code when it depends
/// on one dictionary-coded column, else once for each feature.
struct PaintMemo<Paint> {
    /// Whether it may differ from feature to feature.
    private(set) var varies = false
    private var column: Int?
    private var needsFeature = false
    private var known: Paint?
    private var byCode: [Paint?] = []

    /// The most codes for which results are kept.
    private static var capacity: Int { 1 << 16 }

    /// Notes what one of the properties depends on.
    mutating func include(_ dependencies: Dependencies) {
        guard dependencies.usesFeature else { return }
        varies = true
        let isPlain =
            !dependencies.usesID && !dependencies.usesGeometryType && !dependencies.usesGeometry
            && !dependencies.usesAllColumns && dependencies.columns.count == 1
        guard isPlain, let only = dependencies.columns.first, column == nil || column == only else {
            needsFeature = true
            return
        }
        column = only
    }

    /// The paint of the feature at which the evaluation stands.
    @inline(__always)
    mutating func paint(_ evaluation: LayerEvaluation, _ resolve: (LayerEvaluation) -> Paint) -> Paint {
        if !varies {
            if let known { return known }
            let paint = resolve(evaluation)
            known = paint
            return paint
        }
        guard !needsFeature, let column, let code = evaluation.row?.dictionaryCode(at: column), code >= 0,
            code < Self.capacity
        else { return resolve(evaluation) }
        if code < byCode.count, let paint = byCode[code] { return paint }
        let paint = resolve(evaluation)
        while byCode.count <= code { byCode.append(nil) }
        byCode[code] = paint
        return paint
    }
}
