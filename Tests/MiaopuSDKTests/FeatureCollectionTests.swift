// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MiaopuSDK
import Testing

private struct Name: Decodable, Sendable {
    var name: String
}

private func read(_ geometry: String, properties: String = "{\"name\":\"a\"}") throws -> Geometry {
    let text =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":\(geometry),"
        + "\"properties\":\(properties)}]}"
    let request = Request(method: "POST", path: "/import", body: Array(text.utf8))
    let collection = try request.json(as: FeatureCollection<Name>.self)
    return try #require(collection.features.first).geometry
}

@Suite struct FeatureCollectionTests {
    @Test func geometriesAreReadWithTheirHeightsDropped() throws {
        #expect(
            try read("{\"type\":\"Point\",\"coordinates\":[121.5,31.25,4]}")
                == .point(Point(x: 121.5, y: 31.25)))
        let polygon = try read("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}")
        #expect(polygon.type == .polygon)
        #expect(polygon.coordinateCount == 4)
        #expect(
            try read("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]]]}").type == .multiPolygon)
        #expect(try read("{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]}").type == .lineString)
    }

    @Test(arguments: [
        ("{\"type\":\"Point\",\"coordinates\":[634000,3440000]}", "no longitude and latitude"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1]]]}", "four positions"),
        ("{\"type\":\"LineString\",\"coordinates\":[[0,0]]}", "two positions"),
        ("{\"type\":\"Circle\",\"coordinates\":[]}", "Circle is not accepted"),
        ("{\"type\":\"Point\"}", "features[0].geometry.coordinates is missing"),
        ("null", "features[0].geometry"),
    ])
    func aBadGeometryIsNamedWithItsPlace(_ geometry: String, _ part: String) {
        let error = #expect(throws: PluginError.self) { try read(geometry) }
        #expect(error?.kind == .invalid)
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test func aMissingPropertyIsNamedWithItsPlace() {
        let error = #expect(throws: PluginError.self) {
            try read("{\"type\":\"Point\",\"coordinates\":[0,0]}", properties: "{}")
        }
        #expect(error?.description == "features[0].properties.name is missing.")
    }
}
