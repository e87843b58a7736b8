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
        guard let first = PreparedFeature(CoverageFeature(id: 0, owner: 0, geometry: one)),
            let second = PreparedFeature(CoverageFeature(id: 0, owner: 0, geometry: two))
        else { return nil }
        let limit = rules.cutDistance
        let reach = Int64((limit * 1000).rounded(.up))
        var best: CutEdge?
        for a in first.edges {
            let length = a.start.distance(to: a.end)
            guard length >= rules.shortestCut else { continue }
            var near: [Int] = []
            second.edgeIndex.search(GridRange(a.start, a.start).expanded(by: reach)) { near.append($0) }
            // Rings of both run the same way round, so the edges run against each other.
            for b in near.sorted().map({ second.edges[$0] }) {
                let ends = (a.start.distance(to: b.end), a.end.distance(to: b.start))
                guard ends.0 <= limit, ends.1 <= limit else { continue }
                let share = 1 - max(ends.0, ends.1) / max(length, 0.001)
                if best.map({ share > $0.share }) ?? true {
                    best = CutEdge(first: (a.start, a.end), second: (b.start, b.end), share: share)
                }
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
