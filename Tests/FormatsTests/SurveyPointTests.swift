// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("Survey points as CASS writes them: number, code, east, north, height")
struct SurveyPointTests {
    private func read(_ bytes: [UInt8], _ configure: (inout DatasetRequest) -> Void = { _ in }) throws -> Reading {
        let folder = try TemporaryFolder()
        return try Reading(folder.write(bytes, to: "高程点.dat"), configure)
    }

    private func read(_ text: String) throws -> Reading { try read(Array(text.utf8)) }

    @Test("Numbers stand east first, codes may be missing or Chinese, heights may be missing")
    func fields() throws {
        let text = "1,,631808.654,3444301.836,4.552\r\n2,KZD,631809.1,3444302.2,\r\n\r\nT3,砼,631810,3444303,-0.35,\r\n\u{1A}"
        let gbk = try #require(TextEncoder(encoding: "GBK")?.encode(text))
        for bytes in [Array(text.utf8), gbk, [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
            let reading = try read(bytes)
            #expect(reading.dataset.format == .surveyPoints && reading.layer.name == "高程点")
            #expect(reading.layer.crs == nil && reading.layer.schema.geometryType == .point)
            #expect(reading.balance.read == 3 && reading.balance.total == 3)
            #expect(reading.features[0].geometry == .point(Point(x: 631808.654, y: 3444301.836)))
            #expect(reading.column("点号") == [.text("1"), .text("2"), .text("T3")])
            #expect(reading.column("编码") == [.null, .text("KZD"), .text("砼")])
            #expect(reading.column("高程") == [.real(4.552), .null, .real(-0.35)])
            #expect(reading.layer.notes.contains { $0.contains("axes: yx") })
            #expect(reading.balance.notes == ["1 point has no height, or one that is none; it was left empty."])
        }
        #expect(try read(gbk).layer.encoding?.name == "GB18030")
        #expect(try read(gbk) { $0.encoding = "GBK" }.column("编码").last == .text("砼"))
    }

    @Test("What instruments write for no height is none", arguments: ["-9999", "99999", "-99999.0", ""])
    func noHeight(cell: String) throws {
        #expect(try read("1,,631808,3444301,\(cell)\n").column("高程") == [.null])
    }

    @Test("Full-width digits and commas are read")
    func fullWidth() throws {
        #expect(try read("１，ＫＺＤ，６３１８０８．５，３４４４３０１，４\n").features[0].geometry
            == .point(Point(x: 631808.5, y: 3444301)))
    }

    @Test(
        "A line that is no point is rejected, with its number and the reason",
        arguments: [
            ("7,KZD,abc,3444301,4", "(line 3) has “abc” as east"), ("7,KZD,631808,,4", "as north"),
            ("7,KZD,631808,3444301,high", "as height"), ("7,KZD,631808,3444301", "has 4 cells"),
            ("7,KZD,1,631808,3444301,4", "more than 5"), ("7,KZD,nan,3444301,4", "no place"),
            ("7,KZD,1e999,3444301,4", "no place"), ("7,KZD,1e9,3444301,4", "no place"), ("7,KZD,inf,3444301,4", "no place"),
        ])
    func faults(line: String, words: String) throws {
        let reading = try read("1,,631808,3444301,4\n2,,631808,3444301,4\n\(line)\n4,,631808,3444301,4\n")
        #expect(reading.balance.read == 3 && reading.balance.rejected == 1)
        #expect(reading.features[2].fault?.sentence.contains(words) == true, "\(reading.features[2].fault as Any)")
    }

    @Test(
        "Other files of this ending are refused",
        arguments: ["!table\n!version 300\n", "a,b,c,d,e\n1,2,x,y,z\n", "121.5 31.2\n", "\0\0\0\0", "1,2,3\n4,5,6\n"])
    func others(text: String) throws {
        let error = try #require(throws: FormatsError.self) { try read(text) }
        #expect(error.kind == .unrecognised && error.description.contains("number,code,east,north,height"), "\(error)")
    }

    @Test("Long lines and many lines meet their ceilings")
    func ceilings() throws {
        let long = try read("1,,1,2,3\n2,\(String(repeating: "长", count: 30_000)),1,2,3\n")
        #expect(long.features[1].fault?.name == "text-too-long")
        let error = try #require(throws: FormatsError.self) {
            try read(Array(String(repeating: "1,,1,2,3\n", count: 11).utf8)) { $0.limits.features = 10 }
        }
        #expect(error.kind == .tooLarge)
    }

    @Test("The table of a MapInfo file is no file of points", .enabled(if: sharedData != nil))
    func mapInfo() throws {
        let root = try #require(sharedData).appendingPathComponent("formats/qgis-testdata")
        let folder = try TemporaryFolder()
        for ending in ["tab", "dat", "map", "id"] {
            let bytes = try Data(contentsOf: root.appendingPathComponent("tab_file.\(ending)"))
            try folder.write([UInt8](bytes), to: "delivery/tab_file.\(ending)")
        }
        let scratch = try TemporaryFolder()
        let dataset = try Dataset(
            opening: DatasetRequest(path: folder.file("delivery").path), scratch: scratch.url)
        #expect(dataset.layers.count == 1 && dataset.format == .mapInfo)
    }
}
