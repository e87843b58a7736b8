// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension TileMatrixSet {
    /// The tile of the next smaller scale that a tile lies in.
    ///
    /// Returns nil on the first matrix, outside the set, and where the two
    /// matrices do not fit together as a quadtree: the same origin and tile
    /// size, cells of half the size.
    public func parent(of address: TileAddress) -> TileAddress? {
        guard contains(address), isQuadtreeStep(from: address.tileMatrix - 1) else { return nil }
        let parent = TileAddress(
            tileMatrix: address.tileMatrix - 1, tileRow: address.tileRow / 2, tileColumn: address.tileColumn / 2)
        return contains(parent) ? parent : nil
    }

    /// The tiles of the next larger scale within a tile: four, fewer at the edge
    /// of the matrix, none where `parent(of:)` would be nil.
    public func children(of address: TileAddress) -> [TileAddress] {
        guard contains(address), isQuadtreeStep(from: address.tileMatrix) else { return [] }
        var children: [TileAddress] = []
        for row in 0..<2 {
            for column in 0..<2 {
                let child = TileAddress(
                    tileMatrix: address.tileMatrix + 1, tileRow: 2 * address.tileRow + row,
                    tileColumn: 2 * address.tileColumn + column)
                if contains(child) { children.append(child) }
            }
        }
        return children
    }

    private func isQuadtreeStep(from index: Int) -> Bool {
        guard tileMatrices.indices.contains(index), tileMatrices.indices.contains(index + 1) else { return false }
        let (coarse, fine) = (tileMatrices[index], tileMatrices[index + 1])
        return coarse.cornerOfOrigin == fine.cornerOfOrigin
            && coarse.tileWidth == fine.tileWidth && coarse.tileHeight == fine.tileHeight
            && abs(coarse.cellSize - 2 * fine.cellSize) <= coarse.cellSize * 1e-9
            && abs(coarse.originX - fine.originX) <= fine.cellSize * 1e-6
            && abs(coarse.originY - fine.originY) <= fine.cellSize * 1e-6
    }
}
