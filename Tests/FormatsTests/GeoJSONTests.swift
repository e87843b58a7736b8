// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("GeoJSON is read to the last byte, or not at all")
struct GeoJSONTests {
    private static func collection(_ features: [String], crs: String = "") -> String {
        "{\"type\":\"FeatureCollection\",\(crs)\"features\":[\(features.joined(separator: ","))]}"
    }

    private static func point(_ coordinates: String, _ properties: String = "{}") -> String {
        "{\"type\":\"Feature\",\"properties\":\(properties),\"geometry\":{\"type\":\"Point\",\"coordinates\":\(coordinates)}}"
    }

    private func read(_ text: String, _ name: String = "a.geojson") throws -> Reading {
        let folder = try TemporaryFolder()
        return try Reading(folder.write(text, to: name))
    }

    @Test("Cut off anywhere it is refused with line and column")
    func truncated() throws {
        let text = Self.collection((0..<30).map { Self.point("[121.\($0),31]", "{\"名称\":\"楼\($0)\"}") })
        var generator = SeededGenerator(seed: 20_260_630)
        let whole = Array(text.utf8)
        for _ in 0..<(isLong ? 1000 : 60) {
            let place = Int.random(in: 1..<whole.count, using: &generator)
            let folder = try TemporaryFolder()
            let url = try folder.write(Array(whole[..<place]), to: "a.geojson")
            let error = try #require(throws: FormatsError.self, "cut at \(place)") { try Reading(url) }
            #expect(error.description.contains("line 1, column"), "\(error)")
        }
    }

    @Test("The line and the column are where the text ends")
    func place() throws {
        let text = Self.collection([Self.point("[121,31]"), Self.point("[122,31]")])
            .replacing("{\"type\":\"Feature\"", with: "\n  {\"type\":\"Feature\"")
        for cut in [1, 30, 52, 80, 120] {
            let part = text.prefix(text.count - cut)
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
            let error = try #require(throws: FormatsError.self) { try read(String(part)) }
            let column = (lines.last?.count ?? 0) + 1
            #expect(error.description.contains("line \(lines.count), column \(column)"), "\(error)")
        }
    }

    @Test("Broken coordinates leave no mark on the extent", .enabled(if: executable != nil))
    func extent() throws {
        let broken = ["[1e400,31]", "[NaN,NaN]", "[-Infinity,0]", "[1e308]", "[]", "null", "[\"999\",0]"]
        let features = [Self.point("[121,31]")] + broken.map { Self.point($0) } + [Self.point("[122,32]")]
        let folder = try TemporaryFolder()
        let layer = try #require(try inspect(folder.write(Self.collection(features), to: "a.geojson")).layers.first)
        #expect(layer.extent == Envelope(minX: 121, minY: 31, maxX: 122, maxY: 32))
        #expect(layer.balance?.rejected == broken.count)
    }

    @Test(
        "A broken coordinate rejects its feature and no other",
        arguments: [
            ("[NaN, 31]", "not-finite"), ("[121, Infinity]", "not-finite"), ("[-Infinity, 31]", "not-finite"),
            ("[1e400, 31]", "not-finite"), ("[null, 31]", "broken-coordinate"),
            ("[\"121\", \"31\"]", "broken-coordinate"),
            ("[121]", "broken-coordinate"), ("[]", "broken-coordinate"), ("[true, false]", "broken-coordinate"),
            ("[1,2,3,4,5,6]", "broken-coordinate"), ("[[121,31]]", "broken-coordinate"), ("null", "broken-coordinate"),
            ("{\"x\":1}", "broken-coordinate"), ("121", "broken-coordinate"),
        ])
    func brokenCoordinate(coordinates: String, name: String) throws {
        let reading = try read(
            Self.collection([Self.point("[121,31]"), Self.point(coordinates), Self.point("[122,32]")]))
        #expect(reading.balance.read == 2 && reading.balance.faults == [name: 1])
        #expect(reading.features[1].fault != nil && reading.features.map(\.row) == [1, 2, 3])
    }

    @Test("A coordinate of a thousand numbers is rejected")
    func thousandDimensions() throws {
        let numbers = (0..<1000).map(String.init).joined(separator: ",")
        #expect(try read(Self.collection([Self.point("[\(numbers)]")])).balance.rejected == 1)
    }

    @Test("Heights are dropped and told")
    func heights() throws {
        let reading = try read(Self.collection([Self.point("[121,31,4.5]")]))
        #expect(reading.features[0].hadZ && reading.features[0].geometry == .point(Point(x: 121, y: 31)))
    }

    @Test(
        "What is no feature, or has no such geometry, is rejected",
        arguments: [
            "null", "7", "[]", "{}", "{\"type\":\"Point\",\"coordinates\":[1,2]}",
            "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Circle\",\"coordinates\":[1,2]}}",
            "{\"type\":\"Feature\",\"properties\":{},\"geometry\":[]}",
            "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\"}}",
            "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[1,2]]}}",
            "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4]]]}}",
        ])
    func noFeature(text: String) throws {
        let reading = try read(Self.collection([text, Self.point("[121,31]")]))
        #expect(reading.balance.read == 1 && reading.balance.rejected == 1, "\(reading.features)")
    }

    /// A collection whose text is nested that deep, in a geometry and in a property.
    private static func nested(_ depth: Int) -> [String] {
        // Four levels are the collection's, its list's, the feature's and the
        // geometry's or the properties'.
        let value = String(repeating: "[", count: depth - 4) + "1" + String(repeating: "]", count: depth - 4)
        return [collection([point(value)]), collection([point("[121,31]", "{\"a\":\(value)}")])]
    }

    @Test("Up to 64 levels are read", arguments: [31, 64])
    func nesting(depth: Int) throws {
        let texts = Self.nested(depth)
        #expect(try read(texts[0]).balance.faults == ["broken-coordinate": 1])
        let value = String(repeating: "[", count: depth - 4) + "1" + String(repeating: "]", count: depth - 4)
        #expect(try read(texts[1]).column("a") == [.text(value)])
    }

    @Test("Beyond 64 levels the text is refused", arguments: [65, 1000, 100_000])
    func deepNesting(depth: Int) throws {
        for text in Self.nested(depth) {
            let error = try #require(throws: FormatsError.self) { try read(text) }
            #expect(error.kind == .tooLarge && error.description.contains("more than 64 levels"), "\(error)")
        }
    }

    @Test("The same in half a megabyte of stack")
    func smallStack() async throws {
        let folder = try TemporaryFolder()
        // Each collection of geometries is two levels.
        let collections = 29
        let geometry =
            String(repeating: #"{"type":"GeometryCollection","geometries":["#, count: collections)
            + #"{"type":"Point","coordinates":[121,31]}"# + String(repeating: "]}", count: collections)
        let deepest =
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":\#(geometry)}]}"#
        let urls = try (Self.nested(100_000) + Self.nested(64) + [deepest]).enumerated().map {
            try folder.write($0.element, to: "\($0.offset).geojson")
        }
        let balances: [ReadBalance?] = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: urls.map { try? Reading($0).balance }) }
            thread.stackSize = 512 << 10
            thread.start()
        }
        #expect(balances.map { $0?.read } == [nil, nil, 0, 1, 1])
        #expect(balances.map { $0?.rejected } == [nil, nil, 1, 0, 0])
    }

    @Test("Fields get the type that holds all their values")
    func types() throws {
        let reading = try read(
            Self.collection([
                Self.point("[1,2]", #"{"i":1,"r":1,"t":1,"b":true,"n":null,"o":{"a":[1, 2]},"big":9007199254740993}"#),
                Self.point(
                    "[1,2]",
                    #"{"i":-7,"r":2.5,"t":"x","b":false,"n":null,"o":null,"big":1,"extra":"é\u4e2d\ud83d\ude00\n"}"#),
            ]))
        let types = Dictionary(uniqueKeysWithValues: reading.layer.schema.fields.map { ($0.name, $0.type) })
        #expect(
            types == [
                "i": .integer, "r": .real, "t": .text, "b": .boolean, "n": .text, "o": .text, "big": .integer,
                "extra": .text,
            ])
        #expect(reading.column("big").first == .integer(9_007_199_254_740_993))
        #expect(reading.column("t") == [.text("1"), .text("x")])
        #expect(reading.column("o").first == .text("{\"a\":[1, 2]}"))
        #expect(reading.column("extra") == [.null, .text("é中😀\n")])
        #expect(reading.column("r") == [.real(1), .real(2.5)])
    }

    @Test("The features' own ids become a field")
    func ids() throws {
        let reading = try read(
            #"{"type":"FeatureCollection","features":[{"type":"Feature","id":"way/7","properties":null,"geometry":null}]}"#
        )
        #expect(reading.column("id") == [.text("way/7")])
        #expect(reading.features[0].geometry == nil && reading.balance.read == 1)
    }

    @Test("More properties than fields are allowed: the most used are kept, and it is said")
    func manyProperties() throws {
        let features = (0..<300).map { Self.point("[1,2]", "{\"common\":1,\"p\($0)\":1}") }
        let reading = try read(Self.collection(features))
        #expect(reading.layer.schema.fields.count == 256)
        #expect(reading.layer.notes.contains { $0.contains("301 different properties") && $0.contains("45 values") })
        #expect(reading.column("common").count == 300)
    }

    @Test(
        "The old crs member counts",
        arguments: [
            (#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}"#, "EPSG:4490"),
            (#"{"type":"name","properties":{"name":"EPSG:4549"}}"#, "EPSG:4549"),
            (#"{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}"#, "OGC:CRS84"),
            (#"{"type":"EPSG","properties":{"code":4326}}"#, "EPSG:4326"),
            (#"{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/4527"}}"#, "EPSG:4527"),
            (#"{"type":"link","properties":{"href":"http://127.0.0.1:9/crs"}}"#, ""), ("null", ""),
        ])
    func oldCRS(member: String, code: String) throws {
        let reading = try read(Self.collection([Self.point("[1,2]")], crs: "\"crs\":\(member),"))
        #expect(reading.layer.crs?.authorityCode ?? "" == code)
        #expect(reading.layer.crs?.isImpliedByFormat ?? false == false)
        #expect(code.isEmpty == reading.layer.notes.contains { $0.contains("reference system") })
    }

    @Test("Without one it is CRS84, because the format says so")
    func impliedCRS() throws {
        #expect(try read(Self.collection([Self.point("[1,2]")])).layer.crs == .impliedCRS84)
    }

    @Test("A ring that is open is closed, and one without area dropped, with a note each")
    func rings() throws {
        let reading = try read(
            #"{"type":"Polygon","coordinates":[[[0,0],[0,9],[9,9],[9,0]],[[1,1],[2,2],[1,1]],[[3,3],[3,4],[4,4],[3,3]]]}"#
        )
        guard case .polygon(let polygon)? = reading.features[0].geometry else {
            Issue.record("no polygon")
            return
        }
        #expect(polygon.exteriorRing.coordinates.count == 5 && polygon.interiorRings.count == 1)
        #expect(reading.features[0].notes.map(\.name) == ["ring-closed", "ring-dropped"])
    }

    @Test("A sequence loses only its broken lines", arguments: ["\n", "\r\n", "\n\n"])
    func sequence(separator: String) throws {
        let lines = [
            Self.point("[1,2]"), "{\"type\":\"Feature\",", Self.point("[3,4]"), "nonsense", Self.point("[5,6]"),
        ]
        let reading = try read(lines.joined(separator: separator) + separator, "a.geojsonl")
        #expect(reading.balance.read == 3 && reading.balance.faults == ["broken-json": 2])
        #expect(reading.features[1].fault?.sentence.contains("line") == true)
    }

    @Test("Records after separators may have line breaks in them")
    func separators() throws {
        let record = "\u{1E}{\"type\":\"Feature\",\n\"properties\":{},\n\"geometry\":null}\n"
        #expect(try read(record + record, "a.geojsons").balance.read == 2)
    }

    @Test(
        "JSON that is no GeoJSON is refused with what it is",
        arguments: [
            ("{\"type\":\"Topology\",\"objects\":{}}", "TopoJSON"), ("{\"a\":1}", "no type"),
            ("[1,2]", "outermost value"),
            ("{\"type\":\"FeatureCollection\"}", "no features"), ("<OGRVRTDataSource/>", "outermost value"),
            ("", "empty"),
        ])
    func otherJSON(text: String, word: String) throws {
        let error = try #require(throws: FormatsError.self) { try read(text) }
        #expect(error.description.contains(word), "\(error)")
    }

    @Test("Numbers are read as the nearest double", arguments: [0, 1, 2])
    func numbers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 0...17, using: &generator)
            let value = Double.random(in: -180...180, using: &generator)
            let text = Bool.random(using: &generator) ? String(format: "%.\(digits)f", value) : String(value)
            var bytes = Array(text.utf8)
            let parsed = bytes.withUnsafeMutableBytes { buffer -> Double in
                var cursor = JSONCursor(UnsafeRawBufferPointer(buffer), maxDepth: 1)
                return (try? cursor.number())?.double ?? .nan
            }
            #expect(parsed == Double(text), "seed \(seed): \(text)")
        }
    }
}
