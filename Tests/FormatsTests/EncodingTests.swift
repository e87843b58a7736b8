// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("The encoding of text is found out, with its evidence")
struct EncodingTests {
    struct Mark: Sendable {
        var encoding: String
        var mark: WritingOptions.EncodingMark
        var name: String
        var origin: EncodingClaim.Origin
    }

    @Test(
        "A shapefile in any of the ways that towns write one",
        arguments: [
            Mark(encoding: "GBK", mark: .codePageFile, name: "GBK", origin: .codePageFile),
            Mark(encoding: "GBK", mark: .languageByte, name: "GBK", origin: .header),
            Mark(encoding: "GBK", mark: .none, name: "GB18030", origin: .nobody),
            Mark(encoding: "UTF-8", mark: .codePageFile, name: "UTF-8", origin: .codePageFile),
            Mark(encoding: "UTF-8", mark: .none, name: "UTF-8", origin: .nobody),
        ])
    func shapefile(mark: Mark) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, encoding: mark.encoding, mark: mark.mark)
        let reading = try Reading(url)
        let verdict = try #require(reading.layer.encoding)
        #expect(verdict.name == mark.name && verdict.claim.origin == mark.origin && verdict.refusal == nil)
        if mark.origin == .nobody {
            #expect(verdict.evidence == "found by its bytes")
        } else {
            #expect(verdict.conclusion == .known(mark.name))
        }
        #expect(verdict.samples.count == 3 && verdict.samples.allSatisfy { $0.reading.hasPrefix("梅陇镇") })
        #expect(verdict.recordsLookedAt == 20 && verdict.recordCount == 20)
        #expect(reading.column("名称").first == .text("梅陇镇1号楼"))
    }

    @Test("A lying .cpg is found out; the request comes before everything that the file says")
    func request() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, encoding: "GBK", mark: .codePageFile)
        try folder.write("UTF-8", to: "房屋.cpg")
        let lie = try Reading(url)
        #expect(lie.layer.encoding?.refusal?.suggestion == "GB18030")
        #expect(lie.column("名称").first == .text("梅陇镇1号楼"))

        let checked = try Reading(url) { $0.isEncodingChecked = true }
        #expect(checked.layer.encoding?.refusal == nil)
        #expect(checked.balance.notes.contains { $0.contains("values held bytes that mean nothing") })
        #expect(checked.features.first?.values.first?.description.contains("\u{FFFD}") == true)

        let right = try Reading(url) { $0.encoding = "gbk" }
        #expect(right.layer.encoding?.claim == EncodingClaim(.request, "gbk") && right.layer.encoding?.refusal == nil)
        #expect(right.column("名称").first == .text("梅陇镇1号楼"))
    }

    @Test("A .cst does for a .cpg, which comes first; a code page that is none is told")
    func otherMarks() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, encoding: "GBK", mark: .none)
        try folder.write("GBK", to: "房屋.cst")
        #expect(try Reading(url).layer.encoding?.claim == EncodingClaim(.codePageFile, "GBK"))
        try folder.write("PLAIN", to: "房屋.cpg")
        let both = try Reading(url).layer
        #expect(both.encoding?.claim.name == "GBK")
        #expect(both.notes.contains { $0.contains("The .cpg says “PLAIN”, which is no encoding that is known") })
    }

    @Test("Values that their field cut off lose the part of a character only, and it is told")
    func cutValues() throws {
        let folder = try TemporaryFolder()
        for (encoding, width) in [("UTF-8", 10), ("GBK", 11)] {
            let values = try (0..<12).map { number in
                Array(try #require(TextEncoder(encoding: encoding)?.encode("梅陇镇虹梅南路\(number)")).prefix(width))
            }
            let url = try RawShapefile(columns: [("NAME", width)], rows: values.map { [$0] }).write(
                to: folder, "\(encoding).shp", codePage: encoding)
            let reading = try Reading(url)
            #expect(reading.column("NAME").allSatisfy { $0 == .text(encoding == "GBK" ? "梅陇镇虹梅" : "梅陇镇") })
            #expect(reading.balance.notes.contains { $0.contains("12 values fill their fields and were cut off") })
            #expect(reading.layer.encoding?.refusal == nil)
            #expect(!reading.balance.notes.contains { $0.contains("mean nothing") })
        }
    }

    @Test("Columns of a DBF in two encodings are read each in its own, or as somebody says")
    func mixedColumns() throws {
        let folder = try TemporaryFolder()
        let names = ["梅陇镇虹梅南路", "莘庄工业区申旺路", "七宝镇新镇路", "颛桥镇都市路", "浦江镇浦星公路", "华漕镇纪翟路", "吴泾镇永德路"]
        let rows = try names.map { [try #require(TextEncoder(encoding: "GBK")?.encode($0)), Array("备注：\($0)".utf8)] }
        let shapefile = RawShapefile(columns: [("NAME", 40), ("NOTE", 60)], rows: rows)
        let silent = try Reading(shapefile.write(to: folder, "silent.shp"))
        #expect(
            silent.column("NAME").first == .text(names[0]) && silent.column("NOTE").first == .text("备注：\(names[0])"))
        #expect(silent.layer.encoding?.columns.count == 1 && silent.layer.encoding?.refusal == nil)

        let url = try shapefile.write(to: folder, "said.shp", codePage: "GBK")
        #expect(try Reading(url).layer.encoding?.refusal?.sentence.contains("“NOTE” is in UTF-8") == true)
        let told = try Reading(url) { $0.columnEncodings = ["NOTE": "UTF-8"] }
        #expect(told.layer.encoding?.refusal == nil)
        #expect(told.column("NAME").last == .text(names[6]) && told.column("NOTE").last == .text("备注：\(names[6])"))
        #expect(throws: FormatsError.self) { try Reading(url) { $0.columnEncodings = ["备注": "UTF-8"] } }
    }

    @Test("Names that are cut in the middle of a character lose that character only")
    func cutNames() throws {
        let folder = try TemporaryFolder()
        let schema = Schema(geometryType: .point, fields: [Field("监测点位编号名称", .text), Field("河道名称", .text)])
        let record = FeatureRecord(id: 1, geometry: .point(Point(x: 121, y: 31)), values: [.text("甲"), .text("乙")])
        for (encoding, names) in [("GBK", ["监测点位编", "河道名称"]), ("UTF-8", ["监测点", "河道名"])] {
            let url = folder.file("\(encoding).shp")
            try DatasetWriter.write(
                [record], schema: schema, to: url, options: WritingOptions(.shapefile, encoding: encoding))
            #expect(try Reading(url).layer.schema.fields.map(\.name) == names)
        }
    }

    @Test("An encoding that nobody knows is refused with a sentence")
    func unknown() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder)
        #expect(throws: FormatsError.self) { try Reading(url) { $0.encoding = "KLINGON-8" } }
        #expect(throws: FormatsError.self) { try Reading(url) { $0.encoding = "UTF-8//IGNORE\"" } }
    }

    private static let names = ["梅陇镇虹梅南路", "莘庄工业区申旺路", "七宝镇新镇路", "颛桥镇都市路"]

    @Test("Text tables in GBK, Big5 and UTF-16 are read")
    func tables() throws {
        let folder = try TemporaryFolder()
        let lines = Self.names.enumerated().map { "\($0.element),121.\($0.offset),31.1\r\n" }
        let text = "名称,经度,纬度\r\n" + lines.joined()
        let gbk = try Reading(folder.write(try #require(TextEncoder(encoding: "GBK")?.encode(text)), to: "gbk.csv"))
        #expect(gbk.column("名称") == Self.names.map { .text($0) })
        #expect(gbk.layer.encoding?.name == "GB18030" && gbk.layer.encoding?.refusal == nil)
        #expect(gbk.layer.encoding?.recordsLookedAt == 4 && gbk.layer.encoding?.recordCount == 4)

        for encoding in ["UTF-16LE", "UTF-16BE"] {
            for mark in ["", "\u{FEFF}"] {
                let bytes = try #require(TextEncoder(encoding: encoding)?.encode(mark + text))
                let wide = try Reading(folder.write(bytes, to: "wide.csv"))
                #expect(wide.column("名称") == Self.names.map { .text($0) }, "\(encoding) \(mark)")
                #expect(wide.features.first?.geometry == .point(Point(x: 121.0, y: 31.1)))
                #expect(wide.layer.encoding?.refusal == nil)
                #expect(try Reading(folder.file("wide.csv")) { $0.encoding = "GBK" }.layer.encoding?.refusal != nil)
                let named = try Reading(folder.file("wide.csv")) { $0.encoding = "UTF-16" }
                #expect(named.column("名称") == Self.names.map { .text($0) }, "\(encoding) \(mark)")
            }
        }
        let marked = try Reading(folder.write("\u{FEFF}" + text, to: "marked.csv"))
        #expect(marked.column("名称").count == 4)
        #expect(marked.layer.encoding?.claim == EncodingClaim(.byteOrderMark, "UTF-8"))

        let old = "名稱,經度,緯度\n臺灣新竹縣竹北鄉,121.1,31\n高雄縣鳳山鎮,121.2,31\n臺北縣板橋國民小學,121.3,31\n花蓮縣吉安鄉,121.4,31\n"
        let big5 = try Reading(folder.write(try #require(TextEncoder(encoding: "BIG5")?.encode(old)), to: "big5.csv"))
        #expect(big5.layer.encoding?.name == "BIG5" && big5.column("名稱").last == .text("花蓮縣吉安鄉"))
    }

    @Test("Columns of a text table in two encodings are read each in its own")
    func mixedTable() throws {
        let folder = try TemporaryFolder()
        let encoder = try #require(TextEncoder(encoding: "GBK"))
        var bytes = Array("name,note,lon,lat\n".utf8)
        for (number, name) in Self.names.enumerated() {
            bytes += try #require(encoder.encode(name)) + Array(",\"备注，\"\"\(name)\"\"，小学\",121.\(number),31\n".utf8)
        }
        let reading = try Reading(folder.write(bytes, to: "mixed.csv"))
        #expect(reading.column("name") == Self.names.map { .text($0) })
        #expect(reading.column("note") == Self.names.map { .text("备注，\"\($0)\"，小学") })
        #expect(reading.layer.encoding?.columns.count == 1)
    }

    @Test("GeoJSON that is not UTF-8 is told, as its format allows nothing else")
    func json() throws {
        let folder = try TemporaryFolder()
        let features = Self.names.enumerated().map { number, name in
            #"{"type":"Feature","properties":{"名称":"\#(name)"},"geometry":{"type":"Point","coordinates":[121.\#(number),31.1]}}"#
        }
        let json = #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
        let gbk = try #require(TextEncoder(encoding: "GBK")?.encode(json))
        let url = try folder.write(gbk, to: "gbk.geojson")
        let reading = try Reading(url)
        #expect(reading.column("名称") == Self.names.map { .text($0) })
        let refusal = try #require(reading.layer.encoding?.refusal)
        #expect(refusal.suggestion == "GB18030" && refusal.sentence.contains("its format prescribes UTF-8"))
        #expect(try Reading(url) { $0.encoding = "GBK" }.layer.encoding?.refusal == nil)
    }

    @Test("KML says its encoding, and may be wrong in it")
    func kml() throws {
        let folder = try TemporaryFolder()
        let marks = Self.names.enumerated().map { number, name in
            "<Placemark><name>\(name)</name><Point><coordinates>121.\(number),31</coordinates></Point></Placemark>"
        }
        func document(_ declaration: String) -> String {
            "\(declaration)<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document><name>房屋</name>\(marks.joined())</Document></kml>"
        }
        let encoder = try #require(TextEncoder(encoding: "GBK"))
        let said = try #require(encoder.encode(document("<?xml version=\"1.0\" encoding=\"GBK\"?>")))
        let honest = try Reading(folder.write(said, to: "said.kml"))
        #expect(honest.column("Name") == Self.names.map { .text($0) } && honest.layer.encoding?.refusal == nil)
        let silent = try #require(encoder.encode(document("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")))
        let lie = try Reading(folder.write(silent, to: "lie.kml"))
        #expect(
            lie.layer.encoding?.refusal?.suggestion == "GB18030" && lie.column("Name").first == .text(Self.names[0]))
        #expect(try Reading(folder.file("lie.kml")) { $0.encoding = "GBK" }.layer.encoding?.refusal == nil)
    }

    struct Drawing: Sendable {
        var version: String
        var page: String
        var encoding: String
        /// What is suggested in place of what the drawing says.
        var suggestion: String?
    }

    @Test(
        "Drawings say their code page, and may be wrong in it",
        arguments: [
            Drawing(version: "AC1015", page: "ANSI_936", encoding: "GBK"),
            Drawing(version: "AC1015", page: "ANSI_1252", encoding: "GBK", suggestion: "GB18030"),
            Drawing(version: "AC1015", page: "ANSI_936", encoding: "UTF-8", suggestion: "UTF-8"),
            Drawing(version: "AC1021", page: "ANSI_936", encoding: "UTF-8"),
            Drawing(version: "AC1021", page: "ANSI_936", encoding: "GBK", suggestion: "GB18030"),
            Drawing(version: "AC1009", page: "", encoding: "GBK"),
        ])
    func drawings(drawing: Drawing) throws {
        let folder = try TemporaryFolder()
        var lines = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", drawing.version]
        if !drawing.page.isEmpty { lines += ["9", "$DWGCODEPAGE", "3", drawing.page] }
        lines += ["0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
        for (number, name) in Self.names.enumerated() {
            lines += ["0", "TEXT", "8", "注记", "10", "\(number)", "20", "1", "30", "0", "40", "2", "1", name]
        }
        lines += ["0", "ENDSEC", "0", "EOF"]
        let text = lines.joined(separator: "\n") + "\n"
        let bytes =
            drawing.encoding == "UTF-8" ? Array(text.utf8) : TextEncoder(encoding: drawing.encoding)?.encode(text)
        let reading = try Reading(folder.write(try #require(bytes), to: "drawing.dxf"))
        #expect(reading.layer.encoding?.refusal?.suggestion == drawing.suggestion)
        #expect(reading.column("Text") == Self.names.map { .text($0) })
        #expect(reading.column("Layer").first == .text("注记"))
    }

    @Test("Bytes in a GeoPackage that are no UTF-8 are told")
    func geoPackage() throws {
        let folder = try TemporaryFolder()
        let hexadecimal = try Self.names.map { name in
            try #require(TextEncoder(encoding: "GBK")?.encode(name)).map { String($0, radix: 16) }.joined()
        }
        let statements = hexadecimal.enumerated().map { number, bytes in
            "UPDATE buildings SET 名称 = CAST(x'\(bytes)' AS TEXT) WHERE fid % 4 = \(number)"
        }
        let url = try Samples.geoPackage(in: folder, statements: statements)
        let refusal = try #require(try Reading(url).layer.encoding?.refusal)
        #expect(refusal.sentence.contains("Column “名称” is in GB18030 and the rest in UTF-8"), "\(refusal)")
        let told = try Reading(url) { $0.columnEncodings = ["名称": "GBK"] }
        #expect(told.layer.encoding?.refusal == nil && told.column("名称").contains(.text(Self.names[0])))
    }

    @Test("A GBK string survives whatever its bytes look like")
    func decoding() throws {
        let decoder = try #require(TextDecoder(encoding: "GBK"))
        // 0x5C as a second byte, four-byte GB 18030, a stray byte, a cut end.
        let cases: [([UInt8], String, Int)] = [
            ([0x90, 0x5C], "怽", 0), ([0x81, 0x30, 0x81, 0x30], "\u{80}", 0), ([0x41, 0xFF, 0x42], "A\u{FFFD}B", 1),
            ([0xD6, 0xD0, 0xD6], "中\u{FFFD}", 1), ([], "", 0),
        ]
        for (bytes, text, replaced) in cases {
            let decoded = bytes.withUnsafeBytes { decoder.decode($0) }
            #expect(decoded.text == text && decoded.replaced == replaced, "\(bytes)")
        }
    }
}
