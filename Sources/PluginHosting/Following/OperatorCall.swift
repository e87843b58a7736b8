// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What the person who runs the host has a plugin do with its data.
public enum OperatorCall: Sendable {
    /// Takes a file in, in place of what it holds.
    case take(file: [UInt8])
    /// Says the features of all its layers as GeoJSON.
    case features
}

extension PluginHost {
    /// Has a plugin do something for the person who runs the host.
    ///
    /// - Returns: what it answers, which may be that it refuses.
    /// - Throws: `.notFound` for an unknown plugin, `.denied` for one that does not
    ///   run, and what the plugin says.
    public func answer(_ call: OperatorCall, of plugin: String) throws(PluginHostingError) -> PluginResponse {
        guard let description = descriptions.first(where: { $0.id == plugin }) else {
            let known = descriptions.map(\.id).joined(separator: ", ")
            throw PluginHostingError(.notFound, plugin, "There is no plugin “\(plugin)”; there are \(known).")
        }
        switch description.state {
        case .running: break
        case .refused(let sentence): throw PluginHostingError(.denied, plugin, sentence)
        case .off:
            throw PluginHostingError(
                .denied, plugin, "The plugin \(plugin) does not run: plugins: in district.yaml does not name it.")
        }
        switch call {
        case .take(let file):
            return try handle(
                plugin: plugin, PluginRequest(method: "POST", path: "/import", body: file, isFromOperator: true))
        case .features: return try features(of: description)
        }
    }

    private func features(of plugin: PluginDescription) throws(PluginHostingError) -> PluginResponse {
        // Whatever a plugin answers for a place and a scale, at the largest scale it
        // answers everything.
        let everywhere = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)
        var all: [Feature] = []
        for layer in plugin.layers {
            for feature in try features(layer: layer.id, envelope: everywhere, zoom: 24) {
                var named = feature
                named.properties["layer"] = .text(layer.id)
                all.append(named)
            }
        }
        return PluginResponse(
            status: 200, contentType: "application/geo+json", headers: [], body: Array(GeoJSON.text(of: all).utf8))
    }
}
