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

    /// How many cells the world is wide.
    static let world = 4_294_967_296.0

    /// A place in degrees on the grid of WebMercatorQuad, not rounded.
    static func cell(longitude: Double, latitude: Double) -> (x: Double, y: Double) {
        (longitude / 360 * world, -asinh(tan(latitude * .pi / 180)) / (2 * .pi) * world)
    }

    /// What the picture covers on the grid of WebMercatorQuad; it may reach
    /// beyond the world's sides.
    var window: GridTile {
        let cellsPerPixel = Self.world / (512 * exp2(zoom))
        let (x, y) = Self.cell(longitude: longitude, latitude: latitude)
        let (spanX, spanY) = (Double(width) * cellsPerPixel, Double(height) * cellsPerPixel)
        return GridTile(minX: x - spanX / 2, minY: y - spanY / 2, spanX: spanX, spanY: spanY)
    }
}
