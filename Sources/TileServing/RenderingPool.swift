// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Dispatch
import Foundation
import Synchronization

/// A fixed number of plain threads for CPU work, each with a worker of its
/// own: a drawing engine that is not `Sendable` and never changes threads.
///
/// Nothing here runs on an event loop or on the pool that answers HTTP, so a
/// slow tile never delays `/health`. At most `queueBound` jobs wait; further
/// ones are refused at once.
final class RenderingPool<Worker>: Sendable {
    /// What has to be known to say whether the pool is well.
    struct Status: Sendable {
        var waiting: Int
        var working: Int
        /// How long the oldest job in the queue has waited.
        var oldestWait: Duration
    }

    private struct Job: Sendable {
        var queued: ContinuousClock.Instant
        var run: @Sendable (inout WorkerSlot<Worker>) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var working = 0
        var isStopping = false
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let queueBound: Int
    private let threadCount: Int

    /// - Parameter makeWorker: Called on a pool's thread when it needs a
    ///   worker: at first use, and after one has thrown.
    init(threads: Int, queueBound: Int, makeWorker: @escaping @Sendable () -> Worker) {
        self.queueBound = queueBound
        threadCount = max(1, threads)
        for number in 1...threadCount {
            let thread = Thread { [self] in serve(makeWorker) }
            thread.name = "rendering-\(number)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Runs `work` on one of the threads.
    ///
    /// - Parameter isWanted: Asked when the job's turn comes; `false` skips it.
    /// - Throws: `overloaded` when the queue is full or the job was skipped,
    ///   `unavailable` when the pool is stopping, and what `work` throws.
    func run<Value: Sendable>(
        isWanted: @escaping @Sendable () -> Bool = { true },
        _ work: @escaping @Sendable (Worker) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            let job = Job(queued: .now) { slot in
                guard isWanted() else {
                    continuation.resume(throwing: TileServingError(.overloaded, "Nobody waits for this tile any more."))
                    return
                }
                continuation.resume(with: Result { try slot.use(work) })
            }
            let refusal: TileServingError? = state.withLock { state in
                if state.isStopping { return TileServingError(.unavailable, "The server is stopping.") }
                if state.jobs.count >= queueBound {
                    return TileServingError(.overloaded, "\(queueBound) tiles are waiting to be drawn already.")
                }
                state.jobs.append(job)
                return nil
            }
            if let refusal {
                continuation.resume(throwing: refusal)
            } else {
                wakeUp.signal()
            }
        }
    }

    /// Lets the threads finish what is queued and end.
    func stop() {
        state.withLock { $0.isStopping = true }
        for _ in 0..<threadCount { wakeUp.signal() }
    }

    var status: Status {
        let now = ContinuousClock.now
        return state.withLock { state in
            let oldest = state.jobs.first.map { now - $0.queued } ?? .zero
            return Status(waiting: state.jobs.count, working: state.working, oldestWait: oldest)
        }
    }

    private func serve(_ makeWorker: @escaping @Sendable () -> Worker) {
        var slot = WorkerSlot(make: makeWorker)
        while true {
            wakeUp.wait()
            let (job, isOver) = state.withLock { state -> (Job?, Bool) in
                guard !state.jobs.isEmpty else { return (nil, state.isStopping) }
                state.working += 1
                return (state.jobs.removeFirst(), false)
            }
            if let job {
                job.run(&slot)
                state.withLock { $0.working -= 1 }
            } else if isOver {
                return
            }
        }
    }
}

/// A worker that is made when it is first needed and thrown away when its work
/// failed: what a half-done picture left behind in it is not trusted again.
struct WorkerSlot<Worker> {
    private let make: @Sendable () -> Worker
    private var worker: Worker?

    init(make: @escaping @Sendable () -> Worker) {
        self.make = make
    }

    mutating func use<Value>(_ work: (Worker) throws -> Value) throws -> Value {
        let current = worker ?? make()
        worker = current
        do {
            return try work(current)
        } catch {
            worker = nil
            throw error
        }
    }
}
