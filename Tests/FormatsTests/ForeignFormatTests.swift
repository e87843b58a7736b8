// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("Formats that are not read are known by their contents, and the refusal says what to ask for")
struct ForeignFormatTests {
    struct Case: Sendable, CustomStringConvertible {
        var name: String
        var bytes: [UInt8]
        /// What the refusal has to say.
        var words: [String]
        var description: String { name }

        init(_ name: String, _ text: String, _ words: String...) {
            self.name = name
            bytes = Array(text.utf8)
            self.words = words
        }

        init(_ name: String, bytes: [UInt8], _ words: String...) {
            self.name = name
            self.bytes = bytes
            self.words = words
        }
    }

    private static let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// An OLE container that has a stream of this name.
    private static func container(_ stream: String) -> [UInt8] {
        let name: [UInt8] = stream.utf8.flatMap { [$0, 0] as [UInt8] }
        return compound + [UInt8](repeating: 0, count: 1024 - 8) + name + [UInt8](repeating: 0, count: 200)
    }

    static let cases: [Case] = [
        Case("a.vct", "HeadBegin\r\nDataMark:CNSDTF-VCT\r\nVersion:1.0\r\nUnit:M\r\nHeadEnd\r\n", "VCT", "of version 1.0", "SHP"),
        Case("a.VCT", "HeadBegin\nDatamark: LANDUSE-VCT\nVersion: 2.0\nUnit: M\n", "of version 2.0"),
        Case("a.vct", "HeadBegin\nDataMark:LANDUSE3.0-VCT\nVersion:3.0\nCoordinateSystemType:P\n", "of version 3.0"),
        Case("renamed.csv", "HeadBegin\nDataMark:LANDUSE-VCT\nVersion:2.0\n", "VCT"),
        Case("a.wt", "WMAP`D22\u{1}\u{2}", "MapGIS file of points", "文件转换"),
        Case("a.wl", "WMAP`D21\u{1}\u{2}", "MapGIS file of lines"), Case("a.wp", "WMAP`D23\u{1}", "MapGIS file of areas"),
        Case("a.shp", "WMAP`D23\u{1}", "MapGIS file of areas"), Case("a.mpj", "\u{1}\u{2}\u{3}", "MapGIS project"),
        Case("a.udb", "\u{1}\u{2}", "SuperMap datasource (UDB)", "iDesktop"), Case("a.udd", "\u{1}", "part of a SuperMap"),
        Case("a.sdb", "\u{1}\u{2}", "SuperMap datasource (SDB)"), Case("a.sdd", "\u{1}\u{2}", "(SDB)"),
        Case("a.smwu", "<?xml version=\"1.0\"?><SuperMapWorkspace>", "SuperMap workspace", "holds no data"),
        Case("a.dwg", "AC1009\0", "11 or 12", "GDAL cannot read"), Case("a.dwg", "AC1015\0", "2000 to 2002", "not let in"),
        Case("a.dwg", "AC1018\0", "2004 to 2006"), Case("a.dwg", "AC1021\0", "2007 to 2009"),
        Case("a.dwg", "AC1027\0", "2013 to 2017", "DXF (ASCII)"), Case("a.dwg", "AC1032\0", "2018 or later"),
        Case("a.dwg", "AC1099\0", "of the release AC1099"), Case("drawing.dxf", "AC1027\0\0", "DWG", "2013"),
        Case("a.dwg", "no mark at all", "a DWG drawing"),
        Case("a.e00", "EXP  0 C:\\DATA\\ROADS.E00\r\nARC  2\r\n", "E00"), Case("a.e00", "EXP  1 ROADS.E00\n", "E00"),
        Case("a.rar", bytes: Array("Rar!\u{1A}\u{7}\u{1}\0".utf8), "RAR", "ZIP"),
        Case("a.zip", bytes: Array("Rar!\u{1A}\u{7}\0".utf8), "“a.zip” is a RAR archive"),
        Case("a.7z", bytes: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "7z", "ZIP"),
        Case("a.gz", bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 1], "xz"),
        Case("a.tar", bytes: [UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8), "tar"),
        Case("a.lyr", bytes: container("Layer"), "layer file of ArcGIS", "holds no data"),
        Case("a.mxd", bytes: container("Mx Document"), "map document of ArcGIS"),
        Case("a.bin", bytes: container("Mx Document"), "map document of ArcGIS"),
        Case("a.aprx", "PK\u{3}\u{4}\u{14}\0", "ArcGIS Pro"), Case("a.qgz", "PK\u{3}\u{4}\u{14}\0", "project of QGIS"),
        Case("a.qgs", "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis ", "project of QGIS"),
        Case("a.kml", "<qgis version=\"3.22\">", "project of QGIS"),
        Case("a.lyrx", "{\"type\" : \"CIMLayerDocument\",", "layer file of ArcGIS"),
        Case("a.xls", bytes: container("Workbook"), "Excel 97", ".xlsx"),
        Case("a.xlsx", bytes: container("Workbook"), "Excel 97", "另存为"),
        Case("a.doc", bytes: container("WordDocument"), "Word"), Case("a.dat", bytes: container("?"), "OLE"),
    ]

    @Test("each in one sentence, with its name", arguments: cases)
    func refused(foreign: Case) throws {
        let folder = try TemporaryFolder()
        let url = try folder.write(foreign.bytes, to: foreign.name)
        let error = try #require(throws: FormatsError.self) { try Reading(url) }
        #expect(error.kind == .unrecognised)
        for word in foreign.words + ["“\(foreign.name)” is ", "not read here"] {
            #expect(error.description.contains(word), "\(error)")
        }
        #expect(error.description.lowercased().contains("ask for"), "\(error)")
    }

    @Test("Words in a table do not make it another format")
    func innocent() throws {
        let folder = try TemporaryFolder()
        let texts = [
            "DataMark,lon,lat\nLANDUSE-VCT,121,31\n", "EXP,lon,lat\n0,121,31\n", "AC1027,lon,lat\nqgis,121,31\n",
            "lon,lat,name\n121,31,HeadBegin DataMark VCT\n", "BZh,lon,lat\n1,121,31\n",
        ]
        for text in texts { #expect(try Reading(folder.write(text, to: "a.csv")).balance.read == 1, "\(text)") }
    }

    @Test("A SuperMap datasource is told from other databases by its tables", .enabled(if: BuiltProgram.path != nil))
    func superMap() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.udbx")
        for table in ["SmRegister", "layers"] {
            try? FileManager.default.removeItem(at: url)
            let sqlite = Process()
            sqlite.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
            sqlite.arguments = [url.path, "CREATE TABLE \(table) (id INTEGER)"]
            try sqlite.run()
            sqlite.waitUntilExit()
            try FileManager.default.copyItem(at: url, to: folder.file("\(table).gpkg"))
            let error = try #require(throws: FormatsError.self) { try Reading(folder.file("\(table).gpkg")) }
            #expect(error.description.contains("SuperMap") == (table == "SmRegister"), "\(error)")
        }
    }

    @Test("A coverage, a compressed FileGDB and a file called .gdb say what to ask for")
    func folders() throws {
        let folder = try TemporaryFolder()
        for (path, words) in [
            ("roads/arc.adf", "coverage of ArcInfo"), ("a.gdb/a00000001.cdf", "compressed FileGDB"),
            ("b.gdb", "whole folder in a ZIP archive"),
        ] {
            try folder.write("x", to: path)
            let top = String(path.split(separator: "/")[0])
            let error = try #require(throws: FormatsError.self) { try Reading(folder.file(top)) }
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test("In archives and folders what can be read is read, and the rest is named")
    func together() throws {
        let folder = try TemporaryFolder()
        let table = "lon,lat\n121,31\n"
        let members = [ZipBuilder.Member("图/a.csv", Array(table.utf8)), ZipBuilder.Member("图/b.dwg", Array("AC1032\0".utf8))]
        let mixed = try Reading(folder.write(ZipBuilder.archive(members), to: "mixed.zip"))
        #expect(mixed.balance.read == 1)
        #expect(mixed.dataset.notes == ["“图/b.dwg” was left out: it is a DWG drawing of AutoCAD 2018 or later (AC1032)."])

        let error = try #require(throws: FormatsError.self) {
            try Reading(folder.write(ZipBuilder.archive([members[1]]), to: "only.zip"))
        }
        #expect(error.description.hasPrefix("“图/b.dwg in only.zip” is a DWG drawing"), "\(error)")

        try folder.write(table, to: "delivery/图/a.csv")
        try folder.write("AC1032\0", to: "delivery/b.dwg")
        try folder.write(ZipBuilder.archive(members), to: "delivery/c.zip")
        try folder.write("lon,lat\n121,31\n122,31\n", to: "secret.csv")
        try FileManager.default.createSymbolicLink(
            at: folder.file("delivery/d.csv"), withDestinationURL: folder.file("secret.csv"))
        let whole = try Reading(folder.file("delivery"))
        #expect(whole.dataset.layers.map(\.name) == ["a"] && whole.balance.read == 1)
        #expect(whole.dataset.notes.count == 2, "\(whole.dataset.notes)")

        try folder.write("x", to: "nothing/readme.txt")
        #expect(throws: FormatsError.self) { try Reading(folder.file("nothing")) }
        let full = try #require(throws: FormatsError.self) {
            try Reading(folder.file("delivery")) { $0.limits.archiveMembers = 2 }
        }
        #expect(full.kind == .tooLarge)
    }

    @Test("Real drawings of newer releases", .enabled(if: sharedData != nil))
    func real() throws {
        let root = try #require(sharedData).appendingPathComponent("formats/gdal-autotest/ogr/cad")
        for (name, release) in [
            ("AC1018_signature.dwg", "2004"), ("attribs.dwg", "2013"), ("Building_A_Floor_0_Mapwize.dwg", "2013"),
        ] {
            let error = try #require(throws: FormatsError.self) { try Reading(root.appendingPathComponent(name)) }
            #expect(error.description.contains("AutoCAD \(release)"), "\(error)")
        }
    }
}
