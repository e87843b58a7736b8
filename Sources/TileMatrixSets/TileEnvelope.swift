// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A closed rectangle in the reference system of a tile matrix set: x is east,
/// y is north, units are those of the system.
public struct TileEnvelope: Hashable, Sendable {
    public var minX: Double
    public var minY: Double
    public var maxX: Double
    public var maxY: Double

    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// Whether no position lies inside; true when a bound is NaN.
    public var isEmpty: Bool { !(minX <= maxX && minY <= maxY) }

    public var width: Double { maxX - minX }

    public var height: Double { maxY - minY }
}
