// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Synchronization

/// Reads the journals of hosts that have died: a plugin that took one with it is
/// put into quarantine, and its crash card written.
public struct HostInquest {
    private let stateFolder: String
    private var folder: URL { HostJournal.folder(in: stateFolder) }

    /// Names the folder of `PluginHostConfiguration.stateFolder`.
    public init(stateFolder: String) {
        self.stateFolder = stateFolder
    }

    /// How a process ended, for those who waited for it.
    public enum End: Hashable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// A plugin that took a host with it.
    public struct Culprit: Hashable, Sendable {
        /// Its id.
        public let plugin: String
        /// What it did that the host ended itself for, without a subject; nil when
        /// the host died.
        public let overrun: String?
    }

    /// Adds to the journal of a host how it ended, which only its parent knows.
    ///
    /// - Returns: the plugin that the next host will put into quarantine; nil
    ///   when it has none to blame.
    public func note(_ end: End, of process: Int32) -> Culprit? {
        let prefix = "\(process)-"
        for name in journals() where name.hasPrefix(prefix) {
            guard let identity = Self.identity(name), !identity.isAlive else { continue }
            let path = folder.appendingPathComponent(name).path
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var words: [UInt32]
            switch end {
            case .exit(let code): words = [1, UInt32(bitPattern: code)]
            case .signal(let number): words = [2, UInt32(bitPattern: number)]
            }
            words = words.map(\.littleEndian)
            pwrite(descriptor, &words, 8, off_t(JournalLayout.endKindPlace))
            guard let host = Self.read(descriptor) else { continue }
            if case .plugin(let slot, _) = host.verdict {
                return Culprit(plugin: slot.subject.plugin, overrun: slot.overrun?.clause)
            }
        }
        return nil
    }

    /// Reads what dead hosts left, and puts it away.
    ///
    /// - Parameter say: gets one line for each thing that was found.
    func hold(_ say: (_ plugin: String, _ line: String) -> Void) {
        for name in journals() {
            guard let identity = Self.identity(name), !identity.isAlive else { continue }
            let path = folder.appendingPathComponent(name).path
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Of two hosts that start at the same time one reads it.
            var status = stat()
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
                continue
            }
            do {
                if let host = Self.read(descriptor), host.identity == identity, host.boot == ProcessIdentity.boot {
                    try judge(host, say)
                }
                unlink(path)
            } catch {
                say("plugins", "What a crash left in \(path) could not be written down: \(error.localizedDescription)")
            }
        }
    }

    /// A plugin's history with the quarantine that it is in because of a host that
    /// it took with it, when the disk had no room to write that down; else nil.
    func unwrittenHistory(of plugin: String) -> CrashHistory? {
        for name in journals() {
            guard let identity = Self.identity(name), !identity.isAlive else { continue }
            let path = folder.appendingPathComponent(name).path
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard let host = Self.read(descriptor), host.identity == identity, host.boot == ProcessIdentity.boot,
                let (slot, clause) = culprit(of: host), slot.subject.plugin == plugin
            else { continue }
            return history(CrashLedger(plugin: plugin, stateFolder: stateFolder), with: slot, clause)
        }
        return nil
    }

    /// Who it was, when one death and the suspects of earlier ones tell.
    private func culprit(of host: DeadHost) -> (DeadHost.Slot, clause: String)? {
        switch host.verdict {
        case .plugin(let slot, let clause): return (slot, clause)
        case .oneOf(let slots, let clause):
            let before = JournalSuspects(folder: folder).plugins
            let again = slots.filter { before.contains($0.subject.plugin) }
            return again.count == 1 ? (again[0], clause) : nil
        case .nobody, .coincidence: return nil
        }
    }

    private func history(_ ledger: CrashLedger, with slot: DeadHost.Slot, _ clause: String) -> CrashHistory {
        var history = ledger.history
        history.quarantine(
            at: Date().timeIntervalSince1970, because: "took the server down (it \(clause)\(Self.during(slot)))")
        return history
    }

    private static func during(_ slot: DeadHost.Slot) -> String { slot.isInCall ? " during \(slot.summary)" : "" }

    private func judge(_ host: DeadHost, _ say: (String, String) -> Void) throws {
        if let (slot, clause) = culprit(of: host) { return try blame(slot, clause, host, say) }
        switch host.verdict {
        case .nobody, .plugin: return
        case .coincidence(let slot):
            let ledger = CrashLedger(plugin: slot.subject.plugin, stateFolder: stateFolder)
            var history = ledger.history
            history.add(at: Date().timeIntervalSince1970)
            guard history.isQuarantined else { return try ledger.save(history) }
            let clause =
                "was alone in a call each time that the server was killed (SIGKILL), \(CrashHistory.limit) times in "
                + "\(Int(CrashHistory.window / 60)) minutes,"
            try blame(slot, clause, host, say)
        case .oneOf(let slots, _):
            let suspects = JournalSuspects(folder: folder)
            let before = suspects.plugins
            let again = slots.filter { before.contains($0.subject.plugin) }
            let names = Set((again.isEmpty ? slots : again).map(\.subject.plugin))
            try suspects.set(names)
            say(
                "plugins",
                "The server died while several plugins were in a call (\(names.sorted().joined(separator: ", "))); "
                    + "their calls take turns until it is known which it was.")
        }
    }

    private func blame(
        _ slot: DeadHost.Slot, _ clause: String, _ host: DeadHost, _ say: (String, String) -> Void
    ) throws {
        let plugin = slot.subject.plugin
        let ledger = CrashLedger(plugin: plugin, stateFolder: stateFolder)
        var card = CrashCard(
            slot.subject, time: slot.isInCall ? slot.began : Date(), cause: clause, report: host.report,
            request: slot.isInCall ? slot.request : [], requestBytes: slot.isInCall ? slot.requestBytes : 0,
            log: slot.log)
        card.call = slot.isInCall ? slot.summary : ""
        // The signal was the host's own.
        if slot.overrun != nil { (card.signal, card.signalName) = (nil, nil) }
        let path = try CrashFile.write(card, host.report, history: history(ledger, with: slot, clause), in: ledger)
        try JournalSuspects(folder: folder).set([])
        if host.counts {
            for complaint in countCrash(of: plugin) { say(plugin, complaint) }
        }
        say(plugin, "The plugin \(plugin) took the server down: it \(clause)\(Self.during(slot)). What is known of it: \(path)")
    }

    /// - Returns: what is wrong with the plugin's figures.
    private func countCrash(of plugin: String) -> [String] {
        let complaints = Mutex<[String]>([])
        let figures = ReliabilityLedger(plugin: plugin, stateFolder: stateFolder) { line in
            complaints.withLock { $0.append(line) }
        }
        figures.count { $0.crashes += 1 }
        figures.write()
        return complaints.withLock { $0 }
    }

    private func journals() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
            $0.hasSuffix(".journal")
        }.sorted()
    }

    /// `<process>-<start>.journal`.
    private static func identity(_ name: String) -> ProcessIdentity? {
        let parts = name.dropLast(".journal".count).split(separator: "-")
        guard parts.count == 2, let process = Int32(parts[0]), let start = UInt64(parts[1]) else { return nil }
        return ProcessIdentity(process: process, start: start)
    }

    private static func read(_ descriptor: Int32) -> DeadHost? {
        var bytes = [UInt8](repeating: 0, count: JournalLayout.bytes + 1)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count == JournalLayout.bytes else { return nil }
        return DeadHost(Array(bytes.prefix(count)))
    }
}
