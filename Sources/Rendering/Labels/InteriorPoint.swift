// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The place inside of an area that is farthest from its border, where its
/// label has most room ("pole of inaccessibility").
///
/// The area's box is cut into squares; the most promising one is cut again until
/// none can be better by more than the precision (Garcia-Castellanos and Lombardo
/// 2007, and Mapbox's polylabel, in the same way).
struct InteriorPoint {
    private let rings: [[SIMD2<Double>]]

    /// Positions that are measured against squares in all, so that an area of a
    /// million positions takes no longer than others.
    private static let mostMeasurements = 400_000
    /// Squares that are made for one area; few need a tenth of them.
    private static let mostSquares = 1024

    private struct Square {
        var center: SIMD2<Double>
        var half: Double
        var distance: Double

        var potential: Double { distance + half * 1.414_213_6 }
    }

    /// - Parameter rings: the outer ring first, without closing positions.
    init(_ rings: [[SIMD2<Double>]]) { self.rings = rings }

    /// The place, to a precision in the rings' unit; nil without an area.
    func find(precision: Double) -> SIMD2<Double>? {
        guard let outer = rings.first, outer.count > 2 else { return nil }
        var low = outer[0]
        var high = outer[0]
        for point in outer {
            low = SIMD2(min(low.x, point.x), min(low.y, point.y))
            high = SIMD2(max(high.x, point.x), max(high.y, point.y))
        }
        let size = high - low
        let cell = min(size.x, size.y)
        guard cell > 0 else { return nil }
        let count = rings.reduce(0) { $0 + $1.count }
        var budget = min(max(8, Self.mostMeasurements / count), Self.mostSquares)
        var best = square(centroid(outer), 0)
        let middle = square((low + high) / 2, 0)
        if middle.distance > best.distance { best = middle }
        // A narrow area has many squares side by side; they are made larger then.
        let half = max(cell, max(size.x, size.y) / 32) / 2
        var queue: [Square] = []
        for row in 0..<max(1, Int((size.y / half / 2).rounded(.up))) {
            for column in 0..<max(1, Int((size.x / half / 2).rounded(.up))) where budget > 0 {
                let step = SIMD2(Double(column) * 2 + 1, Double(row) * 2 + 1)
                queue.append(square(low + half * step, half))
                budget -= 1
            }
        }
        while budget > 0, let next = queue.indices.max(by: { queue[$0].potential < queue[$1].potential }) {
            let square = queue.remove(at: next)
            if square.distance > best.distance { best = square }
            guard square.potential - best.distance > precision else { break }
            let half = square.half / 2
            for (x, y) in [(-1.0, -1.0), (1, -1), (-1, 1), (1, 1)] {
                queue.append(self.square(square.center + half * SIMD2(x, y), half))
            }
            budget -= 4
        }
        return best.distance > 0 ? best.center : outer[0]
    }

    private func square(_ center: SIMD2<Double>, _ half: Double) -> Square {
        Square(center: center, half: half, distance: distance(center))
    }

    /// How far a place is from the border, negative outside.
    private func distance(_ place: SIMD2<Double>) -> Double {
        var isInside = false
        var nearest = Double.infinity
        for ring in rings {
            guard var a = ring.last else { continue }
            for b in ring {
                if (a.y > place.y) != (b.y > place.y),
                    place.x < (b.x - a.x) * (place.y - a.y) / (b.y - a.y) + a.x
                {
                    isInside.toggle()
                }
                let edge = b - a
                let square = (edge * edge).sum()
                let t = square > 0 ? min(max(((place - a) * edge).sum() / square, 0), 1) : 0
                let gap = place - (a + t * edge)
                nearest = min(nearest, (gap * gap).sum())
                a = b
            }
        }
        return (isInside ? 1 : -1) * nearest.squareRoot()
    }

    private func centroid(_ ring: [SIMD2<Double>]) -> SIMD2<Double> {
        // Against the first position, since far from the origin the products
        // would lose their digits.
        let origin = ring[0]
        var sum = SIMD2<Double>.zero
        var area = 0.0
        var a = SIMD2<Double>.zero
        for point in ring.dropFirst() {
            let b = point - origin
            let cross = a.x * b.y - b.x * a.y
            sum += (a + b) * cross
            area += cross * 3
            a = b
        }
        return area == 0 ? origin : origin + sum / area
    }
}
