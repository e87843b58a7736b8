// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Features that can affect each other's repair, and those around them.
///
/// Two features are linked when unmatched edges of theirs face each other
/// across uncovered ground within the width limit of gaps, or when they have
/// different owners and overlap. A neighbourhood is everything that links
/// connect. It depends on the originals alone, never on where a search began.
struct Neighbourhood {
    /// By rising id.
    var members: [PreparedFeature]
    /// Whether features of different owners are linked.
    var isSeam: Bool
    /// Edges of different owners that face each other.
    var facing: [FacingEdges]
}

struct FacingEdges: Hashable {
    var first: SnapRounding.Segment
    var second: SnapRounding.Segment
}

struct NeighbourhoodSearch {
    let pool: FeaturePool
    /// The width limit of gaps in millimetres, and a little more.
    let reach: Int64
    private var visited: Set<Int64> = []

    init(_ pool: FeaturePool, _ rules: CoverageRules) {
        self.pool = pool
        reach = Int64((max(0, rules.gapWidth) * 1000).rounded(.up)) + 2
    }

    /// The neighbourhood of a feature, or nil when it has been returned before.
    mutating func neighbourhood(of start: PreparedFeature) -> Neighbourhood? {
        guard visited.insert(start.id).inserted else { return nil }
        var members: [PreparedFeature] = []
        var facing: Set<FacingEdges> = []
        var isSeam = false
        var open = [start]
        while let feature = open.popLast() {
            members.append(feature)
            for other in pool.features(in: feature.range.expanded(by: reach)) where other.id != feature.id {
                let isForeign = other.owner != feature.owner
                var isLinked = false
                // Each pair of edges is seen from both sides; one is kept.
                for pair in facingEdges(of: feature, other, all: isForeign) {
                    isLinked = true
                    if isForeign { facing.insert(pair) }
                }
                if isForeign, !isLinked { isLinked = feature.overlaps(other) }
                guard isLinked else { continue }
                if isForeign { isSeam = true }
                if visited.insert(other.id).inserted { open.append(other) }
            }
        }
        let sorted = facing.sorted {
            ($0.first.start, $0.first.end, $0.second.start, $0.second.end)
                < ($1.first.start, $1.first.end, $1.second.start, $1.second.end)
        }
        return Neighbourhood(members: members.sorted { $0.id < $1.id }, isSeam: isSeam, facing: sorted)
    }

    private func facingEdges(of one: PreparedFeature, _ two: PreparedFeature, all: Bool) -> [FacingEdges] {
        let candidates = pool.unmatched(one)
        let others = pool.unmatched(two)
        guard !candidates.isEmpty, !others.isEmpty, let index = two.unmatchedIndex else { return [] }
        let target = two.range.expanded(by: reach)
        var found: [FacingEdges] = []
        for number in candidates {
            let edge = one.edges[number]
            let range = GridRange(edge.start, edge.end)
            guard range.intersects(target) else { continue }
            index.search(range.expanded(by: reach)) { item in
                guard all || found.isEmpty else { return }
                let other = two.edges[others[item]]
                guard face(edge, other) else { return }
                let isFirst = (edge.start, edge.end) < (other.start, other.end)
                let (first, second) = isFirst ? (edge, other) : (other, edge)
                found.append(FacingEdges(first: first, second: second))
            }
            if !all, !found.isEmpty { break }
        }
        return found
    }

    /// Whether uncovered ground, which is to the right of both, may lie between
    /// two edges within reach.
    ///
    /// Edges that follow each other along one border do not face: a corner
    /// counts from 135° of ground downwards.
    private func face(_ one: SnapRounding.Segment, _ two: SnapRounding.Segment) -> Bool {
        // In one order, so that both sides come to the same answer.
        let (a, b) = (one.start, one.end) < (two.start, two.end) ? (one, two) : (two, one)
        if a.start == b.end, a.end == b.start { return false }
        if SnapRounding.crossing(a, b) != nil { return true }
        if let corner = Self.corner(a, b) { return corner }
        let (p, q) = Self.nearest(a, b)
        let (dx, dy) = (q.x - p.x, q.y - p.y)
        let distance = (dx * dx + dy * dy).squareRoot()
        guard distance <= Double(reach) else { return false }
        guard distance > 0 else { return true }
        func towards(_ edge: SnapRounding.Segment, _ dx: Double, _ dy: Double) -> Double {
            let (ex, ey) = (Double(edge.end.x - edge.start.x), Double(edge.end.y - edge.start.y))
            // The normal to the right is (ey, -ex).
            return (dx * ey - dy * ex) / (distance * (ex * ex + ey * ey).squareRoot())
        }
        let (fromA, fromB) = (towards(a, dx, dy), towards(b, -dx, -dy))
        return max(fromA, fromB) >= 0.38 && min(fromA, fromB) >= -0.1
    }

    /// For edges with a common end, whether the ground there is a corner of less
    /// than 135°.
    private static func corner(_ a: SnapRounding.Segment, _ b: SnapRounding.Segment) -> Bool? {
        let (before, after): (SnapRounding.Segment, SnapRounding.Segment)
        if a.end == b.start {
            (before, after) = (a, b)
        } else if b.end == a.start {
            (before, after) = (b, a)
        } else if a.start == b.start || a.end == b.end {
            // Both inside on the left and one common end: they overlap, or have
            // a third one between them.
            return true
        } else {
            return nil
        }
        let (ux, uy) = (Double(before.start.x - before.end.x), Double(before.start.y - before.end.y))
        let (vx, vy) = (Double(after.end.x - after.start.x), Double(after.end.y - after.start.y))
        let cross = ux * vy - uy * vx
        let dot = ux * vx + uy * vy
        // Ground lies to the right: anticlockwise from back along `before` to `after`.
        let size = ((ux * ux + uy * uy) * (vx * vx + vy * vy)).squareRoot()
        return cross >= 0 && dot > -0.7071 * size
    }

    /// The nearest positions of two segments that do not cross, in millimetres.
    static func nearest(
        _ a: SnapRounding.Segment, _ b: SnapRounding.Segment
    ) -> (p: (x: Double, y: Double), q: (x: Double, y: Double)) {
        var best: (p: (x: Double, y: Double), q: (x: Double, y: Double)) = ((0, 0), (0, 0))
        var least = Double.infinity
        func attempt(_ point: GridPoint, _ segment: SnapRounding.Segment, isFirst: Bool) {
            let foot = Self.foot(of: point, on: segment)
            let here = (x: Double(point.x), y: Double(point.y))
            let (dx, dy) = (foot.x - here.x, foot.y - here.y)
            let distance = dx * dx + dy * dy
            guard distance < least else { return }
            least = distance
            best = isFirst ? (here, foot) : (foot, here)
        }
        attempt(a.start, b, isFirst: true)
        attempt(a.end, b, isFirst: true)
        attempt(b.start, a, isFirst: false)
        attempt(b.end, a, isFirst: false)
        return best
    }

    /// The nearest position of a segment, in millimetres.
    static func foot(of point: GridPoint, on segment: SnapRounding.Segment) -> (x: Double, y: Double) {
        foot(x: Double(point.x), y: Double(point.y), on: segment)
    }

    static func foot(x: Double, y: Double, on segment: SnapRounding.Segment) -> (x: Double, y: Double) {
        let (dx, dy) = (Double(segment.end.x - segment.start.x), Double(segment.end.y - segment.start.y))
        let (px, py) = (x - Double(segment.start.x), y - Double(segment.start.y))
        let along = min(1, max(0, (px * dx + py * dy) / (dx * dx + dy * dy)))
        return (Double(segment.start.x) + along * dx, Double(segment.start.y) + along * dy)
    }
}
