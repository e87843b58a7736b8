// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import Synchronization

/// Hands events on to the plugins that subscribe to them.
final class EventRouter: Sendable {
    private let services: HostServices
    private let plugins = Mutex<[LoadedPlugin]>([])

    init(services: HostServices) {
        self.services = services
    }

    /// The plugins that run from now on. Events that plugins published while
    /// others were still loading are gone: a plugin that starts reads the state,
    /// and does not wait for its history.
    func serve(_ plugins: [LoadedPlugin]) {
        self.plugins.withLock { $0 = plugins }
    }

    func route(_ event: PluginEvent) {
        let sender = event.topic.prefix { $0 != "." }
        let receivers = plugins.withLock { $0 }.filter { $0.manifest.id != sender && $0.subscribes(to: event.topic) }
        for plugin in receivers {
            if !plugin.notify(event) {
                services.log(plugin.manifest.id, .warning, "The event \(event.topic) was dropped: too many wait.")
            }
        }
    }
}
