// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Snapshots

/// A window onto the map of the web, as a browser shows it: north is up, and
/// the middle of the picture lies at a place.
public struct MapView: Hashable, Sendable {
    /// In degrees.
    public var longitude: Double
    /// In degrees, within the square world of web maps.
    public var latitude: Double
    /// MapLibre's zoom: the world is 512 · 2^zoom pixels wide, at pixel ratio 1.
    public var zoom: Double
    /// In pixels of the style; the picture has `pixelRatio` times as many.
    public var width: Int
    /// In pixels of the style; the picture has `pixelRatio` times as many.
    public var height: Int
    /// Pixels of the picture for each pixel of the style.
    public var pixelRatio: Double

    public init(
        longitude: Double, latitude: Double, zoom: Double, width: Int, height: Int, pixelRatio: Double = 1
    ) {
        self.longitude = longitude
        self.latitude = latitude
        self.zoom = zoom
        self.width = width
        self.height = height
        self.pixelRatio = pixelRatio
    }

    /// What the picture covers on the grid of WebMercatorQuad; it may reach
    /// beyond the world's sides.
    var window: GridTile {
        let world = 4_294_967_296.0
        let cellsPerPixel = world / (512 * exp2(zoom))
        let x = longitude / 360 * world
        let y = -asinh(tan(latitude * .pi / 180)) / (2 * .pi) * world
        let (spanX, spanY) = (Double(width) * cellsPerPixel, Double(height) * cellsPerPixel)
        return GridTile(minX: x - spanX / 2, minY: y - spanY / 2, spanX: spanX, spanY: spanY)
    }
}
