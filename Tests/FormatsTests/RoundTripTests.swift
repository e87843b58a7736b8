// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("What is written is read back")
struct RoundTripTests {
    struct Case: Sendable, CustomStringConvertible {
        var file: String
        var options: WritingOptions
        var crs: String?
        /// DXF and KML have fields of their own.
        var keepsFields = true
        var keepsCount = true
        var description: String { file }
    }

    static let cases: [Case] = [
        Case(file: "a.shp", options: WritingOptions(.shapefile, crs: "EPSG:4490", encoding: "GBK"), crs: "wkt"),
        Case(file: "a.geojson", options: WritingOptions(.geoJSON, crs: "EPSG:4490"), crs: "EPSG:4490"),
        Case(file: "b.geojson", options: WritingOptions(.geoJSON), crs: "OGC:CRS84"),
        Case(file: "a.geojsonl", options: WritingOptions(.geoJSONSeq), crs: "OGC:CRS84"),
        Case(file: "a.gpkg", options: WritingOptions(.geoPackage, crs: "EPSG:4549"), crs: "EPSG:4549"),
        Case(file: "a.fgb", options: WritingOptions(.flatGeobuf, crs: "EPSG:4490"), crs: "EPSG:4490"),
        Case(file: "a.tab", options: WritingOptions(.mapInfo, crs: "EPSG:4326", encoding: "GBK"), crs: "wkt"),
        Case(
            file: "a.mif", options: WritingOptions(.mapInfo, crs: "EPSG:4326", encoding: "GBK", isMIF: true), crs: "wkt"
        ),
        Case(file: "a.kml", options: WritingOptions(.kml, crs: "EPSG:4326"), crs: "OGC:CRS84", keepsFields: false),
        Case(file: "a.dxf", options: WritingOptions(.dxf), crs: nil, keepsFields: false),
        Case(file: "a.csv", options: WritingOptions(.csv, encoding: "GBK", xColumn: "经度", yColumn: "纬度"), crs: nil),
        Case(file: "a.xlsx", options: WritingOptions(.xlsx, xColumn: "lon", yColumn: "lat"), crs: nil),
    ]

    @Test("in every format", arguments: cases)
    func roundTrip(sample: Case) throws {
        let folder = try TemporaryFolder()
        let records = Samples.buildings(25)
        let url = folder.file(sample.file)
        try DatasetWriter.write(records, schema: Samples.schema, to: url, options: sample.options)
        let reading = try Reading(url)

        #expect(reading.dataset.format == sample.options.format)
        #expect(reading.balance.read == 25 && reading.balance.rejected == 0 && reading.balance.skipped == 0)
        #expect(reading.features.map(\.row) == Array(1...25) || sample.options.format == .flatGeobuf)
        switch sample.crs {
        case nil: #expect(reading.layer.crs == nil)
        case "wkt": #expect(reading.layer.crs?.wkt.isEmpty == false)
        case let code?: #expect(reading.layer.crs?.authorityCode == code)
        }
        var whole = Envelope.empty
        for feature in reading.features { whole.expand(toContain: try #require(feature.geometry).envelope) }
        #expect(abs(whole.minX - 121.3) < 0.001 && abs(whole.minY - 31.1) < 0.001)
        guard sample.keepsFields else { return }

        let order = reading.column("层数").compactMap(\.number).map(Int.init)
        let names = reading.column("名称").map(\.description)
        #expect(Set(names) == Set(records.map { $0.values[0].description }))
        #expect(order.sorted() == (0..<25).sorted())
        #expect(reading.column("面积").compactMap(\.number).reduce(0, +) == 312.5)
        #expect(reading.column("建成").count { $0.isNull || $0.description.isEmpty } == 5)
        let dates = Set(reading.column("建成").map(\.description))
        #expect(dates.contains { $0.hasPrefix("2010-06-10") }, "\(dates)")
    }

    @Test("FileGDB and OpenStreetMap are read, not written", arguments: [FileFormat.fileGDB, .osmPBF, .osmXML])
    func unwritable(format: FileFormat) throws {
        let folder = try TemporaryFolder()
        #expect(throws: FormatsError.self) {
            try DatasetWriter(creating: folder.file("a.x"), schema: Samples.schema, options: WritingOptions(format))
        }
    }

    @Test("A second file of the same name replaces the first")
    func replacing() throws {
        let folder = try TemporaryFolder()
        _ = try Samples.shapefile(in: folder, count: 20)
        let url = try Samples.shapefile(in: folder, count: 3)
        #expect(try Reading(url).balance.read == 3)
    }

    @Test("Attributes with quotes, commas and line breaks survive CSV")
    func quoting() throws {
        let folder = try TemporaryFolder()
        let schema = Schema(geometryType: .point, fields: [Field("备注", .text)])
        let texts = ["a,b", "say \"no\"", "two\nlines", "  spaced ", "", "=1+2"]
        try DatasetWriter.write(
            texts.enumerated().map {
                FeatureRecord(id: Int64($0.offset), geometry: .point(Point(x: 121, y: 31)), values: [.text($0.element)])
            }, schema: schema, to: folder.file("a.csv"), options: WritingOptions(.csv, xColumn: "x", yColumn: "y"))
        let reading = try Reading(folder.file("a.csv"))
        #expect(reading.column("备注").map(\.description) == texts)
    }

    @Test("Times are told in UTC")
    func times() throws {
        let folder = try TemporaryFolder()
        let schema = Schema(geometryType: .point, fields: [Field("t", .dateTime)])
        let record = FeatureRecord(
            id: 1, geometry: .point(Point(x: 1, y: 2)), values: [.text("2024-02-29T23:30:15.250Z")])
        try DatasetWriter.write(
            [record], schema: schema, to: folder.file("t.gpkg"), options: WritingOptions(.geoPackage))
        #expect(try Reading(folder.file("t.gpkg")).column("t") == [.text("2024-02-29T23:30:15.250Z")])
        #expect(
            DateArithmetic.text(
                milliseconds: DateArithmetic.milliseconds(
                    year: 2024, month: 2, day: 29, hour: 7, minute: 5, millisecond: 9) - 8 * 3_600_000)
                == "2024-02-28T23:05:00.009Z")
    }
}
