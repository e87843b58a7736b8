// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Where roads of two towns meet` {
    private typealias Record = TwoTownsDistrict.Record

    private static func road(_ name: String, _ wkt: String) -> Record {
        Record("\"name\":\"\(name)\"", "LINESTRING (\(wkt))")
    }

    @Test func `the end of the town without authority moves, and what was delivered is kept`() throws {
        let towns = try TwoTownsDistrict("roads", west: "authority: 3,")
        try towns.deliver([Self.road("东川路", "-50 0, 0 0")], "west")
        try towns.deliver([Self.road("东川路", "0.4 0.3, 60 0.3"), Self.road("文井路", "20 5, 20 50")], "east")
        let report = try towns.district.merge()
        let map = try towns.map()
        #expect(map["west/东川路"] == "MULTILINESTRING ((-50 0,0 0))")
        #expect(map["east/东川路"] == "MULTILINESTRING ((0 0,60 0.3))")
        #expect(map["east/文井路"] == "MULTILINESTRING ((20 5,20 50))")
        #expect(report.seams.map(\.moved) == [1])
        #expect(report.seams.first?.largestShift == 0.5)
        #expect(report.text.contains("1 pair of line ends: joined."), "\(report.text)")
        #expect(try towns.district.merge().changeSet == nil)

        try towns.change(west: "protected: true, authority: -3,")
        try towns.district.merge()
        #expect(try towns.map()["west/东川路"] == "MULTILINESTRING ((-50 0,0 0))")
        try towns.change(east: "protected: true,")
        try towns.district.merge()
        #expect(try towns.map()["east/东川路"] == "MULTILINESTRING ((0.4 0.3,60 0.3))")
        try towns.expectFresh()
    }

    @Test func `a movement beyond the district's limit is refused and changes nothing`() throws {
        let towns = try TwoTownsDistrict("roads", more: "movement: { shift_m: 0.2 }")
        try towns.deliver([Self.road("东川路", "-50 0, 0 0")], "west")
        try towns.deliver([Self.road("远路", "80 80, 90 80")], "east")
        try towns.district.merge()
        let before = try towns.dump()
        try towns.deliver([Self.road("东川路", "1 0, 60 0")], "east")
        let error = #expect(throws: MergingError.self) { try towns.district.merge() }
        #expect(error?.kind == .movementRefused)
        #expect(error?.description.contains("west, record 1") == true, "\(error?.description ?? "")")
        #expect(try towns.dump() == before)
    }

    @Test func `ends at a town's border without a partner are listed, others are not`() throws {
        let yaml = """
            name: 试验区
            grid: { crs: "EPSG:4549" }
            towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
            sources:
              - { id: town-west, town: "1", layer: towns, path: maps/town-west.geojson, crs: "EPSG:4549" }
              - { id: town-east, town: "2", layer: towns, path: maps/town-east.geojson, crs: "EPSG:4549" }
              - { id: west, town: "1", layer: roads, path: maps/west.geojson, crs: "EPSG:4549" }
            """
        let towns = try TwoTownsDistrict("roads")
        try towns.district.deliver(Array(yaml.utf8), as: "../district.yaml")
        func town(_ code: String, _ west: Int, _ east: Int) -> Record {
            Record(
                "\"code\":\"\(code)\"",
                "POLYGON ((\(west) -500, \(east) -500, \(east) 500, \(west) 500, \(west) -500))")
        }
        try towns.deliver([town("1", -900, 0)], "town-west")
        try towns.deliver([town("2", 0, 900)], "town-east")
        try towns.deliver(
            [Self.road("到边", "-50 0, -0.5 0"), Self.road("不到", "-50 9, -20 9"), Self.road("外边", "-50 20, -50 500")],
            "west")
        let report = try towns.district.merge()
        let roads = try #require(report.seams.first { $0.layer == "roads" })
        #expect(roads.totals.map(\.kind) == ["dangling-end"])
        #expect(roads.totals.map(\.count) == [1])
        #expect(!roads.needsPerson)
        // The border moves away from the end: what was said of it no longer holds.
        try towns.deliver([town("1", -900, 100)], "town-west")
        try towns.deliver([town("2", 100, 900)], "town-east")
        try towns.district.merge()
        #expect(!(try towns.dump()).contains { $0.contains("dangling-end") })
        try towns.expectFresh()
    }

    @Test func `a merge taken back gives back the ends that were delivered`() throws {
        let towns = try TwoTownsDistrict("roads")
        try towns.deliver([Self.road("东川路", "-50 0, 0 0")], "west")
        try towns.deliver([Self.road("远路", "80 80, 90 80")], "east")
        try towns.district.merge()
        let alone = try towns.dump()
        try towns.deliver([Self.road("东川路", "1 0, 60 0")], "east")
        try towns.district.merge()
        let both = try towns.dump()
        #expect(try towns.map()["west/东川路"] == "MULTILINESTRING ((-50 0,0.5 0))")
        try towns.district.undo(2)
        #expect(try towns.dump() == alone)
        try towns.district.undo(3)
        #expect(try towns.dump() == both)
    }

    @Test(arguments: UInt64(1)...6)
    func `a town that delivers again gives what a fresh merge gives`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let towns = try TwoTownsDistrict("roads", west: "authority: \(Int.random(in: -1...1, using: &random)),")
        func roads(_ isWest: Bool) -> [Record] {
            (0..<12).map { number in
                func jitter() -> Double { Double(Int.random(in: -2500...2500, using: &random)) / 1000 }
                let y = Double(number / 2 * 4) + jitter()
                let name = ["甲路", "乙路", ""].randomElement(using: &random) ?? ""
                let (far, near) = isWest ? (-60.0, jitter()) : (60.0, jitter())
                return Self.road(name, "\(far) \(y + 3 * jitter()), \(near) \(y)")
            }
        }
        try towns.deliver(roads(true), "west")
        try towns.deliver(roads(false), "east")
        try towns.district.merge()
        var west = roads(true)
        for _ in 0..<3 {
            west[Int.random(in: 0..<west.count, using: &random)] = roads(true)[0]
            try towns.deliver(west.shuffled(using: &random), "west")
            try towns.district.merge()
        }
        try towns.expectFresh("seed \(seed)")
        let shuffled = try TestDistrict(copying: towns.district)
        try towns.deliver(west.shuffled(using: &random), "west")
        try towns.district.merge()
        try shuffled.merge()
        #expect(try towns.dump(withPlaces: false) == towns.dump(shuffled, withPlaces: false), "seed \(seed)")
    }
}
