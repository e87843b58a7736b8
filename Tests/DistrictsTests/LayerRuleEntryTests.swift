// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@Suite struct LayerRuleEntryTests {
    private func load(_ rules: String) throws -> LayerManifest {
        let folder = try TemporaryFolder()
        try folder.write(
            "id: a\ntitles: { en: A }\ngeometry: Polygon\nrules: \(rules)\nfields: [{ name: kind, type: text }]\n",
            to: "layers/a/layer.yaml")
        return try LayerManifest(loading: folder.url.appendingPathComponent("layers/a"))
    }

    @Test func `rules between layers are read`() throws {
        let text = """
            [{ within: parcels }, { inside_town: towns, tolerance_m: 5 },
             { must_not_cross: water, unless: { kind: [bridge, ford] } }]
            """
        #expect(
            try load(text).rules == [
                LayerRuleEntry(.within(share: 0.95), layer: "parcels"),
                LayerRuleEntry(.insideTown(tolerance: 5), layer: "towns"),
                LayerRuleEntry(.mustNotCross(tolerance: 2, field: "kind", values: ["bridge", "ford"]), layer: "water"),
            ])
    }

    @Test(
        arguments: [
            ("[{ with: parcels }]", "with"), ("[{ within: parcels, inside_town: towns }]", "a rule has one of"),
            ("[{ within: parcels, share: 0.2 }]", "0.51"), ("[{ within: parcels, tolerance_m: 2 }]", "says nothing"),
            ("[{ must_not_cross: water, unless: { kond: [x] } }]", "kond"), ("parcels", "a list is expected"),
            ("[\((0..<21).map { _ in "{ within: parcels }" }.joined(separator: ", "))]", "at most 20"),
        ])
    func `what is no rule is a mistake`(rules: String, sentence: String) throws {
        let error = #expect(throws: DistrictsError.self) { try load(rules) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
