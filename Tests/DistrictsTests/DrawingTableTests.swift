// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Testing

@Suite struct DrawingTableTests {
    private func yaml(_ drawing: String, more: String = "") -> String {
        """
        name: A
        grid: { crs: "EPSG:4549" }
        towns: [{ code: "1", name: 梅陇镇 }]
        sources:
          - id: plan
            town: "1"
            path: maps/plan.dxf
            crs: "EPSG:4549"
            authority: 3
        \(more)
            drawing:
        \(drawing.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }.joined(separator: "\n"))
        """
    }

    @Test func `each row of the table is a source that shares the rest of the entry`() throws {
        let district = try load(
            yaml(
                """
                close_m: 0.1
                arc_m: 0.02
                table:
                  - { layer: buildings, from: JMD, labels: { 层数: { from: [ZJ], several: join } },
                      fields: { levels: 层数 }, authority: 5 }
                  - { layer: roads, from: [DLSS, "DL*"], where: "Text IS NULL" }
                """))
        #expect(district.sources.map(\.id) == ["plan-buildings", "plan-roads"])
        let (buildings, roads) = (district.sources[0], district.sources[1])
        #expect(buildings.layer == "buildings" && buildings.town == "1" && buildings.path == "maps/plan.dxf")
        #expect(buildings.authority == 5 && roads.authority == 3 && roads.crs == .named("EPSG:4549"))
        #expect(buildings.fields["levels"] == FieldMapping(from: "层数"))
        #expect(
            buildings.drawing
                == DrawingSelection(
                    layers: ["JMD"], labels: [.init(field: "层数", layers: ["ZJ"], several: .join)], closing: 0.1,
                    arcTolerance: 0.02))
        #expect(roads.drawing?.layers == ["DLSS", "DL*"] && roads.from.condition == "Text IS NULL")
        #expect(buildings.line == 15 && roads.line == 17)
    }

    @Test func `what stands in a row counts, and a table has rows`() throws {
        let district = try load(
            yaml("from: [JMD]\ntable:\n  - { layer: buildings, fields: {} }\n  - { layer: roads, from: [DL] }"))
        #expect(district.sources.map { $0.drawing?.layers } == [["JMD"], ["DL"]])
        #expect(try mistakes(in: yaml("table: []")).contains { $0.sentence.contains("a row for each layer") })
    }

    @Test func `one layer alone needs no table`() throws {
        let district = try load(
            """
            name: A
            grid: { crs: "EPSG:4549" }
            sources:
              - { id: a, layer: roads, path: maps/a.dxf, drawing: { from: [DL] } }
            """)
        #expect(district.sources[0].drawing == DrawingSelection(layers: ["DL"]))
        #expect(district.sources[0].drawing?.closing == 0.05)
    }

    @Test func `mistakes are told with their lines, and one that is shared once`() throws {
        let found = try mistakes(
            in: yaml(
                """
                close_m: 9
                table:
                  - { layer: buildings, from: [] }
                  - { layer: road, from: [DL] }
                  - { layer: roads, form: [DL] }
                  - { layer: buildings, from: [X], labels: { a: { from: [Z], several: nearest } } }
                """, more: "    encoding: UTF-9"))
        let texts = found.map(\.description)
        for words in [
            "district.yaml:12: ", "is not a number from 0.0 to 5.0", "at least one layer of the drawing",
            "\"road\" is not a layer", "there is no key \"form\" in a row of the table", "the id \"plan-buildings\" is taken",
            "\"nearest\" is not what is done with several texts", "\"UTF-9\" is not a text encoding",
        ] {
            #expect(texts.contains { $0.contains(words) }, "\(words): \(texts)")
        }
        #expect(texts.count { $0.contains("UTF-9") } == 1 && texts.count { $0.contains("is not a number from") } == 1)

        let misplaced = try mistakes(in: yaml("table:\n  - { layer: roads, from: [DL] }", more: "    layer: roads"))
        #expect(misplaced.map(\.sentence) == ["\"layer\" belongs into the rows of the drawing's table"])
    }
}
