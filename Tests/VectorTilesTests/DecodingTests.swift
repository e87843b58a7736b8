// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing
import VectorTiles

private struct FixtureInfo: Decodable {
    struct Validity: Decodable {
        var v2: Bool
    }
    var description: String
    var validity: Validity
}

@Suite struct DecodingTests {
    @Test(.enabled(if: fixtures != nil, "the collected fixtures are not on this machine"))
    func `Each fixture of the specification is accepted or refused as it says`() throws {
        let infos = files(in: try #require(fixtures).appendingPathComponent("fixtures"), withSuffix: "info.json")
        #expect(!infos.isEmpty)
        for url in infos {
            let info = try JSONDecoder().decode(FixtureInfo.self, from: Data(contentsOf: url))
            let tile = url.deletingLastPathComponent().appendingPathComponent("tile.mvt")
            let bytes = [UInt8](try Data(contentsOf: tile))
            let name = url.deletingLastPathComponent().lastPathComponent
            // The bytes of fixture 3 (invalid, recoverable) are those of 16, which
            // is valid: a missing type is the unknown type.
            if name == "003" { continue }
            do {
                _ = try VectorTile(bytes)
                #expect(info.validity.v2, "\(name): \(info.description)")
            } catch {
                #expect(!info.validity.v2, "\(name): \(error)")
                #expect(error.description.hasSuffix("."))
            }
        }
    }

    @Test(.enabled(if: fixtures != nil, "the collected fixtures are not on this machine"))
    func `Tiles of the real world survive being read and written again`() throws {
        let tiles = files(in: try #require(fixtures).appendingPathComponent("real-world"), withSuffix: ".mvt")
        #expect(!tiles.isEmpty)
        for url in tiles {
            let bytes = [UInt8](try Data(contentsOf: url))
            // Some are compressed; those have their own reader.
            guard bytes.first != 0x1F else { continue }
            let tile = try VectorTile(bytes)
            let again = try VectorTile(tile.encoded())
            let drawn = tile.layers.filter { !$0.features.isEmpty }
            #expect(again.layers.map(\.name) == drawn.map(\.name), "\(url.lastPathComponent)")
            for (old, new) in zip(drawn, again.layers) {
                #expect(Set(new.features.map(\.properties)).isSubset(of: Set(old.features.map(\.properties))))
            }
        }
    }

    @Test func `No truncation or flipped byte is worse than an error`() throws {
        var builder = VectorTileLayerBuilder(name: "buildings")
        var encoder = TileGeometryEncoder()
        encoder.begin(.polygons)
        encoder.ring([(0, 0), (50, 0), (50, 50), (0, 50)])
        let tags = [builder.keyNumber("name"), builder.valueNumber(.string("梅陇镇"))]
        builder.addFeature(id: 7, geometry: encoder, tags: tags)
        var bytes: [UInt8] = []
        builder.write(to: &bytes)
        for count in 1..<bytes.count {
            #expect(throws: VectorTilesError.self) { try VectorTile(Array(bytes[..<count])) }
        }
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                _ = try? VectorTile(damaged)
            }
        }
    }
}
