// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What `figures` and `show` print of values that are not the feature's own.
@Suite struct `Values of the district` {
    private static func house(_ name: String, _ levels: Int) -> String {
        """
        {"type":"Feature","properties":{"name":"\(name)","levels":\(levels)},"geometry":{"type":"Polygon",
        "coordinates":[[[121.3,31],[121.3001,31],[121.3001,31.0001],[121.3,31.0001],[121.3,31]]]}}
        """
    }

    /// Two squares of a town, side by side.
    private static func squares(_ attributes: [String]) -> String {
        let features = attributes.enumerated().map { index, attributes in
            let west = 121.3 + Double(index) * 0.001
            let ring = [[west, 31], [west + 0.001, 31], [west + 0.001, 31.001], [west, 31.001], [west, 31]]
            return """
                {"type":"Feature","properties":{\(attributes)},"geometry":{"type":"Polygon","coordinates":[\(ring)]}}
                """
        }
        return collection(features)
    }

    private static func collection(_ features: [String]) -> String {
        #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
    }

    @Test func `are listed for their owner and explained`() throws {
        let fixture = try DistrictFixture(
            sources: """
                  - { id: west, town: "310112108", layer: houses, path: maps/west.geojson }
                  - { id: office, department: 房管局, layer: houses, path: maps/office.geojson }

                """)
        try fixture.write(
            """
            id: houses
            titles: { zh: 房屋, en: Houses }
            geometry: Polygon
            key: name
            fields:
              - { name: name, type: text }
              - { name: levels, type: integer, authority: 房管局 }
            """, to: "layers/houses/layer.yaml")
        try fixture.write(Self.collection([Self.house("甲", 4)]), to: "maps/west.geojson")
        try fixture.write(Self.collection([Self.house("甲", 5)]), to: "maps/office.geojson")
        let folder = ["--district", fixture.directory.path]
        #expect(try fixture.merge().status == 0)
        for arguments in [["figures"], ["figures", "房管局"]] {
            let list = try Program.run(arguments + folder)
            #expect(list.status == 0 && list.output.contains("levels (房管局): different since change set 1"), "\(list)")
            #expect(list.output.contains("5   maps/office.geojson, record 1, source office   the authority, shown on the map"))
            #expect(list.output.contains("4   maps/west.geojson, record 1, source west"))
        }
        let stranger = try Program.run(["figures", "民政局"] + folder)
        #expect(stranger.status != 0 && stranger.errors.contains("there are 房管局"), "\(stranger)")

        let id = try #require(
            try fixture.query("SELECT fid FROM houses WHERE miaopu_source = 'west'").first)
        let shown = try Program.run(["show", id] + folder)
        #expect(
            shown.output.contains(
                "levels  5   from source office, record 1, the authority: maps/office.geojson, SHA-256 "), "\(shown)")
        #expect(shown.output.contains("delivered with it was “4”"))
        // With the authority it has its own value again.
        try fixture.write(Self.collection([Self.house("乙", 5)]), to: "maps/office.geojson")
        #expect(try fixture.merge().status == 0)
        #expect(try Program.run(["figures"] + folder).output == "No figure differs.\n")
        // Delivered again, they agree; the list of all has what was before.
        try fixture.write(Self.collection([Self.house("甲", 4)]), to: "maps/office.geojson")
        #expect(try fixture.merge().status == 0)
        struct Entry: Decodable {
            struct Figure: Decodable {
                var state: String
                var authority: String
            }
            var figure: Figure
            var since: Int
            var before: [Figure]
        }
        let all = try Program.run(["figures", "--all", "--json"] + folder)
        let entries = try JSONDecoder().decode([Entry].self, from: Data(all.output.utf8))
        #expect(entries.map(\.figure.state) == ["agrees-once"] && entries.map(\.since) == [3], "\(all)")
        #expect(entries.first?.before.map(\.state) == ["single", "differs"] && entries.first?.figure.authority == "房管局")
        #expect(try Program.run(["show", id] + folder).output.contains("levels  4   from “levels”"))
    }

    @Test func `that are codes of cells say who gave them`() throws {
        let fixture = try DistrictFixture(
            sources: """
                  - { id: areas, layer: areas, path: maps/areas.geojson }
                  - { id: cells, town: "310112108", layer: cells, path: maps/cells.geojson }

                """)
        try fixture.write(
            """
            id: areas
            titles: { zh: 居村委, en: Communities }
            geometry: Polygon
            tiles: true
            key: code
            fields: [{ name: code, type: text }]
            """, to: "layers/areas/layer.yaml")
        try fixture.write(
            """
            id: cells
            titles: { zh: 单元网格, en: Grid cells }
            geometry: Polygon
            tiles: true
            key: name
            fields: [{ name: name, type: text }, { name: code, type: text }]
            grid_codes: { field: code, parent: areas, parent_field: code }
            """, to: "layers/cells/layer.yaml")
        try fixture.write(
            Self.squares([#""code":"310112108001""#, #""code":"310112108002""#]), to: "maps/areas.geojson")
        try fixture.write(
            Self.squares([#""name":"甲","code":null"#, #""name":"乙","code":"310112108002001""#]),
            to: "maps/cells.geojson")
        let merged = try fixture.merge()
        #expect(merged.status == 0, "\(merged)")
        let said = try fixture.query("SELECT fid FROM cells ORDER BY miaopu_row").map { id in
            try Program.run(["show", id, "--district", fixture.directory.path]).output
        }
        try #require(said.count == 2)
        #expect(
            said[0].contains(
                "code  310112108001001   assigned by the district in change set 1, by grid_codes of layer.yaml"), "\(said)")
        #expect(said[1].contains("code  310112108002001   from “code”"), "\(said)")
    }
}
