// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Snapshots
import TileMatrixSets

extension TileFrame {
    /// Pixels of the picture for each cell of a snapshot's grid; whole parts of
    /// it where the set's tiles nearly are, the same for all of its matrices.
    var pixelsPerCell: Double {
        switch place {
        case .window(let window): return Double(width) / window.spanX
        case .tile(let address):
            let span = set.tileMatrices[address.tileMatrix].tileSpanX / SnapshotGrid(set).unit
            let whole = span.rounded()
            return Double(width) / (abs(span - whole) < 1e-3 && whole >= 1 ? whole : span)
        }
    }

    /// How a plan's anchors come onto the picture, and what of the plan's plane
    /// it shows, for each copy of the world.
    var planGrids: [(grid: TileGrid, box: PixelBox)] {
        let window = window
        let pixelsPerCell = pixelsPerCell
        return zip(copies, grids(SnapshotGrid(set))).map { copy, grid in
            let minX = (window.minX - Double(copy) * MapView.world) * pixelsPerCell
            let minY = window.minY * pixelsPerCell
            let box = PixelBox(minX: minX, minY: minY, maxX: minX + Double(width), maxY: minY + Double(height))
            return (grid, box.expanded(by: 1))
        }
    }
}
