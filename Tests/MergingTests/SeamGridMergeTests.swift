// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Seams on the district's grid` {
    private func parcel(_ name: String, _ west: Double, _ east: Double) -> [UInt8] {
        let ring = [(west, 0.0), (east, 0), (east, 10), (west, 10), (west, 0)]
            .map { "[\($0.0),\(3_440_000 + $0.1)]" }.joined(separator: ",")
        return Array(
            """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"parcel_no":"\(name)"},
            "geometry":{"type":"Polygon","coordinates":[[\(ring)]]}}]}
            """.utf8)
    }

    @Test(arguments: ["0.0001", "0.01", "0.1"])
    func `borders meet on every grid that a district may have`(precision: String) throws {
        let district = try TestDistrict(
            yaml: """
                name: 试验区
                grid: { crs: "EPSG:4549", precision: \(precision) }
                towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
                sources:
                  - { id: west, town: "1", layer: parcels, path: maps/west.geojson, crs: "EPSG:4549" }
                  - { id: east, town: "2", layer: parcels, path: maps/east.geojson, crs: "EPSG:4549" }
                """)
        try district.deliver(parcel("W", 629_980, 629_999.6), as: "west.geojson")
        try district.deliver(parcel("E", 630_000, 630_020), as: "east.geojson")
        let report = try district.merge()
        #expect(report.seams.first?.totals.map(\.isRepaired) == [true])
        let grid = try #require(Double(precision).flatMap(GridPrecision.init))
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        var boxes: [String: Envelope] = [:]
        try store.forEachFeature(in: "parcels") { feature in
            boxes[feature.value(at: 0).description] = GeoPackageGeometry.envelope(of: feature.geometry)
        }
        let middle = try #require(boxes["W"]?.maxX)
        #expect(middle == boxes["E"]?.minX)
        #expect(abs(middle - 629_999.8) <= grid.precision)
        #expect(grid.snap(middle) == middle)
        #expect(try district.merge().changeSet == nil)
    }
}
