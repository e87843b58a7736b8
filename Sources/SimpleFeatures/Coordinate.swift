// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A position in the plane of a coordinate reference system.
///
/// `x` is east or longitude and `y` is north or latitude, whatever axis order
/// the authority of the reference system declares. Units are those of the
/// reference system: metres or degrees.
public struct Coordinate: Hashable, Sendable, Codable {
    public var x: Double
    public var y: Double

    @inlinable
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// Whether both ordinates are finite numbers.
    @inlinable
    public var isFinite: Bool { x.isFinite && y.isFinite }

    /// The straight distance to another position, in the units of the plane.
    @inlinable
    public func distance(to other: Coordinate) -> Double {
        let dx = other.x - x
        let dy = other.y - y
        return (dx * dx + dy * dy).squareRoot()
    }
}
