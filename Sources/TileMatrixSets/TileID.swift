// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A tile's number in PMTiles archives: all tiles of all smaller zoom levels
/// come first, then those of its own level along the Hilbert curve.
public enum TileID {
    /// The deepest zoom level whose numbers fit.
    public static let maxZoom = 31

    /// The number of a tile of a quadtree.
    ///
    /// Returns nil outside zoom levels 0 to 31 or outside the level's grid.
    public static func number(of address: TileAddress) -> UInt64? {
        let zoom = address.tileMatrix
        guard (0...maxZoom).contains(zoom) else { return nil }
        let side = 1 << zoom
        guard (0..<side).contains(address.tileColumn), (0..<side).contains(address.tileRow) else { return nil }
        return first(zoom: zoom)
            + HilbertCurve.index(x: UInt32(address.tileColumn), y: UInt32(address.tileRow), order: zoom)
    }

    /// The tile with a number.
    ///
    /// Returns nil for numbers beyond zoom level 31.
    public static func address(of number: UInt64) -> TileAddress? {
        for zoom in 0...maxZoom {
            let first = first(zoom: zoom)
            if number - first < 1 << UInt64(2 * zoom) {
                let cell = HilbertCurve.cell(at: number - first, order: zoom)
                return TileAddress(tileMatrix: zoom, tileRow: Int(cell.y), tileColumn: Int(cell.x))
            }
        }
        return nil
    }

    /// How many tiles all smaller zoom levels have: (4^zoom − 1) / 3.
    private static func first(zoom: Int) -> UInt64 {
        ((1 << UInt64(2 * zoom)) - 1) / 3
    }
}
