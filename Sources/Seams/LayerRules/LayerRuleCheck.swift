// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Looks for features that break a rule between layers.
public struct LayerRuleCheck {
    private let engine: TopologyEngine
    private let mostRecords: Int

    /// - Parameter mostRecords: how many records a check returns.
    /// - Throws: `.library` when GEOS has no memory for a context.
    public init(mostRecords: Int = 10_000) throws(TopologyError) {
        engine = try TopologyEngine()
        self.mostRecords = max(0, mostRecords)
    }

    /// - Returns: the records by feature id, as many as are wanted, and how
    ///   many there were.
    /// - Complexity: O(*n* log *n*), and GEOS for pairs whose boxes meet.
    public func records(
        of rule: LayerRule, for features: [RuleFeature], against others: [RuleFeature]
    ) throws(TopologyError) -> (records: [LayerRuleRecord], total: Int) {
        let sorted = others.sorted { $0.id < $1.id }
        let index = RangeIndex(sorted.map { GridRange($0.geometry.envelope) })
        var records: [LayerRuleRecord] = []
        var total = 0
        for feature in features.sorted(by: { $0.id < $1.id }) where !feature.geometry.isEmpty {
            var near: [Int] = []
            index.search(GridRange(feature.geometry.envelope)) { near.append($0) }
            let candidates = near.sorted().map { sorted[$0] }
            let found: [LayerRuleRecord]
            switch rule {
            case .withinExactlyOne(let share): found = try within(feature, candidates, share)
            case .insideOwnersArea(let tolerance):
                found = try inside(feature, candidates.filter { $0.owner == feature.owner }, sorted, tolerance)
            case .mustNotCross(let tolerance, let unless, let values):
                let isAllowed = unless.map { feature.attributes[$0].map(values.contains) ?? false } ?? false
                found = isAllowed ? [] : try crossings(feature, candidates, tolerance)
            }
            total += found.count
            records += found.prefix(mostRecords - records.count)
        }
        return (records, total)
    }

    private func place(_ geometry: Geometry) throws(TopologyError) -> Coordinate {
        try engine.pointOnSurface(geometry) ?? geometry.envelope.center
    }

    private func within(
        _ feature: RuleFeature, _ candidates: [RuleFeature], _ wanted: Double
    ) throws(TopologyError) -> [LayerRuleRecord] {
        let whole = try engine.area(feature.geometry)
        var holding: [Int64] = []
        var touched: [Int64] = []
        var best = 0.0
        for other in candidates {
            let share: Double
            if whole > 0 {
                share = try engine.area(engine.intersection(feature.geometry, other.geometry)) / whole
            } else {
                share = try engine.covers(other.geometry, feature.geometry) ? 1 : 0
            }
            if share > 1 - wanted || (share > 0 && wanted >= 1) { touched.append(other.id) }
            if share >= wanted - 1e-9 { holding.append(other.id) }
            best = max(best, share)
        }
        if holding.count == 1 { return [] }
        let kind: LayerRuleRecord.Kind =
            holding.count > 1 ? .withinSeveral : touched.count > 1 ? .acrossSeveral : .withinNone
        return [
            LayerRuleRecord(
                kind: kind, feature: feature.id, others: holding.isEmpty ? touched : holding,
                place: try place(feature.geometry), measure: best)
        ]
    }

    private func inside(
        _ feature: RuleFeature, _ near: [RuleFeature], _ all: [RuleFeature], _ tolerance: Double
    ) throws(TopologyError) -> [LayerRuleRecord] {
        var rest = feature.geometry
        for area in near { rest = try engine.difference(rest, area.geometry) }
        guard !rest.isEmpty else { return [] }
        let areas = near.isEmpty ? all.filter { $0.owner == feature.owner } : near
        // How far the farthest vertex of what is outside lies from the owner's ground.
        var farthest = 0.0
        var vertices: Set<Coordinate> = []
        rest.forEachCoordinates { vertices.formUnion($0) }
        var place = feature.geometry.envelope.center
        for vertex in vertices.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) {
            var nearest = Double.infinity
            for area in areas { nearest = min(nearest, try engine.distance(.point(Point(vertex)), area.geometry)) }
            if nearest > farthest { (farthest, place) = (nearest, vertex) }
        }
        guard farthest > tolerance else { return [] }
        return [
            LayerRuleRecord(
                kind: .outsideItsOwner, feature: feature.id, others: areas.map(\.id), place: place, measure: farthest)
        ]
    }

    private func crossings(
        _ feature: RuleFeature, _ candidates: [RuleFeature], _ tolerance: Double
    ) throws(TopologyError) -> [LayerRuleRecord] {
        var records: [LayerRuleRecord] = []
        for other in candidates {
            let common = try engine.intersection(feature.geometry, other.geometry)
            let length = try engine.length(common)
            guard length > tolerance else { continue }
            records.append(
                LayerRuleRecord(
                    kind: .crossing, feature: feature.id, others: [other.id], place: try place(common),
                    measure: length))
        }
        return records
    }
}
