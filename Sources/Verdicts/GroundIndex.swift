// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import SpatialIndexing

/// The segments of the known ground, ready to be asked what lies nearest.
public final class GroundIndex: Sendable {
    let gridCRS: String
    let envelope: Envelope
    /// Towns of the areas, by their number.
    let towns: [String?]
    private let segments: [Segment]
    private let bytes: [UInt8]
    /// The tree counts in decimetres from here, so that any grid fits 32 bits.
    private let origin: Coordinate

    /// Vertices that are looked at; more are thinned evenly.
    public static let mostVertices = 60_000

    /// Every so many positions of a run, but no fewer than about eight, so that no
    /// small outline vanishes.
    public static func thinned(_ run: [Coordinate], every: Int) -> [Coordinate] {
        let step = min(every, max(1, (run.count - 1) / 8))
        return run.indices.filter { $0 % step == 0 || $0 == run.count - 1 }.map { run[$0] }
    }

    private struct Segment {
        var a, b: Coordinate
        /// The area whose ring this is part of; −1 for lines.
        var area: Int32
    }

    public init(_ ground: ReferenceGround) {
        gridCRS = ground.gridCRS
        towns = ground.areas.map(\.town)
        let vertices = ground.areas.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.count } }
            + ground.lines.reduce(0) { $0 + $1.count }
        let every = max(1, (vertices + Self.mostVertices - 1) / Self.mostVertices)
        var envelope = Envelope.empty
        var segments: [Segment] = []
        let add = { (run: [Coordinate], area: Int) in
            var last: Coordinate?
            for position in Self.thinned(run, every: every) where position.isFinite {
                envelope.expand(toContain: position)
                if let last, last != position { segments.append(Segment(a: last, b: position, area: Int32(area))) }
                last = position
            }
        }
        for (number, area) in ground.areas.enumerated() { for ring in area.rings { add(ring, number) } }
        for line in ground.lines { add(line, -1) }
        self.envelope = envelope
        let origin = Coordinate(x: envelope.isEmpty ? 0 : envelope.minX, y: envelope.isEmpty ? 0 : envelope.minY)
        self.origin = origin
        let boxes = segments.map { segment in
            Self.box(
                Envelope(
                    minX: min(segment.a.x, segment.b.x), minY: min(segment.a.y, segment.b.y),
                    maxX: max(segment.a.x, segment.b.x), maxY: max(segment.a.y, segment.b.y)), origin)
        }
        let order = PackedHilbertTree.order(of: boxes)
        bytes = PackedHilbertTree.build(sorted: order.map { boxes[Int($0)] })
        self.segments = order.map { segments[Int($0)] }
    }

    var isEmpty: Bool { segments.isEmpty }

    private static func box(_ envelope: Envelope, _ origin: Coordinate) -> GridBox {
        let number = { (value: Double) -> Int32 in
            value.isFinite ? Int32(max(-2e9, min(2e9, value * 10))) : 0
        }
        return GridBox(
            minX: number((envelope.minX - origin.x).rounded(.down) - 1),
            minY: number((envelope.minY - origin.y).rounded(.down) - 1),
            maxX: number((envelope.maxX - origin.x).rounded(.up) + 1),
            maxY: number((envelope.maxY - origin.y).rounded(.up) + 1))
    }

    /// The point of the known lines nearest to a position, and the direction of
    /// its segment; nil when none lies within the radius.
    ///
    /// - Parameter areas: whose borders are looked at; nil for all lines.
    func nearest(
        to position: Coordinate, within radius: Double, of areas: Set<Int>? = nil
    ) -> (point: Coordinate, along: Coordinate)? {
        var best: (point: Coordinate, along: Coordinate)?
        var bestSquare = radius * radius
        search(Envelope(minX: position.x, minY: position.y, maxX: position.x, maxY: position.y).expanded(by: radius)) {
            if let areas, !areas.contains(Int($0.area)) { return }
            let dx = $0.b.x - $0.a.x
            let dy = $0.b.y - $0.a.y
            let t = min(
                max(((position.x - $0.a.x) * dx + (position.y - $0.a.y) * dy) / (dx * dx + dy * dy), 0), 1)
            let point = Coordinate(x: $0.a.x + t * dx, y: $0.a.y + t * dy)
            let (east, north) = (point.x - position.x, point.y - position.y)
            let square = east * east + north * north
            // Of equal ones the same is taken, whatever order the tree has.
            let isFirst = best.map { (point.x, point.y) < ($0.point.x, $0.point.y) } ?? true
            if square < bestSquare || (square == bestSquare && isFirst) {
                bestSquare = square
                let length = (dx * dx + dy * dy).squareRoot()
                best = (point, Coordinate(x: dx / length, y: dy / length))
            }
        }
        return best
    }

    /// The numbers of the areas that hold a position.
    func areas(at position: Coordinate) -> Set<Int> {
        guard envelope.contains(position) else { return [] }
        var inside: Set<Int> = []
        // A ray to the east crosses the rings of an area an odd number of times.
        search(Envelope(minX: position.x, minY: position.y, maxX: envelope.maxX, maxY: position.y)) { segment in
            guard segment.area >= 0, (segment.a.y > position.y) != (segment.b.y > position.y) else { return }
            let t = (position.y - segment.a.y) / (segment.b.y - segment.a.y)
            guard segment.a.x + t * (segment.b.x - segment.a.x) > position.x else { return }
            let area = Int(segment.area)
            if inside.remove(area) == nil { inside.insert(area) }
        }
        return inside
    }

    private func search(_ envelope: Envelope, _ visit: (Segment) -> Void) {
        bytes.withUnsafeBytes { buffer in
            guard let tree = PackedHilbertTreeView(buffer) else { return }
            _ = tree.search(Self.box(envelope, origin)) { position in
                visit(segments[position])
                return true
            }
        }
    }
}
