// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts

/// What the district keeps from those who ask over HTTP. What is hidden is
/// answered as if it were not there.
struct AccessRules: Hashable, Sendable {
    private let layers: Set<String>
    private let plugins: Set<String>

    init(_ access: AccessDefinition = AccessDefinition()) {
        layers = Set(access.hiddenLayers)
        plugins = Set(access.hiddenPlugins)
    }

    /// Whether a merged layer, or a plugin's one by its full id, is not served.
    func hidesLayer(_ id: String) -> Bool {
        layers.contains(id) || plugins.contains(String(id.prefix { $0 != "." }))
    }

    /// Whether nothing of a plugin is served.
    func hidesPlugin(_ id: String) -> Bool {
        plugins.contains(id)
    }

    /// Whether a name of a file may be that of a plugin that is hidden.
    func hidesPlugin(inName name: String) -> Bool {
        plugins.contains { name.lowercased().contains($0) }
    }

    /// Sentences about what is hidden and is not there: a name that was written
    /// wrong hides nothing.
    ///
    /// - Parameters:
    ///   - layers: of the plugins that run, by their full ids.
    ///   - plugins: ids of those that run.
    func mistakes(layers known: Set<String>, plugins running: Set<String>) -> [String] {
        let strangeLayers = layers.filter { $0.contains(".") && !known.contains($0) }
        let strangePlugins = plugins.subtracting(running)
        return strangeLayers.sorted().map { "access: hidden: names \"\($0)\", a layer that no plugin here has." }
            + strangePlugins.sorted().map { "access: hidden: names the plugin \"\($0)\", which does not run here." }
    }
}
