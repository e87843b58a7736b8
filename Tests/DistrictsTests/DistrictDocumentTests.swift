// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import Testing

@Suite struct DistrictDocumentTests {
    @Test func `what is written is read back`() throws {
        var source = SourceProposal(
            id: "meilong-buildings", town: Proposal("310112108"),
            layer: Proposal("buildings", comment: "the file is 房屋"),
            path: "maps/梅陇 镇/房屋 #1.shp", crs: Proposal("GCJ-02", comment: "declared"),
            encoding: Proposal("GBK", comment: "from the .cpg", isCommentedOut: true),
            from: SourceSelection(layer: "房屋: {1}", condition: "\"层数\" > 0 -- '\\'"), asOf: Proposal("2026-06-30"),
            authority: 10, notes: ["12,345 polygons.\nevil: true"])
        source.fields = [
            .init("name", from: "名称"), .init("site_m2", from: "占地", unit: "亩"),
            .init(nil, from: "BZ", comment: "no field for it"),
        ]
        source.values = [
            ("use", [.init("住宅", means: "residential"), .init("yes", means: "other"), .init("怪", means: nil)])
        ]
        let document = DistrictDocument(
            name: "- 闵行 \"区\": #1\n", grid: GridDefinition(crs: "EPSG:4549"),
            towns: [Town(code: "310112108", name: "null")], sources: [source],
            plugins: [PluginDefinition(id: "flood", hosting: .process), PluginDefinition(id: "water")],
            notes: [String(repeating: "word ", count: 60)], skipped: [("a\nb.doc", "no map\u{1B}[31m")])
        let district = try load(document.text)
        #expect(district.name == document.name)
        #expect(district.towns == document.towns)
        #expect(district.plugins == document.plugins)
        let read = try #require(district.sources.first)
        #expect(read.path == source.path)
        #expect(read.from == source.from)
        #expect(read.encoding == nil)
        #expect(read.crs == .gcj02)
        #expect(read.asOf?.description == "2026-06-30")
        #expect(read.fields.keys.sorted() == ["name", "site_m2"])
        #expect(read.values == ["use": ["住宅": "residential", "yes": "other"]])
        #expect(!document.text.contains("\u{1B}"))
    }

    @Test func `a drawing and a table of addresses are read back`() throws {
        var plan = SourceProposal(id: "plan", layer: Proposal("buildings"), path: "plan.dxf")
        plan.drawing = DrawingSelection(
            layers: ["JMD", "FW*", "a: \"b\", ]"],
            labels: [.init(field: "名称", layers: ["ZJ"]), .init(field: "层数", layers: ["ZJ", "CS"], several: .join)],
            closing: 0.25)
        var firms = SourceProposal(id: "firms", layer: Proposal("points"), path: "firms.csv")
        firms.from.address = "地址, 门牌"
        let document = DistrictDocument(
            name: "A", grid: GridDefinition(crs: "EPSG:4549"), sources: [plan, firms])
        let sources = try load(document.text).sources
        #expect(sources.first?.drawing == plan.drawing)
        #expect(sources.last?.from == firms.from)
    }

    @Test(
        arguments: [
            "", "a", "true", "No", "~", "- a", "a: b", "a #b", "\"", "'", "\\", "\n", "\t", "{", "]", "&a", "*a", "!a",
            "%",
            "@", "`", "0101", "1e3", "2026-06-30", "名称", "é", "a\u{7}b", "\u{2028}", "🏠", " a ", "null",
            "0x1F", "=", "<<", "?", "...", "---",
        ])
    func `any text survives as a value and as a key`(text: String) throws {
        var source = SourceProposal(id: "a", layer: Proposal("buildings"), path: "a.shp")
        source.fields = [.init("name", from: "x" + text)]
        source.values = [("use", [.init(text, means: "other")])]
        let document = DistrictDocument(
            name: "A", grid: GridDefinition(crs: "EPSG:4549"), sources: [source])
        // A control character in a name is refused, and told.
        guard !text.contains("\u{7}"), text != "\t" else {
            #expect(try !mistakes(in: document.text).isEmpty)
            return
        }
        let read = try load(document.text).sources.first
        #expect(read?.fields["name"]?.from == "x" + text)
        #expect(read?.values["use"] == [text: "other"])
    }

    @Test func `an id is made of any words`() {
        #expect(SourceProposal.id(from: ["梅陇镇", "房屋"]) == "mei-long-zhen-fang-wu")
        #expect(SourceProposal.id(from: ["Buildings_2024 (final).shp"]) == "buildings-2024-final-shp")
        #expect(SourceProposal.id(from: ["", "---"]) == "source")
        #expect(SourceProposal.id(from: [String(repeating: "a", count: 100)]).count == 64)
    }
}
