// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// Work in progress by key: whoever asks for what is being made already waits
/// for that one making, for a bounded time.
///
/// No lock is held while work runs or a waiter is resumed, and none nests.
final class FlightBoard<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Value, any Error>

    private struct State {
        var flights: [Key: [UInt64: Waiter]] = [:]
        var nextWaiter: UInt64 = 0
        var cancelledEarly: Set<UInt64> = []
    }

    private enum Entry { case cancelled, first, joined }

    private let state = Mutex(State())

    /// Whether anybody still waits for this key's value.
    func isWanted(_ key: Key) -> Bool {
        state.withLock { $0.flights[key]?.isEmpty == false }
    }

    /// How many keys are being made.
    var count: Int { state.withLock { $0.flights.count } }

    /// The value for `key`, made once for everybody who asks meanwhile.
    ///
    /// - Throws: `overloaded` after `patience`, `CancellationError` when the
    ///   caller's task is cancelled, and what `make` throws. The making itself
    ///   goes on when one waiter leaves.
    func value(
        for key: Key, patience: Duration, make: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let timer = Task {
            try await Task.sleep(for: patience)
            dismiss(waiter, from: key, with: TileServingError(.overloaded, "The tile was not drawn in time."))
        }
        defer {
            timer.cancel()
            _ = state.withLock { $0.cancelledEarly.remove(waiter) }
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(waiter, continuation, key, make)
            }
        } onCancel: {
            dismiss(waiter, from: key, with: CancellationError())
        }
    }

    private func enter(
        _ waiter: UInt64, _ continuation: Waiter, _ key: Key, _ make: @escaping @Sendable () async throws -> Value
    ) {
        let entry = state.withLock { state -> Entry in
            if state.cancelledEarly.remove(waiter) != nil { return .cancelled }
            let isFirst = state.flights[key] == nil
            state.flights[key, default: [:]][waiter] = continuation
            return isFirst ? .first : .joined
        }
        switch entry {
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .joined: break
        case .first:
            Task.detached {
                let result: Result<Value, any Error>
                do { result = .success(try await make()) } catch { result = .failure(error) }
                self.land(key, with: result)
            }
        }
    }

    private func land(_ key: Key, with result: Result<Value, any Error>) {
        let waiters = state.withLock { $0.flights.removeValue(forKey: key) } ?? [:]
        for waiter in waiters.values { waiter.resume(with: result) }
    }

    private func dismiss(_ waiter: UInt64, from key: Key, with error: any Error) {
        let found = state.withLock { state -> Waiter? in
            if let found = state.flights[key]?.removeValue(forKey: waiter) { return found }
            // A caller that was cancelled before it could enter: `enter` finds
            // the mark. One that has its value already never looks again.
            if error is CancellationError { state.cancelledEarly.insert(waiter) }
            return nil
        }
        found?.resume(throwing: error)
    }
}
