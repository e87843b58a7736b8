// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `The fields of a merge` {
    /// Three towns that agree on nothing.
    private func district() throws -> TestDistrict {
        let district = try TestDistrict([
            "layer: buildings, path: maps/a.geojson, fields: { levels: 层数, use: 用途, site_m2: { from: 占地, unit: 亩 } }, "
                + "values: { use: { 住宅: residential } }",
            "layer: buildings, path: maps/b.geojson, fields: { levels: 层数 }",
            "layer: buildings, path: maps/c.geojson",
        ])
        try deliver(
            [
                #""层数":"3","用途":"住宅","占地":1.5"#, #""层数":"三层","用途":"违建","占地":null"#,
                #""层数":null,"用途":"违建","占地":2"#, #""层数":"4.5","用途":"待定","占地":2"#,
            ], to: district, as: "a.geojson")
        try deliver([#""层数":6,"名称":"甲""#, #""层数":7,"名称":"乙""#], to: district, as: "b.geojson")
        try deliver([#""备注":"x""#], to: district, as: "c.geojson")
        return district
    }

    private func deliver(_ properties: [String], to district: TestDistrict, as name: String) throws {
        let features = properties.enumerated().map {
            #"{"type":"Feature","properties":{\#($0.element)},"geometry":\#(square($0.offset))}"#
        }
        let text = #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
        try district.deliver(Array(text.utf8), as: name)
    }

    @Test func `are told with what fills them, what is lost and what has no code`() throws {
        let report = try district().merge(isPlan: true)
        let layer = try #require(report.schema.first)
        #expect(report.schema.map(\.layer) == ["buildings"])
        #expect(layer.features == 7)

        let levels = try #require(layer.fields.first { $0.name == "levels" })
        #expect(levels.sources.map(\.source) == ["source-0", "source-1"])
        #expect(levels.sources.map(\.from) == ["层数", "层数"])
        #expect(levels.sources.map(\.type) == ["text", "integer"])
        #expect(levels.sources.map(\.fit) == [.narrower, .equal])
        #expect(levels.sources.map(\.coverage.filled) == [1, 2])
        #expect(levels.sources.map(\.coverage.lost) == [2, 0])
        #expect(levels.lacking == ["source-2"])

        let use = try #require(layer.fields.first { $0.name == "use" })
        #expect(use.isCoded && use.sources.map(\.coverage.filled) == [4])
        #expect(use.sources.map(\.coverage.unmapped) == [[.init("违建", count: 2), .init("待定", count: 1)]])
        #expect(use.sources.map(\.coverage.unmappedCount) == [3])

        let area = try #require(layer.fields.first { $0.name == "site_m2" })
        #expect(area.unit == "m²" && area.sources.map(\.unit) == ["亩"])
        #expect(area.sources.map(\.coverage.filled) == [3])
    }

    @Test func `stand in the plan, and no store is made`() throws {
        let district = try district()
        let text = try district.merge(isPlan: true).text
        for line in [
            "buildings: 3 sources, 7 features", "filled 43 %, lacking in source-2",
            "levels: towns disagree about its type: integer in source-1; text in source-0.",
            "levels: each value is tried as integer: “层数” of source-0 (text).",
            "levels: 2 values of “层数” of source-0 no integer, left empty.",
            "use: words of source-0 without a code: “违建” (2), “待定” (1).", "site_m2: turned from 亩 in source-0.",
            "nothing fills it", "“名称” of the file, which no mapping takes, looks like name, which nothing fills.",
        ] { #expect(text.contains(line), "\(line)\n\(text)") }
        let store = try Merger.store(of: .load(from: district.directory))
        #expect(throws: DistrictStoresError.self) { try DistrictStore(opening: store) }
    }

    @Test func `are known of sources that are not read again`() throws {
        let district = try district()
        let first = try district.merge()
        let second = try district.merge()
        #expect(second.sources.allSatisfy { $0.outcome == .unchanged })
        #expect(try first.schemaText == second.schemaText)
        #expect(try #require(first.schema.first).fields.count == 8)
    }

    @Test(arguments: [
        (FieldType.integer, FieldType.integer, MergeReport.TypeFit.equal), (.integer, .real, .wider),
        (.real, .integer, .narrower), (.text, .real, .narrower), (.integer, .text, .spelled),
        (.date, .dateTime, .wider),
        (.text, .date, .narrower), (.dateTime, .text, .spelled), (.boolean, .integer, .wider), (.text, .text, .equal),
    ])
    func `have types that go together or not`(file: FieldType, layer: FieldType, fit: MergeReport.TypeFit) {
        #expect(MergeReport.TypeFit(from: file, to: layer) == fit)
    }

    @Test func `with more words than a person can read are counted all the same`() {
        var count = WordCount()
        for number in (0..<12_000).reversed() { count.note("词\(number)") }
        for _ in 0..<3 { count.note("违建") }
        count.note(String(repeating: "长", count: 5000))
        #expect(count.total == 12_004)
        #expect(count.words.count == 50)
        #expect(count.words.allSatisfy { $0.word.count <= 101 })
    }
}

extension MergeReport {
    fileprivate var schemaText: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(schema), as: UTF8.self)
        }
    }
}
