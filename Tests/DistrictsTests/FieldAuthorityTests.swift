// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@Suite struct FieldAuthorityTests {
    private func load(_ more: String, field: String) throws -> LayerManifest {
        let folder = try TemporaryFolder()
        let text = """
            id: houses
            titles: { en: Houses }
            geometry: Polygon
            \(more)
            fields: [{ name: name, type: text }, { name: use, type: text }, { name: levels, type: integer }]
            """.replacing("name: \(field),", with: "name: \(field), authority: 房管局,")
        try folder.write(text, to: "layers/houses/layer.yaml")
        return try LayerManifest(loading: folder.url.appendingPathComponent("layers/houses"))
    }

    @Test func `the authority of a field is read`() throws {
        let layer = try load("key: name\nseams: { twins: { name: name, joins: [use] } }", field: "levels")
        #expect(layer.authorities.map(\.field) == ["levels"] && layer.authorities.map(\.authority) == ["房管局"])
    }

    @Test(
        arguments: [
            ("key: name", "name", "`key`"), ("key: [use, name]", "name", "`key`"),
            ("seams: { twins: { name: name } }", "name", "`seams.twins.name`"),
            ("seams: { twins: { joins: [use] } }", "use", "`seams.twins.joins`"),
        ])
    func `what decides which features are one has none`(more: String, field: String, place: String) throws {
        let error = #expect(throws: DistrictsError.self) { try load(more, field: field) }
        #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
    }

    @Test func `an authority is a source, its department, or its town`() throws {
        let district = try DistrictsTests.load(
            """
            name: a
            grid: { crs: "EPSG:4549" }
            towns: [{ code: "1", name: 西镇 }]
            sources:
              - { id: office, department: 房管局, layer: buildings, path: a.shp }
              - { id: west, town: "1", layer: buildings, path: b.shp }
              - { id: west-office, town: "1", department: 房管局, layer: buildings, path: c.shp }
            """)
        func sources(_ name: String) -> [String] {
            district.sources.filter { district.isAuthority(name, $0) }.map(\.id)
        }
        #expect(sources("office") == ["office"] && sources("房管局") == ["office", "west-office"])
        #expect(sources("1") == ["west"] && sources("西镇") == ["west"] && sources("东镇").isEmpty)
    }
}
