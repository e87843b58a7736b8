// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
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
        let places = corners.map { MapView.cell(longitude: $0.x, latitude: $0.y) }
        let unit = Self.unit(places)
        self.corners = places.map { (($0.x / unit).rounded() * unit, ($0.y / unit).rounded() * unit) }
        isAligned = false
    }

    /// The grid on which browsers put the corners of a picture: 8192 units to a
    /// side of the smallest tile that is as large.
    private static func unit(_ places: [(x: Double, y: Double)]) -> Double {
        func span(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
        let largest = max(span(places.map(\.x)), span(places.map(\.y))) / MapView.world
        let zoom = largest > 0 ? min(max((-log2(largest)).rounded(.down), 0), 24) : 0
        return MapView.world / exp2(zoom) / 8192
    }
}
