// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import TestSupport
import Testing

@testable import PluginHosting

@Suite("The journal of a host that died") struct JournalTests {
    private let folder: ScratchFolder
    private let dead: ProcessIdentity

    init() throws {
        folder = try ScratchFolder()
        dead = try .ofTheDead()
    }

    private func blamed(_ journal: Journal) throws -> String? {
        switch try #require(journal.host).verdict {
        case .plugin(let slot, _): slot.subject.plugin
        case .oneOf(let slots, _): slots.map(\.subject.plugin).joined(separator: " or ")
        case .nobody, .coincidence: nil
        }
    }

    @Test("blames the plugin on whose thread the fault was, whoever else was in a call")
    func byThread() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.add("beta", slot: 1, thread: 12)
        journal.report(SIGSEGV, thread: 12)
        #expect(try blamed(journal) == "beta")
        // The supervisor's word adds nothing to it.
        journal.end(2, SIGALRM)
        #expect(try blamed(journal) == "beta")
    }

    @Test("blames a plugin for a thread of its own") func byModule() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.add("beta", slot: 1, thread: nil)
        journal.report(SIGILL, thread: 99, module: "/plugins/libbeta.so")
        #expect(try blamed(journal) == "beta")
        journal.report(SIGILL, thread: 99, module: "/usr/lib/libc.so.6")
        #expect(try blamed(journal) == nil)
    }

    @Test("blames the plugin that called exit, on its call's thread only") func byExit() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.add("beta", slot: 1, thread: 12)
        journal.set(UInt32(11), at: JournalLayout.exitThreadPlace)
        #expect(try blamed(journal) == "alpha")
        journal.set(UInt32(77), at: JournalLayout.exitThreadPlace)
        journal.end(1, 0)
        #expect(try blamed(journal) == nil)
    }

    @Test("blames the only plugin in a call for an end without a word, and one of several") func byEnd() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        #expect(try blamed(journal) == nil)
        journal.end(1, 7)
        #expect(try blamed(journal) == "alpha")
        journal.add("beta", slot: 1, thread: 12)
        #expect(try blamed(journal) == "alpha or beta")
    }

    @Test("blames nobody for a signal from outside", arguments: [SIGKILL, SIGTERM, SIGINT, SIGHUP])
    func outside(_ signal: Int32) throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.end(2, signal)
        #expect(try blamed(journal) == nil)
    }

    @Test("blames nobody for a host that ended in order, or had no call in progress") func inOrder() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: nil)
        journal.end(1, 7)
        #expect(try blamed(journal) == nil)
        journal.add("alpha", slot: 0, thread: 11)
        journal.set(UInt32(2), at: JournalLayout.statePlace)
        #expect(try blamed(journal) == nil)
    }

    @Test("that is cut off or garbled is none, wherever it is garbled") func garbled() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.report(SIGSEGV, thread: 11)
        #expect(DeadHost(Array(journal.bytes.dropLast())) == nil)
        #expect(DeadHost([]) == nil)
        let seed = UInt64.random(in: 0 ... .max)
        print("garbled journals: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var bytes = journal.bytes
            for _ in 0..<20 {
                let place = Int.random(in: 0..<(JournalLayout.slotsPlace + JournalLayout.slotBytes), using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            // Whatever it says now, it is read within its bounds.
            _ = DeadHost(bytes)?.verdict
        }
    }

    // MARK: A folder of journals

    private var state: String { folder.url.appendingPathComponent("state").path }

    private func write(_ journal: Journal) throws {
        try folder.write(
            journal.bytes, "state/journal/\(journal.identity.process)-\(journal.identity.start).journal")
    }

    private func hold() throws -> [String] {
        var lines: [String] = []
        HostInquest(stateFolder: state).hold { _, line in lines.append(line) }
        CrashFile.finish()
        return lines
    }

    private func isQuarantined(_ plugin: String) -> Bool {
        CrashLedger(plugin: plugin, stateFolder: state).history.isQuarantined
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state + "/journal").sorted()
    }

    @Test("is read once, and its plugin is in quarantine with a card") func once() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.report(SIGSEGV, thread: 11)
        try write(journal)
        #expect(try hold().count == 1)
        #expect(isQuarantined("alpha"))
        #expect(try names() == [])
        #expect(try hold() == [])
        let sentence = CrashLedger(plugin: "alpha", stateFolder: state).history.quarantineClause("alpha")
        #expect(
            sentence == "took the server down (it crashed (SIGSEGV) during tick) and is in quarantine; "
                + "`miaopu plugin trust alpha` lifts it.")
        #expect(try PluginQuarantine(stateFolder: state).lift("alpha"))
        #expect(!isQuarantined("alpha"))
    }

    @Test("stands for the quarantine that cannot be written down, until a person lifts it") func unwritten() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.report(SIGSEGV, thread: 11)
        try write(journal)
        // No folder can be made where a file is.
        try folder.write([], "state/crashes")
        #expect(try hold().first?.contains("could not be written down") == true)
        let quarantine = PluginQuarantine(stateFolder: state)
        #expect(quarantine.history(of: "alpha")?.quarantineClause("alpha").contains("during tick") == true)
        #expect(quarantine.history(of: "beta") == nil)
        let error = #expect(throws: PluginHostingError.self) { try quarantine.lift("alpha") }
        #expect(error?.description.contains("cannot be lifted") == true, "\(String(describing: error))")
        #expect(quarantine.history(of: "alpha") != nil)

        try FileManager.default.removeItem(atPath: state + "/crashes")
        #expect(try quarantine.lift("alpha"))
        #expect(quarantine.history(of: "alpha") == nil)
        #expect(try names() == [])
        #expect(CrashLedger(plugin: "alpha", stateFolder: state).cards.count == 1)
    }

    @Test("of a host that lives is not touched") func alive() throws {
        var journal = Journal(of: try #require(ProcessIdentity.current))
        journal.add("alpha", slot: 0, thread: 11)
        journal.report(SIGSEGV, thread: 11)
        try write(journal)
        #expect(try hold() == [])
        #expect(!isQuarantined("alpha"))
        #expect(try names().count == 1)
    }

    @Test("of another start of the machine, or that is cut off, blames nobody and is removed")
    func unbelievable() throws {
        var journal = Journal(of: dead, boot: "00000000-0000-0000-0000-000000000000")
        journal.add("alpha", slot: 0, thread: 11)
        journal.report(SIGSEGV, thread: 11)
        try write(journal)
        #expect(try hold() == [])
        #expect(try names() == [])
        var cut = Journal(of: dead)
        cut.add("alpha", slot: 0, thread: 11)
        cut.report(SIGSEGV, thread: 11)
        try folder.write(Array(cut.bytes.prefix(20_000)), "state/journal/\(dead.process)-1.journal")
        #expect(try hold() == [])
        #expect(try names() == [])
        #expect(!isQuarantined("alpha"))
    }

    @Test("with several suspects leaves them all running, until a second death names one") func suspects() throws {
        var first = Journal(of: dead)
        first.add("alpha", slot: 0, thread: 11)
        first.add("beta", slot: 1, thread: 12)
        first.end(1, 7)
        try write(first)
        #expect(try hold().first?.contains("alpha, beta") == true)
        #expect(!isQuarantined("alpha") && !isQuarantined("beta"))
        // Now they take turns; another plugin is busy, too.
        var second = Journal(of: dead)
        second.add("beta", slot: 0, thread: 21)
        second.add("gamma", slot: 1, thread: 22)
        second.end(1, 7)
        try write(second)
        #expect(try hold().count == 1)
        #expect(isQuarantined("beta") && !isQuarantined("alpha") && !isQuarantined("gamma"))
        #expect(try names() == [])
    }
}
