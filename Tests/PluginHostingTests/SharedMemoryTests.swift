// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginMessages
import SwiftProtobuf
import Testing

@testable import PluginHosting

/// Large answers between host and a plugin's process.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct SharedMemoryTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func host() -> PluginHost {
        PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: folder.path, holdsOnlyPlugins: true, hosting: .process)],
                stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable)))
    }

    /// Statements that answer 200 with a body of so many bytes, each another than
    /// the one before.
    private static func answer(_ count: Int) -> String {
        """
        enum { COUNT = \(count) };
        static uint8_t big[COUNT + 32];
        size_t at = 0, inner = 3 + 1, size;
        for (size = COUNT; size > 127; size >>= 7) inner++;
        inner += 1 + COUNT;
        big[at++] = 0x22;
        for (size = inner; size > 127; size >>= 7) big[at++] = (uint8_t)(size | 0x80);
        big[at++] = (uint8_t)size;
        big[at++] = 0x08; big[at++] = 0xc8; big[at++] = 0x01;
        big[at++] = 0x22;
        for (size = COUNT; size > 127; size >>= 7) big[at++] = (uint8_t)(size | 0x80);
        big[at++] = (uint8_t)size;
        for (size_t i = 0; i < COUNT; i++) big[at++] = (uint8_t)(i * 31 + i / 256);
        return give(big, at);
        """
    }

    @Test(arguments: [1000, PluginFrame.memoryThreshold - 100, PluginFrame.memoryThreshold + 100, 40 << 20])
    func `an answer of any size arrives with every byte`(_ count: Int) throws {
        _ = try CPlugin(handle: Self.answer(count)).build(in: folder)
        let host = host()
        for _ in 0..<3 {
            let body = try host.handle(plugin: "tested", PluginRequest(path: "/")).body
            #expect(body.count == count)
            #expect(body.indices.allSatisfy { body[$0] == UInt8(truncatingIfNeeded: $0 * 31 + $0 / 256) })
        }
    }

    @Test func `an answer of the host arrives in the plugin with every byte`() throws {
        var statement = WireSQLStatement()
        statement.text = "SELECT zeroblob(1000000)"
        var request = WireHostRequest()
        request.sql.statements = [statement]
        let bytes: [UInt8] = try request.serializedBytes()
        var plugin = CPlugin(
            handle: """
                static const uint8_t query[] = {\(bytes.map(String.init).joined(separator: ","))};
                struct miaopu_bytes answer = {0};
                int32_t status = host->call(host->context, query, sizeof query, &answer);
                size_t zeros = 0;
                for (size_t i = 0; i < answer.count; i++) zeros += answer.bytes[i] == 0;
                int isGood = status == MIAOPU_OK && zeros >= 1000000;
                if (answer.release) answer.release(answer.owner);
                if (!isGood) return say(MIAOPU_FAILED, "The host's answer was cut.");
                return give("\\x22\\x03\\x08\\xc8\\x01", 5);
                """)
        plugin.manifest.permissions = ["tables"]
        _ = try plugin.build(in: folder)
        #expect(try host().handle(plugin: "tested", PluginRequest(path: "/")).status == 200)
    }

    @Test func `only large answers are put into memory, and only where it is understood`() {
        let large = PluginFrame(.reply, call: 7, status: 2, bytes: Data(count: PluginFrame.memoryThreshold))
        let small = PluginFrame(.reply, call: 7, status: 2, bytes: Data(count: PluginFrame.memoryThreshold - 1))
        #expect(large.packed(mayShareMemory: true).memory?.count == PluginFrame.memoryThreshold)
        #expect(large.packed(mayShareMemory: true).payload.count == 12)
        #expect(large.packed(mayShareMemory: false).memory == nil)
        #expect(small.packed(mayShareMemory: true).memory == nil)
        for frame in [large, small] {
            for mayShare in [true, false] { #expect(PluginFrame(frame.packed(mayShareMemory: mayShare)) == frame) }
        }
    }

    @Test func `a frame with bytes in both places, or of a kind without answers, is none`() throws {
        let memory = try [1, 2].withUnsafeBytes { try SealedMemory($0) }
        let head = [UInt8](repeating: 0, count: 12)
        #expect(PluginFrame(ChildFrame(kind: 226, payload: head, memory: memory)) != nil)
        #expect(PluginFrame(ChildFrame(kind: 226, payload: head + [1], memory: memory)) == nil)
        #expect(PluginFrame(ChildFrame(kind: 226, payload: Array(head.dropLast()), memory: memory)) == nil)
        #expect(PluginFrame(ChildFrame(kind: 225, payload: head, memory: memory)) == nil)
        #expect(PluginFrame(ChildFrame(kind: 239, payload: head, memory: memory)) == nil)
    }
}
