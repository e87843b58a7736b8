// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@testable import Addresses

@Suite struct AddressParserTests {
    private static let parser = AddressParser(
        district: "闵行区", towns: ["莘庄镇", "梅陇镇", "古美路街道", "江川路街道", "浦江镇", "莘庄工业区"])

    @Test(
        "One door has one key, however it is written",
        arguments: [
            ("沪闵路7866弄12号", "沪闵路7866弄12号"), ("上海市闵行区莘庄镇沪闵路7866弄12号", "沪闵路7866弄12号"),
            ("闵行区 沪闵路 7866 弄 12 号 301室", "沪闵路7866弄12号"), ("沪闵路７８６６弄１２号", "沪闵路7866弄12号"),
            ("沪闵路七千八百六十六弄十二号", "沪闵路7866弄12号"), ("沪闵路七八六六弄一二号", "沪闵路7866弄12号"),
            ("沪闵路7866弄(阳光花园)12号", "沪闵路7866弄12号"), ("上海沪闵路7866衖12號", "沪闵路7866弄12号"),
            ("沪闵路7866弄12号，近莲花路", "沪闵路7866弄12号"), ("沪闵路7866弄12号三楼", "沪闵路7866弄12号"),
            ("沪闵路7866弄12", "沪闵路7866弄12号"), ("罗锦支路8号", "罗锦支路8号"), ("罗锦路8号", "罗锦路8号"),
            ("沪闵路12号甲", "沪闵路12甲号"), ("沪闵路12甲号", "沪闵路12甲号"), ("沪闵路甲12号", "沪闵路12甲号"),
            ("沪闵路12A号", "沪闵路12A号"), ("沪闵路12a号", "沪闵路12A号"), ("沪闵路12之1号", "沪闵路12-1号"),
            ("沪闵路12-1号", "沪闵路12-1号"), ("沪闵路12-16号", "沪闵路12～16号"), ("沪闵路12～16号", "沪闵路12～16号"),
            ("沪闵路12至16号", "沪闵路12～16号"), ("沪闵路12号-16号", "沪闵路12～16号"), ("沪闵路12、14、16号", "沪闵路12、14、16号"),
            ("沪闵路12号、14号", "沪闵路12、14号"), ("沪闵路88弄3支弄5号", "沪闵路88弄3支弄5号"), ("沪闵路88弄", "沪闵路88弄"),
            ("沪闵路88弄3号楼", "沪闵路88弄3幢"), ("沪闵路88弄3栋501室", "沪闵路88弄3幢"), ("沪闵路100号3幢2室", "沪闵路100号"),
            ("吴中路259汇锦商务大厦", "吴中路259号"), ("田林十二村100号", "田林十二村100号"), ("曙建村莲花路20号", "莲花路20号"),
            ("梅陇镇曙建村3组莲花路20号", "莲花路20号"), ("中山南二路20号", "中山南二路20号"), ("镇西路8号", "镇西路8号"),
            ("古美路街道平吉路8号", "平吉路8号"), ("古美路8号", "古美路8号"), ("上海路8号", "上海路8号"), ("江川路8号", "江川路8号"),
            ("梅陇路8号", "梅陇路8号"), ("外高桥镇富特路8号", "富特路8号"), ("新村小区3号", "新村小区3号"), ("北松公路2239弄18号", "北松公路2239弄18号"),
            ("莘庄工业区申富路8号", "申富路8号"), ("人民大道200号", "人民大道200号"), ("沪闵路100号附1号", "沪闵路100号"), ("沪闵路100号-5", "沪闵路100-5号"),
            ("莘庄镇莘庄工业区申北路345号", "申北路345号"), ("古美路街道闵行区龙茗路8号", "龙茗路8号"),
        ])
    func key(text: String, key: String) throws {
        #expect(try Self.parser.parse(text).key == key, "\(text)")
        // What was brought into one spelling stays as it is.
        #expect(try Self.parser.parse(key).key == key, "\(key)")
    }

    @Test func `areas before the road are known and leave no trace in the key`() throws {
        let full = try Self.parser.parse("上海市闵行区梅陇镇曙建村莲花路20号")
        #expect(full.district == "闵行区" && full.town == "梅陇镇" && full.village == "曙建村" && full.road == "莲花路")
        #expect(try Self.parser.parse("上海市徐汇区田林路20号").district == "徐汇区")
        #expect(try Self.parser.parse("江川路街道江川路20号").town == "江川路街道")
        #expect(try Self.parser.parse("天目西街道恒丰路20号").town == "天目西街道")
    }

    @Test(
        "What is no address of a door says what it lacks",
        arguments: [
            ("", "address-missing"), ("  ", "address-missing"), ("沪闵路", "address-without-number"),
            ("莘庄镇", "address-without-number"), ("沪闵路12号对面", "address-vague"), ("沪闵路与莲花路交叉口", "address-vague"),
            ("沪闵路12号附近", "address-vague"), ("近莲花路12号", "address-vague"), ("12号", "address-unreadable"),
            ("沪闵路东50米", "address-without-number"), ("()", "address-missing"), ("-;,.12号", "address-unreadable"),
            ("沪闵路123456789号", "address-without-number"), ("银亭路58-60、66号", "address-unreadable"),
            // Two lanes, and not a lane in a lane.
            ("沪闵路88、90弄12号", "address-unreadable"), ("沪闵路88-90弄12号", "address-unreadable"),
        ])
    func faults(text: String, name: String) {
        let fault = #expect(throws: Address.Fault.self, "\(text)") { try Self.parser.parse(text) }
        #expect(fault?.name == name, "\(text): \(fault as Any)")
    }

    @Test func `hostile texts end in a fault or an address, and soon`() {
        var generator = SeededGenerator(seed: 20_261_128)
        let alphabet: [Character] = Array("沪闵路弄号支幢室甲乙之-~、,至一二十百千零0123456789Ａ１（）区镇村街道上海市闵行 近\u{0}\u{202E}👨‍👩‍👧")
        for _ in 0..<20_000 {
            let count = Int(generator.next() % 40)
            var text = ""
            for _ in 0..<count { text.append(alphabet[Int(generator.next() % UInt64(alphabet.count))]) }
            guard let address = try? Self.parser.parse(text) else { continue }
            let numbers = address.lanes + address.numbers
            #expect(!address.road.isEmpty && (address.building != nil || !numbers.isEmpty), "\(text)")
            #expect(numbers.allSatisfy { (0...99_999).contains($0.number) } && numbers.count <= 60, "\(text)")
        }
        for unit in ["1", "村", "(", "路1弄", "1、", "千", "弄", "1-"] {
            let text = String(repeating: unit, count: 198 / unit.count)
            _ = try? Self.parser.parse(text)
            _ = try? Self.parser.parse("\(text)号")
        }
        #expect(throws: Address.Fault.self) { try Self.parser.parse(String(repeating: "路", count: 201)) }
    }

    @Test("Real addresses of the district are read, nine of ten", .enabled(if: SharedData.url("data") != nil))
    func real() throws {
        let url = try #require(SharedData.url("data")).appendingPathComponent("poi/shanghai_food.csv")
        let table = try String(contentsOf: url, encoding: .utf8)
        var texts: [String] = []
        for row in table.split(whereSeparator: \.isNewline) {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            if cells.count > 3, cells[2] == "闵行区" { texts.append(String(cells[1])) }
        }
        var read = 0
        for text in texts {
            guard let address = try? Self.parser.parse(text) else { continue }
            read += 1
            #expect(try Self.parser.parse(address.key).key == address.key, "\(text)")
        }
        #expect(texts.count > 800 && Double(read) / Double(texts.count) > 0.9, "\(read) of \(texts.count)")
    }
}
