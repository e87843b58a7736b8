// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `What two towns delivered both` {
    private typealias Record = TwoTownsDistrict.Record

    private static func house(
        _ name: String, _ west: Double, _ south: Double, width: Double = 10, levels: Int = 3
    ) -> Record {
        let (east, north) = (west + width, south + 8)
        return Record(
            "\"name\":\"\(name)\",\"levels\":\(levels),\"height_m\":\(Double(levels) * 3.1),\"use\":\"residential\"",
            "POLYGON ((\(west) \(south), \(east) \(south), \(east) \(north), \(west) \(north), \(west) \(south)))")
    }

    private static let far = [house("西一", -90, 0), house("西二", -90, 20)]
    private static let others = [house("东一", 90, 0), house("东二", 90, 20)]

    @Test func `stands on the map once, and comes back when the other goes`() throws {
        let towns = try TwoTownsDistrict("buildings", east: "authority: 2,")
        try towns.deliver(Self.far + [Self.house("界楼", -5, 0)], "west")
        try towns.deliver(Self.others + [Self.house("界厦", -4.6, 0.3)], "east")
        let report = try towns.district.merge()
        #expect(try towns.map().keys.sorted() == ["east/东一", "east/东二", "east/界厦", "west/西一", "west/西二"])
        #expect(report.seams.first?.totals.map(\.kind) == ["twin"])
        #expect(report.sources.first { $0.id == "west" }?.counts.accepted == 3)
        #expect(report.sources.first { $0.id == "west" }?.notes.contains { $0.contains("1 feature") } == true)
        let kept = try towns.store().feature(towns.id(of: 3, in: "east"))
        #expect(kept.suppression == nil && kept.merged.map(\.source) == ["west"] && kept.merged.map(\.row) == [3])
        let dropped = try towns.store().feature(towns.id(of: 3, in: "west"))
        #expect(dropped.suppression == Suppression(kept: kept.id, kind: "twin"))
        #expect(dropped.values.contains(.text("界楼")) && dropped.values.contains(.real(3 * 3.1)))
        #expect(try towns.district.merge().changeSet == nil)
        let both = try towns.dump()

        try towns.deliver(Self.others, "east")
        try towns.district.merge()
        #expect(try towns.map()["west/界楼"] != nil)
        try towns.expectFresh("withdrawn")
        try towns.district.undo(2)
        #expect(try towns.dump() == both)
        try towns.district.undo(3)
        #expect(try towns.map()["west/界楼"] != nil)
    }

    @Test func `changes sides with authority, and without the rule all stand`() throws {
        let towns = try TwoTownsDistrict("buildings", east: "authority: 2,")
        try towns.deliver(Self.far + [Self.house("界楼", -5, 0)], "west")
        try towns.deliver(Self.others + [Self.house("界厦", -4.6, 0.3)], "east")
        try towns.district.merge()
        try towns.change(west: "authority: 9,")
        try towns.district.merge()
        #expect(try towns.map().keys.sorted() == ["east/东一", "east/东二", "west/界楼", "west/西一", "west/西二"])
        try towns.expectFresh("authority")
        // A layer of the district's own, without the rule.
        let shipped = PackageFolder.url.appendingPathComponent("layers/buildings")
        let text = try String(contentsOf: shipped.appendingPathComponent("layer.yaml"), encoding: .utf8)
        let style = try Array(Data(contentsOf: shipped.appendingPathComponent("style.json")))
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("seams:") }.joined(separator: "\n")
        try towns.district.deliver(Array(lines.utf8), as: "../layers/buildings/layer.yaml")
        try towns.district.deliver(style, as: "../layers/buildings/style.json")
        try towns.district.merge()
        #expect(try towns.map().count == 6)
        #expect(!(try towns.dump()).contains { $0.hasPrefix("layer=s\"buildings\"") })
    }

    @Test func `is joined where it was cut at the border, and both stay traceable`() throws {
        let towns = try TwoTownsDistrict("buildings", west: "authority: 1,")
        let west = Self.far + [Self.house("甲", -6, 0, width: 6), Self.house("乙", -6, 20, width: 6)]
        try towns.deliver(west, "west")
        try towns.deliver(
            Self.others + [Self.house("甲东", 0.02, 0, width: 9), Self.house("乙东", 0.02, 20, width: 9, levels: 9)], "east")
        let report = try towns.district.merge()
        let map = try towns.map()
        #expect(map["east/甲东"] == nil && map["east/乙东"] != nil)
        let whole = try Geometry(wkt: try #require(map["west/甲"]))
        #expect(whole.envelope == Envelope(minX: -6, minY: 0, maxX: 9.02, maxY: 8))
        #expect(report.seams.first?.totals.map(\.kind) == ["cut", "cut"])
        #expect(report.seams.first?.totals.compactMap(\.reason) == ["their attributes differ"])
        #expect(try towns.store().feature(towns.id(of: 3, in: "west")).merged.map(\.kind) == ["cut"])
        try towns.deliver(Self.others, "east")
        try towns.district.merge()
        #expect(try towns.map()["west/甲"] == "MULTIPOLYGON (((-6 0,0 0,0 8,-6 8,-6 0)))")
        try towns.expectFresh()
    }

    @Test func `that is taken out whole leaves nothing behind`() throws {
        let towns = try TwoTownsDistrict("buildings", east: "authority: 2,")
        try towns.deliver([Self.house("远", -900, 0)], "west")
        try towns.deliver(Self.others + [Self.house("界厦", -4.6, 0.3)], "east")
        try towns.district.merge()
        let alone = try towns.dump()
        try towns.deliver(Self.far + [Self.house("界楼", -5, 0)], "west")
        try towns.district.merge()
        #expect(try towns.dump().contains { $0.hasPrefix("layer=s\"buildings\"") && $0.contains("界楼") })
        try towns.district.undo(2)
        #expect(try towns.dump() == alone)
        try towns.district.undo(3)
        try towns.deliver(Self.far + [Self.house("界楼", -5, 0, levels: 4)], "west")
        try towns.district.merge()
        #expect(try towns.map()["west/界楼"] == nil)
        try towns.expectFresh("changed while off the map")
        try towns.deliver(Self.far, "west")
        try towns.district.merge(accepting: ["west"])
        try towns.expectFresh("withdrawn while off the map")
    }

    @Test(arguments: UInt64(1)...6) func `is decided alike in whatever order it comes`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let towns = try TwoTownsDistrict("buildings", west: "authority: \(Int.random(in: -1...1, using: &random)),")
        func houses(_ town: String) -> [Record] {
            (0..<24).map { number in
                func jitter() -> Double { Double(Int.random(in: -1500...1500, using: &random)) / 1000 }
                let place = Int.random(in: 0..<30, using: &random)
                let (x, y) = (Double(place % 6) * 10, Double(place / 6) * 9)
                let isExact = Bool.random(using: &random)
                return Self.house(
                    "\(town)\(number)", x + (isExact ? 0 : jitter()), y + (isExact ? 0 : jitter()),
                    levels: Int.random(in: 1...2, using: &random))
            }
        }
        try towns.deliver(houses("W"), "west")
        var east = houses("E")
        try towns.deliver(east, "east")
        try towns.district.merge()
        for _ in 0..<3 {
            east[Int.random(in: 0..<east.count, using: &random)] = houses("X")[0]
            if Bool.random(using: &random) { east.removeLast() }
            try towns.deliver(east.shuffled(using: &random), "east")
            try towns.district.merge()
        }
        try towns.expectFresh("seed \(seed)")
        let shuffled = try TestDistrict(copying: towns.district)
        try towns.deliver(east.shuffled(using: &random), "east")
        try towns.district.merge()
        try shuffled.merge()
        #expect(try towns.dump(withPlaces: false) == towns.dump(shuffled, withPlaces: false), "seed \(seed)")
    }

    @Test func `are points of one name side by side, and not those of a chain`() throws {
        let towns = try TwoTownsDistrict("points", west: "authority: 1,")
        func shop(_ name: String, _ x: Double, _ y: Double) -> Record {
            Record("\"name\":\"\(name)\"", "POINT (\(x) \(y))")
        }
        try towns.deliver([shop("好茶 ", 0, 0), shop("便利店", 0, 50), shop("甲", 0, 90)], "west")
        try towns.deliver([shop("好茶", 3, 0), shop("便利店", 0, 70), shop("乙", 0.5, 90)], "east")
        let report = try towns.district.merge()
        #expect(try towns.map().count == 5)
        #expect(report.seams.first?.totals.map(\.count) == [1, 1])
        #expect(report.seams.first?.needsPerson == true)
        try towns.expectFresh()
    }
}
