// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import Merging

@Suite struct `A shared border` {
    static func square(_ x: Double, _ y: Double, _ side: Double) -> Geometry {
        let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
        return .polygon(Polygon(LinearRing(corners.map { Coordinate(x: $0.0, y: $0.1) })))
    }

    @Test func `gets the vertices of both sides`() {
        let left = Self.square(0, 0, 100)
        let lower = Self.square(100, 0, 40)
        let upper = Self.square(100.0004, 40, 60)
        var neighbours = SharedVertices(of: [left, lower, upper], precision: 0.001)
        let shared = neighbours.shared(left)
        var vertices: [Coordinate] = []
        shared.forEachCoordinates { vertices += $0 }
        #expect(vertices.contains(Coordinate(x: 100, y: 40)))
        #expect(vertices.contains(Coordinate(x: 100.0004, y: 40)))
        #expect(vertices.count == 7)
        #expect(neighbours.inserted == 2)
        #expect(neighbours.shared(lower) == lower)
    }

    @Test func `does not take up vertices that only come near`() {
        let left = Self.square(0, 0, 100)
        let near = Self.square(100.01, 10, 40)
        var neighbours = SharedVertices(of: [left, near], precision: 0.001)
        #expect(neighbours.shared(left) == left)
    }

    @Test func `of an area with itself is left alone`() {
        let neck = Geometry.polygon(
            Polygon(
                LinearRing(
                    [(0.0, 0.0), (10, 0), (10, 5), (5, 0.001), (0, 5), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) })))
        var neighbours = SharedVertices(of: [neck], precision: 0.001)
        #expect(neighbours.shared(neck) == neck)
    }
}
