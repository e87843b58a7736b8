// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Codes of a management grid` {
    private typealias Record = TwoTownsDistrict.Record

    private static let areas = """
        id: areas
        titles: { zh: 居村委, en: Communities }
        geometry: Polygon
        tiles: true
        key: code
        fields: [{ name: code, type: text }]
        """

    private static func cells(_ rule: String) -> String {
        """
        id: cells
        titles: { zh: 单元网格, en: Grid cells }
        geometry: Polygon
        tiles: true
        key: name
        fields: [{ name: name, type: text }, { name: code, type: text }, { name: kind, type: text }]
        \(rule)
        """
    }

    private static let rule = "grid_codes: { field: code, parent: areas, parent_field: code }"

    private static func box(
        _ attributes: String, _ west: Int, _ south: Int, _ width: Int = 100, _ height: Int = 100
    ) -> Record {
        let (east, north) = (west + width, south + height)
        return Record(
            attributes,
            "POLYGON ((\(west) \(south), \(east) \(south), \(east) \(north), \(west) \(north), \(west) \(south)))")
    }

    private static func cell(_ name: String, _ west: Int, _ south: Int, code: String? = nil, kind: String = "") -> Record {
        box(
            "\"name\":\"\(name)\",\"code\":\(code.map { "\"\($0)\"" } ?? "null"),\"kind\":\"\(kind)\"", west, south)
    }

    private static let west = [
        cell("甲", -300, 100), cell("乙", -200, 100), cell("丙", -100, 100), cell("丁", -300, 0), cell("戊", -200, 0),
    ]
    private static let east = [cell("子", 0, 100), cell("丑", 100, 100), cell("寅", 0, 0)]

    /// Two towns with cells, and two areas: 310112108001 in the west, …002 in the east.
    private func district(rule: String = rule, west: String = "") throws -> TwoTownsDistrict {
        let towns = try TwoTownsDistrict("cells")
        let yaml = """
            name: 试验区
            grid: { crs: "EPSG:4549" }
            towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
            sources:
              - { id: areas, town: "1", layer: areas, path: maps/areas.geojson, crs: "EPSG:4549", crs_checked: true }
              - { id: west, town: "1", layer: cells, path: maps/west.geojson, \(west) crs: "EPSG:4549", crs_checked: true }
              - { id: east, town: "2", layer: cells, path: maps/east.geojson, crs: "EPSG:4549", crs_checked: true }
            """
        try towns.district.deliver(Array(yaml.utf8), as: "../district.yaml")
        try towns.district.deliver(Array(Self.areas.utf8), as: "../layers/areas/layer.yaml")
        try setRule(rule, in: towns)
        try deliverAreas(in: towns)
        try towns.deliver(Self.west, "west")
        try towns.deliver(Self.east, "east")
        return towns
    }

    private func deliverAreas(_ first: String = "310112108001", in towns: TwoTownsDistrict) throws {
        try towns.deliver(
            [
                Self.box("\"code\":\"\(first)\"", -300, 0, 300, 200),
                Self.box("\"code\":\"310112108002\"", 0, 0, 300, 200),
            ], "areas")
    }

    private func setRule(_ rule: String, in towns: TwoTownsDistrict) throws {
        try towns.district.deliver(Array(Self.cells(rule).utf8), as: "../layers/cells/layer.yaml")
    }

    /// Name and the last six digits of the code.
    private func codes(_ towns: TwoTownsDistrict, _ other: TestDistrict? = nil) throws -> String {
        let folder = (other ?? towns.district).directory
        var codes: [String] = []
        try DistrictStore(opening: folder.appendingPathComponent("district.gpkg")).forEachFeature(in: "cells") { feature in
            codes.append("\(feature.value(at: 0).description) \(feature.value(at: 1).description.suffix(6))")
        }
        return codes.sorted().joined(separator: ", ")
    }

    private func kinds(_ report: MergeReport) -> [String] {
        report.issues.map(\.kind).filter { $0.hasPrefix("code-") }.sorted()
    }

    @Test func `are given once by the order of cells, and stay through every later delivery`() throws {
        let towns = try district()
        let report = try towns.district.merge()
        let first = try codes(towns)
        #expect(first == "丁 001004, 丑 002002, 丙 001003, 乙 001002, 子 002001, 寅 002003, 戊 001005, 甲 001001")
        #expect(kinds(report).isEmpty)
        #expect(report.text.contains("cells: 8 cells, 0 with a code of their town, 8 numbered by the district, 0 without"))
        #expect(report.gridCodes.first?.assignedCodes.count == 8)
        #expect(try towns.district.merge().changeSet == nil)
        #expect(try codes(towns) == codes(towns, fresh(towns)))

        // Attributes and places change; the files are turned round.
        let turned = Self.west.reversed().map { record in
            Record(record.properties.replacing("\"kind\":\"\"", with: "\"kind\":\"新\""), record.geometry)
        }
        try towns.deliver(Array(turned), "west")
        let again = try towns.district.merge()
        #expect(again.layers.map(\.updated) == [5])
        #expect(try codes(towns) == first)
        try towns.expectFresh("attributes")

        // 乙 goes, one comes in the north-west of all, and 己 last.
        let changed = Self.west.filter { !$0.properties.contains("乙") } + [Self.cell("新", -200, 100), Self.cell("己", -100, 0)]
        try towns.deliver(changed, "west")
        let later = try towns.district.merge()
        #expect(try codes(towns) == "丁 001004, 丑 002002, 丙 001003, 子 002001, 寅 002003, 己 001007, 戊 001005, 新 001006, 甲 001001")
        #expect(later.gridCodes.first?.areas.map(\.withdrawn) == [1, 0])
        #expect(kinds(later).isEmpty)
        try towns.expectFresh("cells came and went")
        let page = try String(
            contentsOf: towns.district.directory.appendingPathComponent(".miaopu/reports/merge.html"), encoding: .utf8)
        #expect(page.contains("310112108001007") && page.contains("网格编码"))
    }

    private func fresh(_ towns: TwoTownsDistrict) throws -> TestDistrict {
        let fresh = try TestDistrict(copying: towns.district)
        try fresh.merge()
        return fresh
    }

    @Test func `are never given again, whatever is taken back, and come back to their own cells`() throws {
        let towns = try district()
        try towns.district.merge()
        try towns.deliver(Self.west + [Self.cell("己", -100, 0)], "west")
        try towns.district.merge()
        #expect(try codes(towns).contains("己 001006"))
        try towns.district.undo(2)
        #expect(try !codes(towns).contains("己"))
        try towns.deliver(Self.west + [Self.cell("庚", -100, 0)], "west")
        try towns.district.merge()
        #expect(try codes(towns).contains("庚 001007"))
        try towns.deliver(Self.west + [Self.cell("己", -100, 0)], "west")
        let report = try towns.district.merge()
        #expect(try codes(towns).contains("己 001006") && !codes(towns).contains("庚"))
        #expect(report.gridCodes.first?.areas.first?.highest == "310112108001007")
        try towns.expectFresh()
        try towns.district.undo(5)
        #expect(try codes(towns).contains("庚 001007"))
        // A merge that was only planned gives nothing away.
        try towns.deliver(Self.east + [Self.cell("卯", 100, 0)], "east")
        try towns.district.merge(isPlan: true)
        try towns.deliver(Self.east + [Self.cell("辰", 100, 0)], "east")
        try towns.district.merge()
        #expect(try codes(towns).contains("辰 002004"))
    }

    @Test func `of a town are forgotten with the change set that is taken back`() throws {
        let towns = try district()
        try towns.district.merge()
        try towns.deliver(Self.east + [Self.cell("卯", 100, 0, code: "310112108002009")], "east")
        try towns.district.merge()
        try towns.district.undo(2)
        try towns.deliver(Self.east + [Self.cell("辰", 100, 0)], "east")
        try towns.district.merge()
        #expect(try codes(towns).contains("辰 002004"))
    }

    @Test func `of a town are known again when the taking back is taken back`() throws {
        let towns = try district()
        try towns.district.merge()
        let marked = Self.east + [Self.cell("卯", 100, 0, code: "310112108002009")]
        try towns.deliver(marked, "east")
        try towns.district.merge()
        try towns.district.undo(2)
        try towns.district.undo(3)
        #expect(try codes(towns).contains("卯 002009"))
        // The cell goes before any merge has seen its code again.
        try towns.deliver(Self.east + [Self.cell("辰", 100, 0)], "east")
        try towns.district.merge()
        #expect(try codes(towns).contains("辰 002010"))
    }

    @Test func `that change sets of different towns gave are taken back apart from each other`() throws {
        let towns = try district()
        try towns.deliver([], "east")
        try towns.deliver([], "west")
        try towns.district.merge()
        try towns.deliver(Self.west, "west")
        try towns.district.merge()
        try towns.deliver(Self.east, "east")
        try towns.district.merge()
        try towns.district.undo(2)
        #expect(try codes(towns) == "丑 002002, 子 002001, 寅 002003")
    }

    @Test func `of towns are looked at, and what is wrong goes back to them`() throws {
        let towns = try district()
        try towns.deliver(
            [
                Self.cell("甲", -300, 100, code: "310112108001001"), Self.cell("乙", -200, 100, code: "310112108001001"),
                Self.cell("丙", -100, 100, code: "310112108002009"), Self.cell("丁", -300, 0, code: "31011210800104"),
                Self.cell("戊", -200, 0), Self.box("\"name\":\"己\",\"code\":null,\"kind\":\"\"", -100, -400),
            ], "west")
        try towns.deliver(Self.east.dropLast() + [Self.box("\"name\":\"寅\",\"code\":null,\"kind\":\"\"", -50, 0)], "east")
        let report = try towns.district.merge()
        #expect(
            kinds(report) == [
                "code-duplicate", "code-duplicate", "code-gap", "code-malformed", "code-no-area", "code-of-another-area",
                "code-several-areas",
            ])
        // What a town gave stands as it gave it, and a number that it used is nobody else's.
        #expect(try codes(towns).contains("丁 800104, 丑 002011, 丙 002009, 乙 001001, 子 002010"))
        #expect(try codes(towns).contains("戊 001002"))
        #expect(!report.needsPerson)
        try towns.expectFresh()
        let slip = try towns.district.slip(of: "1")
        #expect(slip.parts.map(\.altered) == [5])
        let file = try #require(slip.parts.first?.files.first { $0.name.hasSuffix(".geojson") }?.name)
        let text = try String(contentsOfFile: "\(slip.folder)/\(file)", encoding: .utf8)
        #expect(text.contains("“31011210800104” has 14 digits; 15 are asked for"))
        #expect(!text.contains("戊") && !text.contains("310112108001002"))
        // Corrected by the town, nothing is left of it.
        try towns.deliver(Self.west, "west")
        try towns.deliver(Self.east, "east")
        let corrected = try towns.district.merge()
        #expect(kinds(corrected) == ["code-gap"])
        try towns.expectFresh()
    }

    @Test func `that another cell had are named until somebody accepts them`() throws {
        let towns = try district()
        try towns.district.merge()
        try towns.deliver(Self.west.dropFirst() + [Self.cell("新", -300, 100, code: "310112108001001")], "west")
        #expect(kinds(try towns.district.merge()) == ["code-given-before"])
        #expect(kinds(try towns.district.merge()) == ["code-given-before"])
        try towns.expectFresh()
        #expect(kinds(try towns.district.merge(accepting: ["west"])).isEmpty)
        #expect(kinds(try towns.district.merge()).isEmpty)
    }

    @Test func `stay with cells without a key that a person says are the same`() throws {
        let towns = try district(west: "key: [],")
        try towns.district.merge()
        let before = try codes(towns)
        let id = towns.id(of: 1, in: "west")
        try towns.deliver([Self.cell("甲", -300, 100, kind: "新")] + Self.west.dropFirst(), "west")
        let report = try towns.district.merge()
        #expect(report.matches.first?.open.map(\.feature) == [id])
        #expect(report.matches.first?.open.first?.present != id)
        #expect(try codes(towns).contains("甲 001006"))
        let list = towns.district.directory.appendingPathComponent("matches/west.yaml")
        let text = try String(contentsOf: list, encoding: .utf8).replacing("  accept:\n", with: "  accept: true\n")
        try Data(text.utf8).write(to: list)
        let accepted = try towns.district.merge()
        #expect(try towns.store().feature(id).values[2] == .text("新"))
        #expect(try codes(towns) == before)
        #expect(accepted.gridCodes.first?.areas.map(\.withdrawn) == [1, 0])
        #expect(try towns.district.merge().changeSet == nil)
    }

    @Test func `say who gave them, and go when the rule goes`() throws {
        let towns = try district()
        try towns.deliver(Self.east.dropLast() + [Self.cell("寅", 0, 0, code: "310112108002001")], "east")
        try towns.district.merge()
        let given = try towns.store().feature(towns.id(of: 1, in: "east"))
        #expect(given.values[1] == .text("310112108002002"))
        #expect(given.assigned?.field == "code" && given.assigned?.code == "310112108002002")
        #expect(given.assigned?.changeSet == 1)
        #expect(try towns.store().feature(towns.id(of: 3, in: "east")).assigned == nil)
        // The town takes the district's codes over.
        let own = [("子", 0, 100, "2"), ("丑", 100, 100, "3"), ("寅", 0, 0, "1")].map { name, x, y, serial in
            Self.cell(name, x, y, code: "31011210800200\(serial)")
        }
        try towns.deliver(own, "east")
        #expect(kinds(try towns.district.merge()).isEmpty)
        #expect(try towns.store().feature(towns.id(of: 1, in: "east")).assigned == nil)
        try setRule("", in: towns)
        try towns.district.merge()
        #expect(try codes(towns).contains("丑 002003"))
        #expect(try towns.store().feature(towns.id(of: 1, in: "west")).values[1] == .null)
        try towns.expectFresh("without the rule")
        try setRule(Self.rule, in: towns)
        try towns.district.merge()
        #expect(try codes(towns).contains("丁 001004"))
    }

    @Test func `wait for areas that have codes`() throws {
        let towns = try district()
        let alone = try towns.district.merge(only: ["west", "east"])
        #expect(kinds(alone).isEmpty && alone.text.contains("8 without a code. Nobody has delivered “areas”"))
        try deliverAreas("31011210", in: towns)
        let report = try towns.district.merge()
        #expect(kinds(report) == Array(repeating: "code-area-without-code", count: 5))
        try deliverAreas(in: towns)
        #expect(kinds(try towns.district.merge()).isEmpty)
        #expect(try codes(towns).contains("丁 001004"))
        try towns.expectFresh()
        // Cells go to another area when it gets another code.
        try deliverAreas("310112108009", in: towns)
        try towns.district.merge()
        #expect(try codes(towns).contains("丁 009004"))
        try towns.expectFresh()
    }

    @Test(
        arguments: [
            ("grid_codes: { field: code, parent: area, parent_field: code }", "“area” is no layer of areas"),
            ("grid_codes: { field: code, parent: roads, parent_field: code }", "“roads” is no layer of areas"),
            ("grid_codes: { field: code, parent: areas, parent_field: name }", "no text field of the layer “areas”; it has code"),
            ("grid_codes: { field: code, parent: cells, parent_field: code }", "another layer than their own"),
        ])
    func `name what is there`(rule: String, sentence: String) throws {
        let towns = try district(rule: rule)
        let error = #expect(throws: MergingError.self) { try towns.district.merge() }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
