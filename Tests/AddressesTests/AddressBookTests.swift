// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import Addresses

@Suite struct AddressBookTests {
    private static let towns = ["1": "梅陇镇", "2": "莘庄镇"]

    /// Doors as address, town and east.
    private func book(_ doors: [(String, String?, Double)]) throws -> AddressBook {
        let parser = AddressParser(district: "闵行区", towns: Array(Self.towns.values))
        return AddressBook(
            try doors.map { .init(try parser.parse($0.0), x: $0.2, y: 0, town: $0.1) }, district: "闵行区", towns: Self.towns)
    }

    private func doors() throws -> AddressBook {
        try book([
            ("沪闵路88弄", "1", 1), ("沪闵路88弄12号", "1", 2), ("沪闵路88弄14号", "1", 3), ("沪闵路100号", "1", 4),
            ("沪闵路102号", "1", 5), ("莲花路5号", "1", 6), ("莲花路5号", "2", 7), ("罗锦路8号", nil, 8),
            ("罗锦支路8号", "1", 9), ("沪闵路20-26号", "2", 10), ("沪闵路30号", "2", 11), ("沪闵路30号", "1", 11),
        ])
    }

    @Test(
        arguments: [
            ("沪闵路88弄12号301室", 2.0), ("上海市闵行区梅陇镇沪闵路八十八弄十四号", 3), ("沪闵路88弄", 1), ("沪闵路100号", 4),
            ("罗锦支路8号", 9), ("罗锦路8号", 8), ("沪闵路20～26号", 10), ("莘庄镇莲花路5号", 7), ("梅陇镇莲花路5号", 6),
            // Two towns deliver one door.
            ("沪闵路30号", 11), ("梅陇镇罗锦路8号", 8),
        ])
    func `an equal address is found`(text: String, x: Double) throws {
        var book = try doors()
        #expect(try book.match(text, town: nil) == .found(Coordinate(x: x, y: 0)), "\(text)")
    }

    @Test func `what comes near is named and never taken`() throws {
        var book = try doors()
        func candidates(_ text: String, town: String? = nil) throws -> (kind: String, reason: String, names: [String]) {
            switch try book.match(text, town: town) {
            case .found: ("found", "", [])
            case .ambiguous(let reason, let names): ("ambiguous", reason, names)
            case .missing(let reason, let names): ("missing", reason, names)
            }
        }
        let beside = try candidates("沪闵路88弄13号")
        #expect(beside.kind == "missing" && beside.names == ["沪闵路88弄12号", "沪闵路88弄14号", "沪闵路88弄"])
        #expect(try candidates("沪闵路101号").names == ["沪闵路100号", "沪闵路102号", "沪闵路88弄"])
        #expect(try candidates("沪闵路88弄5号楼").kind == "missing")
        #expect(try candidates("沪敏路100号").names == ["沪闵路"])
        #expect(try candidates("罗锦路9号").names == ["罗锦路8号"])
        #expect(try candidates("天目西路8号").names == [])
        let stranger = try candidates("外高桥镇罗锦路8号")
        #expect(stranger.kind == "ambiguous" && stranger.reason.contains("a town that the district does not have"))

        let twice = try candidates("莲花路5号")
        #expect(twice.kind == "ambiguous" && twice.names == ["莲花路5号 (1)", "莲花路5号 (2)"])
        #expect(try candidates("莲花路5号", town: "2").kind == "found")
        let several = try candidates("沪闵路100、102号")
        #expect(several.kind == "ambiguous" && several.names == ["沪闵路100号", "沪闵路102号"])
        #expect(try candidates("沪闵路100-102号").kind == "ambiguous")
        let contradicting = try candidates("莘庄镇沪闵路100号")
        #expect(contradicting.kind == "ambiguous" && contradicting.names == ["沪闵路100号 (1)"])
        let elsewhere = try candidates("徐汇区沪闵路100号")
        #expect(elsewhere.kind == "missing" && elsewhere.reason.contains("徐汇区"))
    }
}
