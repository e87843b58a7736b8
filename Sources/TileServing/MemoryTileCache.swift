// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// Tiles in memory up to a number of bytes. Each of its shards has a lock of
/// its own and forgets what was not used for longest.
final class MemoryTileCache: TileCache {
    private let shards: [Shard]

    /// - Parameter byteCeiling: For all tiles together, keys and headers included.
    init(byteCeiling: Int, shards count: Int = 8) {
        shards = (0..<max(1, count)).map { _ in Shard(ceiling: byteCeiling / max(1, count)) }
    }

    func tile(for key: TileKey) -> ServedTile? {
        shard(of: key).tile(for: key)
    }

    func store(_ tile: ServedTile, for key: TileKey) {
        shard(of: key).store(tile, for: key)
    }

    func removeAll() {
        for shard in shards { shard.removeAll() }
    }

    private func shard(of key: TileKey) -> Shard {
        shards[Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))]
    }
}

/// A doubly linked list in arrays, with the most recently used entry at its head.
private final class Shard: Sendable {
    fileprivate struct Entry {
        var key: TileKey
        var tile: ServedTile
        var expires: ContinuousClock.Instant?
        var previous: Int
        var next: Int
    }

    fileprivate struct State {
        var places: [TileKey: Int] = [:]
        var entries: [Entry?] = []
        var free: [Int] = []
        var head = -1
        var tail = -1
        var bytes = 0
    }

    private let state = Mutex(State())
    private let ceiling: Int

    init(ceiling: Int) {
        self.ceiling = ceiling
    }

    func tile(for key: TileKey) -> ServedTile? {
        state.withLock { state -> ServedTile? in
            guard let place = state.places[key], let entry = state.entries[place] else { return nil }
            if let expires = entry.expires, expires <= .now {
                state.remove(at: place)
                return nil
            }
            state.moveToHead(place)
            return entry.tile
        }
    }

    func store(_ tile: ServedTile, for key: TileKey) {
        guard tile.cost <= ceiling else { return }
        let expires = tile.lifetime.map { ContinuousClock.now + $0 }
        state.withLock { state in
            if let place = state.places[key] { state.remove(at: place) }
            state.insert(Entry(key: key, tile: tile, expires: expires, previous: -1, next: -1))
            while state.bytes > ceiling, state.tail >= 0 { state.remove(at: state.tail) }
        }
    }

    func removeAll() {
        state.withLock { $0 = State() }
    }
}

extension Shard.State {
    fileprivate mutating func insert(_ entry: Shard.Entry) {
        let place: Int
        if let reused = free.popLast() {
            place = reused
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        places[entry.key] = place
        bytes += entry.tile.cost
        link(place)
    }

    fileprivate mutating func remove(at place: Int) {
        guard let entry = entries[place] else { return }
        unlink(entry)
        places[entry.key] = nil
        entries[place] = nil
        free.append(place)
        bytes -= entry.tile.cost
    }

    fileprivate mutating func moveToHead(_ place: Int) {
        guard head != place, let entry = entries[place] else { return }
        unlink(entry)
        link(place)
    }

    private mutating func link(_ place: Int) {
        entries[place]?.previous = -1
        entries[place]?.next = head
        if head >= 0 { entries[head]?.previous = place }
        head = place
        if tail < 0 { tail = place }
    }

    private mutating func unlink(_ entry: Shard.Entry) {
        if entry.previous >= 0 { entries[entry.previous]?.next = entry.next } else { head = entry.next }
        if entry.next >= 0 { entries[entry.next]?.previous = entry.previous } else { tail = entry.previous }
    }
}
