// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization

/// A child that stays: frames go both ways for as long as it lives.
///
/// A thread of its own starts the child and listens to it, since the kernel
/// kills a child whose starting thread ends.
public final class ChildSession: Sendable {
    private struct State {
        /// Nil before the child has started and after it has gone.
        var child: SpawnedChild?
        var isEnding = false
    }

    private let state = Mutex(State())

    private init() {}

    /// Starts a child. Its job reads with `ChildChannel.receive`.
    ///
    /// - Parameters:
    ///   - limits: `wallSeconds` bounds the whole life of the child; it is also
    ///     how long `send` waits for a child that reads nothing, at most
    ///     `patienceSeconds`.
    ///   - executable: as for `ChildProcess.run`.
    ///   - debugger: what the child runs under; its output is not kept then.
    ///   - onFrame: called on the session's thread with the session, one at a
    ///     time. While it runs the child's frames wait.
    ///   - onEnd: called once, on the session's thread, when the child is dead and
    ///     reaped. Nothing can be sent any more.
    /// - Throws: `ChildProcessesError` when the child cannot be started.
    /// - Thread: waits until the child's process exists, not until it answers.
    public static func start(
        job: String, request: [UInt8], limits: ChildLimits, executable: String? = nil, debugger: Debugger? = nil,
        onFrame: @escaping @Sendable (ChildFrame, ChildSession) -> Void, onEnd: @escaping @Sendable (ChildExit) -> Void
    ) throws -> ChildSession {
        let session = ChildSession()
        let answer = Answer()
        let thread = Thread {
            do {
                let exit = try ChildProcess.run(
                    job: job, request: request, limits: limits, executable: executable, temporaryDirectory: nil,
                    debugger: debugger,
                    lifetime: { child in
                        session.state.withLock { $0.child = child }
                        guard let child else { return }
                        Socket.setPatience(seconds: min(patienceSeconds, limits.wallSeconds), of: child.socket)
                        answer.give(nil)
                    }, isCancelled: { session.state.withLock { $0.isEnding } }, onFrame: { onFrame($0, session) })
                onEnd(exit)
            } catch {
                answer.give(error)
            }
        }
        thread.name = "child \(job)"
        thread.start()
        if let error = answer.wait() { throw error }
        return session
    }

    /// How long `send` waits for a child that reads nothing.
    public static let patienceSeconds = 5

    /// Sends a frame, from any thread.
    ///
    /// - Throws: `.disconnected` when the child has gone; also when it took
    ///   nothing for `patienceSeconds`: the frame may be cut off then, and the
    ///   child is ended. `.wrongUse` for a reserved kind, and for memory with a
    ///   kind that carries none.
    public func send(kind: UInt8, payload: [UInt8], memory: SealedMemory? = nil) throws {
        if let refusal = ChildFrame.refusal(kind: kind, payloadCount: payload.count, memory: memory, ceiling: .max) {
            throw refusal
        }
        try state.withLock { state in
            guard let child = state.child, !state.isEnding else {
                throw ChildProcessesError(.disconnected, "The other process has gone.")
            }
            do {
                try payload.withUnsafeBytes { try Socket.send(kind: kind, $0, memory: memory, to: child.socket) }
            } catch {
                Self.end(&state)
                throw error
            }
        }
    }

    /// The child's process; nil when it has gone.
    public var processIdentifier: Int32? { state.withLock { $0.child?.process } }

    /// Kills the child within a tenth of a second; `onEnd` comes after it.
    public func end() {
        state.withLock { Self.end(&$0) }
    }

    private static func end(_ state: inout State) {
        state.isEnding = true
        // Wakes both sides; a child that waits for frames leaves by itself.
        if let child = state.child { shutdown(child.socket, Int32(SHUT_RDWR)) }
    }
}

/// Whether the start went well, said by one thread to another; only the first
/// word counts.
private final class Answer: Sendable {
    private struct Word {
        var isGiven = false
        var error: (any Error)?
    }

    private let word = Mutex(Word())
    private let semaphore = DispatchSemaphore(value: 0)

    func give(_ error: (any Error)?) {
        let isFirst = word.withLock { word in
            guard !word.isGiven else { return false }
            word = Word(isGiven: true, error: error)
            return true
        }
        if isFirst { semaphore.signal() }
    }

    func wait() -> (any Error)? {
        semaphore.wait()
        return word.withLock { $0.error }
    }
}
