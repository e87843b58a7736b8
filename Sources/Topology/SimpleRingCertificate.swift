// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Proves that a ring crosses and touches itself nowhere, which makes the
/// polygon inside it valid, without asking GEOS.
///
/// The proof is one-sided: `true` is certain, for the very doubles given;
/// `false` means that it did not come off, and GEOS must be asked. Signs of
/// turns count only where the determinant exceeds Shewchuk's bound on its own
/// rounding (Adaptive Precision Floating-Point Arithmetic, 1997,
/// doi:10.1007/PL00009321).
enum SimpleRingCertificate {
    /// Beyond this many edges a bad order of edges could cost more than GEOS.
    static let mostEdges = 2048
    /// Up to here comparing all pairs is faster than sorting edges first.
    private static let mostEdgesUnsorted = 40

    /// (3 + 16ε)ε with ε = 2⁻⁵³, rounded up.
    private static let turnBound = 3.330_669_073_875_472e-16

    /// - Parameter ring: closed, finite.
    /// - Complexity: O(*n* log *n*) in edges for rings that are drawn on maps,
    ///   O(*n*²) when most edges lie above one another.
    static func holds(for ring: [Coordinate]) -> Bool {
        let edges = ring.count - 1
        guard edges >= 3, edges <= mostEdges else { return false }
        return ring.withUnsafeBufferPointer { ring in
            for edge in 0..<edges {
                guard turnsOrGoesOn(ring[edge], ring[edge + 1], ring[edge + 2 > edges ? 1 : edge + 2]) else {
                    return false
                }
            }
            return edges <= mostEdgesUnsorted ? allPairsAreApart(ring, edges) : sweptPairsAreApart(ring, edges)
        }
    }

    private static func allPairsAreApart(_ ring: UnsafeBufferPointer<Coordinate>, _ edges: Int) -> Bool {
        for first in 0..<edges {
            let a = ring[first]
            let b = ring[first + 1]
            let minX = min(a.x, b.x)
            let maxX = max(a.x, b.x)
            let minY = min(a.y, b.y)
            let maxY = max(a.y, b.y)
            // The last edge is a neighbour of the first.
            let last = first == 0 ? edges - 1 : edges
            var second = first + 2
            while second < last {
                let c = ring[second]
                let d = ring[second + 1]
                second += 1
                if max(c.x, d.x) < minX || min(c.x, d.x) > maxX { continue }
                if max(c.y, d.y) < minY || min(c.y, d.y) > maxY { continue }
                guard areApart(a, b, c, d) else { return false }
            }
        }
        return true
    }

    /// The same with edges sorted from west to east: an edge is compared only
    /// with those that start before it ends.
    private static func sweptPairsAreApart(_ ring: UnsafeBufferPointer<Coordinate>, _ edges: Int) -> Bool {
        var sorted = (0..<edges).map { (minX: min(ring[$0].x, ring[$0 + 1].x), edge: $0) }
        sorted.sort { $0.minX < $1.minX }
        return sorted.withUnsafeBufferPointer { sorted in
            for place in 0..<edges {
                let first = sorted[place].edge
                let a = ring[first]
                let b = ring[first + 1]
                let maxX = max(a.x, b.x)
                let minY = min(a.y, b.y)
                let maxY = max(a.y, b.y)
                var other = place + 1
                while other < edges, sorted[other].minX <= maxX {
                    let second = sorted[other].edge
                    other += 1
                    let c = ring[second]
                    let d = ring[second + 1]
                    if max(c.y, d.y) < minY || min(c.y, d.y) > maxY { continue }
                    let gap = abs(first - second)
                    if gap == 1 || gap == edges - 1 { continue }
                    guard areApart(a, b, c, d) else { return false }
                }
            }
            return true
        }
    }

    /// Whether two edges that follow one another meet in their common end only:
    /// the second goes on into the half plane ahead, or turns off for certain.
    @inline(__always)
    private static func turnsOrGoesOn(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate) -> Bool {
        let along = (b.x - a.x) * (c.x - b.x)
        let across = (b.y - a.y) * (c.y - b.y)
        if along + across > 2 * turnBound * (abs(along) + abs(across)) { return true }
        return turn(a, b, c) != 0
    }

    /// Whether both ends of one edge lie strictly on one side of the other.
    @inline(__always)
    private static func areApart(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate, _ d: Coordinate) -> Bool {
        let first = turn(a, b, c)
        if first != 0, first == turn(a, b, d) { return true }
        let second = turn(c, d, a)
        return second != 0 && second == turn(c, d, b)
    }

    /// 1 for certainly left, −1 for certainly right, 0 for undecided.
    @inline(__always)
    private static func turn(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate) -> Int {
        let left = (a.x - c.x) * (b.y - c.y)
        let right = (a.y - c.y) * (b.x - c.x)
        let determinant = left - right
        let bound = turnBound * (abs(left) + abs(right))
        return determinant > bound ? 1 : determinant < -bound ? -1 : 0
    }
}
