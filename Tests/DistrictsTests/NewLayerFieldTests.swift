// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures
import Testing

@Suite struct `Fields of files that make a new layer` {
    private func names(_ files: [[Field]]) -> (names: [[String]], fields: [Field]) {
        var layer = LayerDocument(id: "benches", title: "长椅", geometryType: .point)
        let names = files.map { layer.take($0) }
        return (names, layer.fields)
    }

    @Test func `of one type are one field`() {
        let found = names([[Field("material", .text)], [Field("Material", .text), Field("length", .real)]])
        #expect(found.names == [["material"], ["material", "length"]])
        #expect(found.fields.map(\.name) == ["material", "length"])
        #expect(found.fields.first?.titles["zh"] == "material")
    }

    @Test func `of different types stay apart, and are never made text`() {
        let found = names([[Field("code", .integer)], [Field("code", .text)], [Field("code", .date)], [Field("code", .text)]])
        #expect(found.names == [["code"], ["code_text"], ["code_date"], ["code_text"]])
        #expect(found.fields.map(\.type) == [.integer, .text, .date])
    }

    @Test func `of whole numbers go among numbers, whichever comes first`() {
        for types in [[FieldType.integer, .real], [.real, .integer]] {
            let found = names(types.map { [Field("levels", $0)] })
            #expect(found.names == [["levels"], ["levels"]])
            #expect(found.fields.map(\.type) == [.real])
        }
    }

    @Test func `with one name in one file are several`() {
        let found = names([[Field("name", .text), Field("NAME", .text), Field("name", .integer)]])
        #expect(found.names == [["name", "name_2", "name_3"]])
    }

    @Test func `have names that the store does not keep for itself, of bounded length`() {
        let long = String(repeating: "a", count: 200)
        let found = names([[Field("fid", .integer), Field("miaopu_row", .integer), Field(long, .text), Field(long, .text)]])
        let all = found.names.flatMap { $0 }
        #expect(Set(all).count == 4)
        #expect(all.allSatisfy { $0.utf8.count <= 64 && !$0.hasPrefix("miaopu_") && $0 != "fid" })
    }
}
