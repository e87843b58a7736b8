// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import SimpleFeatures
import Testing

@Suite struct `The style of a proposed layer` {
    private func layers(_ document: LayerDocument) throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(document.style.utf8)) as? [[String: Any]])
    }

    private func order(_ document: LayerDocument) throws -> Int {
        let line = try #require(document.text.split(separator: "\n").first { $0.hasPrefix("order: ") })
        return try #require(Int(line.dropFirst("order: ".count)))
    }

    @Test func `puts areas under lines under points`() throws {
        let all = LayerDocument(id: "all", title: "all", geometryType: .geometry)
        #expect(try layers(all).map { $0["type"] as? String } == ["fill", "line", "circle"])
        let orders = try [GeometryType.multiPolygon, .multiLineString, .point].map {
            try order(LayerDocument(id: "some", title: "some", geometryType: $0))
        }
        #expect(orders == orders.sorted() && Set(orders).count == 3)
    }

    @Test func `fills no lines, and gives no vertex a circle`() throws {
        let layers = try layers(LayerDocument(id: "all", title: "all", geometryType: .geometry))
        let filters = layers.map { ($0["filter"] as? [Any])?.last as? String }
        #expect(filters == ["Polygon", nil, "Point"])
    }

    @Test(arguments: [GeometryType.multiPolygon, .geometry])
    func `fills nothing that covers others`(type: GeometryType) throws {
        var document = LayerDocument(id: "outlines", title: "outlines", geometryType: type)
        document.isFilled = false
        #expect(try layers(document).allSatisfy { $0["type"] as? String != "fill" })
    }

    @Test func `is the same each time, and another for a neighbour`() throws {
        var one = LayerDocument(id: "one", title: "one", geometryType: .multiLineString)
        #expect(one.style == one.style)
        one.tint = 0
        var two = one
        two.tint = 1
        #expect(one.style != two.style)
        two.tint = 8
        #expect(one.style == two.style)
    }
}
