// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// A thread for each plugin. A plugin makes one call at a time anyway, and one
/// that hangs holds up nobody but those who ask it.
final class PluginLanes: Sendable {
    typealias Lane = RenderingPool<Void>

    private struct State {
        var lanes: [String: Lane] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())
    private let queueBound: Int

    /// - Parameter queueBound: questions that may wait for one plugin.
    init(queueBound: Int) {
        self.queueBound = queueBound
    }

    /// The thread for a plugin that there is: names out of requests are looked
    /// up first.
    ///
    /// - Throws: `unavailable` when the server is stopping.
    func lane(for plugin: String) throws(TileServingError) -> Lane {
        let lane = state.withLock { state -> Lane? in
            if state.isStopping { return nil }
            if let lane = state.lanes[plugin] { return lane }
            let lane = Lane(threads: 1, queueBound: queueBound) { () }
            state.lanes[plugin] = lane
            return lane
        }
        guard let lane else { throw TileServingError(.unavailable, "The server is stopping.") }
        return lane
    }

    /// Lets the threads of plugins that are gone end.
    func keep(_ plugins: Set<String>) {
        let leaving = state.withLock { state in
            let leaving = state.lanes.filter { !plugins.contains($0.key) }
            state.lanes = state.lanes.filter { plugins.contains($0.key) }
            return leaving
        }
        for lane in leaving.values { lane.stop() }
    }

    func stop() {
        let lanes = state.withLock { state in
            state.isStopping = true
            defer { state.lanes = [:] }
            return state.lanes
        }
        for lane in lanes.values { lane.stop() }
    }
}
