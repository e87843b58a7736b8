// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// How wide a small convex area is at its widest place. Where two borders were
/// measured apart, most of the ground between them is a triangle or a slender
/// quadrilateral, and there may be a million of them: GEOS searches for the
/// largest circle a millisecond each.
enum ConvexWidth {
    private static let mostCorners = 8

    private struct Side {
        /// The normal that points inside, of length 1.
        var x: Double
        var y: Double
        /// Of the side along its normal.
        var offset: Double
    }

    /// The diameter of the largest circle within, in metres; nil for a ring that
    /// is not convex, or has more than eight corners.
    ///
    /// The circle touches three sides, and lies on the inner side of all others.
    static func width(of ring: [GridPoint]) -> Double? {
        guard ring.count <= 4 * mostCorners, let sides = sides(of: ring) else { return nil }
        var best: Double?
        for i in sides.indices {
            for j in sides.indices where j > i {
                for k in sides.indices where k > j {
                    guard let circle = circle(sides[i], sides[j], sides[k]), circle.radius > best ?? 0 else { continue }
                    let isWithin = sides.allSatisfy {
                        $0.x * circle.x + $0.y * circle.y - $0.offset >= circle.radius * (1 - 1e-9) - 1e-6
                    }
                    if isWithin { best = circle.radius }
                }
            }
        }
        return best.map { 2 * $0 / 1000 }
    }

    private static func sides(of ring: [GridPoint]) -> [Side]? {
        var corners: [GridPoint] = []
        for (number, point) in ring.enumerated() {
            let before = ring[number == 0 ? ring.count - 1 : number - 1]
            let after = ring[number + 1 == ring.count ? 0 : number + 1]
            let turn = GridPoint.turn(before, point, after)
            if turn < 0 { return nil }
            if turn > 0 { corners.append(point) }
        }
        guard (3...mostCorners).contains(corners.count) else { return nil }
        let origin = corners[0]
        return corners.indices.map { number in
            let (start, end) = (corners[number], corners[number + 1 == corners.count ? 0 : number + 1])
            let (dx, dy) = (Double(end.x - start.x), Double(end.y - start.y))
            let length = (dx * dx + dy * dy).squareRoot()
            let (x, y) = (-dy / length, dx / length)
            return Side(x: x, y: y, offset: x * Double(start.x - origin.x) + y * Double(start.y - origin.y))
        }
    }

    /// The circle that touches three lines from inside: `x · px + y · py − r` is
    /// the offset of each.
    private static func circle(_ a: Side, _ b: Side, _ c: Side) -> (x: Double, y: Double, radius: Double)? {
        let (abx, aby, abo) = (b.x - a.x, b.y - a.y, b.offset - a.offset)
        let (acx, acy, aco) = (c.x - a.x, c.y - a.y, c.offset - a.offset)
        let determinant = abx * acy - aby * acx
        guard abs(determinant) > 1e-12 else { return nil }
        let x = (abo * acy - aby * aco) / determinant
        let y = (abx * aco - abo * acx) / determinant
        return (x, y, a.x * x + a.y * y - a.offset)
    }
}
