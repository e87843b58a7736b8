// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Testing

@testable import PluginHosting

/// What a command is told when it cannot reach the plugins of a district.
@Suite struct OperatorLineTests {
    private let folder: ScratchFolder
    private let state: String
    private let line: OperatorLine

    init() throws {
        folder = try ScratchFolder()
        state = folder.url.appendingPathComponent("state").path
        // No plugin is ever started here.
        line = OperatorLine(PluginHostConfiguration(folders: [], stateFolder: state), patience: 0.2)
    }

    private func refusal() -> PluginHostingError? {
        do throws(PluginHostingError) {
            _ = try line.answer(.features, of: "flood")
            return nil
        } catch {
            return error
        }
    }

    @Test func `as long as another command has the plugins it is postponed, and then asked again`() throws {
        let turn = try #require(PluginTurn(stateFolder: state))
        let refused = try withExtendedLifetime(turn) { try #require(refusal()) }
        #expect(refused.kind == .postponed && refused.subject == "flood")
        #expect(
            refused.description
                == "A server or another command has had the district's plugins for 1 s and cannot be asked; "
                + "try again when it has ended.")
    }

    @Test func `and when nobody has them the district's own answer comes`() throws {
        do {
            let turn = try #require(PluginTurn(stateFolder: state))
            withExtendedLifetime(turn) { #expect(PluginTurn(stateFolder: state) == nil) }
        }
        #expect(refusal()?.kind == .notFound)
    }

    @Test func `a server that has the plugins and does not listen is not waited for without end`() throws {
        let record = ServingRecord(stateFolder: state) { _ in }
        #expect(refusal()?.kind == .postponed)
        // It listens, and ends before it has answered.
        let listener = OperatorLine.listen(in: state, log: { _ in }) { _, _ in nil }
        let lost = refusal()
        #expect(lost?.kind == .failed && lost?.description.contains("ended before the plugin flood had answered") == true)
        listener?.close()
        record.close()
        #expect(refusal()?.kind == .notFound)
    }

    @Test func `what is no request of a command is not answered, and the next one is`() throws {
        let record = ServingRecord(stateFolder: state) { _ in }
        let listener = try #require(
            OperatorLine.listen(in: state, log: { _ in }) { _, plugin in
                .failure(PluginHostingError(.denied, plugin, "The plugin \(plugin) sleeps."))
            })
        let script = """
            import socket, sys
            def frame(text): return len(text).to_bytes(4, "little") + bytes(1) + text
            for calls in [[b""], [b"{}"], [b"{", b""], [b'{"plugin":1,"takesFile":true}', b""], [b"\\xff" * 70000, b""]]:
                peer = socket.socket(socket.AF_UNIX)
                peer.connect(sys.argv[1])
                try:
                    for call in calls: peer.sendall(frame(call))
                    peer.shutdown(socket.SHUT_WR)
                    print(len(peer.recv(100)))
                except OSError: print(0)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, "\(state)/plugins/serving.sock"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said == "0\n0\n0\n0\n0\n")
        #expect(refusal()?.description == "The plugin flood sleeps.")
        listener.close()
        record.close()
    }
}
