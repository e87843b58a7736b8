// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A closed axis-parallel rectangle, or nothing at all when `isEmpty`.
///
/// Its coordinate reference system is the one that the surrounding type names;
/// x is east, y is north.
public struct Envelope: Hashable, Sendable, Codable {
    public var minX: Double
    public var minY: Double
    public var maxX: Double
    public var maxY: Double

    @inlinable
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The envelope of nothing: the neutral element of `expand`.
    public static let empty = Envelope(
        minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)

    /// Whether no position lies inside. An envelope with a NaN is empty.
    @inlinable
    public var isEmpty: Bool { !(minX <= maxX && minY <= maxY) }

    @inlinable
    public var width: Double { isEmpty ? 0 : maxX - minX }

    @inlinable
    public var height: Double { isEmpty ? 0 : maxY - minY }

    /// The middle. Meaningless when the envelope is empty.
    @inlinable
    public var center: Coordinate {
        Coordinate(x: (minX + maxX) / 2, y: (minY + maxY) / 2)
    }

    /// Grows to contain a position.
    @inlinable
    public mutating func expand(toContain coordinate: Coordinate) {
        minX = Swift.min(minX, coordinate.x)
        minY = Swift.min(minY, coordinate.y)
        maxX = Swift.max(maxX, coordinate.x)
        maxY = Swift.max(maxY, coordinate.y)
    }

    /// Grows to contain another envelope.
    @inlinable
    public mutating func expand(toContain other: Envelope) {
        guard !other.isEmpty else { return }
        minX = Swift.min(minX, other.minX)
        minY = Swift.min(minY, other.minY)
        maxX = Swift.max(maxX, other.maxX)
        maxY = Swift.max(maxY, other.maxY)
    }

    /// Whether the two share at least one position, borders included.
    @inlinable
    public func intersects(_ other: Envelope) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    /// Whether a position lies inside or on the border.
    @inlinable
    public func contains(_ coordinate: Coordinate) -> Bool {
        coordinate.x >= minX && coordinate.x <= maxX && coordinate.y >= minY && coordinate.y <= maxY
    }

    /// Whether another envelope lies inside, borders included. The empty
    /// envelope lies inside every other.
    @inlinable
    public func contains(_ other: Envelope) -> Bool {
        other.isEmpty
            || (other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY)
    }

    /// The same envelope with every side moved outwards by `distance`, in the
    /// units of the plane; inwards when it is negative.
    @inlinable
    public func expanded(by distance: Double) -> Envelope {
        guard !isEmpty else { return self }
        return Envelope(
            minX: minX - distance, minY: minY - distance, maxX: maxX + distance, maxY: maxY + distance)
    }
}
