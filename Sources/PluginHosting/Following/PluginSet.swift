// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// The plugins at one moment. Another one takes its place as a whole.
struct PluginSet: Sendable {
    let findings: [PluginOutcome]
    /// Counts the sets that there were.
    let version: Int
    let descriptions: [PluginDescription]
    /// Those that run, by id.
    let plugins: [String: LoadedPlugin]
    /// By a layer's full id.
    let pluginOfLayer: [String: LoadedPlugin]

    init(_ findings: [PluginOutcome], version: Int, configuration: PluginHostConfiguration) {
        self.findings = findings
        self.version = version
        let running = findings.compactMap(\.plugin)
        plugins = Dictionary(running.map { ($0.manifest.id, $0) }) { first, _ in first }
        pluginOfLayer = Dictionary(running.flatMap { plugin in plugin.layers.map { ($0.id, plugin) } }) { first, _ in
            first
        }
        let found = findings.compactMap(\.description)
        descriptions = found + Self.missing(found, findings, configuration)
    }

    /// Plugins that the district asks for and that no library offered.
    private static func missing(
        _ found: [PluginDescription], _ findings: [PluginOutcome], _ configuration: PluginHostConfiguration
    ) -> [PluginDescription] {
        (configuration.plugins ?? [:]).keys.sorted().compactMap { id in
            guard !found.contains(where: { $0.id == id }) else { return nil }
            let places = configuration.folders.map(\.path).joined(separator: ", ")
            // A library of that name that was passed over is the likely cause.
            let cause = findings.first {
                $0.description == nil && $0.error?.subject.lowercased().contains("lib\(id).so") == true
            }
            let sentence =
                cause?.error?.description
                ?? "The plugin \(id), which the district asks for, was not found in \(places)."
            return PluginDescription(nil, id: id, library: "", state: .refused(sentence), hosting: nil)
        }
    }
}
