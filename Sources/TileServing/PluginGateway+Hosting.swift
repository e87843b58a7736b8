// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginHosting
import SimpleFeatures

extension PluginGateway {
    /// The plugins of a host.
    init(_ host: PluginHost) {
        self.init(
            features: { layer, envelope, zoom, time in
                try PluginGateway.translating { () throws(PluginHostingError) in
                    try host.features(layer: layer, envelope: envelope, zoom: zoom, time: time)
                }
            },
            handle: { call in
                try PluginGateway.translating { () throws(PluginHostingError) in
                    let response = try host.handle(
                        plugin: call.plugin,
                        PluginRequest(
                            method: call.method, path: call.path, query: call.query, headers: call.headers,
                            body: call.body, language: call.language))
                    return Reply(
                        status: response.status, mediaType: response.contentType, headers: response.headers,
                        body: response.body)
                }
            },
            plugins: { host.descriptions.filter { $0.state == .running } },
            outOfService: { host.descriptions.filter { $0.state != .running } },
            folders: host.folders,
            reliability: { host.reliability(of: $0) },
            alerts: { host.alerts(now: $0) }, complaint: { host.complaint(of: $0) }, complaints: { host.complaints })
    }

    private static func translating<Value>(
        _ work: () throws(PluginHostingError) -> Value
    ) throws(TileServingError) -> Value {
        do {
            return try work()
        } catch {
            switch error.kind {
            case .notFound: throw TileServingError(.notFound, error.description)
            case .invalid: throw TileServingError(.malformed, error.description)
            case .tooLarge: throw TileServingError(.contentTooLarge, error.description)
            case .denied: throw TileServingError(.forbidden, error.description)
            case .notAPlugin, .incompatible, .failedToStart, .crashed, .timedOut, .quarantined, .postponed:
                throw TileServingError(.unavailable, error.description)
            case .failed: throw TileServingError(.failed, error.description)
            }
        }
    }
}
