// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Walks along the border of a set of faces.
struct RingAssembly {
    private let arrangement: Arrangement
    /// Which half-edges belong to the border that is being walked: those with
    /// the current stamp.
    private var stamps: [Int32]
    private var stamp: Int32 = 0

    init(_ arrangement: Arrangement) {
        self.arrangement = arrangement
        stamps = [Int32](repeating: 0, count: arrangement.next.count)
    }

    /// Simple rings of nodes, not closed, with the inside on the left: those
    /// around an area run anticlockwise, those around a hole clockwise.
    ///
    /// - Parameter border: all half-edges with the set on the left and not on
    ///   the right, in rising order.
    mutating func rings(of border: [Int]) -> [[Int]] {
        stamp += 1
        for halfEdge in border { stamps[halfEdge] = stamp }
        var rings: [[Int]] = []
        for start in border where stamps[start] == stamp {
            var walk: [Int] = []
            var halfEdge = start
            repeat {
                stamps[halfEdge] = 0
                walk.append(arrangement.origin(halfEdge))
                halfEdge = following(halfEdge, start: start)
            } while halfEdge != start
            rings += Self.split(walk)
        }
        return rings
    }

    /// The next half-edge of the border around the same part of the inside.
    private func following(_ halfEdge: Int, start: Int) -> Int {
        var candidate = Int(arrangement.next[halfEdge])
        while stamps[candidate] != stamp, candidate != start {
            candidate = Int(arrangement.next[candidate ^ 1])
        }
        return candidate
    }

    /// A walk that comes to a node twice, as rings that do not.
    private static func split(_ walk: [Int]) -> [[Int]] {
        var rings: [[Int]] = []
        var open: [Int] = []
        var place: [Int: Int] = [:]
        for node in walk {
            if let known = place[node] {
                let ring = Array(open[known...])
                for passed in ring.dropFirst() { place[passed] = nil }
                open.removeLast(open.count - known - 1)
                if ring.count > 2 { rings.append(ring) }
            } else {
                place[node] = open.count
                open.append(node)
            }
        }
        if open.count > 2 { rings.append(open) }
        return rings
    }
}

/// Exact measures of rings of grid positions that are not closed.
enum GridRing {
    /// In square millimetres, positive when the ring runs anticlockwise.
    static func twiceArea(_ ring: [GridPoint]) -> Int128 {
        guard let anchor = ring.first else { return 0 }
        var sum: Int128 = 0
        for (a, b) in zip(ring, ring.dropFirst()) { sum += Int128(GridPoint.turn(anchor, a, b)) }
        return sum
    }

    /// In metres.
    static func length(_ ring: [GridPoint]) -> Double {
        guard var previous = ring.last else { return 0 }
        var sum = 0.0
        for point in ring {
            sum += previous.distance(to: point)
            previous = point
        }
        return sum
    }

    /// 1 inside, 0 on the ring, -1 outside.
    static func side(of point: GridPoint, _ ring: [GridPoint]) -> Int {
        guard var a = ring.last else { return -1 }
        var isInside = false
        for b in ring {
            if a.y > point.y || b.y > point.y || a.y == point.y || b.y == point.y,
                a.y <= point.y || b.y <= point.y
            {
                let turn = GridPoint.turn(a, b, point)
                if turn == 0, min(a.x, b.x) <= point.x, point.x <= max(a.x, b.x), min(a.y, b.y) <= point.y,
                    point.y <= max(a.y, b.y)
                {
                    return 0
                }
                if (a.y <= point.y) != (b.y <= point.y), (turn > 0) == (b.y > a.y) { isInside.toggle() }
            }
            a = b
        }
        return isInside ? 1 : -1
    }

    /// Shells with their holes.
    ///
    /// - Parameter rings: simple, not crossing, shells anticlockwise.
    static func polygons(_ rings: [[GridPoint]]) -> [(shell: [GridPoint], holes: [[GridPoint]])] {
        let areas = rings.map(twiceArea)
        var polygons: [(shell: [GridPoint], holes: [[GridPoint]], area: Int128)] = []
        for (ring, area) in zip(rings, areas) where area > 0 { polygons.append((ring, [], area)) }
        for (hole, area) in zip(rings, areas) where area < 0 {
            var best: Int?
            for (number, polygon) in polygons.enumerated() where polygon.area > -area {
                if polygons.count == 1 || contains(polygon.shell, hole) {
                    if let known = best, polygons[known].area <= polygon.area { continue }
                    best = number
                }
            }
            if let best { polygons[best].holes.append(hole) }
        }
        return polygons.map { ($0.shell, $0.holes) }
    }

    private static func contains(_ shell: [GridPoint], _ hole: [GridPoint]) -> Bool {
        for point in hole {
            let side = side(of: point, shell)
            if side != 0 { return side > 0 }
        }
        return false
    }
}
