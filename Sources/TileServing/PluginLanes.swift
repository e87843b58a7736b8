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

    /// Runs work on a plugin's thread. Nobody waits for a plugin that does not come
    /// back, neither in its call nor behind it.
    ///
    /// - Parameter complaint: asked before, and again and again meanwhile: why the
    ///   plugin cannot be asked for anything; nil when it can.
    /// - Throws: `unavailable` with the complaint, what `RenderingPool.run` does, and
    ///   what `work` throws.
    func run<Value: Sendable>(
        for plugin: String, unless complaint: @escaping @Sendable () -> String?,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        if let sentence = complaint() { throw TileServingError(.unavailable, sentence) }
        let lane = try lane(for: plugin)
        let answer = FirstAnswer<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            answer.waits(with: continuation)
            let look = Task {
                while true {
                    try await Task.sleep(for: Self.pause)
                    guard let sentence = complaint() else { continue }
                    return answer.give(.failure(TileServingError(.unavailable, sentence)))
                }
            }
            Task {
                let result: Result<Value, any Error>
                do { result = .success(try await lane.run { _ in try work() }) } catch { result = .failure(error) }
                look.cancel()
                answer.give(result)
            }
        }
    }

    /// Between two looks for a complaint.
    private static let pause = Duration.milliseconds(250)

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

/// Passes on the first of several answers to one question.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private let waiter = Mutex<CheckedContinuation<Value, any Error>?>(nil)

    func waits(with continuation: CheckedContinuation<Value, any Error>) {
        waiter.withLock { $0 = continuation }
    }

    func give(_ answer: Result<Value, any Error>) {
        let waiter = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiter?.resume(with: answer)
    }
}
