// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// Holds the catalogue that is served now. A new one replaces it as a whole:
/// every answer is made from the old one or from the new one.
final class CatalogueShelf: Sendable {
    private struct State {
        var catalogue: MapCatalogue?
        /// How often each live layer was changed by its plugin.
        var changes: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// `nil` until the first one is ready.
    var catalogue: MapCatalogue? {
        get { state.withLock { $0.catalogue } }
        set { state.withLock { $0.catalogue = newValue } }
    }

    /// Makes tiles with a live layer stale.
    func noteChange(ofLiveLayer id: String) {
        state.withLock { $0.changes[id, default: 0] += 1 }
    }

    /// What tiles of a map are cached under: its version, and for a live map
    /// how often its live layers were changed.
    func version(of map: DistrictMap) -> String {
        guard map.isLive else { return map.version }
        let changes = state.withLock { state in map.layers.reduce(0) { $0 + (state.changes[$1] ?? 0) } }
        return "\(map.version).\(changes)"
    }
}
