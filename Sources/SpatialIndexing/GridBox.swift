// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A closed rectangle on an integer grid. Empty when a minimum is larger than
/// its maximum.
///
/// In memory and in files: four little-endian `Int32`, 16 bytes, in the order of
/// the properties.
@frozen
public struct GridBox: Hashable, Sendable, BitwiseCopyable {
    public var minX: Int32
    public var minY: Int32
    public var maxX: Int32
    public var maxY: Int32

    @inlinable
    public init(minX: Int32, minY: Int32, maxX: Int32, maxY: Int32) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The neutral element of `expand`.
    public static let empty = GridBox(minX: .max, minY: .max, maxX: .min, maxY: .min)

    /// The whole grid.
    public static let everything = GridBox(minX: .min, minY: .min, maxX: .max, maxY: .max)

    @inlinable
    public var isEmpty: Bool { minX > maxX || minY > maxY }

    /// Grows to contain a cell.
    @inlinable
    public mutating func expand(x: Int32, y: Int32) {
        minX = min(minX, x)
        minY = min(minY, y)
        maxX = max(maxX, x)
        maxY = max(maxY, y)
    }

    /// Grows to contain another box.
    @inlinable
    public mutating func expand(toContain other: GridBox) {
        minX = min(minX, other.minX)
        minY = min(minY, other.minY)
        maxX = max(maxX, other.maxX)
        maxY = max(maxY, other.maxY)
    }

    /// Whether the two share a cell, borders included.
    @inlinable
    public func intersects(_ other: GridBox) -> Bool {
        // Without short circuits: four comparisons are cheaper than a wrong
        // guess of the processor.
        (minX <= other.maxX) && (other.minX <= maxX) && (minY <= other.maxY) && (other.minY <= maxY)
    }

    /// The place of the middle along the Hilbert curve through the whole grid.
    @inlinable
    public var hilbertIndex: UInt64 {
        HilbertOrder.index(
            x: Int32(truncatingIfNeeded: (Int64(minX) + Int64(maxX)) >> 1),
            y: Int32(truncatingIfNeeded: (Int64(minY) + Int64(maxY)) >> 1))
    }
}
