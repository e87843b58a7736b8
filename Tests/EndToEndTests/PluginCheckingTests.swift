// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// The admission of plugins, as the person who runs the host meets it.
@Suite("A plugin that is not admitted") struct PluginCheckingTests {
    private static let hasTools = FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc")

    /// A plugin in C that answers everything with nothing, which is no answer to
    /// bytes that are no message.
    private static func install(in fixture: DistrictFixture) throws -> String {
        let manifest: [UInt8] = [0x0a, 5] + Array("loose".utf8) + [0x1a, 5] + Array("0.1.0".utf8) + [0x20, 1]
        let answer = [0x0a, UInt8(manifest.count)] + manifest
        #if arch(arm64)
            let machine = 183
        #else
            let machine = 62
        #endif
        let source = """
            #include "miaopu_plugin.h"
            __attribute__((section(".miaopu.plugin"), used)) static const struct miaopu_stamp_record stamp[] = {
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_CONTRACT, {1}},
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_COMPILER, {1, 12, 2, 0}},
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {\(machine), 1}}};
            static const uint8_t manifest[] = {\(answer.map(String.init).joined(separator: ","))};
            static int32_t call(void *context, const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
                (void)context;
                int asks = count && request[0] == 0x0a;
                *reply = (struct miaopu_bytes){manifest, asks ? sizeof manifest : 0, 0, 0};
                return MIAOPU_OK;
            }
            int32_t miaopu_plugin_v1(const struct miaopu_host_table *host, struct miaopu_plugin_table *plugin) {
                (void)host;
                plugin->call = call;
                return MIAOPU_OK;
            }
            """
        try fixture.write(source, to: "loose.c")
        try fixture.write("", to: "plugins/.keep")
        let library = fixture.directory.appendingPathComponent("plugins/libloose.so").path
        let compiled = try #require(
            try Program.tool(
                "gcc",
                [
                    "-shared", "-fPIC", "-fvisibility=default",
                    "-I\(Program.package.appendingPathComponent("Sources/CPluginABI").path)", "-o", library,
                    fixture.directory.appendingPathComponent("loose.c").path,
                ]))
        #expect(compiled.status == 0, "\(compiled.errors)")
        return library
    }

    @Test(.enabled(if: hasTools)) func `is refused with both cures, and let in with a reason`() throws {
        let fixture = try `A district on the air`.fixture()
        let library = try Self.install(in: fixture)
        let list = ["plugin", "list", "--district", fixture.directory.path]
        let refused = try Program.run(list)
        #expect(refused.status == 1)
        let line = try #require(refused.output.split(separator: "\n").first { $0.contains("libloose.so") })
        #expect(line.contains("does not pass the check") && line.contains("bad bytes"), "\(line)")
        #expect(line.contains("miaopu plugin check") && line.contains("miaopu plugin waive"), "\(line)")

        let check = try Program.run(["plugin", "check", library])
        #expect(check.status == 1)
        #expect(check.output.contains("failed  bad bytes: "), "\(check.output)")
        #expect(check.output.contains("loose 0.1.0 does not pass"), "\(check.output)")
        let json = try Program.run(["plugin", "check", library, "--json"])
        struct Report: Decodable {
            struct Finding: Decodable {
                var check: String
                var outcome: String
            }
            var plugin: String
            var findings: [Finding]
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
        #expect(json.status == 1 && report.plugin == "loose")
        #expect(report.findings.contains { $0.check == "stamp" && $0.outcome == "ok" })

        let waive = ["plugin", "waive", library, "--district", fixture.directory.path, "--reason"]
        let short = try Program.run(waive + ["because"])
        #expect(short.status == 2 && short.errors.contains("10 to 1000 are accepted"), "\(short.errors)")
        let waived = try Program.run(waive + ["A fixture of ours that does nothing."])
        #expect(waived.status == 0 && waived.output.contains("bad bytes"), "\(waived.output)\(waived.errors)")

        let running = try Program.run(list)
        #expect(running.status == 0, "\(running.output)")
        #expect(running.output.contains("A fixture of ours that does nothing."), "\(running.output)")
        #expect(
            FileManager.default.fileExists(
                atPath: fixture.directory.appendingPathComponent("state/admission.json").path))
    }

    @Test func `may be no file at all`() throws {
        let nothing = try Program.run(["plugin", "check", "/no/such/file.so"])
        #expect(nothing.status == 2)
        #expect(nothing.errors.contains("nothing is there"), "\(nothing.errors)")
        let fixture = try DistrictFixture()
        try fixture.write("I am a text.", to: "libtext.so")
        let text = try Program.run(["plugin", "check", fixture.directory.appendingPathComponent("libtext.so").path])
        #expect(text.status == 1)
        #expect(text.output.contains("failed  file: ") && text.output.contains("no ELF file"), "\(text.output)")
    }
}
