// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("A file that was cut off is never read with success", .enabled(if: executable != nil))
struct TruncationTests {
    struct Cut: Sendable, CustomStringConvertible {
        var file: String
        var part: String
        var description: String { "\(part) of \(file)" }
    }

    static let cuts = [
        Cut(file: "a.tab", part: "a.dat"), Cut(file: "a.tab", part: "a.map"), Cut(file: "a.tab", part: "a.id"),
        Cut(file: "a.mif", part: "a.mif"), Cut(file: "a.mif", part: "a.mid"), Cut(file: "a.fgb", part: "a.fgb"),
        Cut(file: "a.xlsx", part: "a.xlsx"), Cut(file: "a.kml", part: "a.kml"), Cut(file: "a.dxf", part: "a.dxf"),
        Cut(file: "a.gpkg", part: "a.gpkg"),
    ]

    @Test("Any format, at any place", arguments: cuts)
    func formats(cut: Cut) throws {
        let folder = try TemporaryFolder()
        let format = try #require(FileFormat(fileExtension: String(cut.file.dropFirst(2))))
        let options = WritingOptions(
            format, crs: "EPSG:4326", encoding: "GBK", isMIF: cut.file.hasSuffix("mif"), xColumn: "lon", yColumn: "lat")
        let url = folder.file(cut.file)
        try DatasetWriter.write(Samples.buildings(60), schema: Samples.schema, to: url, options: options)
        let whole = try folder.bytes(cut.part)
        for percent in [10, 35, 50, 75, 90, 97] {
            try folder.write(Array(whole[..<(whole.count * percent / 100)]), to: cut.part)
            // The last bytes of a .map are padding.
            if let layer = (try? inspect(url))?.layers.first, layer.stop == nil {
                #expect(layer.balance?.read == 60, "cut to \(percent) %")
            }
        }
    }

    @Test("A FileGDB without the end of an index is damaged", .enabled(if: sharedData != nil))
    func geodatabase() throws {
        let source = try #require(sharedData).appendingPathComponent(
            "formats/gdal-autotest/ogr/filegdb/testdatetimeutc.gdb")
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(at: source, to: folder.file("a.gdb"))
        let names = try FileManager.default.contentsOfDirectory(atPath: source.path).filter {
            $0.hasSuffix(".gdbtablx")
        }
        let last = try #require(names.max())
        let bytes = try folder.bytes("a.gdb/\(last)")
        try FileManager.default.removeItem(at: folder.file("a.gdb/\(last)"))
        try folder.write(Array(bytes[..<(bytes.count / 2)]), to: "a.gdb/\(last)")
        let error = try #require(refusal(folder.file("a.gdb")))
        #expect(error.description.contains("damaged"), "\(error)")
    }

    @Test("OpenStreetMap data, XML and PBF", .enabled(if: sharedData != nil))
    func openStreetMap() throws {
        let folder = try TemporaryFolder()
        for name in ["bayfront_singapore.osm.pbf", "shanghai_peoples_square.osm"] {
            let bytes = Array(try Data(contentsOf: try #require(sharedData).appendingPathComponent("osm/\(name)")))
            for percent in [1, 30, 60, 95] {
                let url = try folder.write(Array(bytes[..<(bytes.count * percent / 100)]), to: name)
                #expect(refusal(url) != nil, "\(name) cut to \(percent) %")
            }
        }
    }
}
