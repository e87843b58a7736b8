// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TileMatrixSets

/// Tiles out of the cache or freshly drawn: one drawing for everybody who asks
/// for the same tile at the same time.
final class TileService: Sendable {
    /// Draws a tile; runs on the drawing pool.
    typealias Draw = @Sendable (TileJob, TileWorker) throws -> ServedTile

    private let cache: any TileCache
    private let flights = FlightBoard<TileKey, ServedTile>()
    private let drawingPool: RenderingPool<TileWorker>
    private let live: LiveFeatures
    private let patience: Duration
    private let liveLifetime: Duration
    private let draw: Draw

    init(options: ServingOptions, plugins: PluginGateway, draw: @escaping Draw = TileWorker.draw) {
        cache = MemoryTileCache(byteCeiling: options.cacheBytes)
        drawingPool = RenderingPool(threads: options.drawingThreads, queueBound: options.drawingQueueBound) {
            TileWorker()
        }
        live = LiveFeatures(plugins: plugins, options: options)
        patience = options.tilePatience
        liveLifetime = options.liveLifetime
        self.draw = draw
    }

    /// The tile of a map.
    ///
    /// - Parameter version: What tiles of the map are cached under now.
    /// - Throws: `TileServingError` of kind `overloaded` when too much is
    ///   waiting or the tile is not ready in time; what drawing throws.
    func tile(
        _ route: TileRoute, of map: DistrictMap, version: String, in catalogue: MapCatalogue
    ) async throws -> ServedTile {
        let key = TileKey(route: route, version: version)
        if let tile = cache.tile(for: key) { return tile }
        return try await flights.value(for: key, patience: patience) { [self] in
            let tile = try await make(key, map, catalogue)
            if tile.record.failed.isEmpty { cache.store(tile, for: key) }
            return tile
        }
    }

    private func make(_ key: TileKey, _ map: DistrictMap, _ catalogue: MapCatalogue) async throws -> ServedTile {
        var job = TileJob(route: key.route, map: map, layers: map.layers.compactMap(catalogue.layer))
        if map.isLive {
            job.lifetime = liveLifetime
            await live.collect(for: &job)
        }
        let ready = job
        return try await drawingPool.run(isWanted: { [flights] in flights.isWanted(key) }) { [draw] worker in
            try draw(ready, worker)
        }
    }

    /// Forgets every tile; those of a replaced catalogue are never asked for again.
    func forget() {
        cache.removeAll()
    }

    /// Begins anew with the plugins that there are.
    func forgetLiveLayers(allBut plugins: Set<String>) {
        live.forget(allBut: plugins)
    }

    func stop() {
        drawingPool.stop()
        live.stop()
    }

    /// One sentence when drawing is stuck; `nil` when all is well. It takes the
    /// same locks that a request for a tile takes.
    var complaint: String? {
        _ = flights.count
        let status = drawingPool.status
        guard status.oldestWait > .seconds(15) else { return nil }
        return "\(status.waiting) tiles are waiting, the oldest for \(status.oldestWait.components.seconds) s."
    }
}

/// All that drawing one tile needs.
struct TileJob: Sendable {
    var route: TileRoute
    var map: DistrictMap
    /// In paint order.
    var layers: [MapLayer]
    /// The features of live layers by layer id, OGC:CRS84.
    var liveFeatures: [String: [Feature]] = [:]
    /// Live layers whose plugin did not answer, each with one sentence.
    var liveFailures: [String: String] = [:]
    var lifetime: Duration?
}
