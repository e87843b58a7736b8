// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Logging
import PluginHosting
import Snapshots
import TileMatrixSets

/// A district on the air: its store, snapshots, plugins and styles wired to
/// tiles and HTTP.
public final class DistrictServer: Sendable {
    private let site: MapSite
    private let preparation: CataloguePreparation
    private let host: PluginHost?
    private let wishes: PluginWishes?
    let traffic: Traffic
    private let logger: Logger

    /// Where plugins are, and which ones a district wants as its description is
    /// at the moment.
    public typealias PluginWishes = @Sendable (District) -> PluginHostConfiguration

    /// Loads the plugins and cuts the snapshots that are missing; blocks for as
    /// long as that takes.
    ///
    /// - Parameters:
    ///   - plugins: where plugins are and which ones the district wants; it is
    ///     asked again when the district's description changed. `nil` serves none.
    ///   - progress: called with one line for each thing that takes a while,
    ///     from several threads.
    /// - Throws: `DistrictStoresError` when the district has no usable store,
    ///   `TileServingError` when a file of the installation is unusable.
    public init(
        district: District, plugins: PluginWishes?, options: ServingOptions, logger: Logger,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let shelf = CatalogueShelf()
        let traffic = Traffic()
        let services = DistrictServer.services(shelf, traffic, logger)
        let host = plugins.map { PluginHost($0(district), services: services) }
        for plugin in host?.descriptions ?? [] {
            if case .refused(let reason) = plugin.state { progress("Plugin \(plugin.id): \(reason)") }
        }
        preparation = CataloguePreparation(
            district: district,
            plugins: {
                guard let host else { return CataloguePreparation.Plugins() }
                // The version first: what changes meanwhile is noticed at the next look.
                let version = host.version
                let running = host.descriptions.filter { $0.state == .running }
                return CataloguePreparation.Plugins(
                    layers: running.flatMap(\.layers), ids: Set(running.map(\.id)), version: version)
            }, logger: logger, progress: progress)
        let gateway = host.map { PluginGateway($0) } ?? .none
        let tiles = TileService(options: options, plugins: gateway)
        shelf.catalogue = try preparation.catalogue()
        site = MapSite(
            options: options, web: try WebFiles(folder: options.web), shelf: shelf, tiles: tiles, plugins: gateway,
            logger: logger, store: preparation.storeAccess)
        self.host = host
        self.traffic = traffic
        wishes = plugins
        self.logger = logger
    }

    /// What is served now.
    var catalogue: MapCatalogue? { site.shelf.catalogue }

    /// What could not be put on the map, one sentence each.
    public var problems: [String] { catalogue?.problems ?? [] }

    /// The ids of all maps and layers whose tiles can be asked for, sorted.
    public var maps: [String] { catalogue?.maps.keys.sorted() ?? [] }

    /// Serves until the process is asked to end (SIGINT, SIGTERM) or the calling
    /// task is cancelled. While it runs, a merge is noticed within a second or
    /// so and its result served as a whole.
    ///
    /// - Parameter onReady: called once with the address to open, when it listens.
    /// - Throws: `TileServingError` of kind `addressUnavailable` when the port is
    ///   taken or the host is none of this machine's.
    public func run(onReady: @escaping @Sendable (_ url: String) -> Void) async throws {
        let watch = DistrictWatch(
            site: site, preparation: preparation, host: host, configuration: wishes, logger: logger)
        let server = TileServer(site: site, traffic: traffic, logger: logger)
        defer { stop() }
        try await server.run(services: [watch], onReady: onReady)
    }

    /// One tile without a server: a PNG or an uncompressed vector tile, as a
    /// file name's ending (`.png`, `@2x.png`, `.mvt`) says.
    ///
    /// - Throws: `TileServingError`: `notFound` for an unknown map and for a tile
    ///   outside its matrix, `malformed` for another ending or zoom.
    public func tile(map id: String, z: Int, x: Int, y: Int, fileName: String) async throws -> [UInt8] {
        let catalogue = try site.loadedCatalogue()
        guard let (_, format) = TileFormat.splitting("tile" + fileName.suffix(16)), format != .record else {
            throw TileServingError(.malformed, "A tile's file ends in .png, @2x.png or .mvt.")
        }
        let route = try TileRoute(segments: [id, String(z), String(x), "\(y).png"])
        let map = try site.map(id, in: catalogue)
        let wanted = TileRoute(map: id, address: route.address, format: format)
        let tile = try await site.tiles.tile(wanted, of: map, version: map.version, in: catalogue)
        return try tile.plainBytes()
    }

    /// Lets plugins and drawing threads end. Nothing may be asked afterwards.
    public func stop() {
        site.tiles.stop()
        site.stop()
        host?.stop()
    }

    /// What plugins may ask of the district.
    static func services(_ shelf: CatalogueShelf, _ traffic: Traffic, _ logger: Logger) -> HostServices {
        var services = HostServices()
        services.leave = { traffic.leave() }
        services.isIdle = { traffic.isIdle }
        services.log = { plugin, level, message in
            let level: Logger.Level =
                switch level {
                case .debug: .debug
                case .info: .info
                case .warning: .warning
                case .error: .error
                }
            logger.log(level: level, "\(plugin): \(message)")
        }
        services.invalidate = { layer, _ in shelf.noteChange(ofLiveLayer: layer) }
        services.layerSchema = { try Self.snapshot(of: $0, shelf).schema }
        services.queryLayer = { layer, envelope, conditions, limit in
            let snapshot = try Self.snapshot(of: layer, shelf)
            return SnapshotQuery.records(of: snapshot, in: envelope, limit: limit) { values in
                conditions.allSatisfy { $0.holds(for: values) }
            }
        }
        return services
    }

    private static func snapshot(of layer: String, _ shelf: CatalogueShelf) throws(TileServingError) -> Snapshot {
        guard case .snapshot(let snapshot)? = shelf.catalogue?.layer(layer)?.content else {
            throw TileServingError(.notFound, "The district has no layer \"\(layer)\".")
        }
        return snapshot
    }
}
