// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import PluginHosting

/// What the next host makes of one that ended itself for a plugin's call, or was
/// killed.
@Suite struct OverrunTests {
    private let folder: ScratchFolder
    private let dead: ProcessIdentity

    init() throws {
        folder = try ScratchFolder()
        dead = try .ofTheDead()
    }

    /// Two plugins in a call.
    private var journal: Journal {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.add("beta", slot: 1, thread: 12)
        return journal
    }

    private func blamed(_ journal: Journal) throws -> [String] {
        switch try #require(journal.host).verdict {
        case .plugin(let slot, let clause): ["\(slot.subject.plugin) \(clause)"]
        case .oneOf(let slots, _): slots.map(\.subject.plugin)
        case .nobody, .coincidence: []
        }
    }

    @Test func `the plugin whose call was over its limit is blamed, whoever else was in a call`() throws {
        var journal = journal
        journal.overrun(.stuck(seconds: 31), slot: 1)
        #expect(try blamed(journal) == ["beta was stuck for 31 s"])
        // With its stack, and when it took no signal.
        journal.report(SIGABRT, thread: 12)
        #expect(try blamed(journal) == ["beta was stuck for 31 s"])
        journal.end(2, SIGKILL)
        #expect(try blamed(journal) == ["beta was stuck for 31 s"])
    }

    @Test func `a fault of another plugin that came first is its own`() throws {
        var journal = journal
        journal.overrun(.stuck(seconds: 31), slot: 1)
        journal.report(SIGSEGV, thread: 11)
        #expect(try blamed(journal) == ["alpha crashed (SIGSEGV)"])
    }

    @Test func `plugins that were in a call together while the host grew are suspects`() throws {
        var journal = journal
        journal.overrun(.grew(megabytes: 300), slot: 0)
        journal.overrun(.grew(megabytes: 290), slot: 1)
        journal.report(SIGABRT, thread: 11)
        #expect(try blamed(journal) == ["alpha", "beta"])
    }

    @Test func `a fault of the host's own code is the plugin's whose call closed the descriptors`() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.add("beta", slot: 1, thread: nil)
        journal.report(SIGILL, thread: 99)
        #expect(try blamed(journal) == [])
        journal.report(SIGILL, thread: 99, hasLostDescriptor: true)
        #expect(try blamed(journal) == ["alpha closed files and connections of the server"])
    }

    @Test func `a number that means nothing is no overrun`() throws {
        var journal = journal
        journal.overrun(.closedDescriptors, slot: 0)
        #expect(try blamed(journal) == ["alpha closed files and connections of the server"])
        let place = JournalLayout.slotsPlace + JournalLayout.overrunPlace
        journal.set(UInt32(77), at: place)
        #expect(try blamed(journal) == [])
    }

    // MARK: What is written down

    private var state: String { folder.url.appendingPathComponent("state").path }

    private func hold(_ journal: Journal) throws -> [String] {
        try folder.write(
            journal.bytes, "state/journal/\(journal.identity.process)-\(journal.identity.start).journal")
        var lines: [String] = []
        HostInquest(stateFolder: state).hold { _, line in lines.append(line) }
        CrashFile.finish()
        return lines
    }

    @Test func `a card of an overrun has no signal, and the sentence says what happened`() throws {
        var journal = journal
        journal.overrun(.stuck(seconds: 31), slot: 1)
        journal.report(SIGABRT, thread: 12, module: "/plugins/libbeta.so")
        #expect(try hold(journal).first?.contains("took the server down: it was stuck for 31 s during tick") == true)
        let ledger = CrashLedger(plugin: "beta", stateFolder: state)
        let card = try CrashCard.read(try #require(ledger.cards.first).path)
        #expect(card.signal == nil && card.signalName == nil && card.cause == "was stuck for 31 s")
        #expect(card.call == "tick" && card.stack.first?.hasPrefix("libbeta.so+0x") == true, "\(card.stack)")
        #expect(
            ledger.history.quarantineClause("beta")
                == "took the server down (it was stuck for 31 s during tick) and is in quarantine; "
                + "`miaopu plugin trust beta` lifts it.")
        #expect(!CrashLedger(plugin: "alpha", stateFolder: state).history.isQuarantined)
    }

    @Test func `a crash that took the host with it is counted, when the host's calls were`() throws {
        var journal = journal
        journal.report(SIGSEGV, thread: 11)
        _ = try hold(journal)
        #expect(try PluginReliability(of: "alpha", stateFolder: state).figures.crashes == 0)
        journal.set(UInt32(1), at: JournalLayout.countsPlace)
        for count in 1...2 {
            _ = try hold(journal)
            #expect(try PluginReliability(of: "alpha", stateFolder: state).figures.crashes == count)
        }
        #expect(try PluginReliability(of: "beta", stateFolder: state).figures.crashes == 0)
    }

    @Test func `a host that was killed is chance twice, and none the third time in ten minutes`() throws {
        var journal = Journal(of: dead)
        journal.add("alpha", slot: 0, thread: 11)
        journal.add("beta", slot: 1, thread: nil)
        journal.end(2, SIGKILL)
        let ledger = CrashLedger(plugin: "alpha", stateFolder: state)
        for round in 1...3 {
            #expect(!ledger.history.isQuarantined)
            #expect(try hold(journal).count == (round < 3 ? 0 : 1))
        }
        #expect(ledger.history.isQuarantined && ledger.cards.count == 1)
        #expect(ledger.history.quarantineClause("alpha").contains("3 times in 10 minutes"))
        #expect(!CrashLedger(plugin: "beta", stateFolder: state).history.isQuarantined)
        // With two in a call it is chance for ever.
        journal.add("gamma", slot: 2, thread: 13)
        for _ in 1...4 { #expect(try hold(journal) == []) }
        #expect(!CrashLedger(plugin: "gamma", stateFolder: state).history.isQuarantined)
    }
}
