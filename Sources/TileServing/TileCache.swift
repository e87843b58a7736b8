// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a cached tile depends on. Two requests with equal keys get equal
/// bytes: the version changes with the data and with the style.
struct TileKey: Hashable, Sendable {
    var route: TileRoute
    /// The version of the map that the tile belongs to.
    var version: String
}

/// Keeps finished tiles. Calls are short, from any thread.
protocol TileCache: Sendable {
    /// The tile, when it is there and still fresh.
    func tile(for key: TileKey) -> ServedTile?
    /// Keeps a tile; the cache may drop it again at any time.
    func store(_ tile: ServedTile, for key: TileKey)
    func removeAll()
}
