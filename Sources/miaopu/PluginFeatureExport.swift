// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import PluginHosting
import SimpleFeatures

/// The features of all layers of one plugin as one GeoJSON file.
struct PluginFeatureExport {
    let plugin: String

    /// - Throws: `CommandError` when the plugin does not run; what it says when
    ///   it has no answer. The file is written as a whole or not at all.
    func write(_ district: District, to file: URL) throws {
        var configuration = PluginHostConfiguration(district)
        // Only this one is started, as the district says.
        configuration.plugins = [plugin: configuration.plugins?[plugin] ?? nil]
        let host = PluginHost(configuration)
        defer { host.stop() }
        guard let description = host.descriptions.first(where: { $0.id == plugin }) else {
            throw CommandError(.wrongUse, "There is no plugin “\(plugin)”.")
        }
        if case .refused(let sentence) = description.state {
            throw CommandError(.needsPerson, "\(sentence) `miaopu plugin export \(plugin) FILE.sqlite` copies its data.")
        }
        // Whatever a plugin answers for a place and a scale, at the largest
        // scale it answers everything.
        let everywhere = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)
        var features: [Feature] = []
        for layer in description.layers {
            for feature in try host.features(layer: layer.id, envelope: everywhere, zoom: 24) {
                var named = feature
                named.properties["layer"] = .text(layer.id)
                features.append(named)
            }
        }
        try Data(GeoJSON.text(of: features).utf8).write(to: file, options: .atomic)
    }
}
