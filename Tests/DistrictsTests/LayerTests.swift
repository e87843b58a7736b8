// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@Suite struct LayerTests {
    let catalogue: LayerCatalogue

    init() throws {
        catalogue = try LayerCatalogue(shipped: shippedLayers.layers, own: nil)
    }

    @Test func `the shipped layers load in painting order`() {
        #expect(
            catalogue.ids == [
                "districts", "towns", "landuse", "parcels", "water", "rivers", "buildings", "railways", "roads",
                "boundaries", "addresses", "survey-points", "points", "merge-issues",
            ])
    }

    @Test func `every shipped layer has titles in Chinese and English, fields and a style`() throws {
        for layer in catalogue.layers {
            #expect(Set(layer.titles.keys) == ["zh", "en"], "\(layer.id)")
            #expect(!layer.fields.isEmpty)
            #expect(FileManager.default.fileExists(atPath: layer.styleFile.path), "\(layer.id)")
            for field in layer.fields {
                #expect(Set(field.field.titles.keys) == ["zh", "en"], "\(layer.id).\(field.field.name)")
            }
            for list in layer.codeLists.values {
                #expect(list.codes.allSatisfy { Set($0.titles.keys) == ["zh", "en"] })
                #expect(Set(list.codes.map(\.value)).count == list.codes.count)
            }
        }
    }

    @Test func `no word of a town means two things in one layer`() {
        for layer in catalogue.layers {
            var owner: [String: String] = [:]
            for field in layer.fields {
                for word in Set([field.field.name] + field.synonyms) {
                    let key = word.lowercased()
                    #expect(owner[key] ?? field.field.name == field.field.name, "\(layer.id): \(word)")
                    owner[key] = field.field.name
                }
            }
            for (name, list) in layer.codeLists {
                var owner: [String: String] = [:]
                for code in list.codes {
                    for word in Set([code.value] + code.titles.values + code.synonyms) {
                        let key = word.lowercased()
                        #expect(owner[key] ?? code.value == code.value, "\(layer.id).\(name): \(word)")
                        owner[key] = code.value
                    }
                }
            }
        }
    }

    @Test(
        arguments: [
            ("buildings", "层数", "levels"), ("buildings", "CS", "levels"), ("buildings", "JZWMC", "name"),
            ("buildings", "floors", "levels"), ("roads", "路名", "name"), ("towns", "XZQDM", "code"),
            ("parcels", "ZDMJ", "area_m2"), ("buildings", "占地 面积", "site_m2"),
        ])
    func `a town's field name finds the field that it means`(layer: String, word: String, field: String) {
        #expect(catalogue[layer]?.field(matching: word)?.field.name == field)
        #expect(catalogue[layer]?.field(matching: "zzz") == nil)
    }

    @Test func `a town's word finds the code that it means`() throws {
        let buildings = try #require(catalogue["buildings"])
        let use = try #require(buildings.field("use"))
        let uses = try #require(buildings.codeList(of: use))
        for (word, code) in [("住宅", "residential"), ("居住", "residential"), ("R2", "residential"), ("厂房", "industrial")]
        {
            #expect(uses.code(matching: word)?.value == code)
        }
        #expect(uses.code(matching: "海洋") == nil)
    }

    @Test(
        arguments: [
            ("房屋", "buildings"), ("梅陇镇房屋面", "buildings"), ("DLZXX", "roads"), ("roads_2024", "roads"), ("河道", "rivers"),
            ("宗地", "parcels"), ("XZQ", "towns"), ("poi", "points"), ("shanghai_towns_osm_127", "towns"),
        ])
    func `a file's name finds its layer`(name: String, layer: String) {
        #expect(catalogue.layer(matching: name)?.id == layer)
    }

    @Test func `the styles of all layers make one style with unique ids and known layers`() throws {
        let style = try catalogue.style(name: "base")
        #expect(try catalogue.style(name: "base") == style)
        let document = try #require(try JSONSerialization.jsonObject(with: style) as? [String: Any])
        let layers = try #require(document["layers"] as? [[String: Any]])
        #expect(layers.first?["type"] as? String == "background")
        for layer in layers.dropFirst() {
            #expect(layer["source"] as? String == "district")
            #expect(catalogue[layer["source-layer"] as? String ?? ""] != nil)
            #expect(["fill", "line", "circle"].contains(layer["type"] as? String))
        }
        let one = try catalogue.style(ofLayers: ["water"], name: "water")
        #expect(one.count < style.count)
    }

    @Test(
        arguments: [
            ("LineString", "seams: { twins: {} }", "\"twins\" is for layers of areas and points"),
            ("MultiPolygon", "seams: { ends: {} }", "\"ends\" is for layers of lines"),
            ("MultiPolygon", "tiles: true\nseams: { twins: {} }", "not for a layer that tiles"),
            ("LineString", "seams: { ends: { reach_m: 99 } }", "a number from 0.0 to 20.0"),
            ("Point", "seams: { twins: { name: title } }", "\"title\" is not a field of the layer"),
            ("Point", "seams: { twins: { far: 1 } }", "far"),
        ])
    func `what cannot be done where towns meet is a mistake`(geometry: String, seams: String, sentence: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "id: a\ntitles: { en: A }\ngeometry: \(geometry)\n\(seams)\nfields: [{ name: name, type: text }]\n",
            to: "layers/a/layer.yaml")
        let error = #expect(throws: DistrictsError.self) {
            try LayerManifest(loading: folder.url.appendingPathComponent("layers/a"))
        }
        #expect(error?.mistakes.count == 1)
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test func `mistakes in a layer are told with file and line`() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            id: bench
            titles: { en: Benches, "": x }
            geometry: Pont
            fields:
              - { name: fid, type: text }
              - { name: Name, type: txt }
              - { name: area, type: real, unit: m4, codes: kinds }
            """, to: "layers/benches/layer.yaml")
        let error = #expect(throws: DistrictsError.self) {
            try LayerManifest(loading: folder.url.appendingPathComponent("layers/benches"))
        }
        let text = error?.description ?? ""
        #expect(error?.mistakes.count == 8, "\(text)")
        #expect(text.contains("layers/benches/layer.yaml:1: id: the id \"bench\" differs"))
        #expect(text.contains("did you mean \"Point\"?"))
        #expect(text.contains("did you mean \"text\"?"))
    }

    @Test(
        arguments: [
            ("{ name: a, type: text, registered: true }", "a registered area is of the type real"),
            ("{ name: a, type: real, unit: m², height: true }", "a height is of the type real"),
            (
                "{ name: a, type: real, unit: m², registered: true }, { name: planar_m2, type: real }",
                "filled by the merge"
            ),
            (
                "{ name: a, type: real, unit: m², registered: true }, "
                    + "{ name: b, type: real, unit: m², registered: true }",
                "only one field"
            ),
        ])
    func `a measured field that cannot be is a mistake`(fields: String, sentence: String) throws {
        let folder = try TemporaryFolder()
        let text = "id: a\ntitles: { en: A }\ngeometry: Polygon\nfields: [\(fields)]\n"
        try folder.write(text, to: "layers/a/layer.yaml")
        let error = #expect(throws: DistrictsError.self) {
            try LayerManifest(loading: folder.url.appendingPathComponent("layers/a"))
        }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
