// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Rasterizing
import Snapshots
import SpatialIndexing
import TileMatrixSets

/// Brings positions from a snapshot's grid to fractions of a tile's pixels.
///
/// All tiles of one matrix round on one grid that is common to them, and a
/// tile's corner lies on it: a position has the same fraction of a pixel in
/// every tile, so pictures of neighbours fit together to the pixel.
struct TileGrid {
    /// How many units of the target a tile is wide and high.
    let unitsPerTile: Int
    let tile: GridTile
    private let x: Axis
    private let y: Axis

    /// One direction of the plane.
    private struct Axis {
        /// Where powers of two divide: the tile's corner in cells, plus half a
        /// unit for rounding, and the shifts.
        var corner: Int
        var left: Int
        var right: Int
        /// Elsewhere: units for each cell, and the tile's corner in units.
        var scale: Double

        /// - Parameters:
        ///   - low: the tile's corner in cells, from −2^31.
        ///   - span: the tile's width in cells.
        ///   - number: how many tiles lie between this one and the matrix's side.
        init(low: Double, span: Double, number: Int, units: Int) {
            let whole = span.rounded()
            let unitBits = units.trailingZeroBitCount
            let isPower = whole >= 1 && abs(span - whole) < 1e-3 && whole.significandBitPattern == 0
            let cornerIsWhole = abs(low - low.rounded()) < 1e-2
            if isPower, cornerIsWhole, units == 1 << unitBits {
                let bits = Int(whole.exponent) - unitBits
                scale = 0
                left = max(0, -bits)
                right = max(0, bits)
                corner = Int(low.rounded()) - (right > 0 ? 1 << (right - 1) : 0)
            } else {
                // The side of the matrix is rounded once for all its tiles.
                scale = Double(units) / span
                let side = ((low - span * Double(number)) * scale).rounded()
                corner = Int(side) + number * units
                left = 0
                right = 0
            }
        }

        /// The same for a window that is no tile.
        init(low: Double, scale: Double) {
            self.scale = scale
            corner = Int((low * scale).rounded())
            left = 0
            right = 0
        }

        @inline(__always)
        func units(_ cell: Int32) -> Int {
            scale == 0 ? ((Int(cell) &- corner) &<< left) &>> right : scaled(cell)
        }

        private func scaled(_ cell: Int32) -> Int {
            // Truncation rounds down once all is positive.
            Int(Double(cell) * scale + 0.5 + 0x1p44) &- (1 << 44) &- corner
        }
    }

    /// - Parameter unitsPerTile: subpixels or tile units to a side, a power of
    ///   two.
    init(_ grid: SnapshotGrid, _ set: TileMatrixSet, _ address: TileAddress, unitsPerTile: Int) {
        self.unitsPerTile = unitsPerTile
        tile = grid.tile(address, in: set)
        let matrix = set.tileMatrices[address.tileMatrix]
        let rowFromTop =
            matrix.cornerOfOrigin == .topLeft ? address.tileRow : matrix.matrixHeight - 1 - address.tileRow
        x = Axis(low: tile.minX, span: tile.spanX, number: address.tileColumn, units: unitsPerTile)
        y = Axis(low: tile.minY, span: tile.spanY, number: rowFromTop, units: unitsPerTile)
    }

    /// - Parameters:
    ///   - window: what a picture covers, in cells.
    ///   - unitsPerTile: subpixels to its width.
    ///   - copy: how many worlds farther east the picture is drawn than the
    ///     data lies.
    init(window: GridTile, unitsPerTile: Int, copy: Int) {
        self.unitsPerTile = unitsPerTile
        tile = GridTile(
            minX: window.minX - Double(copy) * MapView.world, minY: window.minY,
            spanX: window.spanX, spanY: window.spanY)
        let scale = Double(unitsPerTile) / window.spanX
        x = Axis(low: tile.minX, scale: scale)
        y = Axis(low: tile.minY, scale: scale)
    }

    /// The pixels whose middle lies in a square of cells, within a picture.
    func pixels(of square: GridTile, width: Int, height: Int) -> PixelRectangle {
        let scale = Double(unitsPerTile) / Double(Subpixels.perPixel) / tile.spanX
        func edge(_ cells: Double, _ limit: Int) -> Int {
            Int(min(max((cells * scale - 0.5).rounded(.up), 0), Double(limit)))
        }
        return PixelRectangle(
            columns: edge(square.minX - tile.minX, width)..<edge(square.minX + square.spanX - tile.minX, width),
            rows: edge(square.minY - tile.minY, height)..<edge(square.minY + square.spanY - tile.minY, height))
    }

    /// A square of cells in subpixels of the picture.
    func subpixels(of square: GridTile) -> SubpixelRectangle {
        let scale = Double(unitsPerTile) / tile.spanX
        func edge(_ cells: Double) -> Int32 { Subpixels.clamped(cells * scale) }
        return SubpixelRectangle(
            minX: edge(square.minX - tile.minX), minY: edge(square.minY - tile.minY),
            maxX: edge(square.minX + square.spanX - tile.minX) - 1,
            maxY: edge(square.minY + square.spanY - tile.minY) - 1)
    }

    /// All cells within the tile and a margin in units around it.
    func box(margin: Double) -> GridBox {
        tile.box(marginInPixels: margin, tileSize: unitsPerTile)
    }

    /// A position in units from the tile's upper left corner, at most
    /// `Subpixels.limit` away.
    @inline(__always)
    func position(_ cellX: Int32, _ cellY: Int32) -> (x: Int32, y: Int32) {
        (Self.clamped(x.units(cellX)), Self.clamped(y.units(cellY)))
    }

    @inline(__always)
    private static func clamped(_ value: Int) -> Int32 {
        Int32(truncatingIfNeeded: min(max(value, -Int(Subpixels.limit)), Int(Subpixels.limit)))
    }
}
