// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Dispatch
import PluginMessages
import Synchronization

import struct Foundation.Data

/// A plugin in one child process. When the child has gone the connection is of
/// no more use: `SupervisedConnection` makes another.
///
/// The process ends with this object.
final class ProcessConnection: PluginConnection {
    /// Why a process is gone, or the whole answer to a call.
    typealias Answer = Result<PluginFrame, PluginHostingError>

    private struct State {
        var next: UInt64 = 1
        var waiting: [UInt64: Waiter] = [:]
        /// Set when nothing more will be answered.
        var death: Death?
        /// Set before the host itself ends the process.
        var reason: String?
    }

    /// How a process ended that a plugin lived in.
    struct Death: Sendable {
        /// Without a subject: “crashed (memory access fault, SIGSEGV)”.
        var clause: String
        /// Why the kernel or the host ended it; nil when it left by itself.
        var cause: ChildDeath.Cause?
        /// The end of what it wrote to standard output and error.
        var diagnostics: String
        var usage: ChildUsage?
        /// Where it stood when it crashed.
        var crash: CrashReport?
    }

    /// The ceilings of the process.
    let limits: ChildLimits
    private let subject: String
    private let shared: Shared
    private let session: ChildSession

    /// What the session's thread and callers have in common.
    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    /// Starts a child that loads a library.
    ///
    /// - Throws: `.failedToStart` when the system has no process for it.
    init(
        library: String, executable: String?, limits: ChildLimits, receiver: any HostCallReceiver,
        debugger: Debugger? = nil
    ) throws(PluginHostingError) {
        subject = library
        self.limits = limits
        let program = try PluginProgram(file: library)
        let mayShareMemory = program.takesMemory
        let shared = Shared()
        self.shared = shared
        // What plugins ask for is answered away from the thread that listens:
        // answers may take long, and their own calls must not wait for them.
        let desk = DispatchQueue(label: "plugin.host-calls", attributes: .concurrent)
        let room = DispatchSemaphore(value: Self.maxHostCalls)
        do {
            session = try ChildSession.start(
                job: program.job, request: program.request, limits: limits, executable: executable,
                debugger: debugger,
                onFrame: { frame, session in
                    guard let frame = PluginFrame(frame) else {
                        return Self.end(session, shared, because: "answered with damaged data")
                    }
                    switch frame.kind {
                    case .reply:
                        shared.state.withLock { $0.waiting.removeValue(forKey: frame.call) }?.give(.success(frame))
                    case .hostCall:
                        room.wait()
                        desk.async {
                            defer { room.signal() }
                            let (status, bytes) = frame.bytes.withUnsafeBytes {
                                receiver.answer($0.bindMemory(to: UInt8.self))
                            }
                            let reply = PluginFrame(.hostReply, call: frame.call, status: status, bytes: Data(bytes))
                                .packed(mayShareMemory: mayShareMemory)
                            // To a process that has gone nothing has to be said.
                            try? session.send(kind: reply.kind, payload: reply.payload, memory: reply.memory)
                        }
                    case .call, .hostReply: Self.end(session, shared, because: "answered with damaged data")
                    }
                }, onEnd: { exit in Self.bury(shared, exit, subject: library) })
        } catch {
            throw PluginHostingError(
                .failedToStart, library, "\(library) is not loaded: no process could be started for it: \(error)")
        }
    }

    deinit {
        session.end()
    }

    /// Calls of the plugin to its host that are answered at the same time.
    private static let maxHostCalls = 8

    /// How the process ended; nil while it lives.
    var death: Death? { shared.state.withLock { $0.death } }

    var processIdentifier: Int32? { session.processIdentifier }

    var isRunning: Bool { death == nil }

    /// One call.
    ///
    /// - Parameter seconds: how long the plugin may take; then its process is
    ///   ended.
    /// - Throws: what the plugin says; `.crashed` when its process died during
    ///   the call or before it, `.timedOut` when it took too long.
    func call(_ request: [UInt8], within seconds: Double) throws(PluginHostingError) -> Data {
        guard request.count <= PluginContract.maxRequestBytes else {
            throw PluginHostingError(
                .tooLarge, subject,
                "A request of \(request.count) bytes was not sent to a plugin; at most "
                    + "\(PluginContract.maxRequestBytes) are accepted.")
        }
        let waiter = Waiter()
        let registered = shared.state.withLock { state -> Result<UInt64, PluginHostingError> in
            if let death = state.death { return .failure(Self.error(death, subject)) }
            defer { state.next += 1 }
            state.waiting[state.next] = waiter
            return .success(state.next)
        }
        let number = try registered.get()
        let frame = PluginFrame(.call, call: number, bytes: Data(request)).packed(mayShareMemory: false)
        // A failure to send is the end of the process, which answers all calls.
        try? session.send(kind: frame.kind, payload: frame.payload)
        guard let answer = waiter.wait(seconds: seconds) else {
            shared.state.withLock { $0.waiting[number] = nil }
            let clause = "took longer than \(Self.text(seconds)) s, the most allowed"
            end(because: clause)
            throw PluginHostingError(.timedOut, subject, "The plugin \(clause); its process was ended.")
        }
        let reply = try answer.get()
        guard reply.bytes.count <= PluginContract.maxReplyBytes else {
            throw PluginHostingError(
                .tooLarge, subject,
                "The plugin answered \(reply.bytes.count) bytes; at most \(PluginContract.maxReplyBytes) are accepted.")
        }
        guard reply.status == ContractStatus.ok else {
            let sentence = String(decoding: reply.bytes.prefix(4096), as: UTF8.self)
            throw PluginHostingError(
                ContractStatus.kind(of: reply.status), subject,
                sentence.isEmpty ? "The plugin failed with status \(reply.status) and no sentence." : sentence)
        }
        return reply.bytes
    }

    /// Ends the process; calls that wait fail.
    func end(because reason: String) {
        Self.end(session, shared, because: reason)
    }

    private static func end(_ session: ChildSession, _ shared: Shared, because reason: String) {
        shared.state.withLock { $0.reason = $0.reason ?? reason }
        session.end()
    }

    /// After the end of the process: everybody who waits gets the reason.
    private static func bury(_ shared: Shared, _ exit: ChildExit, subject: String) {
        let (waiting, death) = shared.state.withLock { state in
            var death = Death(clause: "ended", cause: nil, diagnostics: exit.diagnostics, usage: exit.usage, crash: exit.crash)
            switch exit.ending {
            case .finished: break
            case .failed(let sentence): death.clause = "failed: \(sentence)"
            case .killed(let end):
                death.clause = end.clause
                death.cause = end.cause
            }
            if let reason = state.reason { death.clause = reason }
            state.death = death
            defer { state.waiting = [:] }
            return (state.waiting, death)
        }
        for waiter in waiting.values { waiter.give(.failure(error(death, subject))) }
    }

    private static func error(_ death: Death, _ subject: String) -> PluginHostingError {
        PluginHostingError(.crashed, subject, "The plugin's process \(death.clause).")
    }

    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }

    private final class Waiter: Sendable {
        private let answer = Mutex<Answer?>(nil)
        private let semaphore = DispatchSemaphore(value: 0)

        func give(_ answer: Answer) {
            self.answer.withLock { $0 = answer }
            semaphore.signal()
        }

        func wait(seconds: Double) -> Answer? {
            _ = semaphore.wait(timeout: .now() + seconds)
            return answer.withLock { $0 }
        }
    }
}
