// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The two edges along which one thing was cut: straight, against each other,
/// and as good as equal.
struct CutEdge {
    var first: (GridPoint, GridPoint)
    var second: (GridPoint, GridPoint)
    /// Of the longer edge, the part that the other one covers.
    var share: Double
    /// By which one side has to move, in metres.
    var distance: Double { max(first.0.distance(to: second.1), first.1.distance(to: second.0)) }

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
