// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// Leaves a live layer that keeps failing out of tiles for a while, so that
/// they do not wait for it: after three failures in a row for a second, then
/// for two, four, up to thirty. One question after each while finds out whether
/// it is well again.
final class LayerBreaker: Sendable {
    private struct Layer {
        var failures = 0
        var reason = ""
        /// When the next question may be asked; nil: any time.
        var opensAt: ContinuousClock.Instant?
        var pause = Duration.zero
        /// Whether the one question is under way.
        var isProbing = false
    }

    private let layers = Mutex<[String: Layer]>([:])

    static let limit = 3
    static let longestPause = Duration.seconds(30)

    /// Lets a question pass, which has to be followed by `note`.
    ///
    /// - Throws: `unavailable` with the reason while the layer is left out.
    func enter(_ id: String, at now: ContinuousClock.Instant = .now) throws(TileServingError) {
        let refusal = layers.withLock { layers -> String? in
            guard var layer = layers[id], let opensAt = layer.opensAt else { return nil }
            if now >= opensAt, !layer.isProbing {
                layer.isProbing = true
                layers[id] = layer
                return nil
            }
            let seconds = max(1, Int((opensAt - now).components.seconds) + 1)
            return "The layer is left out after \(layer.failures) failures in a row and tried again "
                + (layer.isProbing ? "now" : "in \(seconds) s") + ". The last one: \(layer.reason)"
        }
        if let refusal { throw TileServingError(.unavailable, refusal) }
    }

    /// Notes how a question went.
    ///
    /// - Parameter failure: one sentence; nil: well.
    func note(_ id: String, failure: String?, at now: ContinuousClock.Instant = .now) {
        layers.withLock { layers in
            guard let failure else {
                layers[id] = nil
                return
            }
            var layer = layers[id] ?? Layer()
            layer.failures += 1
            layer.reason = failure
            // Questions that were under way when the layer was left out say
            // nothing new.
            if layer.isProbing || (layer.opensAt == nil && layer.failures >= Self.limit) {
                layer.pause = layer.pause == .zero ? .seconds(1) : min(layer.pause * 2, Self.longestPause)
                layer.opensAt = now + layer.pause
                layer.isProbing = false
            }
            layers[id] = layer
        }
    }

    /// Forgets what layers did that are not there any more, or are served by
    /// another version now.
    func forget() {
        layers.withLock { $0 = [:] }
    }
}
