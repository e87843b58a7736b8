// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import SimpleFeatures
import Snapshots
import TileMatrixSets

/// A picture and where on the map it lies: a raster tile, or an image between
/// four places.
public struct PlacedPicture: Sendable {
    public var pixmap: Pixmap
    /// Upper left, upper right, lower right and lower left corner, in cells of
    /// WebMercatorQuad.
    let corners: [(x: Double, y: Double)]
    /// Whether it is moved by less than a pixel so that its pixels are those of
    /// the screen, as browsers do with tiles.
    let isAligned: Bool

    /// A tile of WebMercatorQuad.
    public init(_ pixmap: Pixmap, tile address: TileAddress) {
        self.pixmap = pixmap
        let square = SnapshotGrid(.webMercatorQuad).tile(address, in: .webMercatorQuad)
        let (right, bottom) = (square.minX + square.spanX, square.minY + square.spanY)
        corners = [(square.minX, square.minY), (right, square.minY), (right, bottom), (square.minX, bottom)]
        isAligned = true
    }

    /// A picture between four places in degrees, in the order upper left, upper
    /// right, lower right, lower left. Nil for another number of places and for
    /// numbers that are not finite.
    public init?(_ pixmap: Pixmap, corners: [Coordinate]) {
        guard corners.count == 4, corners.allSatisfy(\.isFinite) else { return nil }
        self.pixmap = pixmap
        self.corners = corners.map { MapView.cell(longitude: $0.x, latitude: $0.y) }
        isAligned = false
    }
}
