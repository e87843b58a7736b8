// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Finds things that two towns delivered both, or each a part of.
public struct TwinSeams {
    /// In units of the plane.
    private let rules: TwinRules
    private let plane: CellPlane
    private let engine: TopologyEngine

    /// - Parameter precision: of the grid that all features lie on.
    /// - Throws: `.library` when GEOS has no memory for a context.
    public init(
        rules: TwinRules = TwinRules(), precision: GridPrecision = .millimetre
    ) throws(TopologyError) {
        plane = CellPlane(precision)
        self.rules = plane.inwards(rules)
        engine = try TopologyEngine()
    }

    /// - Parameters:
    ///   - features: valid areas and points with unique ids, in any order.
    ///   - agree: whether the attributes of two parts of one thing allow to join them.
    /// - Complexity: O(*n* log *n*), and GEOS for pairs whose boxes meet.
    public func decisions(
        on features: [TwinFeature], agree: (TwinFeature, TwinFeature) -> Bool = { _, _ in false }
    ) throws(TopologyError) -> TwinResult {
        let sorted = features.map(plane.inwards).sorted { $0.id < $1.id }
        let index = EnvelopeIndex(sorted.map(\.geometry.envelope))
        var found: [TwinDecision] = []
        for (number, one) in sorted.enumerated() {
            let others = index.search(one.geometry.envelope.expanded(by: rules.farthest)).filter {
                $0 > number && sorted[$0].owner != one.owner
            }
            for other in others {
                if let decision = try decision(one, sorted[other], agree) { found.append(decision) }
            }
        }
        return plane.outwards(Self.resolved(found, considered: sorted.map(\.id)))
    }

    /// What a change can affect, and nothing else.
    ///
    /// - Parameters:
    ///   - dirty: around all features that were added, removed or changed, as
    ///     they were and as they are, in metres.
    ///   - source: returns the originals, as they are now, of all features whose
    ///     envelope meets the given one. It may be asked often.
    /// - Returns: everything that a whole run would say about the features in
    ///   `considered`.
    public func decisions(
        around dirty: [Envelope], source: (Envelope) -> [TwinFeature],
        agree: (TwinFeature, TwinFeature) -> Bool = { _, _ in false }
    ) throws(TopologyError) -> TwinResult {
        func near(_ envelope: Envelope) -> [TwinFeature] {
            source(plane.outwards(envelope.expanded(by: rules.farthest))).map(plane.inwards)
        }
        var reached: Set<Int64> = []
        var done: Set<Int64> = []
        var open: [TwinFeature] = []
        func reach(_ feature: TwinFeature) {
            if reached.insert(feature.id).inserted { open.append(feature) }
        }
        for envelope in dirty where !envelope.isEmpty {
            near(plane.inwards(envelope)).forEach(reach)
        }
        var found: [TwinDecision] = []
        while let one = open.popLast() {
            done.insert(one.id)
            for other in near(one.geometry.envelope) where other.owner != one.owner {
                guard !done.contains(other.id) else { continue }
                let (first, second) = one.id < other.id ? (one, other) : (other, one)
                guard let decision = try decision(first, second, agree) else { continue }
                found.append(decision)
                reach(other)
            }
        }
        return plane.outwards(Self.resolved(found, considered: reached.sorted()))
    }

    /// Each feature is dropped or grown once, by the surest decision.
    private static func resolved(_ found: [TwinDecision], considered: [Int64]) -> TwinResult {
        let found = found.sorted {
            (-$0.confidence, $0.features[0], $0.features[1]) < (-$1.confidence, $1.features[0], $1.features[1])
        }
        var result = TwinResult(considered: considered)
        var keepers: [Int64: Int64] = [:]
        var grown: Set<Int64> = []
        for var decision in found where decision.features.allSatisfy({ keepers[$0] == nil }) {
            switch decision.verdict {
            case .duplicate(_, let dropped) where grown.contains(dropped):
                decision.verdict = .unsure(.joinedBefore)
            case .duplicate(let kept, let dropped):
                keepers[dropped] = kept
            case .joined where !grown.isDisjoint(with: decision.features):
                // Its geometry is no longer the one that was looked at.
                decision.verdict = .cut(.joinedBefore)
            case .joined(_, let kept, let dropped):
                keepers[dropped] = kept
                grown.insert(kept)
            case .cut, .unsure: break
            }
            result.decisions.append(decision)
        }
        for (dropped, first) in keepers {
            var kept = first
            while let next = keepers[kept] { kept = next }
            result.standIns[dropped] = kept
        }
        return result
    }

    private func decision(
        _ one: TwinFeature, _ two: TwinFeature, _ agree: (TwinFeature, TwinFeature) -> Bool
    ) throws(TopologyError) -> TwinDecision? {
        if case .point(let a) = one.geometry, case .point(let b) = two.geometry {
            guard let a = a.coordinate, let b = b.coordinate else { return nil }
            return pointDecision(one, two, a, b)
        }
        guard Self.isArea(one.geometry), Self.isArea(two.geometry) else { return nil }
        let common = try engine.intersection(one.geometry, two.geometry)
        let shared = try engine.area(common)
        let (first, second) = (try engine.area(one.geometry), try engine.area(two.geometry))
        let (small, large) = (min(first, second), max(first, second))
        guard small > 0 else { return nil }
        let same = shared / (first + second - shared)
        let inside = shared / small
        if inside >= rules.reportedShare {
            let place = try engine.pointOnSurface(common) ?? one.geometry.envelope.center
            let isSame = same >= rules.sameShare || (inside >= rules.insideShare && large <= 2 * small)
            return TwinDecision(
                verdict: isSame ? Self.duplicate(one, two) : .unsure(.part), features: [one.id, two.id], place: place,
                geometry: common, distance: 0, area: shared, confidence: isSame ? max(same, inside) : same)
        }
        guard inside < rules.cutShare, let cut = CutEdge(one.geometry, two.geometry, rules) else { return nil }
        return TwinDecision(
            verdict: try cutVerdict(one, two, cut, agree), features: [one.id, two.id], place: cut.middle,
            geometry: .lineString(LineString([cut.first.0.coordinate, cut.first.1.coordinate])),
            distance: cut.distance, area: shared, confidence: cut.share)
    }

    private func cutVerdict(
        _ one: TwinFeature, _ two: TwinFeature, _ cut: CutEdge, _ agree: (TwinFeature, TwinFeature) -> Bool
    ) throws(TopologyError) -> TwinDecision.Verdict {
        guard !one.isProtected, !two.isProtected else { return .cut(.protected) }
        guard agree(plane.outwards(one), plane.outwards(two)) else { return .cut(.attributes) }
        let (kept, dropped) = Self.ranked(one, two)
        let moved = cut.aligned(dropped.geometry, movingSecond: dropped.id == two.id)
        guard try engine.validityFault(of: moved) == nil else { return .cut(.shape) }
        let whole = try engine.union(kept.geometry, moved, on: .millimetre)
        guard case .polygon = whole, try engine.validityFault(of: whole) == nil else { return .cut(.shape) }
        return .joined(whole, kept: kept.id, dropped: dropped.id)
    }

    private func pointDecision(
        _ one: TwinFeature, _ two: TwinFeature, _ a: Coordinate, _ b: Coordinate
    ) -> TwinDecision? {
        let distance = a.distance(to: b)
        let isNamed = !(one.name ?? "").isEmpty && one.name == two.name
        let limit = isNamed ? rules.pointDistance : rules.placeDistance
        guard distance <= limit else { return nil }
        return TwinDecision(
            verdict: isNamed ? Self.duplicate(one, two) : .unsure(.place), features: [one.id, two.id],
            place: Coordinate(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2), geometry: .lineString(LineString([a, b])),
            distance: distance, area: 0, confidence: limit > 0 ? 1 - distance / (2 * limit) : 1)
    }

    private static func duplicate(_ one: TwinFeature, _ two: TwinFeature) -> TwinDecision.Verdict {
        if one.isProtected, two.isProtected { return .unsure(.protected) }
        let (kept, dropped) = ranked(one, two)
        return .duplicate(kept: kept.id, dropped: dropped.id)
    }

    private static func ranked(_ one: TwinFeature, _ two: TwinFeature) -> (kept: TwinFeature, dropped: TwinFeature) {
        if one.isProtected != two.isProtected { return one.isProtected ? (one, two) : (two, one) }
        let isFirst = (-one.authority, one.source, one.id) < (-two.authority, two.source, two.id)
        return isFirst ? (one, two) : (two, one)
    }

    private static func isArea(_ geometry: Geometry) -> Bool {
        switch geometry {
        case .polygon, .multiPolygon: true
        default: false
        }
    }
}
