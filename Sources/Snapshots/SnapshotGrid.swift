// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import SpatialIndexing
import TileMatrixSets

/// The integer grid that a snapshot's coordinates lie on.
///
/// The square around all that a tile matrix set covers has 2^32 cells a side.
/// **x runs east and y runs south**, as the columns and rows of tiles do; the
/// north-west corner of the square is (`Int32.min`, `Int32.min`). In
/// WebMercatorQuad a cell is 9.3 mm, and a tile of level *z* is 2^(32 − *z*)
/// cells wide.
public struct SnapshotGrid: Hashable, Sendable, Codable {
    /// The easting or longitude of the west side.
    public let originX: Double
    /// The northing or latitude of the north side.
    public let originY: Double
    /// The side of a cell, in units of the reference system.
    public let unit: Double

    /// The grid of a tile matrix set.
    public init(_ tileMatrixSet: TileMatrixSet) {
        let envelope = tileMatrixSet.envelope
        originX = envelope.minX
        originY = envelope.maxY
        unit = max(envelope.width, envelope.height) / 4_294_967_296
    }

    /// The nearest cell to a position; what lies outside the square is put on
    /// its border. Both ordinates must be finite.
    @inlinable
    public func cell(_ coordinate: Coordinate) -> (x: Int32, y: Int32) {
        (
            Self.clamped((coordinate.x - originX) / unit - 2_147_483_648),
            Self.clamped((originY - coordinate.y) / unit - 2_147_483_648)
        )
    }

    @inlinable
    static func clamped(_ value: Double) -> Int32 {
        // The comparisons are false for NaN, which ends at the lower border.
        guard value > -2_147_483_648 else { return .min }
        guard value < 2_147_483_647 else { return .max }
        return Int32(value.rounded())
    }

    /// The position of a cell, in the set's reference system: x east, y north.
    @inlinable
    public func coordinate(x: Int32, y: Int32) -> Coordinate {
        Coordinate(
            x: originX + (Double(x) + 2_147_483_648) * unit,
            y: originY - (Double(y) + 2_147_483_648) * unit)
    }

    /// What a tile covers, on this grid.
    ///
    /// - Parameter tileMatrixSet: The set that the grid was made for.
    public func tile(_ address: TileAddress, in tileMatrixSet: TileMatrixSet) -> GridTile {
        let envelope = tileMatrixSet.envelope(of: address)
        return GridTile(
            minX: (envelope.minX - originX) / unit - 2_147_483_648,
            minY: (originY - envelope.maxY) / unit - 2_147_483_648,
            spanX: envelope.width / unit, spanY: envelope.height / unit)
    }
}

/// A tile on a snapshot's grid, in cells: x east, y south.
///
/// The numbers are real because not every set's tiles begin on a cell; those of
/// WebMercatorQuad do, to within rounding of a thousandth of a cell.
public struct GridTile: Hashable, Sendable {
    /// The west side, in cells from the grid's own.
    public var minX: Double
    /// The north side, in cells from the grid's own.
    public var minY: Double
    public var spanX: Double
    public var spanY: Double

    public init(minX: Double, minY: Double, spanX: Double, spanY: Double) {
        self.minX = minX
        self.minY = minY
        self.spanX = spanX
        self.spanY = spanY
    }

    /// All cells within the tile and a margin around it.
    ///
    /// - Parameters:
    ///   - margin: The margin in pixels.
    ///   - tileSize: How many pixels the tile is wide.
    public func box(marginInPixels margin: Double = 0, tileSize: Int = 256) -> GridBox {
        let pixel = spanX / Double(max(tileSize, 1))
        let margin = margin * pixel
        return GridBox(
            minX: SnapshotGrid.clamped((minX - margin).rounded(.down)),
            minY: SnapshotGrid.clamped((minY - margin).rounded(.down)),
            maxX: SnapshotGrid.clamped((minX + spanX + margin).rounded(.up)),
            maxY: SnapshotGrid.clamped((minY + spanY + margin).rounded(.up)))
    }
}
