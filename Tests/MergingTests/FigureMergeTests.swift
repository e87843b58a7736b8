// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Figures that have one source` {
    private typealias Record = TwoTownsDistrict.Record

    private static func layer(authority: String?, more: String = "key: name") -> String {
        """
        id: houses
        titles: { zh: 房屋, en: Houses }
        geometry: Polygon
        \(more)
        fields:
          - { name: name, type: text }
          - { name: levels, type: integer\(authority.map { ", authority: \($0)" } ?? "") }
        """
    }

    private static func house(_ name: String, _ levels: Int?, _ west: Double = 0) -> Record {
        Record(
            "\"name\":\"\(name)\",\"levels\":\(levels.map(String.init) ?? "null")",
            "POLYGON ((\(west) 0, \(west + 10) 0, \(west + 10) 8, \(west) 8, \(west) 0))")
    }

    /// A town and an office of the district that deliver the same houses.
    private func office(authority: String? = "房管局") throws -> TwoTownsDistrict {
        let towns = try TwoTownsDistrict("houses")
        let yaml = """
            name: 试验区
            grid: { crs: "EPSG:4549" }
            towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
            sources:
              - { id: office, department: 房管局, layer: houses, path: maps/office.geojson, crs: "EPSG:4549" }
              - { id: west, town: "1", layer: houses, path: maps/west.geojson, crs: "EPSG:4549", as_of: 2026-06-30 }
            """
        try towns.district.deliver(Array(yaml.utf8), as: "../district.yaml")
        try setLayer(authority: authority, in: towns)
        try towns.deliver([Self.house("甲", 3), Self.house("乙", 5, 50), Self.house("丙", 7, 100)], "office")
        try towns.deliver([Self.house("甲", 3), Self.house("乙", 4, 50), Self.house("丁", 2, 150)], "west")
        return towns
    }

    private func setLayer(authority: String?, more: String = "key: name", in towns: TwoTownsDistrict) throws {
        try towns.district.deliver(
            Array(Self.layer(authority: authority, more: more).utf8), as: "../layers/houses/layer.yaml")
    }

    /// Each feature as it is on the map.
    private func shown(_ towns: TwoTownsDistrict) throws -> String {
        var shown: [String] = []
        try towns.store().forEachFeature(in: "houses") { feature in
            let source = feature.source.description
            shown.append("\(source) \(feature.value(at: 0).description) \(feature.value(at: 1).description)")
        }
        return shown.sorted().joined(separator: ", ")
    }

    /// State and what is said, by the levels that count.
    private func states(_ towns: TwoTownsDistrict) throws -> [String] {
        try towns.store().figures().map { figure in
            "\(figure.state.rawValue) \(figure.answers.map(\.value).joined(separator: "/"))"
        }.sorted()
    }

    @Test func `are compared at each delivery, and those that differ show what the authority says`() throws {
        let towns = try office()
        let report = try towns.district.merge()
        #expect(try states(towns) == ["agrees-once 3/3", "differs 5/4"])
        #expect(try shown(towns) == "office 丙 7, office 乙 5, office 甲 3, west 丁 2, west 乙 5, west 甲 3")
        #expect(report.text.contains("houses, levels (房管局): 1 figure different."), "\(report.text)")
        #expect(report.figures.differing.map(\.answers.count) == [2] && !report.needsPerson)
        #expect(try towns.district.merge().changeSet == nil)
        try towns.expectFresh("first")
        let feature = try towns.store().feature(towns.id(of: 2, in: "west"))
        #expect(feature.values[1] == .integer(5))
        let served = feature.fromAuthority.map { [$0.field, $0.source, String($0.row), $0.delivered] }
        #expect(served == [["levels", "office", "2", "4"]])
        let page = try String(
            contentsOf: towns.district.directory.appendingPathComponent(".miaopu/reports/merge.html"), encoding: .utf8)
        #expect(page.contains("一数一源") && page.contains("“4” in maps/west.geojson, record 2"))

        // The town delivers anew: one is confirmed, the other settled, and then confirmed.
        try towns.deliver([Self.house("甲", 3), Self.house("乙", 5, 50), Self.house("丁", 3, 150)], "west")
        try towns.district.merge()
        #expect(try states(towns) == ["confirmed 3/3", "settled 5/5"])
        #expect(try towns.store().feature(towns.id(of: 2, in: "west")).fromAuthority.isEmpty)
        try towns.expectFresh("settled")
        try towns.deliver([Self.house("乙", 5, 50), Self.house("甲", 3), Self.house("丙", 7, 100)], "office")
        try towns.district.merge()
        #expect(try states(towns) == ["confirmed 3/3", "confirmed 5/5"])
        let second = try #require(try towns.store().figures().first { $0.value == "5" })
        let history = try towns.store().history(of: second)
        #expect(history.map(\.state) == [.confirmed, .settled, .differs])
        #expect(history.allSatisfy { $0.committedAt != nil })
        #expect(history.last?.answers.map(\.row) == [2, 2])

        // Taken back, the one before stands again.
        try towns.district.undo(3)
        #expect(try states(towns) == ["confirmed 3/3", "settled 5/5"])
        // Withdrawn by one, there is nothing to compare, and its past stays.
        try towns.deliver([Self.house("甲", 3)], "office")
        try towns.district.merge()
        #expect(try states(towns) == ["confirmed 3/3", "single "])
        #expect(try towns.store().history(of: second).map(\.state) == [.single, .settled, .differs])
        try towns.expectFresh("withdrawn")
    }

    @Test func `go back to their towns' values with the authority`() throws {
        let towns = try office()
        try towns.district.merge()
        try setLayer(authority: "西镇", in: towns)
        try towns.district.merge()
        #expect(try shown(towns) == "office 丙 7, office 乙 4, office 甲 3, west 丁 2, west 乙 4, west 甲 3")
        try towns.expectFresh("another authority")
        try setLayer(authority: nil, in: towns)
        try towns.district.merge()
        #expect(try shown(towns) == "office 丙 7, office 乙 5, office 甲 3, west 丁 2, west 乙 4, west 甲 3")
        #expect(try states(towns) == ["single ", "single "])
        try towns.expectFresh("no authority")
        try setLayer(authority: "民政局", in: towns)
        let report = try towns.district.merge()
        #expect(report.text.contains("houses: no source is “民政局”, the authority of levels."))
        #expect(try states(towns) == ["agrees-once 3/3", "differs 5/4"] && shown(towns).contains("west 乙 4"))
    }

    @Test func `that differ are on the slip of the town that answers for them`() throws {
        let towns = try office(authority: "西镇")
        try towns.district.merge()
        let slip = try towns.district.slip(of: "1")
        #expect(slip.parts.map(\.altered) == [1])
        let text = try String(contentsOfFile: "\(slip.folder)/west/west.geojson", encoding: .utf8)
        #expect(text.contains("The figure levels is “4” here, and “5” in maps/office.geojson, record 2."))
        #expect(text.contains("\"levels\":4") && !text.contains("\"levels\":5"))
        let page = try String(
            contentsOf: towns.district.directory.appendingPathComponent(".miaopu/reports/merge.html"), encoding: .utf8)
        #expect(page.contains("miaopu slip 1"))
        // The same again in another order: it is still that record.
        try towns.deliver([Self.house("丁", 2, 150), Self.house("甲", 3), Self.house("乙", 4, 50)], "west")
        try towns.district.merge()
        let turned = try towns.district.slip(of: "1")
        let again = try String(contentsOfFile: "\(turned.folder)/west/west.geojson", encoding: .utf8)
        #expect(again.contains("\"levels\":4") && !again.contains("\"levels\":3") && !again.contains("\"levels\":2"))
        #expect(try states(towns) == ["confirmed 3/3", "differs 5/4"])
        try setLayer(authority: "房管局", in: towns)
        try towns.district.merge()
        #expect(try towns.district.slip(of: "1").parts.isEmpty)
    }

    @Test func `are shown where the other source left them empty, and are no figure then`() throws {
        let towns = try office()
        try towns.deliver([Self.house("甲", 3), Self.house("乙", nil, 50)], "west")
        try towns.district.merge()
        #expect(try shown(towns) == "office 丙 7, office 乙 5, office 甲 3, west 乙 5, west 甲 3")
        #expect(try states(towns) == ["agrees-once 3/3"])
        let shown = try towns.store().feature(towns.id(of: 2, in: "west")).fromAuthority
        #expect(shown.map(\.delivered) == [nil] && shown.map(\.record?.path) == ["maps/office.geojson"])
        try towns.expectFresh("empty")
    }

    @Test func `of whole numbers in a field of reals are equal on the map and off it`() throws {
        let towns = try TwoTownsDistrict("houses", west: "authority: 2,")
        let layer = """
            id: houses
            titles: { zh: 房屋, en: Houses }
            geometry: Polygon
            key: name
            seams: { twins: { same: 0.6 } }
            fields: [{ name: name, type: text }, { name: height, type: real, authority: east }]
            """
        try towns.district.deliver(Array(layer.utf8), as: "../layers/houses/layer.yaml")
        for (name, source, west) in [("甲", "west", 0), ("A", "east", 1)] {
            let box = "POLYGON ((\(west) 0, \(west + 20) 0, \(west + 20) 8, \(west) 8, \(west) 0))"
            try towns.deliver([Record("\"name\":\"\(name)\",\"height\":12.0", box)], source)
        }
        try towns.district.merge()
        #expect(try states(towns) == ["agrees-once 12/12"])
        #expect(try towns.store().feature(towns.id(of: 1, in: "west")).fromAuthority.isEmpty)
        #expect(try towns.district.merge().changeSet == nil)
    }

    @Test func `of twins are shown by the one that stands, whichever that is`() throws {
        let towns = try TwoTownsDistrict("houses", west: "authority: 2,")
        try setLayer(authority: "east", more: "key: name\nseams: { twins: { same: 0.6 } }", in: towns)
        try towns.deliver([Self.house("甲", 3), Self.house("远", 1, -90)], "west")
        try towns.deliver([Self.house("A", 6, 0.4), Self.house("B", nil, 90)], "east")
        try towns.district.merge()
        #expect(try shown(towns) == "east B , west 甲 6, west 远 1")
        #expect(try states(towns) == ["differs 6/3"])
        try towns.expectFresh("served")
        // The other stands now; what was shown is not taken for what was delivered.
        try towns.change(east: "authority: 3,")
        try towns.district.merge()
        #expect(try shown(towns) == "east A 6, east B , west 远 1")
        try towns.expectFresh("the other way round")
        try towns.change(west: "authority: 2,")
        try towns.district.merge()
        #expect(try shown(towns) == "east B , west 甲 6, west 远 1")
        try towns.deliver([Self.house("B", nil, 90)], "east")
        try towns.district.merge()
        #expect(try shown(towns) == "east B , west 甲 3, west 远 1")
        try towns.expectFresh("alone")
    }
}
