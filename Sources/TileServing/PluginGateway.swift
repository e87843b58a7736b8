// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginHosting
import SimpleFeatures

/// What serving asks of plugins. Calls may take long and block their thread.
struct PluginGateway: Sendable {
    /// A request for a plugin's own page or API.
    struct Call: Sendable {
        var plugin: String
        var method: String
        /// Begins with a slash.
        var path: String
        var query: [(name: String, value: String)]
        var headers: [(name: String, value: String)]
        var body: [UInt8]
        /// `zh` or `en`.
        var language: String
    }

    struct Reply: Sendable {
        var status: Int
        var mediaType: String
        var headers: [(name: String, value: String)]
        var body: [UInt8]
    }

    /// The features of a live layer that meet an envelope in OGC:CRS84, at
    /// MapLibre's zoom and a time in milliseconds; no time: the present.
    var features: @Sendable (_ layer: String, _ envelope: Envelope, _ zoom: Double, _ time: Int64?) throws -> [Feature]
    var handle: @Sendable (Call) throws -> Reply
    /// The plugins that run. Answers at once.
    var plugins: @Sendable () -> [PluginDescription] = { [] }
    /// The plugins that were found and do not run. Answers at once.
    var outOfService: @Sendable () -> [PluginDescription] = { [] }
    /// Folders of this computer that sentences about plugins may name.
    var folders: [String] = []
    /// How reliable a plugin was; may read files.
    var reliability: @Sendable (_ plugin: String) -> PluginReliability? = { _ in nil }
    /// What plugins want people to look at, the newest first.
    var alerts: @Sendable (_ now: Int64) -> [PluginAlert] = { _ in [] }
    /// Why a plugin cannot be asked for anything at the moment. Answers at once.
    var complaint: @Sendable (_ plugin: String) -> String? = { _ in nil }
    /// What is wrong with plugins at the moment, one sentence each.
    var complaints: @Sendable () -> [String] = { [] }

    /// No plugins at all.
    static let none = PluginGateway(
        features: { layer, _, _, _ in
            throw TileServingError(.unavailable, "No plugin serves the layer \"\(layer)\".")
        },
        handle: { call in
            throw TileServingError(.notFound, "There is no plugin of that name.")
        })
}
