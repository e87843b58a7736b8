// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Finds things that two towns delivered both, or each a part of.
public struct TwinSeams {
    public let rules: TwinRules
    private let engine: TopologyEngine

    /// - Throws: `.library` when GEOS has no memory for a context.
    public init(rules: TwinRules = TwinRules()) throws(TopologyError) {
        self.rules = rules
        engine = try TopologyEngine()
    }

    /// - Parameters:
    ///   - features: valid areas and points with unique ids, in any order.
    ///   - agree: whether the attributes of two parts of a cut thing allow to
    ///     join them.
    /// - Returns: best confidence first, then by ids. A feature that was dropped
    ///   is named by no later decision.
    /// - Complexity: O(*n* log *n*), and GEOS for pairs whose boxes meet.
    public func decisions(
        on features: [TwinFeature], agree: (TwinFeature, TwinFeature) -> Bool = { _, _ in false }
    ) throws(TopologyError) -> [TwinDecision] {
        let sorted = features.sorted { $0.id < $1.id }
        let ranges = sorted.map { GridRange($0.geometry.envelope) }
        let index = RangeIndex(ranges)
        let reach = Int64((max(rules.pointDistance, rules.cutDistance) * 1000).rounded(.up))
        var found: [TwinDecision] = []
        for (number, one) in sorted.enumerated() {
            var others: [Int] = []
            index.search(ranges[number].expanded(by: reach)) { other in
                if other > number, sorted[other].owner != one.owner { others.append(other) }
            }
            for other in others.sorted() {
                if let decision = try decision(one, sorted[other], agree) { found.append(decision) }
            }
        }
        found.sort {
            (-$0.confidence, $0.features[0], $0.features[1]) < (-$1.confidence, $1.features[0], $1.features[1])
        }
        var gone: Set<Int64> = []
        var grown: Set<Int64> = []
        var result: [TwinDecision] = []
        for decision in found where gone.isDisjoint(with: decision.features) {
            switch decision.verdict {
            case .duplicate(_, let dropped): gone.insert(dropped)
            case .joined(_, let kept, let dropped):
                // Its geometry is no longer the one that was looked at.
                if !grown.isDisjoint(with: decision.features) {
                    var later = decision
                    later.verdict = .cut
                    result.append(later)
                    continue
                }
                gone.insert(dropped)
                grown.insert(kept)
            case .cut, .unsure: break
            }
            result.append(decision)
        }
        return Array(result.prefix(max(0, rules.mostRecords)))
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
            let (kept, dropped) = Self.ranked(one, two)
            return TwinDecision(
                verdict: isSame ? .duplicate(kept: kept.id, dropped: dropped.id) : .unsure,
                features: [one.id, two.id], place: place, confidence: isSame ? max(same, inside) : same)
        }
        guard inside < 0.05, let cut = CutEdge(one.geometry, two.geometry, rules) else { return nil }
        var verdict = TwinDecision.Verdict.cut
        if agree(one, two) {
            let (kept, dropped) = Self.ranked(one, two)
            let moved = cut.aligned(dropped.geometry, movingSecond: dropped.id == two.id)
            let whole = try engine.union(kept.geometry, moved, on: .millimetre)
            if case .polygon = whole, try engine.validityFault(of: whole) == nil {
                verdict = .joined(whole, kept: kept.id, dropped: dropped.id)
            }
        }
        return TwinDecision(
            verdict: verdict, features: [one.id, two.id], place: cut.middle, confidence: cut.share)
    }

    private func pointDecision(
        _ one: TwinFeature, _ two: TwinFeature, _ a: Coordinate, _ b: Coordinate
    ) -> TwinDecision? {
        let distance = a.distance(to: b)
        let place = Coordinate(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
        let isNamed = !(one.name ?? "").isEmpty && one.name == two.name
        let limit = isNamed ? rules.pointDistance : rules.placeDistance
        guard distance <= limit else { return nil }
        let (kept, dropped) = Self.ranked(one, two)
        return TwinDecision(
            verdict: isNamed ? .duplicate(kept: kept.id, dropped: dropped.id) : .unsure, features: [one.id, two.id],
            place: place, confidence: limit > 0 ? 1 - distance / (2 * limit) : 1)
    }

    private static func ranked(_ one: TwinFeature, _ two: TwinFeature) -> (kept: TwinFeature, dropped: TwinFeature) {
        (-one.authority, one.id) < (-two.authority, two.id) ? (one, two) : (two, one)
    }

    private static func isArea(_ geometry: Geometry) -> Bool {
        switch geometry {
        case .polygon, .multiPolygon: true
        default: false
        }
    }
}

/// The two edges along which one thing was cut: straight, against each other,
/// and as good as equal.
private struct CutEdge {
    var first: (GridPoint, GridPoint)
    var second: (GridPoint, GridPoint)
    /// Of the longer edge, the part that the other one covers.
    var share: Double

    var middle: Coordinate {
        GridPoint((first.0.x + first.1.x) / 2, (first.0.y + first.1.y) / 2).coordinate
    }

    init?(_ one: Geometry, _ two: Geometry, _ rules: TwinRules) {
        let limit = rules.cutDistance
        var best: CutEdge?
        for a in Self.edges(one) where a.0.distance(to: a.1) >= rules.shortestCut {
            // Rings of both run the same way round, so the edges run against each other.
            for b in Self.edges(two) {
                let ends = (a.0.distance(to: b.1), a.1.distance(to: b.0))
                guard ends.0 <= limit, ends.1 <= limit else { continue }
                let share = 1 - max(ends.0, ends.1) / max(a.0.distance(to: a.1), 0.001)
                if best.map({ share > $0.share }) ?? true { best = CutEdge(first: a, second: b, share: share) }
            }
        }
        guard let best else { return nil }
        self = best
    }

    private init(first: (GridPoint, GridPoint), second: (GridPoint, GridPoint), share: Double) {
        self.first = first
        self.second = second
        self.share = share
    }

    private static func edges(_ geometry: Geometry) -> [(GridPoint, GridPoint)] {
        guard let feature = PreparedFeature(CoverageFeature(id: 0, owner: 0, geometry: geometry)) else { return [] }
        return feature.edges.map { ($0.start, $0.end) }
    }

    /// One side with its ends of the cut where those of the other are.
    func aligned(_ geometry: Geometry, movingSecond: Bool) -> Geometry {
        let (from, to) = movingSecond ? (second, first) : (first, second)
        return geometry.mapCoordinates { run in
            run.map { coordinate in
                let point = GridPoint(coordinate)
                return point == from.0 ? to.1.coordinate : point == from.1 ? to.0.coordinate : coordinate
            }
        }
    }
}
