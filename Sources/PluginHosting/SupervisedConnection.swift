// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Synchronization

/// A plugin in a child process that is started again when it dies: once at once,
/// then after a pause, and after three crashes in ten minutes not before a
/// person lifts its quarantine.
final class SupervisedConnection: PluginConnection {
    private struct State {
        var connection: ProcessConnection?
        var history: CrashHistory
        /// Whether a quarantine is only here, since the disk had no room for it.
        var isUnwritten = false
    }

    private let plugin: String
    private let launch: Launch
    private let onCrash: @Sendable (Crash) -> Void
    private let savedHistory: @Sendable () -> CrashHistory
    private let save: @Sendable (CrashHistory) -> Void
    private let state: Mutex<State>

    /// Makes a process that is what the one before was: loaded and started.
    typealias Launch = @Sendable () throws(PluginHostingError) -> ProcessConnection

    /// What is known of one crash.
    struct Crash: Sendable {
        var death: ProcessConnection.Death
        /// The call in progress, as bytes of the contract.
        var request: [UInt8]
        /// The history with this crash in it.
        var history: CrashHistory
    }

    /// Takes a process over.
    ///
    /// - Parameters:
    ///   - savedHistory: what was written down, where a person may have lifted a
    ///     quarantine.
    ///   - save: writes a history down, if that can be done.
    ///   - onCrash: called once for each crash, on the thread that finds out; it
    ///     writes the history down.
    init(
        _ first: ProcessConnection, plugin: String, savedHistory: @escaping @Sendable () -> CrashHistory,
        save: @escaping @Sendable (CrashHistory) -> Void, launch: @escaping Launch,
        onCrash: @escaping @Sendable (Crash) -> Void
    ) {
        self.plugin = plugin
        self.launch = launch
        self.onCrash = onCrash
        self.savedHistory = savedHistory
        self.save = save
        state = Mutex(State(connection: first, history: savedHistory()))
    }

    /// How often the process died lately.
    var history: CrashHistory { state.withLock { $0.history } }

    func call(_ request: [UInt8], within seconds: Double) throws(PluginHostingError) -> Data {
        let connection = try living()
        do {
            return try connection.call(request, within: seconds)
        } catch {
            if error.kind == .crashed || error.kind == .timedOut { bury(connection, request: request, error) }
            throw error
        }
    }

    /// Nil when there is no process now.
    var processIdentifier: Int32? { state.withLock { $0.connection }?.processIdentifier }

    var isRunning: Bool {
        guard let connection = state.withLock({ $0.connection }) else { return false }
        return connection.death == nil
    }

    /// The process that is there, or a new one when it may be started.
    private func living() throws(PluginHostingError) -> ProcessConnection {
        if let connection = state.withLock({ $0.connection }) {
            guard let death = connection.death else { return connection }
            // It died between two calls.
            bury(connection, request: [], PluginHostingError(.crashed, plugin, death.clause))
        }
        switch history.verdict(at: Self.now) {
        case .mayStart: break
        case .waits(let time):
            throw PluginHostingError(
                .crashed, plugin,
                "The plugin's process has crashed twice; it is started again in \(Int((time - Self.now).rounded(.up))) s."
            )
        case .isQuarantined where isTrustedAgain(): break
        case .isQuarantined:
            throw PluginHostingError(.quarantined, plugin, "The plugin \(history.quarantineClause(plugin))")
        }
        do {
            let connection = try launch()
            state.withLock { $0.connection = connection }
            return connection
        } catch {
            record(ProcessConnection.Death(clause: error.description, cause: nil, diagnostics: "", usage: nil), [])
            throw error
        }
    }

    /// Writes down a quarantine that there was no room for, if there is some now.
    func writeQuarantine() {
        let (history, isUnwritten) = state.withLock { ($0.history, $0.isUnwritten) }
        guard isUnwritten else { return }
        save(history)
        if savedHistory().isQuarantined { state.withLock { $0.isUnwritten = false } }
    }

    /// Whether a person has lifted the quarantine since it began.
    private func isTrustedAgain() -> Bool {
        writeQuarantine()
        let saved = savedHistory()
        // Nobody can have lifted what was never written.
        guard !saved.isQuarantined, !state.withLock({ $0.isUnwritten }) else { return false }
        state.withLock { $0.history = saved }
        return true
    }

    /// Once for each process.
    private func bury(_ connection: ProcessConnection, request: [UInt8], _ error: PluginHostingError) {
        let isFirst = state.withLock { state in
            guard state.connection === connection else { return false }
            state.connection = nil
            return true
        }
        guard isFirst else { return }
        let death =
            connection.death
            ?? ProcessConnection.Death(clause: error.description, cause: nil, diagnostics: "", usage: nil)
        record(death, request)
    }

    private func record(_ death: ProcessConnection.Death, _ request: [UInt8]) {
        let history = state.withLock { state in
            state.history.add(at: Self.now)
            return state.history
        }
        onCrash(Crash(death: death, request: request, history: history))
        guard history.isQuarantined, !savedHistory().isQuarantined else { return }
        state.withLock { $0.isUnwritten = true }
    }

    /// Seconds of the wall clock: histories outlive the host.
    private static var now: Double { Date().timeIntervalSince1970 }
}
