// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Seams

@Suite("Real maps")
struct RealMapTests {
    @Test("127 towns that tile: nothing overlaps, before and after")
    func mosaic() throws {
        guard let url = SharedData.url("data/boundaries/shanghai_towns_osm_127.geojson") else { return }
        let read = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
        let towns = try #require(read?["features"] as? [[String: Any]])
        var features: [CoverageFeature] = []
        for (number, town) in towns.enumerated() {
            let geometry = try #require(town["geometry"] as? [String: Any])
            features.append(
                CoverageFeature(id: Int64(number), owner: Int64(number), geometry: Self.onAPlane(geometry)))
        }
        let oracle = try CoverageOracle()
        #expect(features.count == 127)
        let before = try oracle.overlap(features)
        let result = try CoverageSeams().repair(features)
        let after = result.applied(to: features)
        print("127 towns: \(before) m² of overlap, changed \(result.changed.count), \(result.totals)")
        #expect(before < 1)
        #expect(try oracle.overlap(after) <= before + 1e-6)
        #expect(try oracle.areValid(after))
        // Putting degrees on the plane rounds vertices off long edges: no more than that.
        #expect(result.defects.filter { $0.kind == .overlap }.reduce(0) { $0 + $1.area } < 0.1)
    }

    /// Degrees around Shanghai as metres, near enough for topology.
    private static func onAPlane(_ geometry: [String: Any]) -> Geometry {
        func ring(_ positions: [[Double]]) -> LinearRing {
            var points: [GridPoint] = []
            for position in positions {
                let point = GridPoint(
                    Coordinate(x: (position[0] - 121) * 95_300 + 500_000, y: (position[1] - 31) * 110_900 + 3_400_000))
                if points.last != point { points.append(point) }
            }
            return LinearRing(points.map(\.coordinate))
        }
        func polygon(_ rings: [[[Double]]]) -> Polygon {
            Polygon(ring(rings.first ?? []), interiorRings: rings.dropFirst().map(ring))
        }
        if let rings = geometry["coordinates"] as? [[[Double]]] { return .polygon(polygon(rings)) }
        let parts = geometry["coordinates"] as? [[[[Double]]]] ?? []
        return .multiPolygon(MultiPolygon(parts.map(polygon)))
    }
}
