// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SimpleFeatures
import Testing

@testable import PluginHosting

/// What `plugin check` finds in plugins that do one thing wrong each.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct PluginCheckTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func report(_ path: String, looksForLeaks: Bool = false) throws -> PluginCheckReport {
        var check = PluginCheck(executable: executable)
        check.looksForLeaks = looksForLeaks
        return try check.run(path)
    }

    private func check(_ plugin: CPlugin, looksForLeaks: Bool = false) throws -> PluginCheckReport {
        try report(plugin.build(in: folder), looksForLeaks: looksForLeaks)
    }

    @Test func `A sound plugin passes, and everything was looked at`() throws {
        let report = try check(.sound())
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.plugin == "tested" && report.version == "0.1.0")
        let looked = [
            "file", "stamp", "symbols", "dependencies", "describe", "start", "texts", "permissions", "style spots",
            "layer spots", "route /", "unknown route", "unknown layer", "bad bytes", "memory", "stop", "start again",
        ]
        let passed = Set(report.findings.filter { $0.outcome == .ok }.map(\.check))
        #expect(passed.isSuperset(of: looked), "not looked at: \(Set(looked).subtracting(passed))")
    }

    /// What is wrong with it, the check that says so, a part of the sentence, and
    /// whether a person may let it in.
    private struct Fault: CustomTestStringConvertible {
        var check: String
        var part: String
        var canBeWaived = true
        var spoil: @Sendable (inout CPlugin) throws -> Void

        var testDescription: String { "\(check): \(part)" }
    }

    private static let faults: [Fault] = [
        Fault(check: "file", part: "no section .miaopu.plugin", canBeWaived: false) { $0.stamp = nil },
        Fault(check: "symbols", part: "miaopu_plugin_v1", canBeWaived: false) { $0.entryName = "other_entry" },
        Fault(check: "describe", part: "SIGABRT", canBeWaived: false) { $0.constructor = "abort();" },
        Fault(check: "manifest", part: "telepathy", canBeWaived: false) { $0.manifest.permissions = ["telepathy"] },
        Fault(check: "start", part: "SIGSEGV", canBeWaived: false) { $0.start = "*(volatile int *)0 = 1;" },
        Fault(check: "start", part: "The gauge is not connected.") {
            $0.start = "return say(MIAOPU_FAILED, \"The gauge is not connected.\");"
        },
        Fault(check: "start", part: "The host takes no layer.") {
            $0.start = try CPlugin.registering(CPlugin.layer("flood.walls"))
        },
        Fault(check: "texts", part: "the plugin's title") { $0.manifest.title = WireTitle(["zh": "测试"]) },
        Fault(check: "style spots", part: "[0].paint.circle-colour") {
            $0.start = try CPlugin.registering(
                CPlugin.layer(style: #"[{"id": "a", "type": "circle", "paint": {"circle-colour": "red"}}]"#))
        },
        Fault(check: "layer spots", part: "two features with the id 1") {
            $0.features = CPlugin.features(try CPlugin.batch(ids: [1, 1]))
        },
        Fault(check: "layer spots", part: "lies outside") {
            $0.features = CPlugin.features(try CPlugin.batch(ids: [1], longitude: 181))
        },
        Fault(check: "layer spots", part: "SIGABRT") { $0.features = "abort();" },
        Fault(check: "page /", part: "404 instead of 200") {
            var page = WirePage()
            page.path = "/"
            page.title = WireTitle(["zh": "页面", "en": "A page"])
            $0.manifest.pages = [page]
        },
        Fault(check: "route /", part: "answered with 500") { $0.handle = CPlugin.answering(500) },
        Fault(check: "unknown layer", part: "did not register") { $0.features = "return give(\"\", 0);" },
        Fault(check: "bad bytes", part: "no message") { $0.other = "return give(\"\", 0);" },
    ]

    @Test(arguments: faults.indices) func `A fault is found, named, and has a cure`(_ index: Int) throws {
        let fault = Self.faults[index]
        var plugin = try CPlugin.sound()
        try fault.spoil(&plugin)
        let report = try check(plugin)
        let finding = try #require(report.failures.first { $0.check == fault.check }, "\(fault): \(report.failures)")
        #expect(finding.sentence.contains(fault.part), "\(fault): \(finding.sentence)")
        #expect(finding.canBeWaived == fault.canBeWaived, "\(fault)")
        #expect(finding.cure?.isEmpty == false)
        #expect(!finding.sentence.contains("\n"))
    }

    @Test func `The district's extent is asked for, too, where it is known`() throws {
        var plugin = try CPlugin.sound()
        plugin.features = """
            { const double west = 121.0;
            for (size_t i = 0; i + 8 <= count; i++)
                if (!memcmp(request + i, &west, 8)) return say(MIAOPU_FAILED, "So large an area is too much."); }
            \(plugin.features)
            """
        let path = try plugin.build(in: folder)
        #expect(try report(path).failures.isEmpty)
        var check = PluginCheck(executable: executable)
        check.looksForLeaks = false
        check.districtExtent = Envelope(minX: 121, minY: 30.5, maxX: 121.5, maxY: 31.5)
        let failure = try #require(try check.run(path).failures.first)
        #expect(failure.check == "layer spots" && failure.sentence.hasPrefix("For the whole district at zoom 10.0: "))
        #expect(failure.sentence.contains("So large an area is too much."), "\(failure.sentence)")

        check.districtExtent = Envelope(minX: 120, minY: 30.5, maxX: 121.5, maxY: 31.5)
        let ok = try #require(try check.run(path).findings.first { $0.check == "layer spots" })
        #expect(ok.sentence == "Four calls were answered, one for the whole district, with 2 features at most.")
    }

    @Test func `The same words in both languages are a warning`() throws {
        var plugin = try CPlugin.sound()
        plugin.manifest.title = WireTitle(["zh": "Benches", "en": "Benches"])
        let report = try check(plugin)
        #expect(report.failures.isEmpty)
        #expect(report.findings.contains { $0.check == "texts" && $0.outcome == .warning })
    }

    @Test func `What a library is linked to is looked at in the file`() throws {
        let helper = try folder.write(Array("int helped(void) { return 1; }".utf8), "helper/libhelper.c")
        let library = folder.url.appendingPathComponent("helper/libhelper.so").path
        try CPlugin.compile([helper, "-shared", "-fPIC", "-o", library])
        var plugin = try CPlugin.sound()
        plugin.definitions = "int helped(void); int (*use_helper)(void) = helped;"
        plugin.compilerArguments = [library, "-Wl,-rpath,\(folder.path)/helper"]
        let path = try plugin.build(in: folder)
        let there = try report(path)
        #expect(there.failures.isEmpty, "\(there.failures)")
        let warning = there.findings.first { $0.check == "search path" && $0.outcome == .warning }
        #expect(warning?.sentence.contains("\(folder.path)/helper") == true)

        try FileManager.default.removeItem(atPath: library)
        let gone = try #require(try report(path).failures.first { $0.check == "dependencies" })
        #expect(gone.sentence.contains("libhelper.so, which this computer does not have"), "\(gone.sentence)")
    }

    @Test func `Many symbols of a library in C are a warning`() throws {
        var plugin = try CPlugin.sound()
        plugin.definitions = (0..<12).map { "int symbol\($0);" }.joined()
        let warning = try check(plugin).findings.first { $0.check == "symbols" }
        #expect(warning?.outcome == .warning)
        #expect(warning?.cure?.contains("-fvisibility=hidden") == true)
    }

    @Test func `An accessor of resources that traps in a moved library is found`() throws {
        var plugin = try CPlugin.sound()
        let swift = PluginContract.compiler.map(String.init).joined(separator: ", ")
        plugin.stamp = plugin.stamp?.replacingOccurrences(of: "{1, 12, 2, 0}", with: "{2, \(swift)}")
        #expect(try check(plugin).failures.isEmpty)
        plugin.definitions = #"const char *accessor = "could not load resource bundle: from /elsewhere";"#
        #expect(try check(plugin).failures.map(\.check) == ["resources"])
    }

    @Test func `A text that is named like a library fails, and nothing at all is no plugin`() throws {
        let file = try folder.write(Array("I am no library".utf8), "libx.so")
        let report = try report(file)
        #expect(report.failures.map(\.check) == ["file"])
        #expect(report.failures.first?.canBeWaived == false)
        for path in ["nowhere.so", "../nowhere"] {
            let error = #expect(throws: PluginHostingError.self) { try self.report("\(folder.path)/\(path)") }
            #expect(error?.kind == .notFound)
        }
    }

    @Test func `A folder with two libraries has to be asked for one of them`() throws {
        try folder.write([1], "both/liba.so")
        try folder.write([1], "both/libb.so")
        let error = #expect(throws: PluginHostingError.self) { try report("\(folder.path)/both") }
        #expect(error?.description.contains("liba.so and libb.so") == true)
        #expect(try report("\(folder.path)/both/liba.so").failures.map(\.check) == ["file"])
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind")))
    func `Memory that is lost with every call is found, and what is lost once is not a failure`() throws {
        var leaky = try CPlugin.sound()
        leaky.handle = "{ volatile char *lost = malloc(100); lost[0] = 1; lost = 0; \(leaky.handle) }"
        let failure = try #require(try check(leaky, looksForLeaks: true).failures.first)
        #expect(failure.check == "leaks")
        #expect(failure.sentence.contains("In 100 rounds of calls it lost 20000 bytes in 200 blocks"))

        var tight = try CPlugin.sound()
        tight.constructor = "volatile char *lost = malloc(100); lost[0] = 1; lost = 0;"
        #expect(try check(tight, looksForLeaks: true).failures.isEmpty)
    }

    @Test(.enabled(if: arePluginsBuilt), arguments: ["Flood", "Water", "Assets", "Property", "Community"])
    func `Every plugin that comes with the program passes`(_ name: String) throws {
        let report = try report(shippedLibrary(name))
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.plugin == name.lowercased())
        #expect(report.findings.contains { $0.check == "resources" && $0.outcome == .ok })
    }
}
