// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Testing

@testable import PluginHosting

/// Hosts that let in only what passes the check or is waived.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct PluginAdmissionTests {
    private let folder: ScratchFolder
    private let sources: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        sources = try ScratchFolder()
    }

    private var admissions: PluginAdmissions { PluginAdmissions(stateFolder: state) }
    private var state: String { folder.url.appendingPathComponent("state").path }
    private var library: String { folder.url.appendingPathComponent("plugins/libtested.so").path }

    private func install(_ plugin: CPlugin) throws {
        let built = try plugin.build(in: sources)
        try folder.write([UInt8](Data(contentsOf: URL(fileURLWithPath: built))), "plugins/libtested.so")
    }

    private func verdict() throws -> PluginDescription.State {
        let host = PluginHost(
            PluginHostConfiguration(
                folders: [
                    PluginFolder(
                        path: folder.url.appendingPathComponent("plugins").path, holdsOnlyPlugins: true,
                        hosting: .process, needsAdmission: true)
                ], stateFolder: state, probe: .child(executable: executable)))
        defer { host.stop() }
        return try #require(host.descriptions.first).state
    }

    private func refusal() throws -> String {
        if case .refused(let sentence) = try verdict() { return sentence }
        Issue.record("It was let in.")
        return ""
    }

    private func waive(_ reason: String = "It is our own, and harmless.") throws -> [PluginFinding] {
        var check = PluginCheck(executable: executable)
        check.looksForLeaks = false
        return try admissions.waive(library, reason: reason, by: "wang", check: check)
    }

    private static func unsound() throws -> CPlugin {
        var plugin = try CPlugin.sound()
        plugin.manifest.title = WireTitle(["zh": "测试"])
        return plugin
    }

    @Test func `What passes is let in, and is not checked again before it changes`() throws {
        let mark = folder.url.appendingPathComponent("loads").path
        var plugin = try CPlugin.sound()
        plugin.constructor = "FILE *f = fopen(\"\(mark)\", \"a\"); if (f) { fputc('x', f); fclose(f); }"
        try install(plugin)
        func loads() -> Int { (try? Data(contentsOf: URL(fileURLWithPath: mark)))?.count ?? 0 }
        #expect(try verdict() == .running)
        let first = loads()
        #expect(try verdict() == .running)
        // Once to ask who it is, and once to run it.
        #expect(loads() - first == 2)
        #expect(first > 2)

        plugin.manifest.version = "0.2.0"
        try install(plugin)
        let before = loads()
        #expect(try verdict() == .running)
        #expect(loads() - before == first)
    }

    @Test func `What does not pass is refused with both cures, also the second time`() throws {
        try install(Self.unsound())
        for _ in 0..<2 {
            let sentence = try refusal()
            #expect(sentence.contains("texts") && sentence.contains("the plugin's title"), "\(sentence)")
            #expect(sentence.contains("miaopu plugin check \(library)"))
            #expect(sentence.contains("miaopu plugin waive \(library) --reason"))
            #expect(!sentence.contains("\n"))
        }
    }

    @Test func `A waiver lets it in until it changes, and is written down`() throws {
        var plugin = try Self.unsound()
        try install(plugin)
        #expect(try waive().map(\.check) == ["texts"])
        #expect(try verdict() == .running)
        let waiver = try #require(admissions.waiver(of: library))
        #expect(waiver.reason == "It is our own, and harmless.")
        #expect(waiver.by == "wang")
        #expect(waiver.time.hasSuffix("Z"))

        plugin.manifest.version = "0.2.0"
        try install(plugin)
        #expect(try refusal().contains("texts"))
        #expect(admissions.waiver(of: library) == nil)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind")))
    func `An install looks for leaks, and is refused for those that grow`() throws {
        let place = folder.url.appendingPathComponent("plugins").path
        let installer = PluginInstaller(
            folder: place,
            configuration: PluginHostConfiguration(
                folders: [PluginFolder(path: place, holdsOnlyPlugins: true, hosting: .process, needsAdmission: true)],
                stateFolder: state, probe: .child(executable: executable)))
        var leaky = try CPlugin.sound()
        leaky.handle = "{ volatile char *lost = malloc(100); lost[0] = 1; lost = 0; \(leaky.handle) }"
        let source = try leaky.build(in: sources)
        let error = #expect(throws: PluginHostingError.self) { try installer.install(source) }
        #expect(error?.kind == .denied)
        #expect(error?.description.contains("leaks (In 100 rounds of calls it lost 20000 bytes") == true, "\(error as Any)")
        #expect(error?.description.contains("miaopu plugin waive \(source) --reason") == true, "\(error as Any)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        // Who does not want it run without confinement finds out less.
        #expect(try installer.install(source, looksForLeaks: false).findings.allSatisfy { $0.check != "leaks" })
        #expect(throws: PluginHostingError.self) { try installer.install(source) }
        #expect(
            try admissions.waive(
                source, reason: "It leaks a little, and we know it.", by: "wang", check: PluginCheck(executable: executable)
            ).map(\.check) == ["leaks"])
        #expect(try installer.install(source).findings.contains { $0.check == "leaks" && $0.outcome == .failed })

        var tight = try CPlugin.sound()
        tight.constructor = "volatile char *lost = malloc(100); lost[0] = 1; lost = 0;"
        let findings = try installer.install(try tight.build(in: sources)).findings
        #expect(findings.contains { $0.check == "leaks" && $0.outcome == .note && $0.sentence.contains("100 bytes once") })
    }

    @Test func `A waiver is noticed while the host runs`() throws {
        try install(Self.unsound())
        let host = PluginHost(
            PluginHostConfiguration(
                folders: [
                    PluginFolder(
                        path: folder.url.appendingPathComponent("plugins").path, holdsOnlyPlugins: true,
                        hosting: .process, needsAdmission: true, mayChange: true)
                ], stateFolder: state, probe: .child(executable: executable)))
        defer { host.stop() }
        guard case .refused(let sentence)? = host.descriptions.first?.state else {
            Issue.record("It was let in.")
            return
        }
        // People know the library where they put it, not the copy that was checked.
        #expect(sentence.contains("waive \(library) --reason") && !sentence.contains("copies"), "\(sentence)")
        #expect(!host.follow())
        _ = try waive()
        #expect(host.follow())
        #expect(host.descriptions.map(\.state) == [.running])
    }

    @Test(arguments: ["", "because", "   short    \n ", String(repeating: "x", count: 1001)])
    func `A waiver needs a reason`(_ reason: String) throws {
        try install(Self.unsound())
        let error = #expect(throws: PluginHostingError.self) { try waive(reason) }
        #expect(error?.kind == .invalid)
        #expect(try refusal().contains("texts"))
    }

    @Test func `A crash when it starts cannot be waived`() throws {
        var plugin = try CPlugin.sound()
        plugin.start = "abort();"
        try install(plugin)
        let error = #expect(throws: PluginHostingError.self) { try waive() }
        #expect(error?.kind == .denied)
        #expect(error?.description.contains("SIGABRT") == true)
        let sentence = try refusal()
        #expect(sentence.contains("start") && !sentence.contains("waive"), "\(sentence)")
    }

    @Test func `What passes needs no waiver`() throws {
        try install(.sound())
        #expect(try waive().isEmpty)
        #expect(admissions.waiver(of: library) == nil)
    }

    @Test func `A list of admissions that cannot be read is not written over`() throws {
        try install(.sound())
        let file = try folder.write(Array("no JSON".utf8), "state/admission.json")
        #expect(try verdict() == .running)
        try install(Self.unsound())
        let error = #expect(throws: PluginHostingError.self) { try waive() }
        #expect(error?.kind == .failed)
        #expect(error?.description.contains("admission.json") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "no JSON")
    }

    @Test func `Where admission is not asked for, nothing is checked`() throws {
        _ = try Self.unsound().build(in: folder)
        #expect(folder.host().descriptions.map(\.state) == [.running])
        #expect(!FileManager.default.fileExists(atPath: "\(state)/admission.json"))
    }
}
