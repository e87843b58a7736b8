// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginMessages
import Testing

@testable import PluginHosting

/// Plugins in processes of their own, and what they do to them.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct ProcessHostingTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func host(budget: CallBudget = CallBudget()) -> PluginHost {
        var configuration = PluginHostConfiguration(
            folders: [PluginFolder(path: folder.path, holdsOnlyPlugins: true, hosting: .process)],
            stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable))
        configuration.budget = budget
        return PluginHost(configuration)
    }

    private func ask(_ host: PluginHost, plugin: String = "tested") -> PluginHostingError.Kind? {
        do {
            _ = try host.handle(plugin: plugin, PluginRequest(path: "/"))
            return nil
        } catch {
            return error.kind
        }
    }

    /// An answer with the status 200 and nothing in it.
    private static let ok = #"return give("\x22\x03\x08\xc8\x01", 5);"#

    @Test func aPluginInAProcessAnswers() throws {
        _ = try CPlugin(handle: Self.ok).build(in: folder)
        let host = host()
        #expect(host.descriptions.map(\.state) == [.running])
        #expect(ask(host) == nil)
    }

    @Test(
        arguments: [
            ("*(volatile int *)0 = 1;", "crashed (memory access fault, SIGSEGV)"),
            ("abort();", "crashed (aborted, SIGABRT)"), ("exit(0);", "ended"), ("_exit(7);", "exit code 7"),
            ("__builtin_trap();", "crashed (failed check, SIGILL)"),
            ("kill(getpid(), SIGKILL);", "SIGKILL"),
            ("char *big = __builtin_alloca(1 << 24); memset(big, 1, 1 << 24); return give(big, 1);", "SIGSEGV"),
            ("for (;;) { char *p = malloc(1 << 24); if (!p) abort(); memset(p, 1, 1 << 24); }", "memory"),
            ("for (int i = 3; i < 256; i++) close(i);", "ended"),
        ])
    func aCrashCostsOneAnswer(_ fault: String, _ clause: String) throws {
        // The fault happens in the first process only: the second finds the mark.
        let mark = folder.url.appendingPathComponent("mark").path
        let handle = """
            if (access("\(mark)", F_OK) != 0) { fclose(fopen("\(mark)", "w")); \(fault) }
            \(Self.ok)
            """
        _ = try CPlugin(handle: handle).build(in: folder)
        let host = host()
        let error = #expect(throws: PluginHostingError.self) {
            _ = try host.handle(plugin: "tested", PluginRequest(path: "/"))
        }
        #expect(error?.kind == .crashed)
        #expect(error?.description.contains(clause) == true, "\(error?.description ?? "")")
        #expect(ask(host) == nil)
        let cards = try cards()
        #expect(cards.count == 1)
        #expect(cards.first?.call == "handle GET /")
        #expect(cards.first?.plugin == "tested")
    }

    /// A fault of the 10th or the 1000th call costs that one call, like one of the first.
    @Test(arguments: [10, 1000]) func aLateCrashCostsOneAnswer(_ number: Int) throws {
        // A process that was started anew counts from one again.
        let handle = "static int calls; if (++calls == \(number)) __builtin_trap(); \(Self.ok)"
        _ = try CPlugin(handle: handle).build(in: folder)
        let host = host()
        let answers = (1..<2 * number).map { _ in ask(host) }
        #expect(answers.enumerated().filter { $0.element != nil }.map(\.offset) == [number - 1])
        #expect(answers[number - 1] == .crashed)
        #expect(try cards().map(\.call) == ["handle GET /"])
    }

    @Test(arguments: ["for (;;) ;", "for (;;) pause();"]) func aHangIsEndedByTheClock(_ hang: String) throws {
        _ = try CPlugin(handle: hang).build(in: folder)
        var budget = CallBudget()
        budget.handle = 0.3
        let host = host(budget: budget)
        #expect(ask(host) == .timedOut)
        #expect(try cards().first?.cause.contains("took longer than 0.3 s") == true)
    }

    @Test func thirdCrashPutsAPluginInQuarantineUntilAPersonLiftsIt() throws {
        _ = try CPlugin(handle: "abort();").build(in: folder)
        let first = host()
        #expect(ask(first) == .crashed)
        #expect(ask(first) == .crashed)
        // Between the second and the third start there is a pause.
        let until = Date().addingTimeInterval(CrashHistory.pause + 0.1)
        while Date() < until { _ = ask(first) }
        #expect(ask(first) == .quarantined)
        #expect(try cards().count == 3)

        let second = host()
        guard case .refused(let sentence)? = second.descriptions.first?.state else {
            Issue.record("The plugin runs in spite of its quarantine.")
            return
        }
        #expect(sentence.contains("miaopu plugin trust tested"))

        let ledger = CrashLedger(plugin: "tested", stateFolder: folder.url.appendingPathComponent("state").path)
        #expect(try ledger.trust())
        #expect(try !ledger.trust())
        // The host that saw the crashes believes it, too: the plugin runs, and crashes again.
        #expect(ask(first) == .crashed)
        #expect(host().descriptions.map(\.state) == [.running])
    }

    @Test func aPluginThatCrashesWhenItStartsIsRefusedAndCounted() throws {
        _ = try CPlugin(start: "abort();").build(in: folder)
        for _ in 0..<3 {
            guard case .refused(let sentence)? = host().descriptions.first?.state else {
                Issue.record("The plugin runs.")
                return
            }
            #expect(sentence.contains("SIGABRT"), "\(sentence)")
        }
        guard case .refused(let sentence)? = host().descriptions.first?.state else { return }
        #expect(sentence.contains("quarantine"), "\(sentence)")
    }

    @Test func othersServeWhileOneCrashes() throws {
        _ = try CPlugin(handle: "abort();").build(in: folder)
        var other = CPlugin(handle: Self.ok)
        other.manifest.id = "other"
        _ = try other.build(in: folder, name: "libother.so")
        let host = host()
        for _ in 0..<20 {
            #expect(ask(host) != nil)
            #expect(ask(host, plugin: "other") == nil)
        }
    }

    @Test func tooLargeAnAnswerIsAnErrorAndNoCrash() throws {
        _ = try CPlugin(handle: "return give(manifest, (size_t)2 << 30);").build(in: folder)
        let host = host()
        #expect(ask(host) == .tooLarge)
        #expect(try cards().isEmpty)
    }

    @Test func aFloodOfWordsIsBounded() throws {
        let flood = #"for (int i = 0; i < 100000; i++) fprintf(stderr, "line %d of many\n", i); abort();"#
        _ = try CPlugin(handle: flood).build(in: folder)
        #expect(ask(host()) == .crashed)
        let output = try #require(try cards().first?.output)
        #expect(output.utf8.count <= 4096)
        #expect(output.contains("line 99999 of many"))
    }

    private func cards() throws -> [CrashCard] {
        let crashes = folder.url.appendingPathComponent("state/crashes")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: crashes.path)) ?? []
        return try names.filter { $0.hasSuffix(".card.json") }.sorted().map {
            try JSONDecoder().decode(CrashCard.self, from: Data(contentsOf: crashes.appendingPathComponent($0)))
        }
    }
}

@Suite struct CrashHistoryTests {
    @Test func theFirstCrashCostsNoPauseAndTheSecondDoes() {
        var history = CrashHistory()
        #expect(history.verdict(at: 0) == .mayStart)
        history.add(at: 100)
        #expect(history.verdict(at: 100) == .mayStart)
        history.add(at: 101)
        #expect(history.verdict(at: 101) == .waits(until: 101 + CrashHistory.pause))
        #expect(history.verdict(at: 101 + CrashHistory.pause) == .mayStart)
    }

    @Test func threeInTenMinutesAreQuarantineForGood() {
        var history = CrashHistory()
        for time in [0.0, 300, 599] { history.add(at: time) }
        #expect(history.verdict(at: 1e9) == .isQuarantined)
        history.trust()
        #expect(history.verdict(at: 599) == .mayStart)
    }

    @Test func oldCrashesAreForgotten() {
        var history = CrashHistory()
        for time in [0.0, 300, 601, 1202] { history.add(at: time) }
        #expect(!history.isQuarantined)
        #expect(history.times == [1202])
    }
}
