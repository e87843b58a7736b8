// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

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
        var evidence: EncodingVerdict.Evidence
    }

    @Test(
        "A shapefile in any of the ways that towns write one",
        arguments: [
            Mark(encoding: "GBK", mark: .codePageFile, name: "GBK", evidence: .codePageFile),
            Mark(encoding: "GBK", mark: .languageByte, name: "GBK", evidence: .header),
            Mark(encoding: "GBK", mark: .none, name: "GB18030", evidence: .assumed),
            Mark(encoding: "UTF-8", mark: .codePageFile, name: "UTF-8", evidence: .codePageFile),
            Mark(encoding: "UTF-8", mark: .none, name: "UTF-8", evidence: .wellFormedUTF8),
        ])
    func shapefile(mark: Mark) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, encoding: mark.encoding, mark: mark.mark)
        let reading = try Reading(url)
        #expect(reading.layer.encoding?.name == mark.name)
        #expect(reading.layer.encoding?.evidence == mark.evidence)
        #expect(reading.layer.encoding?.sample?.hasPrefix("梅陇镇") == true)
        #expect(reading.column("名称").first == .text("梅陇镇1号楼"))
        #expect(reading.layer.notes.contains { $0.contains("declare `encoding:`") } == (mark.evidence == .assumed))
    }

    @Test("The request comes before everything that the file says")
    func request() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, encoding: "GBK", mark: .codePageFile)
        try folder.write("UTF-8", to: "房屋.cpg")
        let wrong = try Reading(url)
        #expect(wrong.layer.notes.contains { $0.contains("said to be UTF-8 but is not") })
        #expect(wrong.balance.notes.contains { $0.contains("values held bytes that mean nothing") })
        #expect(wrong.features.first?.values.first?.description.contains("\u{FFFD}") == true)

        let right = try Reading(url) { $0.encoding = "gbk" }
        #expect(right.layer.encoding?.evidence == .request)
        #expect(right.column("名称").first == .text("梅陇镇1号楼"))
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

    @Test("Text tables and GeoJSON in GBK and UTF-16 are read")
    func textFiles() throws {
        let folder = try TemporaryFolder()
        let json =
            #"{"type":"Feature","properties":{"名称":"龙华塔"},"geometry":{"type":"Point","coordinates":[121.4,31.1]}}"#
        let gbk = try #require(TextEncoder(encoding: "GBK")?.encode(json))
        let reading = try Reading(folder.write(gbk, to: "gbk.geojson"))
        #expect(reading.column("名称") == [.text("龙华塔")])
        #expect(reading.layer.encoding?.evidence == .assumed)

        let wide = try #require(TextEncoder(encoding: "UTF-16LE")?.encode("\u{FEFF}名称,经度,纬度\r\n龙华塔,121.4,31.1\r\n"))
        let table = try Reading(folder.write(wide, to: "wide.csv"))
        #expect(table.column("名称") == [.text("龙华塔")])
        #expect(table.features.first?.geometry == .point(Point(x: 121.4, y: 31.1)))
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
