// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Projections
import SimpleFeatures

/// Where a district lies: what a viewer of it asks every layer for.
struct DistrictExtent {
    /// The rectangle of all features in OGC:CRS84; nil before the first merge, and
    /// when the store or the grid cannot be used, which other verbs say.
    let degrees: Envelope?

    init(_ district: District) {
        degrees = try? Self.degrees(district)
    }

    /// Points on each edge: an edge that is straight on the grid is bent in degrees.
    private static let steps = 8

    private static func degrees(_ district: District) throws -> Envelope? {
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        let extent = try store.extent()
        guard !extent.isEmpty else { return nil }
        let transform = try CoordinateTransform(from: CoordinateReferenceSystem(parsing: district.grid.crs), to: .crs84)
        var envelope = Envelope.empty
        for step in 0...steps {
            let part = Double(step) / Double(steps)
            let x = extent.minX + (extent.maxX - extent.minX) * part
            let y = extent.minY + (extent.maxY - extent.minY) * part
            for place in [(x, extent.minY), (x, extent.maxY), (extent.minX, y), (extent.maxX, y)] {
                envelope.expand(toContain: try transform.transform(Coordinate(x: place.0, y: place.1)))
            }
        }
        return envelope
    }
}
