// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@Suite struct GridCodeRuleTests {
    private func load(_ rule: String, key: String = "name", more: String = "tiles: true") throws -> GridCodeRule? {
        let folder = try TemporaryFolder()
        let text = """
            id: cells
            titles: { en: Cells }
            geometry: Polygon
            key: \(key)
            \(more)
            fields: [{ name: name, type: text }, { name: code, type: text }, { name: number, type: integer }]
            grid_codes: \(rule)
            """
        try folder.write(text, to: "layers/cells/layer.yaml")
        return try LayerManifest(loading: folder.url.appendingPathComponent("layers/cells")).gridCodes
    }

    @Test func `rules of grid codes are read`() throws {
        var rule = GridCodeRule(field: "code", parent: "areas", parentField: "no")
        #expect(try load("{ field: code, parent: areas, parent_field: no }") == rule)
        rule.parentDigits = 9
        rule.serialDigits = 4
        rule.order = .columns
        rule.share = 0.8
        rule.assigns = false
        let text = """
            { field: code, parent: areas, parent_field: no, digits: { parent: 9, serial: 4 }, order: columns,
              share: 0.8, assign: false }
            """
        #expect(try load(text, key: "code") == rule)
    }

    @Test(
        arguments: [
            ("{ field: code, parent: areas }", "name", "tiles: true", "parent_field"),
            ("{ field: kode, parent: areas, parent_field: no }", "name", "tiles: true", "kode"),
            ("{ field: number, parent: areas, parent_field: no }", "name", "tiles: true", "lose their leading zeros"),
            ("{ field: code, parent: areas, parent_field: no }", "code", "tiles: true", "the code itself"),
            ("{ field: code, parent: areas, parent_field: no }", "[]", "tiles: true", "need a `key`"),
            ("{ field: code, parent: areas, parent_field: no }", "name", "tiles: false", "`tiles: true`"),
            ("{ field: code, parent: areas, parent_field: no, order: spiral }", "name", "tiles: true", "rows, columns"),
            ("{ field: code, parent: areas, parent_field: no, digits: { parent: 12, serial: 10 } }", "name", "tiles: true", "9"),
            ("{ field: code, parent: areas, parent_field: no, digits: { parent: 12 } }", "name", "tiles: true", "serial"),
            ("{ field: code, parent: areas, parent_field: no, share: 0.2 }", "name", "tiles: true", "0.51"),
        ])
    func `what is no rule of codes is a mistake`(rule: String, key: String, more: String, sentence: String) throws {
        let error = #expect(throws: DistrictsError.self) { try load(rule, key: key, more: more) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
