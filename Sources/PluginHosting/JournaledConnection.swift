// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginMessages
import SwiftProtobuf
import Synchronization

/// A plugin in this process whose calls are written into the host's journal
/// before they begin and crossed out after.
final class JournaledConnection: PluginConnection {
    /// The call in progress.
    private struct Call {
        var summary: String
        var began: ContinuousClock.Instant
        var seconds: Double
    }

    private let connection: InProcessConnection
    private let slot: JournalSlot?
    private let turn: HostJournal?
    private let budget: CallBudget
    private let calling = Mutex<Call?>(nil)

    /// Loads a library; that is a call, too.
    ///
    /// - Parameters:
    ///   - library: the subject's, or the copy of it that is run.
    ///   - budget: of the plugin's calls.
    /// - Throws: as `InProcessConnection`.
    init(
        _ subject: CrashSubject, library: String, receiver: any HostCallReceiver, budget: CallBudget,
        journal: HostJournal?
    ) throws(PluginHostingError) {
        let slot = journal?.slot(for: subject)
        self.slot = slot
        self.budget = budget
        turn = journal.flatMap { $0.suspects.contains(subject.plugin) ? $0 : nil }
        slot?.begin([], summary: "load", within: budget.limits(of: budget.describe))
        defer { slot?.end() }
        CrashRecorder.guardThread()
        connection = try InProcessConnection(library: library, receiver: receiver)
    }

    func call(_ request: [UInt8], within seconds: Double) throws(PluginHostingError) -> Data {
        guard let turn else { return try make(request, within: seconds) }
        return try turn.turn.withLock { _ in
            Result { () throws(PluginHostingError) in try make(request, within: seconds) }
        }.get()
    }

    private func make(_ request: [UInt8], within seconds: Double) throws(PluginHostingError) -> Data {
        // Large calls are imports: what they hold is not looked through for a name.
        let summary =
            request.count <= JournalLayout.request.count
            ? WirePluginRequest.OneOf_Call.summary(of: request) : "a call of \(request.count) bytes"
        calling.withLock { $0 = Call(summary: summary, began: .now, seconds: seconds) }
        defer { calling.withLock { $0 = nil } }
        CrashRecorder.guardThread()
        slot?.begin(request, summary: summary, within: budget.limits(of: seconds))
        defer { slot?.end() }
        return try connection.call(request)
    }

    /// False during a call that takes longer than it may: the plugin cannot be
    /// asked for anything.
    var isRunning: Bool { stuck == nil }

    var stuck: String? {
        guard let call = calling.withLock({ $0 }) else { return nil }
        let seconds = (ContinuousClock.now - call.began) / .seconds(1)
        guard seconds > call.seconds else { return nil }
        return "has been in the call \(call.summary) for \(Int(seconds)) s, and may take \(Int(call.seconds.rounded(.up))) s. "
            + "It is in the server's own process"
            + (slot == nil
                ? " and cannot be ended there; `hosting: process` lets it be."
                : ", which is ended and started again without the plugin after "
                    + "\(Int(budget.limits(of: call.seconds).seconds.rounded(.up))) s; with `hosting: process` only the "
                    + "plugin's own would be.")
    }

    /// For the journal, when the host dies.
    func setLog(_ lines: [String]) {
        slot?.setLog(lines)
    }
}

extension PluginLoader {
    /// Loads a library into this process.
    func inProcess(
        _ manifest: WireManifest?, _ candidate: PluginFolder.Candidate, receiver: any HostCallReceiver
    ) throws(PluginHostingError) -> any PluginConnection {
        // Only a plugin that was tried in a child has a name to blame.
        guard configuration.keepsJournal, let manifest else {
            return try InProcessConnection(library: candidate.library, receiver: receiver)
        }
        return try JournaledConnection(
            CrashSubject(manifest, library: candidate.shownLibrary, hosting: .inProcess),
            library: candidate.library, receiver: receiver, budget: configuration.budget(of: manifest.id),
            journal: journal)
    }
}
