// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A feature as rings of whole millimetres, its inside always on the left.
final class PreparedFeature {
    let feature: CoverageFeature
    /// Not closed, in the order of the geometry.
    let rings: [[GridPoint]]
    let range: GridRange
    /// All edges of all rings, in order.
    let edges: [SnapRounding.Segment]
    /// The numbers of edges that no other feature has the other way round.
    /// Found when asked for, by `FeaturePool`.
    var unmatched: [Int]?
    var unmatchedIndex: RangeIndex?
    lazy var edgeIndex = RangeIndex(edges.map { GridRange($0.start, $0.end) })

    var id: Int64 { feature.id }
    var owner: Int64 { feature.owner }

    /// Returns nil for what is no area.
    init?(_ feature: CoverageFeature) {
        self.feature = feature
        var rings: [[GridPoint]] = []
        func add(_ polygon: Polygon) {
            for (number, ring) in polygon.rings.enumerated() {
                var points: [GridPoint] = []
                for coordinate in ring.coordinates.dropLast() {
                    let point = GridPoint(coordinate)
                    if points.last != point { points.append(point) }
                }
                while points.count > 1, points.first == points.last { points.removeLast() }
                guard points.count > 2 else { continue }
                let isAnticlockwise = GridRing.twiceArea(points) > 0
                rings.append(isAnticlockwise == (number == 0) ? points : points.reversed())
            }
        }
        switch feature.geometry {
        case .polygon(let polygon): add(polygon)
        case .multiPolygon(let multi): multi.polygons.forEach(add)
        default: return nil
        }
        guard !rings.isEmpty else { return nil }
        var range = GridRange.empty
        var edges: [SnapRounding.Segment] = []
        for ring in rings {
            for (number, point) in ring.enumerated() {
                range.expand(toContain: point)
                edges.append(SnapRounding.Segment(point, ring[number + 1 == ring.count ? 0 : number + 1]))
            }
        }
        self.rings = rings
        self.range = range
        self.edges = edges
    }

    /// Whether a position, given in doubled millimetres, lies inside and not on
    /// the border.
    func strictlyContains(doubled point: GridPoint) -> Bool {
        var isInside = false
        for edge in edges {
            let a = GridPoint(2 * edge.start.x, 2 * edge.start.y)
            let b = GridPoint(2 * edge.end.x, 2 * edge.end.y)
            guard min(a.y, b.y) <= point.y, point.y <= max(a.y, b.y) else { continue }
            let turn = GridPoint.turn(a, b, point)
            if turn == 0, min(a.x, b.x) <= point.x, point.x <= max(a.x, b.x) { return false }
            if (a.y <= point.y) != (b.y <= point.y), (turn > 0) == (b.y > a.y) { isInside.toggle() }
        }
        return isInside
    }

    /// Whether the insides of two features meet.
    ///
    /// - Complexity: O(*n* log *m*) in edges whose boxes meet the other feature.
    func overlaps(_ other: PreparedFeature) -> Bool {
        guard range.intersects(other.range) else { return false }
        let (small, large) = edges.count <= other.edges.count ? (self, other) : (other, self)
        return small.reachesInto(large, lookingForCrossings: true)
            || large.reachesInto(small, lookingForCrossings: false)
    }

    private func reachesInto(_ other: PreparedFeature, lookingForCrossings: Bool) -> Bool {
        for edge in edges {
            let range = GridRange(edge.start, edge.end)
            guard range.intersects(other.range) else { continue }
            var isMatched = false
            var meets = false
            if lookingForCrossings {
                other.edgeIndex.search(range) { number in
                    let candidate = other.edges[number]
                    if candidate == edge || SnapRounding.crossing(edge, candidate) != nil { meets = true }
                    if candidate.start == edge.end, candidate.end == edge.start { isMatched = true }
                }
                if meets { return true }
            }
            if isMatched { continue }
            let middle = GridPoint(edge.start.x + edge.end.x, edge.start.y + edge.end.y)
            if other.strictlyContains(doubled: middle)
                || other.strictlyContains(doubled: GridPoint(2 * edge.start.x, 2 * edge.start.y))
            {
                return true
            }
        }
        return false
    }
}
