// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Seams
import SimpleFeatures

/// Closes gaps and overlaps between the areas of a layer that tiles.
struct CoverageSeaming: LayerSeaming {
    let layer: SeamLayer
    let rules: CoverageRules

    init(_ layer: SeamLayer) {
        self.layer = layer
        var rules = CoverageRules()
        rules.gapWidth = layer.manifest.seams.gapWidth
        rules.overlapWidth = layer.manifest.seams.overlapWidth
        rules.gapArea = layer.manifest.seams.area
        rules.overlapArea = layer.manifest.seams.area
        // Vertices that are rounded to the grid leave slivers of less than a cell.
        rules.smallestWidth = 0.75 * layer.precision.precision
        rules.mostRecords = SeamLayer.mostRecords
        self.rules = rules
    }

    func whole() throws -> SeamOutcome {
        let seams = try CoverageSeams(rules: rules, precision: layer.precision)
        var outcome = outcome(try seams.repair(layer.all().compactMap(feature)))
        outcome.considered = nil
        return outcome
    }

    func around(_ dirty: [Envelope]) throws -> SeamOutcome {
        let result = try CoverageSeams(rules: rules, precision: layer.precision).repair(around: dirty) { envelope in
            layer.features(meeting: envelope, shift: Self.largestMove).compactMap(feature)
        }
        return outcome(result)
    }

    /// Borders are moved by less than this, in metres.
    private static let largestMove = 100.0

    private func feature(_ number: Int64) -> CoverageFeature? {
        guard let original = layer.feature(number) else { return nil }
        let owner = layer.owner(of: original.source)
        return CoverageFeature(
            id: number, owner: owner.number, authority: owner.authority, isProtected: owner.isProtected,
            geometry: original.geometry)
    }

    private func outcome(_ result: CoverageResult) -> SeamOutcome {
        var outcome = SeamOutcome()
        outcome.changed = result.changed
        outcome.records = result.defects.map(record)
        outcome.movements = result.movements.map { movement in
            MovementRecord(
                layer: layer.definition.id, feature: layer.id(movement.feature), largestShift: movement.largestShift,
                areaGiven: movement.areaGiven, areaTaken: movement.areaTaken,
                with: movement.with.map(layer.id).sorted())
        }
        outcome.totals = result.totals.map { total in
            var reason: String?
            if case .refused(let refusal) = total.outcome { reason = refusal.rawValue }
            return .init(
                kind: total.kind.rawValue, isRepaired: total.outcome == .repaired, reason: reason, count: total.count,
                area: total.area)
        }
        outcome.considered = result.considered
        return outcome
    }

    private func record(_ defect: CoverageDefect) -> SeamRecord {
        let isRepaired = defect.outcome == .repaired
        var reason = ""
        if case .refused(let refusal) = defect.outcome {
            reason = refusal.rawValue + (defect.detail.isEmpty ? "" : ": \(defect.detail)")
        }
        return SeamRecord(
            layer: layer.definition.id, kind: defect.kind.rawValue, isRepaired: isRepaired, reason: reason,
            place: defect.place, width: defect.width, length: defect.length, area: defect.area,
            confidence: defect.confidence, features: defect.features.map(layer.id).sorted(),
            sources: layer.sources(of: defect.features), seam: layer.id(defect.seam), geometry: defect.geometry)
    }
}
