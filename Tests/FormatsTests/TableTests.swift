// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("Text tables with coordinates")
struct TableTests {
    private func read(_ text: String, _ name: String = "a.csv", _ configure: (inout DatasetRequest) -> Void = { _ in })
        throws -> Reading
    {
        let folder = try TemporaryFolder()
        return try Reading(folder.write(text, to: name), configure)
    }

    @Test(
        "Columns of coordinates are known by their names",
        arguments: [
            "lon,lat", "lng,lat", "Longitude,Latitude", "经度,纬度", "x,y", "X,Y", "东坐标,北坐标", "easting,northing",
            "LON , LAT", "横坐标,纵坐标",
        ])
    func names(header: String) throws {
        let reading = try read("名称,\(header)\nA,121.5,31.25\n")
        #expect(reading.features[0].geometry == .point(Point(x: 121.5, y: 31.25)), "\(header)")
        let reversed = header.split(separator: ",").reversed().joined(separator: ",")
        #expect(try read("\(reversed)\n31.25,121.5\n").features[0].geometry == .point(Point(x: 121.5, y: 31.25)))
        #expect(reading.layer.notes.contains { $0.contains("as surveyors have it") } == (header.lowercased() == "x,y"))
    }

    @Test("Columns that are asked for count, and must be there")
    func asked() throws {
        let text = "lon,lat,a,b\n1,2,3,4\n"
        let reading = try read(text) {
            $0.xField = "a"
            $0.yField = "b"
        }
        #expect(reading.features[0].geometry == .point(Point(x: 3, y: 4)))
        let error = try #require(throws: FormatsError.self) {
            try read(text) {
                $0.xField = "c"
                $0.yField = "b"
            }
        }
        #expect(error.kind == .wrongUse && error.description.contains("it has lon, lat, a, b"))
    }

    @Test("Without coordinates the records have no geometry, and it is said")
    func none() throws {
        let reading = try read("名称,地址\nA,B\n")
        #expect(reading.features[0].geometry == nil && reading.layer.notes == [CoordinateColumns.missingNote])
    }

    @Test("Cells that are no numbers reject their row")
    func faults() throws {
        let reading = try read("lon,lat\n121,31\nabc,31\n121,\n,\n１２１．５,３１\nnan,31\n1e999,31\n 121 ,31\n121;5,31\n")
        #expect(reading.balance.read == 4)
        #expect(reading.balance.faults == ["no-number": 2, "half-a-coordinate": 1, "not-finite": 2])
        #expect(reading.features[4].geometry == .point(Point(x: 121.5, y: 31)))
        #expect(reading.features[3].geometry == nil && reading.features[3].fault == nil)
    }

    @Test("Well-known text in a column is geometry")
    func wkt() throws {
        let reading = try read("name,wkt\nA,\"LINESTRING (1 2,3 4)\"\nB,nonsense\nC,\n")
        #expect(reading.features[0].geometry?.type == .lineString && reading.balance.rejected == 1)
    }

    @Test("Columns get the type of all their values; codes stay text")
    func types() throws {
        let reading = try read(
            "n,r,code,d,t,big,lon,lat\n1,1.5,007,2020-01-31,x,12345678901234567890,1,2\n-2,3,008,2021-02-01,\"1,234\",1,1,2\n"
        )
        #expect(reading.layer.schema.fields.prefix(6).map(\.type) == [.integer, .real, .text, .date, .text, .text])
        #expect(reading.column("code") == [.text("007"), .text("008")])
        #expect(reading.column("t").last == .text("1,234"))
    }

    @Test("Separators, quotes, line ends and blank lines", arguments: [",", ";", "\t", "|"])
    func separators(separator: String) throws {
        let text =
            ["lon", "lat", "备注"].joined(separator: separator) + "\r\n"
            + ["1", "2", "\"a\"\"b\(separator)c\r\nd\""].joined(separator: separator) + "\r\n\r\n"
            + ["3", "4"].joined(separator: separator) + "\r\n"
        let reading = try read("\u{FEFF}" + text)
        #expect(reading.balance.read == 2)
        #expect(reading.column("备注") == [.text("a\"b\(separator)c\r\nd"), .null])
        #expect(reading.balance.notes.contains { $0.contains("fewer cells") })
    }

    @Test("Rows with too many cells are rejected; an open quote refuses the table")
    func broken() throws {
        #expect(try read("lon,lat\n1,2,3\n1,2,,\n").balance.faults == ["too-many-cells": 1])
        let error = try #require(throws: FormatsError.self) { try read("lon,lat,t\n1,2,a\n1,2,\"open\n3,4,b\n") }
        #expect(error.description.contains("opened in line 3"))
    }

    @Test("Doubled and missing names are made different")
    func headings() throws {
        #expect(try read("a,a,,a\n1,2,3,4\n").layer.schema.fields.map(\.name) == ["a", "a (2)", "column 3", "a (3)"])
    }
}

@Suite("A condition leaves records out, and they are counted")
struct ConditionTests {
    @Test(
        "The same condition in every format",
        arguments: ["a.shp", "a.geojson", "a.gpkg", "a.fgb", "a.mif", "a.csv", "a.xlsx"])
    func formats(name: String) throws {
        let folder = try TemporaryFolder()
        let ending = try #require(FileFormat(fileExtension: String(name.dropFirst(2))))
        let options = WritingOptions(
            ending, crs: "EPSG:4326", encoding: ending == .csv || ending == .geoJSON ? "UTF-8" : "GBK", isMIF: true,
            xColumn: "lon", yColumn: "lat")
        try DatasetWriter.write(Samples.buildings(25), schema: Samples.schema, to: folder.file(name), options: options)
        let reading = try Reading(folder.file(name)) { $0.where = "层数 >= 20 AND 名称 LIKE '梅陇镇%'" }
        #expect(reading.balance.read == 5 && reading.balance.skipped == 20)
        if ending != .flatGeobuf { #expect(reading.features.map(\.row) == [21, 22, 23, 24, 25]) }
    }

    @Test("A condition that does not fit is refused with the fields that there are")
    func wrong() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder)
        for condition in ["高度 > 3", "层数 >", "层数 > 3; DROP TABLE x", "SELECT 1"] {
            let error = try #require(throws: FormatsError.self) { try Reading(url) { $0.where = condition } }
            #expect(error.kind == .wrongUse && error.description.contains("名称, 层数, 面积, 建成"), "\(error)")
        }
    }

    @Test(
        "Names beyond ASCII need no quotes",
        arguments: [
            ("层数 > 0 AND 名称 = '层数'", "\"层数\" > 0 AND \"名称\" = '层数'"), ("\"层 数\">0", "\"层 数\">0"),
            ("a1 > 2 or b_层='it''s'", "a1 > 2 or \"b_层\"='it''s'"), ("", ""),
        ])
    func quoting(condition: String, quoted: String) {
        #expect(RowFilter.quoted(condition) == quoted)
    }

    @Test("A layer that is not there is refused with those that are")
    func layer() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(in: folder)
        let scratch = try TemporaryFolder()
        let dataset = try Dataset(opening: DatasetRequest(path: url.path), scratch: scratch.url)
        let error = try #require(throws: FormatsError.self) { try dataset.forEachFeature(in: "roads") { _ in } }
        #expect(error.description == "“buildings.gpkg” has no layer “roads”; it has “buildings”.")
    }
}
