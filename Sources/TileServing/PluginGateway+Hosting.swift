// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginHosting
import SimpleFeatures

extension PluginGateway {
    /// The plugins of a host.
    init(_ host: PluginHost) {
        self.init(
            features: { layer, envelope, zoom, time in
                try PluginGateway.translating(host) { () throws(PluginHostingError) in
                    try host.features(layer: layer, envelope: envelope, zoom: zoom, time: time)
                }
            },
            handle: { call in
                try PluginGateway.translating(host) { () throws(PluginHostingError) in
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

    /// Whoever is answered is anybody: sentences lose what only operators may read.
    private static func translating<Value>(
        _ host: PluginHost, _ work: () throws(PluginHostingError) -> Value
    ) throws(TileServingError) -> Value {
        do {
            return try work()
        } catch {
            let sentence = PublicSentence(folders: host.folders).text(error.description)
            let kind: TileServingError.Kind =
                switch error.kind {
                case .notFound: .notFound
                case .invalid: .malformed
                case .tooLarge: .contentTooLarge
                case .denied: .forbidden
                case .notAPlugin, .incompatible, .failedToStart, .crashed, .timedOut, .quarantined, .postponed:
                    .unavailable
                case .failed: .failed
                }
            throw TileServingError(kind, sentence)
        }
    }
}
