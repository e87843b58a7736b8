// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Snapshots
import TileMatrixSets

/// Brings longitude and latitude onto the grid of a tile matrix set.
struct LiveProjection {
    private enum Plane {
        /// The sphere of web maps, by its closed formula.
        case webMercator
        case degrees
    }

    private let plane: Plane
    private let grid: SnapshotGrid

    private static let radius = 6_378_137.0
    /// Where the square world of web maps ends.
    private static let largestLatitude = 85.051_128_779_806_59

    /// Returns nil for sets in other reference systems than web Mercator and
    /// longitude and latitude; their datum must lie within decimetres of
    /// WGS 84.
    init?(_ set: TileMatrixSet) {
        switch set.crs {
        case "EPSG:3857": plane = .webMercator
        case "OGC:CRS84", "EPSG:4326", "EPSG:4490": plane = .degrees
        default: return nil
        }
        grid = SnapshotGrid(set)
    }

    /// Nil for NaN and infinity. Latitudes beyond the square world are put on
    /// its border.
    func cell(_ coordinate: Coordinate) -> (x: Int32, y: Int32)? {
        guard coordinate.isFinite else { return nil }
        switch plane {
        case .degrees: return grid.cell(coordinate)
        case .webMercator:
            let latitude = min(max(coordinate.y, -Self.largestLatitude), Self.largestLatitude) * .pi / 180
            return grid.cell(
                Coordinate(x: coordinate.x * .pi / 180 * Self.radius, y: asinh(tan(latitude)) * Self.radius))
        }
    }

    /// x₀, y₀, x₁, y₁, …; nil when a position is not finite.
    func cells(_ coordinates: [Coordinate]) -> [Int32]? {
        var result: [Int32] = []
        result.reserveCapacity(coordinates.count * 2)
        for coordinate in coordinates {
            guard let cell = cell(coordinate) else { return nil }
            result.append(cell.x)
            result.append(cell.y)
        }
        return result
    }
}
