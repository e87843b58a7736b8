// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Numbers of the spherical Mercator plane that web maps use.
enum WebMercator {
    /// Half the side of the square world, in metres.
    static let halfWorld = Double.pi * 6_378_137

    static func log2(_ value: Double) -> Double { Foundation.log2(value) }
}

extension TileMatrixSet {
    /// What web maps use: EPSG:3857, levels 0 to 24, tiles of 256 pixels, the
    /// whole world in one tile at level 0.
    public static let webMercatorQuad = TileMatrixSet(
        unchecked: "WebMercatorQuad",
        title: "Google Maps Compatible for the World",
        uri: "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
        crs: "EPSG:3857", orderedAxes: ["X", "Y"],
        tileMatrices: (0...24).map { level in
            let cellSize = 2 * WebMercator.halfWorld / 256 / Double(1 << level)
            return TileMatrix(
                id: String(level), scaleDenominator: cellSize / pixelSize, cellSize: cellSize,
                originX: -WebMercator.halfWorld, originY: WebMercator.halfWorld,
                matrixWidth: 1 << level, matrixHeight: 1 << level)
        })

    /// Longitude and latitude (OGC:CRS84), levels 0 to 23, two tiles at level 0.
    public static let worldCRS84Quad = TileMatrixSet(
        unchecked: "WorldCRS84Quad",
        title: "CRS84 for the World",
        uri: "http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad",
        crs: "OGC:CRS84", orderedAxes: ["Lon", "Lat"],
        tileMatrices: degreeMatrices(levels: 0...23, firstMatrixWidth: 2))

    /// The grid of the national platform Tianditu: CGCS2000 (EPSG:4490), levels
    /// 1 to 22, the whole world in one row of two tiles at level 1.
    ///
    /// Scales are for pixels of 0.28 mm; the platform's own documents state them
    /// for 96 dpi, 5.8 % off. The cells are the same.
    public static let cgcs2000Quad = TileMatrixSet(
        unchecked: "CGCS2000Quad",
        title: "CGCS2000, as in Tianditu",
        crs: "EPSG:4490", orderedAxes: ["Lat", "Lon"],
        tileMatrices: degreeMatrices(levels: 1...22, firstMatrixWidth: 2))

    /// The sets that are built in.
    public static let known: [TileMatrixSet] = [.webMercatorQuad, .worldCRS84Quad, .cgcs2000Quad]

    /// The pixel that scale denominators are for, in metres.
    private static let pixelSize = 0.00028

    private static func degreeMatrices(levels: ClosedRange<Int>, firstMatrixWidth: Int) -> [TileMatrix] {
        let metersPerDegree = WebMercator.halfWorld / 180
        return levels.map { level in
            let width = firstMatrixWidth << (level - levels.lowerBound)
            let cellSize = 360 / Double(width) / 256
            return TileMatrix(
                id: String(level), scaleDenominator: cellSize * metersPerDegree / pixelSize, cellSize: cellSize,
                originX: -180, originY: 90, matrixWidth: width, matrixHeight: width / 2)
        }
    }
}
