// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import PluginHosting

/// Every wrong thing that a plugin can do in a process of its own costs the call
/// in which it is done.
@Suite("A plugin that misbehaves", .enabled(if: executable != nil && ZooPlugin.canBeBuilt)) struct ZooTests {
    private let folder: ScratchFolder
    private let zoo: ZooPlugin
    private let other: ZooPlugin
    private let lines = Lines()

    /// What the host logged, with its plugin.
    private final class Lines: Sendable {
        let all = Mutex<[(plugin: String, text: String)]>([])
        func of(_ plugin: String) -> [String] { all.withLock { $0.filter { $0.plugin == plugin }.map(\.text) } }
    }

    init() throws {
        folder = try ScratchFolder()
        let plugins = folder.url.appendingPathComponent("plugins")
        let scratch = folder.url.appendingPathComponent("scratch")
        zoo = try ZooPlugin(id: "zoo", in: plugins, scratch: scratch)
        other = try ZooPlugin(id: "other", in: plugins, scratch: scratch)
    }

    private func host() -> PluginHost {
        var configuration = PluginHostConfiguration(
            folders: [
                PluginFolder(
                    path: folder.url.appendingPathComponent("plugins").path, holdsOnlyPlugins: true, hosting: .process)
            ], stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable))
        configuration.budget.handle = 3
        configuration.budget.addressSpaceBytes = 1 << 30
        var services = HostServices()
        services.log = { [lines] plugin, _, text in lines.all.withLock { $0.append((plugin, text)) } }
        return PluginHost(configuration, services: services)
    }

    private func ask(_ host: PluginHost, _ plugin: String) -> PluginHostingError? {
        do {
            _ = try host.handle(plugin: plugin, PluginRequest(path: "/"))
            return nil
        } catch {
            return error
        }
    }

    private func cards() throws -> [CrashCard] {
        let crashes = folder.url.appendingPathComponent("state/crashes")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: crashes.path)) ?? []
        return try names.filter { $0.hasSuffix(".card.json") }.sorted().map {
            try CrashCard.read(crashes.appendingPathComponent($0).path)
        }
    }

    @Test(
        "that crashes leaves its name, its signal and its last words",
        arguments: [
            ("null", "SIGSEGV"), ("readonly", "SIGSEGV"), ("jump", "SIGSEGV"), ("trap", "SIGILL"),
            ("breakpoint", "SIGTRAP"), ("divide", "SIGFPE"), ("abort", "SIGABRT"), ("overflow", "SIGSEGV"),
            ("twice", "SIGABRT"),
        ])
    func crash(_ fault: String, _ signal: String) throws {
        let host = host()
        defer { host.stop() }
        #expect(ask(host, "zoo") == nil)
        try zoo.set(fault: fault)
        let error = try #require(ask(host, "zoo"))
        #expect(error.kind == .crashed)
        #expect(error.description.contains(signal), "\(error.description)")
        #expect(ask(host, "other") == nil)
        CrashFile.finish()
        let card = try #require(try cards().first)
        #expect(card.signalName == signal)
        #expect(card.plugin == "zoo" && card.version == "0.1.0" && card.hosting == "process")
        #expect(card.buildID.count == 40)
        #expect(card.call == "handle GET /")
        #expect(card.stack.first { $0.contains("libzoo.so") }?.hasPrefix("zoo_\(fault)+0x") == true, "\(card.stack)")
        #expect(card.log.last == "info: about to misbehave")
        #expect(card.fingerprint.count == 16)
        #expect(card.count == 1)
        try zoo.set(fault: nil)
        #expect(ask(host, "zoo") == nil)
    }

    @Test("that ends its process, or is ended, costs its call", arguments: [
        ("exit", "ended"), ("leave", "exit code 7"), ("close", "ended"), ("allocate", "memory"),
        ("spin", "took longer than 3 s"), ("deadlock", "took longer than 3 s"),
    ])
    func end(_ fault: String, _ clause: String) throws {
        let host = host()
        defer { host.stop() }
        try zoo.set(fault: fault)
        let error = try #require(ask(host, "zoo"))
        #expect(error.kind == .crashed || error.kind == .timedOut)
        #expect(error.description.contains(clause), "\(error.description)")
        #expect(ask(host, "other") == nil)
        try zoo.set(fault: nil)
        #expect(ask(host, "zoo") == nil)
        CrashFile.finish()
        #expect(try cards().map(\.plugin) == ["zoo"])
        #expect(try cards().first?.fingerprint.count == 16)
    }

    @Test("that answers what is none is an error and no crash", arguments: [
        ("huge", PluginHostingError.Kind.tooLarge), ("garbage", .failed),
    ])
    func answer(_ fault: String, _ kind: PluginHostingError.Kind) throws {
        let host = host()
        defer { host.stop() }
        try zoo.set(fault: fault)
        #expect(ask(host, "zoo")?.kind == kind)
        #expect(ask(host, "other") == nil)
        try zoo.set(fault: nil)
        #expect(ask(host, "zoo") == nil)
        #expect(try cards().isEmpty)
    }

    @Test("may call its host from threads of its own")
    func threads() throws {
        let host = host()
        defer { host.stop() }
        try zoo.set(fault: "threads")
        #expect(ask(host, "zoo") == nil)
        #expect(lines.of("zoo").filter { $0 == "from a thread" }.count >= PluginLog.perSecond - 2)
    }

    @Test("floods the log in vain, and what was dropped is counted")
    func flood() throws {
        let host = host()
        defer { host.stop() }
        try zoo.set(fault: "flood")
        #expect(ask(host, "zoo") == nil)
        // Counted a second after the first line that was dropped.
        for _ in 0..<600 where !lines.of("zoo").contains(where: { $0.contains("were dropped") }) { usleep(100_000) }
        #expect(lines.of("zoo").contains { $0.hasSuffix("were dropped; at most 100 a second are written.") })
        #expect(lines.of("zoo").filter { $0.hasPrefix("line ") }.count < 5000)
    }

    @Test("is counted by its fault, wherever it lies in memory")
    func fingerprints() throws {
        let host = host()
        defer { host.stop() }
        try zoo.set(fault: "null")
        #expect(ask(host, "zoo")?.kind == .crashed)
        try zoo.set(fault: "abort")
        #expect(ask(host, "zoo")?.kind == .crashed)
        host.stop()
        #expect(try PluginQuarantine(stateFolder: folder.url.appendingPathComponent("state").path).lift("zoo") == false)
        try zoo.set(fault: "null")
        let second = self.host()
        defer { second.stop() }
        // After two crashes there is a pause.
        for _ in 0..<600 where try cards().count < 3 { _ = ask(second, "zoo"); usleep(50_000) }
        CrashFile.finish()
        let cards = try cards()
        try #require(cards.count == 3)
        #expect(cards[0].fingerprint == cards[2].fingerprint)
        #expect(cards[0].fingerprint != cards[1].fingerprint)
        #expect(cards.map(\.count) == [1, 1, 2])
        #expect(ask(second, "zoo")?.kind == .quarantined)
        #expect(ask(second, "other") == nil)
    }
}
