// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a feature of a vector tile is drawn as. Raw values are the codes of the
/// specification.
public enum TileGeometryKind: UInt32, Hashable, Sendable {
    case points = 1
    case lines = 2
    case polygons = 3
}

/// Turns one feature after the other into the commands of the vector-tile
/// format: clipped to the tile and a buffer around it, without points that
/// repeat, without rings that enclose nothing, exterior rings clockwise on the
/// screen and holes the other way. Keeps its buffers between features.
public struct TileGeometryEncoder {
    /// What the commands draw.
    public private(set) var kind = TileGeometryKind.points
    private(set) var commands: [UInt32] = []

    private let clip: TileClip
    private var cursor = TilePoint(x: 0, y: 0)
    private var pointCount = 0
    private var ring: [TilePoint] = []
    private var scratch: [TilePoint] = []
    /// Whether the exterior ring of the polygon at hand was left out, and with
    /// it its holes.
    private var lacksExterior = false

    /// - Parameters:
    ///   - extent: tile units to a side.
    ///   - buffer: tile units beyond each side that are kept.
    public init(extent: Int = 4096, buffer: Int = 64) {
        let extent = Int32(clamping: extent)
        let buffer = Int32(clamping: buffer)
        clip = TileClip(low: -buffer, high: extent &+ buffer)
    }

    /// Whether nothing is left of the feature.
    public var isEmpty: Bool { commands.isEmpty }

    /// Begins the next feature.
    public mutating func begin(_ kind: TileGeometryKind) {
        self.kind = kind
        commands.removeAll(keepingCapacity: true)
        cursor = TilePoint(x: 0, y: 0)
        pointCount = 0
        lacksExterior = false
    }

    /// Adds points that lie within the tile and its buffer.
    public mutating func addPoints(_ points: UnsafeBufferPointer<TilePoint>) {
        for point in points where clip.contains(point) {
            if commands.isEmpty { commands.append(0) }
            move(to: point)
            pointCount += 1
            commands[0] = 1 | UInt32(pointCount) << 3
        }
    }

    /// Adds the parts of a line that lie within the tile and its buffer.
    public mutating func addLine(_ points: UnsafeBufferPointer<TilePoint>) {
        scratch.removeAll(keepingCapacity: true)
        for index in 1..<max(1, points.count) {
            guard let (start, end) = clip.segment(points[index - 1], points[index]) else {
                flushLine()
                continue
            }
            if let last = scratch.last, last != start { flushLine() }
            if scratch.isEmpty { scratch.append(start) }
            if end != scratch.last { scratch.append(end) }
            // What leaves the box may come back elsewhere on its border.
            if end != points[index] { flushLine() }
        }
        flushLine()
    }

    /// Adds a ring, without its closing point, cut to the tile and its buffer.
    /// The ring may run either way; it is turned as its role asks. Holes follow
    /// their exterior ring, and are left out when that is.
    public mutating func addRing(_ points: UnsafeBufferPointer<TilePoint>, isExterior: Bool) {
        guard isExterior || !lacksExterior else { return }
        clip.ring(points, into: &ring, scratch: &scratch)
        let area = Self.twiceArea(ring)
        if isExterior { lacksExterior = area == 0 }
        guard area != 0 else { return }
        // Positive is clockwise on the screen, where y points down.
        if (area > 0) != isExterior { ring.reverse() }
        commands.append(1 << 3 | 1)
        move(to: ring[0])
        commands.append(UInt32(ring.count - 1) << 3 | 2)
        for point in ring.dropFirst() { move(to: point) }
        commands.append(1 << 3 | 7)
    }

    private mutating func flushLine() {
        defer { scratch.removeAll(keepingCapacity: true) }
        guard scratch.count > 1 else { return }
        commands.append(1 << 3 | 1)
        move(to: scratch[0])
        commands.append(UInt32(scratch.count - 1) << 3 | 2)
        for point in scratch.dropFirst() { move(to: point) }
    }

    @inline(__always)
    private mutating func move(to point: TilePoint) {
        commands.append(Self.zigzag(point.x &- cursor.x))
        commands.append(Self.zigzag(point.y &- cursor.y))
        cursor = point
    }

    @inline(__always)
    private static func zigzag(_ value: Int32) -> UInt32 {
        UInt32(bitPattern: (value << 1) ^ (value >> 31))
    }

    /// Twice the area by the shoelace formula; positive when the ring runs
    /// clockwise on the screen.
    static func twiceArea(_ ring: [TilePoint]) -> Int {
        guard ring.count > 2, var previous = ring.last else { return 0 }
        var sum = 0
        for point in ring {
            sum += Int(previous.x) * Int(point.y) - Int(point.x) * Int(previous.y)
            previous = point
        }
        return sum
    }
}
