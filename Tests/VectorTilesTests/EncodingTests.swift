// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import VectorTiles

@Suite struct EncodingTests {
    @Test func `The examples of the specification have its numbers`() {
        var encoder = TileGeometryEncoder()
        encoder.begin(.points)
        points([(25, 17)]).withUnsafeBufferPointer { encoder.addPoints($0) }
        #expect(encoder.commands == [9, 50, 34])
        encoder.begin(.points)
        points([(5, 7), (3, 2)]).withUnsafeBufferPointer { encoder.addPoints($0) }
        #expect(encoder.commands == [17, 10, 14, 3, 9])
        encoder.begin(.lines)
        encoder.line([(2, 2), (2, 10), (10, 10)])
        #expect(encoder.commands == [9, 4, 4, 18, 0, 16, 16, 0])
        encoder.begin(.lines)
        encoder.line([(2, 2), (2, 10), (10, 10)])
        encoder.line([(1, 1), (3, 5)])
        #expect(encoder.commands == [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8])
        encoder.begin(.polygons)
        encoder.ring([(3, 6), (8, 12), (20, 34)])
        #expect(encoder.commands == [9, 6, 12, 18, 10, 12, 24, 44, 15])
        encoder.begin(.polygons)
        encoder.ring([(0, 0), (10, 0), (10, 10), (0, 10)])
        encoder.ring([(11, 11), (20, 11), (20, 20), (11, 20)])
        encoder.ring([(13, 13), (13, 17), (17, 17), (17, 13)], isExterior: false)
        #expect(
            encoder.commands == [
                9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8, 8, 0,
                0, 7, 15,
            ])
    }

    @Test func `Rings are turned as their role asks, whichever way they come`() throws {
        for isReversed in [false, true] {
            var outer: [(Int32, Int32)] = [(0, 0), (100, 0), (100, 100), (0, 100)]
            var inner: [(Int32, Int32)] = [(20, 20), (40, 20), (40, 40), (20, 40)]
            if isReversed {
                outer.reverse()
                inner.reverse()
            }
            var encoder = TileGeometryEncoder()
            encoder.begin(.polygons)
            encoder.ring(outer)
            encoder.ring(inner, isExterior: false)
            guard case .polygons(let rings)? = try encoder.readBack() else {
                Issue.record("no polygon")
                return
            }
            #expect(rings.map(TileGeometryEncoder.twiceArea) == [20_000, -800])
        }
    }

    @Test func `Rings without area are left out, and their holes with them`() throws {
        var encoder = TileGeometryEncoder()
        encoder.begin(.polygons)
        encoder.ring([(5, 5), (6, 5), (5, 5), (7, 5)])
        encoder.ring([(5, 5), (5, 6), (6, 6)], isExterior: false)
        #expect(encoder.isEmpty)
        encoder.ring([(0, 0), (0, 0), (9, 0), (20, 0), (9, 0), (9, 9), (0, 9), (0, 0)])
        #expect(try encoder.readBack() == .polygons([points([(0, 0), (9, 0), (9, 9), (0, 9)])]))
    }

    @Test func `Values keep their types, and equal ones are written once`() throws {
        let values: [VectorTileValue] = [
            .string("苗圃"), .float(1.5), .double(-2.25), .int(1), .uint(1), .sint(-1), .bool(true), .int(.max),
            .sint(.min), .uint(.max),
        ]
        var tile = VectorTile()
        tile.layers = [VectorTileLayer(name: "all")]
        for (index, value) in values.enumerated() {
            let properties = ["value": value, "same": .int(4)]
            tile.layers[0].features.append(
                VectorTileFeature(id: UInt64(index), geometry: .points(points([(1, 2)])), properties: properties))
        }
        let bytes = tile.encoded()
        #expect(try VectorTile(bytes) == tile)
        let key = Array("same".utf8)
        #expect(bytes.indices.dropLast(4).filter { bytes[$0..<($0 + 4)].elementsEqual(key) }.count == 1)
    }

    @Test func `Attributes become values of their own type`() {
        #expect(VectorTileValue(.null) == nil)
        #expect(VectorTileValue(.integer(-3)) == .sint(-3))
        for value in [.boolean(true), .integer(7), .integer(-7), .real(0.5), .text("x")] as [AttributeValue] {
            #expect(VectorTileValue(value)?.attributeValue == value)
        }
    }

    @Test func `A layer without features is not written`() {
        var bytes: [UInt8] = []
        VectorTileLayerBuilder(name: "none").write(to: &bytes)
        #expect(bytes == [])
    }
}
