// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Testing

@Suite struct GeoJSONTests {
    @Test(arguments: samples.filter { !$0.contains("(EMPTY") && !$0.contains(",EMPTY") })
    func `geometry is written and read again`(wkt: String) throws {
        let geometry = try Geometry(wkt: wkt)
        var text = ""
        GeoJSON.append(geometry, to: &text)
        #expect(try GeoJSON.read(text).features.map(\.geometry) == [geometry])
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }

    @Test func `a feature is written with sorted properties`() {
        let feature = Feature(
            id: 7, geometry: .point(Point(x: 121.38170000000001, y: 31.5)),
            properties: [
                "楼": .text("5号\"<b>\n"), "area": .real(12.5), "count": .integer(-3), "ok": .boolean(true), "no": .null,
                "nan": .real(.nan),
            ])
        var text = ""
        GeoJSON.append(feature, to: &text, decimals: 7)
        #expect(
            text == #"{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[121.3817,31.5]},"#
                + #""properties":{"area":12.5,"count":-3,"nan":null,"no":null,"ok":true,"楼":"5号\"\u003cb>\n"}}"#)
    }

    @Test func `a collection comes back whole`() throws {
        let features = [
            Feature(id: 5, geometry: nil, properties: ["name": .text("é\u{1F333}\u{0001}")]),
            Feature(id: 9_007_199_254_740_991, geometry: try Geometry(wkt: samples[5]), properties: ["v": .real(0.1)]),
        ]
        #expect(try GeoJSON.read(GeoJSON.text(of: features)).features == features)
        #expect(try GeoJSON.read(GeoJSON.text(of: [])).features == [])
    }

    @Test func `what other programs write is read`() throws {
        let text = """
            \u{FEFF}{"type": "FeatureCollection", "name": "towns",
              "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
              "features": [
                {"type": "Feature", "properties": null, "geometry": {"type": "Point", "coordinates": [1, 2.5e0, 9]}},
                {"id": "12", "type": "Feature", "properties": {"a": [1, {"b": null}], "c": 1e2, "d": 12345678901234567890},
                 "geometry": null},
                {"id": "x", "type": "Feature", "geometry": null}
              ]}
            """
        let document = try GeoJSON.read(text)
        #expect(document.crs == "urn:ogc:def:crs:EPSG::4490")
        #expect(document.hadZ)
        #expect(document.features.map(\.id) == [1, 12, 3])
        #expect(document.features[0].geometry == .point(Point(x: 1, y: 2.5)))
        #expect(
            document.features[1].properties
                == ["a": .text("[1,{\"b\":null}]"), "c": .real(100), "d": .real(12_345_678_901_234_567_168)])
    }

    @Test(arguments: [
        ("", SimpleFeaturesError.Kind.truncated), ("{", .truncated), ("{}", .unsupportedType), ("[1,]", .malformed),
        ("{\"type\":\"Point\",\"coordinates\":[1]}", .malformed), ("{\"type\":\"Point\"}", .malformed),
        ("{\"type\":\"Point\",\"coordinates\":[1,\"2\"]}", .malformed),
        ("{\"type\":\"Point\",\"coordinates\":[1,2]} x", .trailing),
        ("{\"type\":\"Point\",\"coordinates\":[1,1e999]}", .notFinite),
        ("{\"type\":\"Point\",\"coordinates\":[NaN,1]}", .malformed), ("{\"a\":01}", .malformed),
        ("\"\\x\"", .malformed),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1]]]}", .ringNotClosed),
        ("{\"type\":\"LineString\",\"coordinates\":[[0,0]]}", .tooFewPositions),
        ("{\"type\":\"FeatureCollection\"}", .malformed),
    ])
    func `faults are told apart`(text: String, kind: SimpleFeaturesError.Kind) {
        let error = #expect(throws: SimpleFeaturesError.self) { try GeoJSON.read(text) }
        #expect(error?.kind == kind)
    }

    @Test func `a fault names its feature`() {
        let text = """
            {"type":"FeatureCollection","features":[{"type":"Feature","geometry":null},
             {"type":"Feature","geometry":{"type":"LineString","coordinates":[[0,0]]}}]}
            """
        let error = #expect(throws: SimpleFeaturesError.self) { try GeoJSON.read(text) }
        #expect(error?.description == "GeoJSON: feature 2: a line of one position; two are the fewest.")
    }

    @Test func `nesting and size are limited`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: SimpleFeaturesError.self) { try GeoJSON.read(deep) }
        let error = #expect(throws: SimpleFeaturesError.self) { try GeoJSON.read(deep) }
        #expect(error?.kind == .limitExceeded)
        let large = #expect(throws: SimpleFeaturesError.self) { try GeoJSON.read("[1, 2, 3]", maxBytes: 8) }
        #expect(large?.kind == .limitExceeded)
    }

    @Test func `texts that are not UTF-8 are refused`() {
        #expect(throws: SimpleFeaturesError.self) {
            try GeoJSON.read(Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8))
        }
    }

    @Test func `escapes stand for their characters`() throws {
        let text = #"{"type":"Feature","geometry":null,"properties":{"a":"\u00e9\ud83c\udf33\ud800x\/\b\f\n\r\t\""}}"#
        #expect(try GeoJSON.read(text).features[0].properties["a"] == .text("é🌳\u{FFFD}x/\u{8}\u{C}\n\r\t\""))
    }
}

@Suite struct GeometryTraversalTests {
    @Test(arguments: samples) func `envelope and count agree with the positions`(wkt: String) throws {
        let geometry = try Geometry(wkt: wkt)
        var envelope = Envelope.empty
        var count = 0
        geometry.forEachCoordinates { run in
            count += run.count
            for coordinate in run { envelope.expand(toContain: coordinate) }
        }
        #expect(geometry.envelope == envelope)
        #expect(geometry.coordinateCount == count)
        #expect(geometry.isEmpty == (count == 0))
        #expect(geometry.mapCoordinates { $0 } == geometry)
    }
}
