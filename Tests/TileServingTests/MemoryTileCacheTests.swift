// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import NIOCore
import Testing
import TileMatrixSets

@testable import TileServing

@Suite struct MemoryTileCacheTests {
    private func key(_ number: Int, version: String = "1") throws -> TileKey {
        guard case .tile(let route) = try Route(parsing: "/tiles/a/20/\(number)/0.png") else {
            throw TileServingError(.failed, "no tile")
        }
        return TileKey(route: route, version: version)
    }

    private func tile(_ size: Int, lifetime: Duration? = nil) -> ServedTile {
        ServedTile(
            bytes: Array(repeating: 7, count: size), record: TileRecord(wanted: ["a"]), lifetime: lifetime,
            isCompressed: false)
    }

    @Test func `What was stored comes back under its own version only`() throws {
        let cache = MemoryTileCache(byteCeiling: 1 << 20)
        cache.store(tile(10), for: try key(1))
        #expect(cache.tile(for: try key(1))?.body.readableBytes == 10)
        #expect(cache.tile(for: try key(1, version: "2")) == nil)
        #expect(cache.tile(for: try key(2)) == nil)
    }

    @Test func `The least recently used tile goes first`() throws {
        let one = tile(1000)
        let cache = MemoryTileCache(byteCeiling: one.cost * 3, shards: 1)
        for number in 0..<3 { cache.store(one, for: try key(number)) }
        _ = cache.tile(for: try key(0))
        cache.store(one, for: try key(3))
        #expect(cache.tile(for: try key(1)) == nil)
        for number in [0, 2, 3] { #expect(cache.tile(for: try key(number)) != nil) }
    }

    @Test func `A tile that is larger than the cache is not kept and spoils nothing`() throws {
        let cache = MemoryTileCache(byteCeiling: 4096, shards: 1)
        cache.store(tile(10), for: try key(0))
        cache.store(tile(100_000), for: try key(1))
        #expect(cache.tile(for: try key(0)) != nil)
        #expect(cache.tile(for: try key(1)) == nil)
    }

    @Test func `A tile whose life is over is gone`() throws {
        let cache = MemoryTileCache(byteCeiling: 1 << 20)
        cache.store(tile(10, lifetime: .zero), for: try key(0))
        #expect(cache.tile(for: try key(0)) == nil)
    }

    @Test func `Any order of stores and looks keeps bytes and links in step`() throws {
        var random = SeededNumbers(seed: 20_260_701)
        let cache = MemoryTileCache(byteCeiling: 20_000, shards: 1)
        for _ in 0..<5000 {
            let key = try key(Int(random.next() % 64))
            if random.next() % 3 == 0 {
                cache.store(tile(Int(random.next() % 3000)), for: key)
            } else {
                _ = cache.tile(for: key)
            }
        }
        cache.removeAll()
        #expect(cache.tile(for: try key(0)) == nil)
    }
}

/// SplitMix64.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
        print("seed \(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
