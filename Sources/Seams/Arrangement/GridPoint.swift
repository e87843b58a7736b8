// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A position as whole millimetres: x east, y north.
///
/// Everything that decides where a border runs is computed with these, so that
/// no decision hangs on the last bit of a rounding. Differences of two
/// positions stay below 10^9 (a thousand kilometres), and products of two
/// differences within an `Int64`.
struct GridPoint: Hashable, Comparable {
    var x: Int64
    var y: Int64

    init(_ x: Int64, _ y: Int64) {
        self.x = x
        self.y = y
    }

    /// The nearest position of the millimetre grid.
    init(_ coordinate: Coordinate) {
        func whole(_ metres: Double) -> Int64 {
            let value = (metres * 1000).rounded()
            // Out of reach for a map, and no trap for a bad number.
            return abs(value) < 4e17 ? Int64(value) : 0
        }
        x = whole(coordinate.x)
        y = whole(coordinate.y)
    }

    /// In metres, on the grid to the last bit.
    var coordinate: Coordinate { Coordinate(x: Double(x) / 1000, y: Double(y) / 1000) }

    static func < (first: GridPoint, second: GridPoint) -> Bool {
        (first.x, first.y) < (second.x, second.y)
    }

    /// In metres.
    func distance(to other: GridPoint) -> Double {
        let (dx, dy) = (Double(other.x - x), Double(other.y - y))
        return (dx * dx + dy * dy).squareRoot() / 1000
    }

    /// Positive when `c` lies to the left of the way from `a` to `b`.
    @inline(__always)
    static func turn(_ a: GridPoint, _ b: GridPoint, _ c: GridPoint) -> Int64 {
        (b.x &- a.x) &* (c.y &- a.y) &- (b.y &- a.y) &* (c.x &- a.x)
    }
}

/// A closed rectangle in whole millimetres.
struct GridRange: Hashable {
    var minX: Int64
    var minY: Int64
    var maxX: Int64
    var maxY: Int64

    static let empty = GridRange(minX: .max, minY: .max, maxX: .min, maxY: .min)

    init(minX: Int64, minY: Int64, maxX: Int64, maxY: Int64) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    init(_ a: GridPoint, _ b: GridPoint) {
        self.init(minX: min(a.x, b.x), minY: min(a.y, b.y), maxX: max(a.x, b.x), maxY: max(a.y, b.y))
    }

    /// The smallest range of the grid around an envelope in metres.
    init(_ envelope: Envelope) {
        let low = GridPoint(Coordinate(x: envelope.minX, y: envelope.minY))
        let high = GridPoint(Coordinate(x: envelope.maxX, y: envelope.maxY))
        self.init(low, high)
        if envelope.isEmpty { self = .empty }
    }

    var isEmpty: Bool { minX > maxX || minY > maxY }

    /// In metres.
    var envelope: Envelope {
        guard !isEmpty else { return .empty }
        let (low, high) = (GridPoint(minX, minY).coordinate, GridPoint(maxX, maxY).coordinate)
        return Envelope(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y)
    }

    @inline(__always)
    func intersects(_ other: GridRange) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    func expanded(by distance: Int64) -> GridRange {
        guard !isEmpty else { return self }
        return GridRange(
            minX: minX - distance, minY: minY - distance, maxX: maxX + distance, maxY: maxY + distance)
    }

    mutating func expand(toContain point: GridPoint) {
        minX = min(minX, point.x)
        minY = min(minY, point.y)
        maxX = max(maxX, point.x)
        maxY = max(maxY, point.y)
    }

    mutating func expand(toContain other: GridRange) {
        guard !other.isEmpty else { return }
        expand(toContain: GridPoint(other.minX, other.minY))
        expand(toContain: GridPoint(other.maxX, other.maxY))
    }
}
