// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginHosting
import Synchronization
import TileServing

/// What a person starts with `serve`: it has a worker serve, and starts another
/// when that dies. It loads no plugin and answers no request, so that nothing can
/// go wrong in it. The socket is its: who connects while there is no worker waits
/// for the next one.
final class ServeSupervisor: Sendable {
    private struct State {
        var worker: pid_t?
        /// Set when the supervisor was asked to end.
        var stop: Int32?
        /// What workers listen at; nil while it is not to be had.
        var socket: ServerSocket?
    }

    private let stateFolder: String
    private let host: String
    private let port: Int
    private let state: Mutex<State>

    /// Seconds after which a worker that was asked to end is killed: more than
    /// answers in progress are waited for.
    private static let patience = 30.0

    /// Takes the port; connections are refused until a worker is ready.
    ///
    /// - Parameter port: 0 for any that is free.
    /// - Throws: `TileServingError` of kind `addressUnavailable`.
    init(stateFolder: String, host: String, port: Int) throws {
        self.stateFolder = stateFolder
        self.host = host
        let socket = try ServerSocket(host: host, port: port)
        self.port = socket.port
        state = Mutex(State(socket: socket))
    }

    /// Serves until the person or the system ends it.
    ///
    /// - Returns: the exit code.
    func run() async -> Int32 {
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { self.pass(on: number) }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        // One thread for the life of all workers: the kernel kills a worker when
        // the thread that started it ends.
        return await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: self.supervise()) }
            thread.name = "supervisor"
            thread.start()
        }
    }

    private func supervise() -> Int32 {
        var pauses = RestartPause()
        var hasServed = false
        while true {
            let began = ContinuousClock.now
            let (end, isReady, process): (WorkerProcess.End, Bool, pid_t)
            do {
                let socket = try socket()
                let worker = try withExtendedLifetime(socket) {
                    try WorkerProcess(
                        arguments: Array(CommandLine.arguments.dropFirst()) + ServeCommand.workerArguments,
                        socket: socket.descriptor)
                }
                begin(worker.process)
                isReady = worker.ready()
                worker.wait()
                state.withLock { $0.worker = nil }
                end = worker.reap()
                process = worker.process
            } catch let error as TileServingError {
                // Another program took the port while nobody listened there.
                let pause = pauses.next(served: .zero, isExplained: false)
                ExitStatus.say("\(error) It is tried again\(pause == 0 ? "" : " in \(pause) s").")
                guard wait(seconds: pause) else { return ExitStatus.systemFailed.rawValue }
                continue
            } catch {
                ExitStatus.say("\(error)")
                return ExitStatus.systemFailed.rawValue
            }
            if state.withLock({ $0.stop != nil }) { return Self.code(of: end) }
            let blamed = HostInquest(stateFolder: stateFolder).note(HostInquest.End(end), of: process)
            hasServed = hasServed || isReady
            if blamed == nil {
                if end == .exit(0) { return 0 }
                // What refuses to start will refuse again; what has served before
                // has a reason that may pass.
                if case .exit(let code) = end, !hasServed { return code }
            }
            let pause = pauses.next(served: ContinuousClock.now - began, isExplained: blamed != nil)
            let sentence = Self.sentence(end, blamed: blamed, pause: pause)
            if pause > RestartPause.longestInQueue {
                ExitStatus.say("\(sentence) Until it is ready, connections are refused.")
                refuseConnections()
            } else {
                ExitStatus.say(sentence)
            }
            guard wait(seconds: pause) else { return Self.code(of: end) }
        }
    }

    private func socket() throws -> ServerSocket {
        if let socket = state.withLock({ $0.socket }) { return socket }
        let socket = try ServerSocket(host: host, port: port)
        state.withLock { $0.socket = socket }
        return socket
    }

    /// Closes the socket, with the connections that wait there, and takes the port
    /// for the next worker, which lets nobody wait before it is ready.
    private func refuseConnections() {
        state.withLock { state in
            state.socket = nil
            // When somebody is faster, it is tried again.
            state.socket = try? ServerSocket(host: host, port: port)
        }
    }

    private func begin(_ process: pid_t) {
        state.withLock { state in
            state.worker = process
            // Asked to end while the worker was being started.
            if let stop = state.stop { _ = kill(process, stop) }
        }
    }

    private func pass(on signal: Int32) {
        let worker = state.withLock { state in
            state.stop = signal
            // No other worker comes: once this one takes no more, nobody waits.
            state.socket = nil
            // A worker that is named here is not reaped yet: its number is its own.
            if let worker = state.worker { _ = kill(worker, signal) }
            return state.worker
        }
        guard let worker else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [self] in
            state.withLock { state in
                guard state.worker == worker else { return }
                ExitStatus.say("The server did not end within \(Int(Self.patience)) s and is ended now.")
                _ = kill(worker, SIGKILL)
            }
        }
    }

    /// False when the supervisor was asked to end meanwhile.
    private func wait(seconds: Int) -> Bool {
        let until = ContinuousClock.now + .seconds(seconds)
        while state.withLock({ $0.stop == nil }) {
            if ContinuousClock.now >= until { return true }
            usleep(50_000)
        }
        return false
    }

    private static func code(of end: WorkerProcess.End) -> Int32 {
        switch end {
        case .exit(let code): code
        case .signal: ExitStatus.systemFailed.rawValue
        }
    }

    private static func sentence(_ end: WorkerProcess.End, blamed: HostInquest.Culprit?, pause: Int) -> String {
        var what =
            switch end {
            case .exit(let code): "ended with the exit code \(code)"
            case .signal(let number): "died (\(CrashReport.name(of: number)))"
            }
        if blamed?.overrun != nil { what = "ended itself" }
        var why = blamed.map { "during a call of the plugin \($0.plugin)" } ?? "and no plugin is known to have caused it"
        if let overrun = blamed?.overrun { why += ", which \(overrun)" }
        return "The server \(what) \(why); it is started again\(pause == 0 ? "" : " in \(pause) s")."
    }
}

extension HostInquest.End {
    fileprivate init(_ end: WorkerProcess.End) {
        switch end {
        case .exit(let code): self = .exit(code)
        case .signal(let number): self = .signal(number)
        }
    }
}

/// How long to wait before a worker is started again, in seconds: longer each
/// time, as long as nobody knows why it dies.
struct RestartPause {
    private var deaths = 0

    private static let longest = 30
    /// The longest pause in which connections wait for the next worker; before a
    /// longer one they are refused.
    static let longestInQueue = 2
    /// A worker that served for so long did not die of its start.
    private static let enough = Duration.seconds(60)

    /// - Parameter isExplained: a plugin was to blame, and will not be loaded.
    mutating func next(served: Duration, isExplained: Bool) -> Int {
        if isExplained || served > Self.enough { deaths = 0 }
        defer { deaths += 1 }
        return deaths == 0 || isExplained ? 0 : min(1 << min(deaths - 1, 10), Self.longest)
    }
}
