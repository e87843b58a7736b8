// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import PluginHosting

/// Plugins in Swift that were built by themselves.
@Suite(.enabled(if: executable != nil && SwiftPlugin.canBeBuilt)) struct SwiftPluginTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func host(_ hosting: PluginHostConfiguration.Hosting) -> PluginHost {
        PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: folder.path, holdsOnlyPlugins: true, hosting: hosting)],
                stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable)))
    }

    /// Only bytes cross the border, so the one need not know how the other was
    /// optimised: a plugin that is built for release runs in a host that is built
    /// for debugging, and the other way round.
    @Test(arguments: [PluginHostConfiguration.Hosting.inProcess, .process])
    func `A release and a debug build run beside each other in one host`(
        _ hosting: PluginHostConfiguration.Hosting
    ) throws {
        // What is loaded in this process stays: other ids than in another test.
        let ids = ["-O", "-Onone"].map { "swift\($0.lowercased())-\(hosting == .process ? 1 : 2)" }
        for (option, id) in zip(["-O", "-Onone"], ids) {
            try SwiftPlugin().build(in: folder, option: option, id: id)
        }
        let host = host(hosting)
        defer { host.stop() }
        #expect(host.descriptions.map(\.state) == [.running, .running])
        for id in ids {
            #expect(try host.handle(plugin: id, PluginRequest(path: "/")).status == 200, "\(id)")
        }
    }

    /// Every way in which Swift ends a process that goes wrong.
    @Test(arguments: ["-O", "-Onone"]) func `A trap costs its call, and its card names the function`(
        _ option: String
    ) throws {
        let id = "traps"
        try SwiftPlugin().build(in: folder, option: option, id: id)
        let host = host(.process)
        defer { host.stop() }
        let quarantine = PluginQuarantine(stateFolder: folder.url.appendingPathComponent("state").path)
        for (number, trap) in ["overflow", "bounds", "nil", "fatal"].enumerated() {
            let error = #expect(throws: PluginHostingError.self, "\(trap)") {
                _ = try host.handle(plugin: id, PluginRequest(path: "/\(trap)"))
            }
            #expect(error?.kind == .crashed, "\(trap): \(error?.description ?? "")")
            CrashFile.finish()
            let ledger = CrashLedger(plugin: id, stateFolder: folder.url.appendingPathComponent("state").path)
            let card = try CrashCard.read(try #require(ledger.cards.last).path)
            #expect(ledger.cards.count == number + 1, "\(trap)")
            #expect(["SIGILL", "SIGTRAP"].contains(card.signalName ?? ""), "\(trap): \(card.signalName ?? "none")")
            #expect(card.call == "handle GET /\(trap)", "\(card.call)")
            #expect(card.stack.contains { $0.contains("trap_\(trap)") }, "\(trap): \(card.stack)")
            // A second crash has a pause, a third one quarantine.
            for _ in 0..<100 where (try? host.handle(plugin: id, PluginRequest(path: "/")).status) != 200 {
                _ = try quarantine.lift(id)
                usleep(50_000)
            }
            #expect(try host.handle(plugin: id, PluginRequest(path: "/")).status == 200, "\(trap)")
        }
    }
}
