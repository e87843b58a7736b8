// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import MapStyles

@Suite struct JSONParserTests {
    private func parse(_ text: String, limits: StyleLimits = .default) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8), limits: limits)
    }

    @Test func `Values keep their order and the line they stand on`() throws {
        let json = try parse("{\n \"b\": 1,\n \"a\": [true,\n  null, \"x\\n\\u00e9\\ud83d\\ude00\"]\n}")
        #expect(json.object?.map(\.key) == ["b", "a"])
        #expect(json["a"]?.line == 3)
        #expect(json["a"]?.array?[1].line == 4)
        #expect(json["a"]?.array?[2].string == "x\né😀")
    }

    @Test func `The last of two equal keys holds`() throws {
        let json = try parse(#"{"a": 1, "b": 2, "a": 3}"#)
        #expect(json["a"]?.number == 3)
        #expect(json.object?.count == 2)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":}", "{'a':1}", "01", "1.", "+1", "nul", "\"\u{01}\"", "\"\\x\"", "\"\\u12\"",
        "\"\\u-000\"", "[1] 2", "1e400", "--1", "\"abc",
    ])
    func `What is not JSON is refused`(text: String) {
        #expect(throws: JSONFault.self) { try parse(text) }
    }

    @Test func `Nesting beyond the limit is refused in one sentence`() throws {
        let limit = StyleLimits.default.maxDepth
        _ = try parse(String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
        let fault = #expect(throws: JSONFault.self) { try parse(String(repeating: "[", count: 100_000)) }
        #expect(fault?.reason == "values are nested deeper than 64 levels, the most that is accepted")
    }

    @Test func `A document beyond the limit is refused`() {
        let limits = StyleLimits(maxBytes: 10, maxDepth: 64, maxLayers: 1)
        let fault = #expect(throws: JSONFault.self) { try parse("[1,2,3,4,5,6]", limits: limits) }
        #expect(fault?.reason == "the document has 13 bytes; at most 10 are accepted")
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1e20, "100000000000000000000"),
        (1e21, "1e+21"), (1.5e300, "1.5e+300"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.25e-10, "1.25e-10"),
        (123_456.789, "123456.789"), (1e15, "1000000000000000"),
        (.leastNonzeroMagnitude, "5e-324"), (1234567890123456.5, "1234567890123456.5"),
        (.infinity, "Infinity"), (-.infinity, "-Infinity"),
    ])
    func `Numbers are written as browsers write them`(number: Double, text: String) {
        #expect(number.javaScriptText == text)
    }

    @Test func `A written value reads back`() throws {
        let text = #"{"a":[1,-2.5,true,null,"q\"\\\n"],"b":{}}"#
        #expect(try parse(text).text == text)
    }

    @Test(.enabled(if: StyleSuite.folder != nil))
    func `The JSON test suite's texts are accepted and refused as it says`() throws {
        let folder = try #require(StyleSuite.folder).deletingLastPathComponent()
            .appendingPathComponent("json-test-suite/test_parsing")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(!files.isEmpty)
        for file in files where file.hasPrefix("y_") || file.hasPrefix("n_") {
            let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
            let isAccepted = (try? JSONParser.parse(bytes, limits: .default)) != nil
            #expect(isAccepted == file.hasPrefix("y_"), "\(file)")
        }
    }
}
