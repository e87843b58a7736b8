// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Encodings
import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats
@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Registered areas and heights` {
    private func rows(of layer: String, in district: TestDistrict) throws -> [[String: String]] {
        let loaded = try District.load(from: district.directory)
        let fields = try #require(loaded.layers[layer]).fields.map(\.field.name)
        var rows: [[String: String]] = []
        try DistrictStore(opening: Merger.store(of: loaded)).forEachFeature(in: layer) { feature in
            rows.append(
                Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1, feature.value(at: $0).description) }))
        }
        return rows
    }

    private func parcel(_ number: Int, side: Double, area: String) -> String {
        let (west, south) = (631_000 + Double(number) * 200, 3_444_000.0)
        let ring = [(0.0, 0.0), (side, 0), (side, side), (0, side), (0, 0)].map { "[\(west + $0),\(south + $1)]" }
        return #"{"type":"Feature","properties":{"ZDDM":"\#(number)","MJ":\#(area)},"geometry":{"type":"Polygon","coordinates":[[\#(ring.joined(separator: ","))]]}}"#
    }

    @Test func `a registered area stays as it is stated, and what is measured stands beside it`() throws {
        let district = try TestDistrict([
            "layer: parcels, path: maps/a.geojson, crs: \"EPSG:4549\", fields: { parcel_no: ZDDM, area_m2: { from: MJ, unit: 亩 } }"
        ])
        // 10,000 m² are 15 mu; at 1:500 they may differ by 15 m².
        let parcels = [
            parcel(0, side: 100, area: "15"), parcel(1, side: 100, area: "15.02"), parcel(2, side: 100, area: "15.1"),
            parcel(3, side: 100, area: "null"),
        ]
        try district.deliver(
            Array(#"{"type":"FeatureCollection","features":[\#(parcels.joined(separator: ","))]}"#.utf8), as: "a.geojson")
        let report = try district.merge()
        let rows = try rows(of: "parcels", in: district)
        #expect(rows.map { $0["area_m2"] } == ["10000", "10013.333333333334", "10066.666666666666", ""], "\(rows)")
        for row in rows {
            #expect(row["planar_m2"] == "10000")
            // The scale at 120 km from the meridian is 1.00021: 2 · 0.00021 less.
            let ellipsoidal = try #require(row["ellipsoidal_m2"].flatMap(Double.init))
            #expect(abs(ellipsoidal - 9995.8) < 0.2, "\(ellipsoidal)")
        }
        #expect(report.text.contains("area-differs: 1 record noted"), "\(report.text)")
        #expect(report.text.contains("Record 3: its registered area is 10066.67 m², on the grid it has 10000.0 m²"))
        #expect(report.text.contains("3 registered areas were kept as stated"))
        #expect(report.text.contains("Differing by more than is allowed at 1:500: 1."))
    }

    @Test func `the ellipsoidal area is that of the zone, for holes and several parts as well`() throws {
        let grid = try CoordinateReferenceSystem(parsing: "EPSG:4549")
        let measure = try EllipsoidalArea(grid)
        func square(_ x: Double, _ y: Double, _ side: Double) -> LinearRing {
            let corners = [(0.0, 0.0), (side, 0), (side, side), (0, side), (0, 0)]
            return LinearRing(corners.map { Coordinate(x: x + $0.0, y: y + $0.1) })
        }
        // On the central meridian the scale is 1.
        let middle = Polygon(square(499_500, 3_444_000, 1000), interiorRings: [square(499_900, 3_444_400, 200)])
        let area = try measure.area(of: .polygon(middle))
        #expect(abs(area - 960_000) < 0.1, "\(area)")
        let both = MultiPolygon([middle, Polygon(square(501_000, 3_444_000, 100))])
        #expect(abs(try measure.area(of: .multiPolygon(both)) - area - 10_000) < 0.01)
        #expect(try measure.area(of: .point(Point(x: 1, y: 1))) == 0)
        #expect(throws: ProjectionsError.self) { try EllipsoidalArea(.gcj02) }
    }

    private static let points = "1,KZD,631808.654,3444301.836,4.552\n2,,631809,3444305,\n3,砼,631811,3444309,3.9\n"

    private func surveys(_ entries: [String], swapped: Bool = false) throws -> TestDistrict {
        let district = try TestDistrict(
            entries.enumerated().map { number, entry in
                // One character of GBK is too little for a verdict on encoding.
                "layer: survey-points, path: maps/p\(number).dat, encoding: GBK, "
                    + "fields: { point_no: 点号, code: 编码, height_m: 高程 }\(entry)"
            })
        for number in entries.indices {
            var text = Self.points
            if swapped {
                text = "1,KZD,3444301.836,631808.654,4.552\n2,,3444305,631809,\n3,砼,3444309,631811,3.9\n"
            }
            try district.deliver(#require(TextEncoder(encoding: "GBK")?.encode(text)), as: "p\(number).dat")
        }
        return district
    }

    @Test func `heights are marked with the datum that a person declares, and never converted`() throws {
        let grid = ", crs: \"EPSG:4549\""
        let one = try surveys(["\(grid), vertical_datum: wusong"])
        let report = try one.merge()
        #expect(report.text.contains("count from 吴淞 (Wusong), as district.yaml says."), "\(report.text)")
        let rows = try rows(of: "survey-points", in: one)
        #expect(rows.map { $0["height_m"] } == ["4.552", "", "3.9"] && rows.map { $0["code"] } == ["KZD", "", "砼"])
        #expect(rows.map { $0["vertical_datum"] } == ["wusong", "", "wusong"])

        let unsaid = try surveys([grid])
        #expect(try unsaid.merge().text.contains("Nobody says what its heights (height_m) count from"))
        #expect(try self.rows(of: "survey-points", in: unsaid)[0]["vertical_datum"] == "unknown")

        let mixed = try surveys(["\(grid), vertical_datum: wusong", "\(grid), vertical_datum: \"1985\"", grid])
        let text = try mixed.merge().text
        #expect(
            text.contains(
                "Heights in survey-points count from several datums: 吴淞 (Wusong) (source-0); 1985 国家高程基准 (source-1); "
                    + "an unknown datum (source-2)."), "\(text)")
    }

    @Test func `heights that are taken because the names are equal are marked, too`() throws {
        let district = try TestDistrict(["layer: survey-points, path: maps/a.geojson, crs: \"EPSG:4549\""])
        let point = #"{"type":"Point","coordinates":[631000,3444000]}"#
        try district.deliver(
            Array(
                #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"height_m":4.5},"geometry":\#(point)}]}"#
                    .utf8), as: "a.geojson")
        #expect(try district.merge().text.contains("Nobody says what its heights (height_m) count from"))
        #expect(try rows(of: "survey-points", in: district).map { $0["vertical_datum"] } == ["unknown"])
    }

    @Test func `points with north before east are found out, and read when it is declared`() throws {
        let report = try surveys([", crs: \"EPSG:4549\""], swapped: true).merge()
        let wrong = report.sources[0]
        #expect(report.text.contains("with north and east changed it lies inside"), "\(report.text)")
        // Without known ground every point is refused: none lies in the system's area.
        #expect(wrong.counts.accepted == 0 && wrong.counts.rejected == 3, "\(wrong)")
        let right = try surveys([", crs: { from: \"EPSG:4549\", axes: yx }"], swapped: true)
        #expect(try right.merge().sources[0].counts.accepted == 3)
    }
}
