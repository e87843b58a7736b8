// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Cuts lines and rings to a square around the tile, in whole tile units.
struct TileClip {
    let low: Int32
    let high: Int32

    @inline(__always)
    func contains(_ point: TilePoint) -> Bool {
        point.x >= low && point.x <= high && point.y >= low && point.y <= high
    }

    /// The part of a segment inside (Liang and Barsky, 1984), or nil when there
    /// is none. An end that lies inside is returned unchanged.
    func segment(_ a: TilePoint, _ b: TilePoint) -> (TilePoint, TilePoint)? {
        if contains(a) && contains(b) { return (a, b) }
        let (ax, ay) = (Double(a.x), Double(a.y))
        let (dx, dy) = (Double(b.x) - ax, Double(b.y) - ay)
        var (enter, leave) = (0.0, 1.0)
        for (delta, toLow, toHigh) in [
            (dx, Double(low) - ax, Double(high) - ax), (dy, Double(low) - ay, Double(high) - ay),
        ] {
            if delta == 0 {
                if toLow > 0 || toHigh < 0 { return nil }
            } else {
                enter = max(enter, min(toLow / delta, toHigh / delta))
                leave = min(leave, max(toLow / delta, toHigh / delta))
            }
        }
        guard enter <= leave else { return nil }
        func point(_ share: Double) -> TilePoint {
            TilePoint(x: clamped(ax + share * dx), y: clamped(ay + share * dy))
        }
        return (enter > 0 ? point(enter) : a, leave < 1 ? point(leave) : b)
    }

    @inline(__always)
    private func clamped(_ value: Double) -> Int32 {
        Int32(min(max(value.rounded(), Double(low)), Double(high)))
    }

    /// Cuts a ring to the square (Sutherland and Hodgman, 1974), and drops
    /// points that repeat or lie on a spike's way back. Parts that come apart
    /// stay joined along the border.
    func ring(_ points: UnsafeBufferPointer<TilePoint>, into ring: inout [TilePoint], scratch: inout [TilePoint]) {
        ring.removeAll(keepingCapacity: true)
        var outside: (left: Bool, right: Bool, above: Bool, below: Bool) = (false, false, false, false)
        for point in points {
            ring.append(point)
            outside.left = outside.left || point.x < low
            outside.right = outside.right || point.x > high
            outside.above = outside.above || point.y < low
            outside.below = outside.below || point.y > high
        }
        if outside.left { cut(&ring, &scratch, isX: true, bound: low, keepsAbove: true) }
        if outside.right { cut(&ring, &scratch, isX: true, bound: high, keepsAbove: false) }
        if outside.above { cut(&ring, &scratch, isX: false, bound: low, keepsAbove: true) }
        if outside.below { cut(&ring, &scratch, isX: false, bound: high, keepsAbove: false) }
        removeRepeatsAndSpikes(&ring)
    }

    private func cut(
        _ ring: inout [TilePoint], _ scratch: inout [TilePoint], isX: Bool, bound: Int32, keepsAbove: Bool
    ) {
        scratch.removeAll(keepingCapacity: true)
        guard var previous = ring.last else { return }
        func isInside(_ point: TilePoint) -> Bool {
            let value = isX ? point.x : point.y
            return keepsAbove ? value >= bound : value <= bound
        }
        var wasInside = isInside(previous)
        for point in ring {
            let inside = isInside(point)
            if inside != wasInside { scratch.append(crossing(previous, point, isX: isX, bound: bound)) }
            if inside { scratch.append(point) }
            previous = point
            wasInside = inside
        }
        swap(&ring, &scratch)
    }

    /// Where a segment meets a bound. Computed from the lesser end, so that a
    /// border that two polygons share is cut at one place.
    private func crossing(_ a: TilePoint, _ b: TilePoint, isX: Bool, bound: Int32) -> TilePoint {
        let (from, to) = (a.x, a.y) < (b.x, b.y) ? (a, b) : (b, a)
        if isX {
            let share = (Double(bound) - Double(from.x)) / (Double(to.x) - Double(from.x))
            let y = Double(from.y) + share * (Double(to.y) - Double(from.y))
            return TilePoint(x: bound, y: Int32(y.rounded()))
        }
        let share = (Double(bound) - Double(from.y)) / (Double(to.y) - Double(from.y))
        let x = Double(from.x) + share * (Double(to.x) - Double(from.x))
        return TilePoint(x: Int32(x.rounded()), y: bound)
    }

    /// Drops points equal to their predecessor, and the tips of spikes: points
    /// from which the ring runs straight back.
    private func removeRepeatsAndSpikes(_ ring: inout [TilePoint]) {
        var kept = 0
        for index in ring.indices {
            let point = ring[index]
            while kept > 0 && ring[kept - 1] == point || kept > 1 && isSpike(ring[kept - 2], ring[kept - 1], point) {
                kept -= 1
            }
            ring[kept] = point
            kept += 1
        }
        // The ring's end against its beginning.
        var first = 0
        while kept - first > 2 {
            if ring[kept - 1] == ring[first] || isSpike(ring[kept - 2], ring[kept - 1], ring[first]) {
                kept -= 1
            } else if isSpike(ring[kept - 1], ring[first], ring[first + 1]) {
                first += 1
            } else {
                break
            }
        }
        ring.removeSubrange(kept...)
        ring.removeSubrange(..<first)
        if ring.count < 3 { ring.removeAll(keepingCapacity: true) }
    }

    private func isSpike(_ a: TilePoint, _ tip: TilePoint, _ b: TilePoint) -> Bool {
        let (ux, uy) = (Int(tip.x) - Int(a.x), Int(tip.y) - Int(a.y))
        let (vx, vy) = (Int(b.x) - Int(tip.x), Int(b.y) - Int(tip.y))
        return ux * vy == uy * vx && ux * vx + uy * vy < 0
    }
}
