// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rasterizing
import Snapshots

extension TileCanvas {
    /// Calls `body` with each line of a geometry, or each ring, in subpixels.
    func forEachLine(
        _ geometry: CellGeometry, _ grid: TileGrid, _ shift: SubpixelPoint,
        _ body: (UnsafeBufferPointer<SubpixelPoint>, Bool) -> Void
    ) {
        for run in 0..<geometry.runCount {
            geometry.withRun(run) { cells in
                withPoints(cells, grid, shift) { points in
                    if points.count > 1 { body(points, geometry.kind == .polygons) }
                }
            }
        }
    }

    /// Lays over each pixel that a line reaches the colour that `color` gives.
    func drawField(
        _ points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool, style: StrokeStyle, reach: Double,
        _ color: (LineField.Place) -> PremultipliedColor
    ) {
        let area = clip ?? PixelRectangle(columns: 0..<width, rows: 0..<height)
        field.forEachPlace(of: points, isClosed: isClosed, style: style, reach: reach) { place in
            guard area.columns.contains(place.x), area.rows.contains(place.y) else { return }
            pixmap[place.x, place.y] = color(place).over(pixmap[place.x, place.y])
        }
    }
}
