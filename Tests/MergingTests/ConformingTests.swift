// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import Merging

@Suite struct `A geometry that goes into a layer` {
    static let cases: [(String, GeometryType, String?)] = [
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", .multiPolygon, "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", .polygon, "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
        ("POINT (1 2)", .multiPoint, "MULTIPOINT ((1 2))"),
        ("MULTIPOINT ((1 2), (3 4))", .point, nil),
        ("POINT (1 2)", .multiPolygon, nil),
        ("LINESTRING (0 0, 1 1)", .geometry, "LINESTRING (0 0, 1 1)"),
        ("GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)))", .multiPolygon, "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
        ("GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (0 0, 1 1))", .multiLineString, nil),
    ]

    @Test(arguments: cases) func `becomes the layer's type or is refused`(
        _ wkt: String, _ type: GeometryType, _ result: String?
    ) throws {
        let geometry = try Geometry(wkt: wkt)
        let expected = try result.map { try Geometry(wkt: $0) }
        #expect((try? geometry.conformed(to: type)) == expected)
    }

    @Test func `is an area when it is a closed line`() throws {
        #expect(try Geometry(wkt: "LINESTRING (0 0, 1 0, 1 1, 0 0)").areaOfClosedLine != nil)
        #expect(try Geometry(wkt: "LINESTRING (0 0, 1 0, 1 1)").areaOfClosedLine == nil)
        #expect(try Geometry(wkt: "LINESTRING (0 0, 1 0, 0 0)").areaOfClosedLine == nil)
    }
}
