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
    /// In square metres.
    private(set) lazy var area = Double(rings.reduce(Int128(0)) { $0 + GridRing.twiceArea($1) }) / 2e6
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

    /// Up to so many it is quicker to look at all of them.
    private static let fewEdges = 32

    /// Whether a position, given in doubled millimetres, lies inside and not on
    /// the border.
    ///
    /// - Complexity: O(log *n* + *k*) in the edges between the position and the
    ///   nearest side of the feature's box: where thousands of teeth lie along
    ///   one side, a way along them would meet them all.
    func strictlyContains(doubled point: GridPoint) -> Bool {
        let (x, y) = (point.x >> 1, point.y >> 1)
        guard GridRange(GridPoint(x, y), GridPoint(x + 1, y + 1)).intersects(range) else { return false }
        let sides = [range.maxX - x, x - range.minX, range.maxY - y, y - range.minY]
        let nearest = sides.indices.min { sides[$0] < sides[$1] } ?? 0
        /// The position as if the nearest side were on the right.
        func turned(_ point: GridPoint) -> GridPoint {
            switch nearest {
            case 0: point
            case 1: GridPoint(-point.x, point.y)
            case 2: GridPoint(point.y, point.x)
            default: GridPoint(-point.y, point.x)
            }
        }
        var way = GridRange(GridPoint(x, y), GridPoint(x + 1, y + 1))
        switch nearest {
        case 0: way.maxX = range.maxX
        case 1: way.minX = range.minX
        case 2: way.maxY = range.maxY
        default: way.minY = range.minY
        }
        let place = turned(point)
        var isInside = false
        var isOnBorder = false
        func pass(_ edge: SnapRounding.Segment) {
            let a = turned(GridPoint(2 * edge.start.x, 2 * edge.start.y))
            let b = turned(GridPoint(2 * edge.end.x, 2 * edge.end.y))
            guard min(a.y, b.y) <= place.y, place.y <= max(a.y, b.y) else { return }
            let turn = GridPoint.turn(a, b, place)
            if turn == 0, min(a.x, b.x) <= place.x, place.x <= max(a.x, b.x) { isOnBorder = true }
            if (a.y <= place.y) != (b.y <= place.y), (turn > 0) == (b.y > a.y) { isInside.toggle() }
        }
        if edges.count <= Self.fewEdges {
            edges.forEach(pass)
        } else {
            edgeIndex.search(way) { pass(edges[$0]) }
        }
        return isInside && !isOnBorder
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
