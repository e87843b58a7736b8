// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TileMatrixSets

/// Where things in Web Mercator (EPSG:3857, metres) lie in OGC:CRS84 degrees,
/// on the sphere that the projection is made with.
enum WebMercatorGround {
    private static let halfWorld = 20_037_508.342789244

    /// A position in degrees.
    static func degrees(_ metres: Coordinate) -> Coordinate {
        Coordinate(
            x: metres.x / halfWorld * 180, y: atan(sinh(metres.y / halfWorld * .pi)) * 180 / .pi)
    }

    /// A position in metres. Latitudes beyond the projection's end at ±85.06°.
    static func metres(_ degrees: Coordinate) -> Coordinate {
        let latitude = min(max(degrees.y, -85.06), 85.06) * .pi / 180
        return Coordinate(x: degrees.x / 180 * halfWorld, y: asinh(tan(latitude)) / .pi * halfWorld)
    }

    /// An envelope in degrees; `nil` when it is empty.
    static func degrees(_ metres: Envelope) -> Envelope? {
        guard !metres.isEmpty else { return nil }
        let low = degrees(Coordinate(x: metres.minX, y: metres.minY))
        let high = degrees(Coordinate(x: metres.maxX, y: metres.maxY))
        return Envelope(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y)
    }

    /// A tile of WebMercatorQuad with a margin around it, in degrees, within
    /// the world that the matrix covers.
    static func degrees(_ address: TileAddress, marginInTiles margin: Double) -> Envelope {
        let side = 2 * halfWorld / Double(1 << address.tileMatrix)
        func clamped(_ value: Double) -> Double { min(max(value, -halfWorld), halfWorld) }
        let west = clamped((Double(address.tileColumn) - margin) * side - halfWorld)
        let east = clamped((Double(address.tileColumn + 1) + margin) * side - halfWorld)
        let north = clamped(halfWorld - (Double(address.tileRow) - margin) * side)
        let south = clamped(halfWorld - (Double(address.tileRow + 1) + margin) * side)
        let low = degrees(Coordinate(x: west, y: south))
        let high = degrees(Coordinate(x: east, y: north))
        return Envelope(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y)
    }
}
