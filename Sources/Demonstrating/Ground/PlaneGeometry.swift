// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A step or a direction in the plane, in metres.
struct Vector {
    var x: Double
    var y: Double

    var length: Double { (x * x + y * y).squareRoot() }
    /// The same direction with length 1; nothing when there is no direction.
    var unit: Vector {
        let length = length
        return length > 0 ? Vector(x: x / length, y: y / length) : Vector(x: 0, y: 0)
    }
    /// A quarter turn to the left.
    var left: Vector { Vector(x: -y, y: x) }

    static func * (vector: Vector, factor: Double) -> Vector {
        Vector(x: vector.x * factor, y: vector.y * factor)
    }
}

extension Coordinate {
    static func - (end: Coordinate, start: Coordinate) -> Vector {
        Vector(x: end.x - start.x, y: end.y - start.y)
    }

    static func + (start: Coordinate, step: Vector) -> Coordinate {
        Coordinate(x: start.x + step.x, y: start.y + step.y)
    }

    func mixed(_ other: Coordinate, _ t: Double) -> Coordinate {
        Coordinate(x: x + (other.x - x) * t, y: y + (other.y - y) * t)
    }

    /// The nearest whole millimetre.
    var onGrid: Coordinate { GridPrecision.millimetre.snap(self) }
}

/// Lines in the plane.
enum Plane {
    /// How far along each of two segments they cross, 0 to 1; nil when they do
    /// not, or are parallel.
    static func crossing(
        _ a: Coordinate, _ b: Coordinate, _ c: Coordinate, _ d: Coordinate
    ) -> (along: Double, other: Double)? {
        let r = b - a
        let s = d - c
        let cross = r.x * s.y - r.y * s.x
        guard cross != 0 else { return nil }
        let q = c - a
        let t = (q.x * s.y - q.y * s.x) / cross
        let u = (q.x * r.y - q.y * r.x) / cross
        return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? (t, u) : nil
    }

    /// The distance of a position from a segment.
    static func distance(_ p: Coordinate, _ a: Coordinate, _ b: Coordinate) -> Double {
        let ab = b - a
        let ap = p - a
        let square = ab.x * ab.x + ab.y * ab.y
        let t = square > 0 ? max(0, min(1, (ap.x * ab.x + ap.y * ab.y) / square)) : 0
        return (p - (a + ab * t)).length
    }

    /// A smooth curve through positions (centripetal Catmull–Rom), with a vertex
    /// about every `step` metres and exactly at each position.
    ///
    /// Returns the vertices and, for each position, its index among them.
    static func smooth(_ knots: [Coordinate], step: Double) -> (line: [Coordinate], indexes: [Int]) {
        guard knots.count > 1 else { return (knots, Array(knots.indices)) }
        var line = [knots[0]]
        var indexes = [0]
        for k in 0..<(knots.count - 1) {
            let b = knots[k]
            let c = knots[k + 1]
            let a = k > 0 ? knots[k - 1] : b + (c - b) * -1
            let d = k + 2 < knots.count ? knots[k + 2] : c + (c - b)
            let parts = max(1, Int(((c - b).length / step).rounded()))
            let t1 = (b - a).length.squareRoot()
            let t2 = t1 + (c - b).length.squareRoot()
            let t3 = t2 + (d - c).length.squareRoot()
            for part in 1...parts {
                if part == parts {
                    line.append(c)
                    continue
                }
                let t = t1 + (t2 - t1) * Double(part) / Double(parts)
                let ab = a.mixed(b, t / t1)
                let bc = b.mixed(c, (t - t1) / (t2 - t1))
                let cd = c.mixed(d, (t - t2) / (t3 - t2))
                let abc = ab.mixed(bc, t / t2)
                let bcd = bc.mixed(cd, (t - t1) / (t3 - t1))
                line.append(abc.mixed(bcd, (t - t1) / (t2 - t1)))
            }
            indexes.append(line.count - 1)
        }
        return (line, indexes)
    }

    /// The four corners by which the middle of an edge is moved to its left, which
    /// is the inside of a ring that runs anticlockwise, by some metres.
    static func dent(from: Coordinate, to: Coordinate, by distance: Double) -> [Coordinate] {
        let aside = (to - from).unit.left * distance
        let slope = abs(distance) / (to - from).length
        let inner = [0.2 + slope, 0.8 - slope].map { from.mixed(to, $0) + aside }
        return ([from.mixed(to, 0.2)] + inner + [from.mixed(to, 0.8)]).map(\.onGrid)
    }

    /// The line moved sideways, to the left by `distance` metres.
    static func offset(_ line: [Coordinate], by distance: Double) -> [Coordinate] {
        line.indices.map { index in
            let before = line[max(0, index - 1)]
            let after = line[min(line.count - 1, index + 1)]
            return line[index] + (after - before).unit.left * distance
        }
    }

    static func length(_ line: [Coordinate]) -> Double {
        zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
    }

    /// Whether a position lies inside a closed ring.
    static func contains(_ ring: [Coordinate], _ p: Coordinate) -> Bool {
        var inside = false
        var previous = ring[ring.count - 1]
        for current in ring {
            if (current.y > p.y) != (previous.y > p.y),
                p.x < (previous.x - current.x) * (p.y - current.y) / (previous.y - current.y) + current.x
            {
                inside.toggle()
            }
            previous = current
        }
        return inside
    }
}

/// Segments in square buckets, to find those near a place.
struct SegmentHash {
    struct Segment {
        var a: Coordinate
        var b: Coordinate
        /// What the segment belongs to.
        var owner: Int
    }

    private struct Cell: Hashable {
        var column: Int
        var row: Int
    }

    let size: Double
    private(set) var segments: [Segment] = []
    private var cells: [Cell: [Int]] = [:]

    init(size: Double) {
        self.size = size
    }

    private func column(_ value: Double) -> Int { Int((value / size).rounded(.down)) }

    mutating func add(_ line: [Coordinate], owner: Int) {
        for (a, b) in zip(line, line.dropFirst()) {
            let index = segments.count
            segments.append(Segment(a: a, b: b, owner: owner))
            for i in column(min(a.x, b.x))...column(max(a.x, b.x)) {
                for j in column(min(a.y, b.y))...column(max(a.y, b.y)) {
                    cells[Cell(column: i, row: j), default: []].append(index)
                }
            }
        }
    }

    /// The indexes of the segments near a rectangle, each once, in rising order.
    func near(_ envelope: Envelope) -> [Int] {
        var found: Set<Int> = []
        for i in column(envelope.minX)...column(envelope.maxX) {
            for j in column(envelope.minY)...column(envelope.maxY) {
                found.formUnion(cells[Cell(column: i, row: j)] ?? [])
            }
        }
        return found.sorted()
    }

    /// Whether a segment lies within `distance` of a position.
    func isNear(_ p: Coordinate, within distance: Double) -> Bool {
        for i in column(p.x - distance)...column(p.x + distance) {
            for j in column(p.y - distance)...column(p.y + distance) {
                for index in cells[Cell(column: i, row: j)] ?? []
                where Plane.distance(p, segments[index].a, segments[index].b) <= distance { return true }
            }
        }
        return false
    }
}
