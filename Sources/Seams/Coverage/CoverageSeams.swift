// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Finds and repairs gaps and overlaps between the owners of a coverage.
///
/// Nothing depends on the order of features. Features that lie at no seam are
/// read and never changed.
public struct CoverageSeams {
    /// In units of the plane.
    private let rules: CoverageRules
    private let plane: CellPlane
    private let engine: TopologyEngine

    /// - Parameter precision: of the grid that all features lie on.
    /// - Throws: `.library` when GEOS has no memory for a context.
    public init(
        rules: CoverageRules = CoverageRules(), precision: GridPrecision = .millimetre
    ) throws(TopologyError) {
        plane = CellPlane(precision)
        self.rules = plane.inwards(rules)
        engine = try TopologyEngine()
    }

    /// The whole layer at once.
    ///
    /// - Parameter features: all of the layer, with unique ids.
    /// - Complexity: O(*n* log *n*) in edges; GEOS is asked about disputed
    ///   ground and changed features only.
    public func repair(_ features: [CoverageFeature]) throws(TopologyError) -> CoverageResult {
        let pool = FeaturePool(all: features.map(plane.inwards))
        let starts = pool.all.filter { !pool.unmatched($0).isEmpty }
        return try result(from: starts, pool)
    }

    /// What a change can affect, and nothing else.
    ///
    /// - Parameters:
    ///   - dirty: around all features that were added, removed or changed, as
    ///     they were and as they are, in metres.
    ///   - source: returns the originals, as they are now, of all features
    ///     whose envelope meets the given one. It may be asked often.
    /// - Returns: everything that a whole run would say about the features in
    ///   `considered`. Of an earlier result drop, before adding this one: changed
    ///   geometries and movements of these features and of removed ones, and
    ///   defects whose `seam` is among them.
    public func repair(
        around dirty: [Envelope], source: @escaping (Envelope) -> [CoverageFeature]
    ) throws(TopologyError) -> CoverageResult {
        let plane = plane
        let pool = FeaturePool { source(plane.outwards($0)).map(plane.inwards) }
        let search = NeighbourhoodSearch(pool, rules)
        var starts: [Int64: PreparedFeature] = [:]
        for envelope in dirty where !envelope.isEmpty {
            // A neighbourhood looks at what surrounds its members too.
            for feature in pool.features(in: GridRange(plane.inwards(envelope)).expanded(by: 2 * search.reach)) {
                starts[feature.id] = feature
            }
        }
        return try result(from: starts.values.sorted { $0.id < $1.id }, pool)
    }

    private func result(from starts: [PreparedFeature], _ pool: FeaturePool) throws(TopologyError) -> CoverageResult {
        let repair = NeighbourhoodRepair(engine: engine, rules: rules, plane: plane, pool: pool)
        var search = NeighbourhoodSearch(pool, rules)
        var result = CoverageResult()
        for start in starts {
            guard let neighbourhood = search.neighbourhood(of: start) else { continue }
            result.considered += neighbourhood.members.map(\.id)
            guard neighbourhood.isSeam else { continue }
            let outcome = try repair.outcome(of: neighbourhood)
            result.changed.merge(outcome.changed) { first, _ in first }
            result.defects += outcome.defects
            result.movements += outcome.movements
        }
        result.considered.sort()
        result.movements.sort { $0.feature < $1.feature }
        result.defects.sort {
            ($1.area, $0.place.x, $0.place.y, $0.seam) < ($0.area, $1.place.x, $1.place.y, $1.seam)
        }
        result.totals = Self.totals(of: result.defects.withoutRepeats())
        if result.defects.count > rules.mostRecords {
            result.defects.removeLast(result.defects.count - max(0, rules.mostRecords))
        }
        return plane.outwards(result)
    }

    private static func totals(of defects: [CoverageDefect]) -> [DefectTotal] {
        var totals: [DefectTotal] = []
        for defect in defects {
            let place = totals.firstIndex { $0.kind == defect.kind && $0.outcome == defect.outcome }
            if let place {
                totals[place].count += 1
                totals[place].area += defect.area
            } else {
                totals.append(DefectTotal(kind: defect.kind, outcome: defect.outcome, count: 1, area: defect.area))
            }
        }
        func name(_ total: DefectTotal) -> String {
            guard case .refused(let reason) = total.outcome else { return total.kind.rawValue }
            return total.kind.rawValue + " " + reason.rawValue
        }
        return totals.sorted { name($0) < name($1) }
    }
}
