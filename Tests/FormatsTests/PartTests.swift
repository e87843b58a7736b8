// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("A file that is taken in parts, by condition")
struct PartTests {
    private static let parts = [
        "OGR_GEOMETRY IN ('POINT', 'MULTIPOINT')", "OGR_GEOMETRY IN ('LINESTRING', 'MULTILINESTRING')",
        "OGR_GEOMETRY IN ('POLYGON', 'MULTIPOLYGON') AND 用途 = '住宅'",
        "OGR_GEOMETRY IN ('POLYGON', 'MULTIPOLYGON') AND (用途 IS NULL OR 用途 <> '住宅')",
    ]

    private static func feature(_ type: String, _ coordinates: String, _ use: String = "住宅") -> String {
        #"{"type":"Feature","properties":{"用途":"\#(use)"},"geometry":{"type":"\#(type)","coordinates":\#(coordinates)}}"#
    }

    @Test("A record that cannot be taken is reported by the one part that it belongs to")
    func faults() throws {
        let folder = try TemporaryFolder()
        let records = [
            Self.feature("Point", "[121,31]"), Self.feature("Point", "[121,null]"),
            Self.feature("LineString", "[[121,31]]"),
            Self.feature("Polygon", "[[[121,31],[NaN,31],[121,32],[121,31]]]"),
            Self.feature("Polygon", "[[[121,31],[122,31]]]", "工业"),
            Self.feature("MultiPolygon", "[[[[0,0],[0,1],[1,1],[0,0]]]]", "工业"), Self.feature("Polygon", "[]"),
        ]
        let url = try folder.write(records.joined(separator: "\n"), to: "a.geojsonl")
        var rejected: [[Int]] = []
        var taken: [[Int]] = []
        for part in Self.parts {
            let reading = try Reading(url) { $0.where = part }
            #expect(reading.balance.total == records.count)
            rejected.append(reading.features.filter { $0.fault != nil }.map(\.row))
            taken.append(reading.good.map(\.row))
        }
        #expect(rejected == [[2], [3], [4], [5]])
        #expect(taken == [[1], [], [7], [6]])
    }

    @Test("A record without a geometry is left out by a condition on it, and that is said")
    func bare() throws {
        let folder = try TemporaryFolder()
        let bare = #"{"type":"Feature","properties":{"用途":"住宅"},"geometry":null}"#
        let text = [Self.feature("Point", "[121,31]"), bare, bare].joined(separator: "\n")
        let url = try folder.write(text, to: "a.geojsonl")
        let points = try Reading(url) { $0.where = Self.parts[0] }
        #expect(points.balance.read == 1 && points.balance.skipped == 2)
        #expect(points.balance.notes == ["2 records without a geometry are left out: the condition asks for one."])
        let all = try Reading(url) { $0.where = "用途 = '住宅'" }
        #expect(all.balance.read == 3 && all.balance.notes.isEmpty)
    }

    @Test("The attributes of a shape that was cut off still say which part it belongs to")
    func shapefile() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        let whole = try folder.bytes("房屋.shp")
        try folder.write(Array(whole[..<(100 + 10 * 136)]), to: "房屋.shp")
        let low = try Reading(url) { $0.where = "层数 < 5" }
        #expect(low.balance.read == 5 && low.balance.rejected == 0 && low.balance.skipped == 15)
        let high = try Reading(url) { $0.where = "层数 >= 5" }
        #expect(high.balance.read == 5 && high.balance.rejected == 10 && high.balance.skipped == 5)
        #expect(high.balance.faults == ["truncated": 10])
    }

    @Test("An empty geometry in KML has a type and nothing else", .enabled(if: sharedData != nil))
    func emptyGeometries() throws {
        let data = try #require(sharedData)
        let reading = try Reading(data.appendingPathComponent("formats/gdal-autotest/ogr/kml/geometries.kml"))
        let empty = reading.features.filter { $0.geometry == nil }
        #expect(empty.map(\.row) == [1, 2, 3, 4, 10, 11, 13, 14, 16, 17, 19, 20])
        #expect(Set(empty.map(\.geometryType)) == [.polygon, .point, .lineString, .geometryCollection])
        #expect(reading.balance.read == 25)
    }
}
