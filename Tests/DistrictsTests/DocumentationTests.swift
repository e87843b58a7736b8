// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

/// What the documentation shows loads as it stands.
@Suite struct DocumentationTests {
    /// The blocks of YAML on a page of docs/.
    private func examples(on page: String) throws -> [String] {
        let file = PackageFolder.url.appendingPathComponent("docs/\(page)")
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }

    @Test func theDistrictOfTheDocumentationHasNoMistake() throws {
        let example = try #require(try examples(on: "district.md").first)
        let district = try load(example)
        #expect(district.sources.count == 7)
        #expect(district.plugins.count == 2 && district.access.hiddenLayers == ["parcels"])
    }

    @Test func theLayerOfTheDocumentationHasNoMistake() throws {
        let example = try #require(try examples(on: "layers.md").first)
        let folder = try TemporaryFolder()
        try folder.write("name: a\ngrid: { crs: \"EPSG:4549\" }\n", to: "district.yaml")
        try folder.write(example, to: "layers/benches/layer.yaml")
        try folder.write("[]", to: "layers/benches/style.json")
        let district = try District.load(from: folder.url, installed: shippedLayers)
        #expect(district.layers["benches"]?.fields.count == 7)
    }

    @Test func theGridCodesOfTheDocumentationHaveNoMistake() throws {
        let layers = try examples(on: "grid-codes.md")
        let folder = try TemporaryFolder()
        try folder.write("name: a\ngrid: { crs: \"EPSG:4549\" }\n", to: "district.yaml")
        for (name, text) in zip(["cells", "communities"], layers) {
            try folder.write(text, to: "layers/\(name)/layer.yaml")
            try folder.write("[]", to: "layers/\(name)/style.json")
        }
        let district = try District.load(from: folder.url, installed: shippedLayers)
        let rule = GridCodeRule(field: "code", parent: "communities", parentField: "code")
        #expect(district.layers["cells"]?.gridCodes == rule)
        #expect(district.layers["communities"]?.field("code") != nil && layers.count == 2)
    }

    @Test func theFiguresOfTheDocumentationHaveNoMistake() throws {
        let blocks = try examples(on: "figures.md")
        #expect(blocks.count == 2)
        let district = try load(blocks[1])
        #expect(district.sources.filter { district.isAuthority("房管局", $0) }.map(\.id) == ["registered-houses"])
        let folder = try TemporaryFolder()
        try folder.write(blocks[0], to: "layers/houses/layer.yaml")
        let layer = try LayerManifest(loading: folder.file("layers/houses"))
        #expect(layer.authorities.map(\.authority) == ["房管局"])
    }

    @Test func thePluginsOfTheDocumentationAreRead() throws {
        let example = try #require(try examples(on: "plugins.md").first)
        let district = try load("name: a\ngrid: { crs: \"EPSG:4549\" }\n" + example)
        #expect(district.plugins.map(\.id).sorted() == ["flood", "water"])
    }
}
