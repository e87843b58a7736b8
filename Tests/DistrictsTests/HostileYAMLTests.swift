// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@Suite struct HostileYAMLTests {
    @Test(
        arguments: [
            "", "   ", "# nothing", "[]", "a", "name: [", "name: \"", "\t", "name: a\n\tb: c", "- - - -", "{{{{",
            "? ? ?",
            "%YAML 9.9\n---\nname: a", "name: a\n---\nname: b", "!!binary x", "name: !!python/object:os.system x",
            "\u{FEFF}",
            "name: \u{0}", "name: a\nname: b", "*a", "&a", "name: *a", "[a, b]: c", "? {a: b}\n: c", "... ", "--- ---",
            "name: \"\\uD800\"", "name: |\n  a\n b", "grid: {crs: {crs: {crs: a}}}", "sources: {a: b}",
            "sources: [a, [b], 1]",
            "towns: [~, null, {}, {code: }]", "plugins: [flood]", "plugins: {Flood: 1}", "limits: {features: 1e9}",
        ])
    func `a broken file is refused with a sentence`(text: String) throws {
        let found = try mistakes(in: text)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { !$0.sentence.isEmpty && !$0.sentence.contains("\n") }, "\(found)")
    }

    @Test func `an alias bomb is refused before it is read`() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for n in 1...40 {
            text += "a\(n): &a\(n) [\(Array(repeating: "*a\(n - 1)", count: 10).joined(separator: ","))]\n"
        }
        text += "? *a40\n: 1\n"
        let found = try mistakes(in: text)
        #expect(found.first?.sentence.contains("aliases") == true)
        #expect(found.first?.line == 2)
    }

    @Test(arguments: ["- &a {b: \"x # \", c: *a}", "k: 'it''s' \n&b c: {\"d\":*b}", "x: y\u{2028}&a b: [*a]"])
    func `an alias is found wherever YAML allows one`(text: String) throws {
        let found = try mistakes(in: text)
        #expect(found.first?.sentence.contains("aliases") == true, "\(found)")
    }

    @Test func `ampersands and stars alone are text`() throws {
        let district = try load("name: R&D &Co **\ngrid: { crs: \"EPSG:4549\" } # a * b\n")
        #expect(district.name == "R&D &Co **")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `deep nesting is refused`(opening: String) throws {
        #expect(try !mistakes(in: "name: " + String(repeating: opening, count: 100_000)).isEmpty)
        #expect(try !mistakes(in: String(repeating: opening, count: 100_000)).isEmpty)
    }

    @Test func `a file above 4 MB is refused by its size`() throws {
        let found = try mistakes(in: "# " + String(repeating: "x", count: 5 << 20))
        #expect(found.first?.sentence.contains("larger than 4 MB") == true)
    }

    @Test func `text that is not UTF-8 is refused`() throws {
        let folder = try TemporaryFolder()
        try Data([0x6E, 0x61, 0x6D, 0x65, 0x3A, 0x20, 0xC3, 0xB7]).write(
            to: folder.url.appendingPathComponent("district.yaml"))
        let gbk = Data("name: ".utf8) + Data([0xC3, 0xF6, 0xD0, 0xD0])
        try gbk.write(to: folder.url.appendingPathComponent("district.yaml"))
        let error = #expect(throws: DistrictsError.self) {
            try District.load(from: folder.url, installed: shippedLayers)
        }
        #expect(error?.description.contains("UTF-8") == true)
    }

    @Test func `a thousand mistakes are a short report`() throws {
        let sources = (0..<5000).map { "  - { id: A\($0), layer: x, path: /y }\n" }.joined()
        let found = try mistakes(in: "name: A\ngrid: { crs: \"EPSG:4549\" }\nsources:\n" + sources)
        #expect(found.count == 201)
        #expect(found.last?.sentence.hasPrefix("and 14800 more") == true, "\(found.last?.sentence ?? "")")
    }

    @Test(arguments: 0..<200)
    func `random damage never traps`(seed: UInt64) throws {
        let text = """
            name: 闵行区
            grid: { crs: "EPSG:4549", precision: 0.001 }
            towns: [{ code: "310112108", name: 梅陇镇 }]
            sources:
              - { id: a, town: "310112108", layer: buildings, path: a.shp, crs: GCJ-02, fields: { name: 名称 } }
            """
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        var scalars = Array(text.unicodeScalars)
        let noise = Array("{}[]:,-?&*!|>'\"%@`#\n\t ~aé名".unicodeScalars)
        for _ in 0..<(1 + next(6)) { scalars[next(scalars.count)] = noise[next(noise.count)] }
        var damaged = String.UnicodeScalarView()
        damaged.append(contentsOf: scalars)
        _ = try mistakes(in: String(damaged))
    }
}
