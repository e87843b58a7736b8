// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `What is against a rule between layers` {
    private typealias Record = TwoTownsDistrict.Record

    private static func box(
        _ name: String, _ west: Double, _ south: Double, _ east: Double, _ north: Double
    ) -> Record {
        Record(
            "\"name\":\"\(name)\",\"code\":\"\(name)\",\"parcel_no\":\"\(name)\"",
            "POLYGON ((\(west) \(south), \(east) \(south), \(east) \(north), \(west) \(north), \(west) \(south)))")
    }

    private static func road(_ name: String, _ kind: String, _ wkt: String) -> Record {
        Record("\"name\":\"\(name)\",\"class\":\"\(kind)\"", "LINESTRING (\(wkt))")
    }

    /// A district whose `layer` has the given rules.
    private func district(_ layer: String, rules: String, sources: [(id: String, town: String, layer: String)]) throws
        -> TwoTownsDistrict
    {
        let towns = try TwoTownsDistrict(layer)
        try setRules(rules, of: layer, in: towns)
        let lines = sources.map {
            "  - { id: \($0.id), town: \"\($0.town)\", layer: \($0.layer), path: maps/\($0.id).geojson, "
                // The few boxes of a test look like others that were shifted.
                + "crs: \"EPSG:4549\", crs_checked: true }"
        }
        let yaml = """
            name: 试验区
            grid: { crs: "EPSG:4549" }
            towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
            sources:
            \(lines.joined(separator: "\n"))
            """
        try towns.district.deliver(Array(yaml.utf8), as: "../district.yaml")
        return towns
    }

    private func setRules(_ rules: String, of layer: String, in towns: TwoTownsDistrict) throws {
        let shipped = PackageFolder.url.appendingPathComponent("layers/\(layer)")
        for name in ["layer.yaml", "style.json"] {
            var text = try String(contentsOf: shipped.appendingPathComponent(name), encoding: .utf8)
            if name == "layer.yaml" { text += "\n\(rules)\n" }
            try towns.district.deliver(Array(text.utf8), as: "../layers/\(layer)/\(name)")
        }
    }

    private func found(_ towns: TwoTownsDistrict) throws -> [String] {
        try towns.dump().filter { $0.contains("rule=s") }.compactMap { line in
            line.split(separator: "\t").first { $0.hasPrefix("kind=") }.map { String($0.dropFirst(7).dropLast()) }
        }
    }

    @Test func `is listed by the merge, and moves and refuses nothing`() throws {
        let towns = try district(
            "buildings", rules: "rules: [{ within: parcels }, { inside_town: towns, tolerance_m: 5 }]",
            sources: [("houses", "1", "buildings"), ("plots", "1", "parcels"), ("town-1", "1", "towns")])
        try towns.deliver([Self.box("1", -100, -100, 0, 100)], "town-1")
        try towns.deliver([Self.box("a", -100, 0, -50, 50), Self.box("b", -50, 0, 40, 50)], "plots")
        let houses = [
            Self.box("好", -90, 5, -80, 15), Self.box("跨", -55, 5, -45, 15), Self.box("外", -90, 60, -80, 70),
            Self.box("出", 20, 5, 30, 15), Self.box("边", -8, 5, 4, 15),
        ]
        try towns.deliver(houses, "houses")
        let report = try towns.district.merge()
        #expect(try found(towns).sorted() == ["across-several", "outside-its-town", "within-none"])
        #expect(try towns.map().count == 5)
        let buildings = try #require(report.seams.first { $0.layer == "buildings" })
        #expect(buildings.totals.map(\.count) == [1, 1, 1] && !buildings.needsPerson)
        #expect(report.text.contains("1 feature against the rule “within parcels, share 0.95”"), "\(report.text)")
        // The map says as much of it as the report does.
        var severities: [String] = []
        try towns.store().forEachFeature(in: IssueLayer.id) { feature in
            if feature.value(at: 4).description == "buildings" { severities.append(feature.value(at: 0).description) }
        }
        #expect(severities == ["note", "note", "note"])
        #expect(try towns.district.merge().changeSet == nil)
        let before = try towns.dump()

        // The parcels change, and no house does.
        try towns.deliver([Self.box("a", -100, 0, -50, 80), Self.box("b", -50, 0, 40, 50)], "plots")
        let second = try towns.district.merge()
        #expect(try found(towns).sorted() == ["across-several", "outside-its-town"])
        #expect(second.seams.first { $0.layer == "buildings" } != nil)
        try towns.expectFresh("parcels")
        try towns.district.undo(2)
        #expect(try towns.dump() == before)
        try towns.district.undo(3)
        try towns.deliver([Self.box("1", -100, -100, 60, 100)], "town-1")
        try towns.district.merge()
        #expect(try found(towns) == ["across-several"])
        try towns.expectFresh("town")
        try setRules("", of: "buildings", in: towns)
        try towns.district.merge()
        #expect(try found(towns).isEmpty)
    }

    @Test func `is a road through water, but for a bridge`() throws {
        let towns = try district(
            "roads", rules: "rules: [{ must_not_cross: water, tolerance_m: 1, unless: { class: [trunk] } }]",
            sources: [("ways", "1", "roads"), ("lakes", "1", "water")])
        try towns.deliver([Self.box("湖", -50, 0, -30, 20)], "lakes")
        try towns.deliver(
            [
                Self.road("穿", "tertiary", "-60 10, -20 10"), Self.road("桥", "trunk", "-60 12, -20 12"),
                Self.road("擦", "tertiary", "-60 15, -49.5 15"), Self.road("岸", "tertiary", "-60 0, -20 0"),
            ], "ways")
        let report = try towns.district.merge()
        // Along the shore is through, too: the border belongs to the water.
        #expect(report.seams.first { $0.layer == "roads" }?.totals.map(\.count) == [2])
        try towns.deliver([Self.box("湖", -50, 14, -30, 20)], "lakes")
        try towns.district.merge()
        #expect(try found(towns).isEmpty)
        try towns.expectFresh()
    }

    @Test(arguments: UInt64(1)...4) func `is found alike around a change and anew`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let towns = try district(
            "buildings", rules: "rules: [{ within: parcels, share: 0.9 }]",
            sources: [("houses", "1", "buildings"), ("more", "2", "buildings"), ("plots", "1", "parcels")])
        func boxes(_ count: Int, size: Double) -> [Record] {
            (0..<count).map { number in
                let (x, y) = (Double.random(in: -90...0, using: &random), Double.random(in: -90...0, using: &random))
                return Self.box("\(number)", x, y, x + size, y + size)
            }
        }
        func lattice() -> [Record] {
            (0..<25).map { number in
                let (x, y) = (Double(number % 5 * 20 - 90), Double(number / 5 * 20 - 90))
                return Self.box("\(number)", x, y, x + 20 - Double.random(in: 0...5, using: &random), y + 20)
            }
        }
        try towns.deliver(boxes(30, size: 5), "houses")
        try towns.deliver(boxes(30, size: 5), "more")
        var plots = lattice()
        try towns.deliver(plots, "plots")
        try towns.district.merge()
        for _ in 0..<3 {
            plots[Int.random(in: 0..<25, using: &random)] = lattice()[7]
            try towns.deliver(plots.shuffled(using: &random), "plots")
            try towns.district.merge()
        }
        try towns.expectFresh("seed \(seed)")
    }
}
