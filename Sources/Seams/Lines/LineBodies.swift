// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The edges of lines, to find the one beside which another line ends.
struct LineBodies {
    private struct Edge {
        var line: SeamLine
        var start: GridPoint
        var end: GridPoint
        /// Whether the line itself begins at `start`, or ends at `end`.
        var isFirst: Bool
        var isLast: Bool
    }

    private var edges: [Edge] = []
    private let index: RangeIndex

    init(_ lines: [SeamLine]) {
        for line in lines {
            for run in LooseEnds.parts(line.geometry) {
                for place in run.indices.dropLast() {
                    edges.append(
                        Edge(
                            line: line, start: GridPoint(run[place]), end: GridPoint(run[place + 1]),
                            isFirst: place == 0, isLast: place == run.count - 2))
                }
            }
        }
        index = RangeIndex(edges.map { GridRange($0.start, $0.end) })
    }

    /// The nearest position on the inner part of a line of another owner, of
    /// equals on the line with the lowest id; nil when none is within reach.
    func nearest(to end: LooseEnds.End, reach: Double) -> (line: Int64, position: Coordinate, distance: Double)? {
        var best: (line: Int64, position: Coordinate, distance: Double)?
        let range = GridRange(end.point, end.point).expanded(by: Int64((reach * 1000).rounded(.up)))
        let place = end.point.coordinate
        index.search(range) { number in
            let edge = edges[number]
            guard edge.line.owner != end.line.owner else { return }
            let (position, along) = Self.nearest(to: place, edge.start.coordinate, edge.end.coordinate)
            if (along == 0 && edge.isFirst) || (along == 1 && edge.isLast) { return }
            let distance = place.distance(to: position)
            guard distance <= reach else { return }
            let isBetter = best.map {
                (distance, edge.line.id, position.x, position.y) < ($0.distance, $0.line, $0.position.x, $0.position.y)
            }
            if isBetter ?? true { best = (edge.line.id, position, distance) }
        }
        return best
    }

    private static func nearest(
        to place: Coordinate, _ start: Coordinate, _ end: Coordinate
    ) -> (position: Coordinate, along: Double) {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let square = dx * dx + dy * dy
        guard square > 0 else { return (start, 0) }
        let along = max(0, min(1, ((place.x - start.x) * dx + (place.y - start.y) * dy) / square))
        return (Coordinate(x: start.x + along * dx, y: start.y + along * dy), along)
    }
}
