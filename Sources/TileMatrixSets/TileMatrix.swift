// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One level of a tile matrix set: a grid of equal tiles.
public struct TileMatrix: Hashable, Sendable {
    /// The corner in which tile (0, 0) lies.
    public enum Corner: String, Hashable, Sendable, Codable {
        /// Rows are counted southwards.
        case topLeft
        /// Rows are counted northwards.
        case bottomLeft
    }

    /// The name in URLs and documents; usually a number.
    public var id: String
    /// The scale for pixels of 0.28 mm.
    public var scaleDenominator: Double
    /// The side of a pixel in units of the reference system.
    public var cellSize: Double
    public var cornerOfOrigin: Corner
    /// The easting or longitude of the outer corner of tile (0, 0).
    public var originX: Double
    /// The northing or latitude of the outer corner of tile (0, 0).
    public var originY: Double
    /// In pixels.
    public var tileWidth: Int
    /// In pixels.
    public var tileHeight: Int
    /// In tiles.
    public var matrixWidth: Int
    /// In tiles.
    public var matrixHeight: Int

    public init(
        id: String, scaleDenominator: Double, cellSize: Double, cornerOfOrigin: Corner = .topLeft,
        originX: Double, originY: Double, tileWidth: Int = 256, tileHeight: Int = 256,
        matrixWidth: Int, matrixHeight: Int
    ) {
        self.id = id
        self.scaleDenominator = scaleDenominator
        self.cellSize = cellSize
        self.cornerOfOrigin = cornerOfOrigin
        self.originX = originX
        self.originY = originY
        self.tileWidth = tileWidth
        self.tileHeight = tileHeight
        self.matrixWidth = matrixWidth
        self.matrixHeight = matrixHeight
    }

    /// The width of a tile in units of the reference system.
    public var tileSpanX: Double { cellSize * Double(tileWidth) }

    /// The height of a tile in units of the reference system.
    public var tileSpanY: Double { cellSize * Double(tileHeight) }

    /// All that the tiles of this matrix cover.
    public var envelope: TileEnvelope {
        let height = tileSpanY * Double(matrixHeight)
        let minY = cornerOfOrigin == .topLeft ? originY - height : originY
        return TileEnvelope(
            minX: originX, minY: minY, maxX: originX + tileSpanX * Double(matrixWidth), maxY: minY + height)
    }

    /// What one tile covers. Any row and column, also outside the matrix.
    public func envelope(row: Int, column: Int) -> TileEnvelope {
        // Each border is computed from its own number, so that neighbours agree
        // on the border between them to the last bit.
        let west = originX + tileSpanX * Double(column)
        let east = originX + tileSpanX * Double(column + 1)
        switch cornerOfOrigin {
        case .topLeft:
            return TileEnvelope(
                minX: west, minY: originY - tileSpanY * Double(row + 1),
                maxX: east, maxY: originY - tileSpanY * Double(row))
        case .bottomLeft:
            return TileEnvelope(
                minX: west, minY: originY + tileSpanY * Double(row),
                maxX: east, maxY: originY + tileSpanY * Double(row + 1))
        }
    }
}
