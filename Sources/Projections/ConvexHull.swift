// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The convex hull of a few points and the two questions asked about it.
enum ConvexHull {
    /// The corners anticlockwise, the first not repeated; positions on an edge
    /// are left out (Andrew's monotone chain).
    ///
    /// - Complexity: O(*n* log *n*).
    static func corners(of positions: [Coordinate]) -> [Coordinate] {
        let sorted = Set(positions).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return sorted }
        let half = { (positions: [Coordinate]) -> [Coordinate] in
            var chain: [Coordinate] = []
            for position in positions {
                while chain.count >= 2, turn(chain[chain.count - 2], chain[chain.count - 1], position) <= 0 {
                    chain.removeLast()
                }
                chain.append(position)
            }
            return chain.dropLast()
        }
        return half(sorted) + half(sorted.reversed())
    }

    /// Whether a position lies inside or on the border.
    static func contains(_ position: Coordinate, corners: [Coordinate]) -> Bool {
        distance(from: position, corners: corners) == 0
    }

    /// How far outside a position lies; 0 inside and on the border.
    static func distance(from position: Coordinate, corners: [Coordinate]) -> Double {
        guard let last = corners.last else { return .infinity }
        var previous = last
        var isInside = corners.count > 2
        var nearest = Double.infinity
        for corner in corners {
            if turn(previous, corner, position) < 0 { isInside = false }
            nearest = min(nearest, distance(from: position, toSegment: previous, corner))
            previous = corner
        }
        return isInside ? 0 : nearest
    }

    private static func turn(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate) -> Double {
        (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }

    private static func distance(from p: Coordinate, toSegment a: Coordinate, _ b: Coordinate) -> Double {
        let dx = b.x - a.x
        let dy = b.y - a.y
        let square = dx * dx + dy * dy
        guard square > 0 else { return p.distance(to: a) }
        let t = min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1)
        return p.distance(to: Coordinate(x: a.x + t * dx, y: a.y + t * dy))
    }
}
