// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting
import PluginMessages
import Testing

/// The one sentence with which a host refuses what is in a folder.
private func refusal(
    _ folder: ScratchFolder, plugins: [String: PluginHostConfiguration.Hosting]? = nil
) throws -> String {
    let host = folder.host(plugins: plugins)
    try #require(host.descriptions.count == 1)
    guard case .refused(let sentence) = host.descriptions[0].state else {
        Issue.record("It is \(host.descriptions[0].state).")
        return ""
    }
    #expect(!sentence.contains("\n"))
    #expect(host.layers.isEmpty)
    return sentence
}

@Suite struct FileRefusalTests {
    private static let files: [(bytes: [UInt8], part: String)] = {
        let ident: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1]
        let ofNoType = ident + [UInt8](repeating: 0, count: 100)
        let ofNonsense =
            ident + [UInt8](repeating: 0, count: 10) + [3, 0, 62, 0] + [UInt8](repeating: 0xff, count: 100)
        return [
            ([], "it is empty"),
            (Array("hello, I am no library".utf8), "no ELF file"),
            ([0x7f, 0x45, 0x4c, 0x46], "cut off"),
            ([UInt8](repeating: 0xa5, count: 5000), "no ELF file"),
            (ofNoType, "no 64-bit little-endian shared library"),
            (ofNonsense, "program headers"),
        ]
    }()

    @Test(arguments: files)
    func aFileThatIsNoLibraryIsRefused(_ bytes: [UInt8], _ part: String) throws {
        let folder = try ScratchFolder()
        try folder.write(bytes, "libx.so")
        let sentence = try refusal(folder)
        #expect(sentence.contains("libx.so is not loaded"))
        #expect(sentence.contains(part), "\(sentence)")
    }

    @Test func aFolderNamedLikeALibraryIsNoLibrary() throws {
        let folder = try ScratchFolder()
        try folder.write([1], "libx.so/libx.so")
        #expect(try refusal(folder).contains("no ELF file"))
    }

    @Test func aPipeIsNotWaitedFor() throws {
        let folder = try ScratchFolder()
        try #require(mkfifo(folder.url.appendingPathComponent("libx.so").path, 0o600) == 0)
        #expect(try refusal(folder).contains("no regular file"))
    }

    @Test func aSymbolicLinkIsNotFollowed() throws {
        let folder = try ScratchFolder()
        let link = folder.url.appendingPathComponent("libx.so").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc/passwd")
        #expect(try refusal(folder).contains("symbolic link"))
    }

    @Test func aFileThatEverybodyMayChangeIsRefused() throws {
        let folder = try ScratchFolder()
        let path = try folder.write([1], "libx.so")
        try FileManager.default.setAttributes([.posixPermissions: 0o646], ofItemAtPath: path)
        #expect(try refusal(folder).contains("chmod o-w"))
    }

    @Test func aLinkToAFolderOfALibraryIsNotFollowedEither() throws {
        let elsewhere = try ScratchFolder()
        try elsewhere.write([1], "libx.so")
        let folder = try ScratchFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appendingPathComponent("x").path, withDestinationPath: elsewhere.path)
        #expect(try refusal(folder).contains("symbolic link"))
    }

    @Test func onlyAFolderOfPluginsComplainsAboutOtherLibraries() throws {
        let folder = try ScratchFolder()
        try folder.write(Array("text".utf8), "libx.so")
        let configuration = PluginHostConfiguration(
            folders: [PluginFolder(path: folder.path, holdsOnlyPlugins: false)], stateFolder: folder.path,
            probe: .none)
        #expect(PluginHost(configuration).descriptions.isEmpty)
    }

    @Test func aPluginThatIsAskedForAndNotThereIsRefused() throws {
        let folder = try ScratchFolder()
        #expect(try refusal(folder, plugins: ["flood": .inProcess]).contains("flood, which the district asks for"))
    }
}

@Suite(.enabled(if: arePluginsBuilt)) struct LibraryRefusalTests {
    private let folder: ScratchFolder
    private let library: [UInt8]

    init() throws {
        folder = try ScratchFolder()
        library = [UInt8](try Data(contentsOf: URL(fileURLWithPath: shippedLibrary("Flood"))))
    }

    /// Where the stamp's records stand in the file.
    private func placeOfStamp(kind: UInt8) throws -> Int {
        let magic: [UInt8] = [0x4d, 0x41, 0x4f, 0x50, kind, 0, 0, 0]
        return try #require(Data(library).range(of: Data(magic))?.lowerBound)
    }

    @Test(arguments: [64, 4000, 100_000, 1_000_000, 0]) func aLibraryThatIsCutOffIsRefused(_ count: Int) throws {
        try folder.write(Array(library.prefix(count == 0 ? library.count - 1 : count)), "libFlood.so")
        #expect(try refusal(folder).contains("cut off"))
    }

    @Test func aLibraryForAnotherProcessorIsRefused() throws {
        var copy = library
        copy[18] = PluginContract.target[0] == 183 ? 62 : 183
        try folder.write(copy, "libFlood.so")
        let sentence = try refusal(folder)
        #expect(sentence.contains("x86-64") && sentence.contains("AArch64"), "\(sentence)")
    }

    @Test(arguments: [UInt8(0), 2, 200]) func anotherContractVersionIsRefusedWithBoth(_ version: UInt8) throws {
        var copy = library
        copy[try placeOfStamp(kind: 1) + 8] = version
        try folder.write(copy, "libFlood.so")
        let sentence = try refusal(folder)
        #expect(sentence.contains("version \(version) of the plugin contract"), "\(sentence)")
        #expect(sentence.contains("speaks version 1"), "\(sentence)")
    }

    @Test func anotherSwiftCompilerIsRefusedWithBoth() throws {
        var copy = library
        copy[try placeOfStamp(kind: 3) + 16] = 99
        try folder.write(copy, "libFlood.so")
        let sentence = try refusal(folder)
        #expect(sentence.contains("Swift 6.99"), "\(sentence)")
        #expect(sentence.contains("Swift \(PluginContract.compiler.map(String.init).joined(separator: "."))"))
    }

    @Test func aStampOfAnotherTargetIsRefused() throws {
        var copy = library
        copy[try placeOfStamp(kind: 4) + 8] = 243
        try folder.write(copy, "libFlood.so")
        #expect(try refusal(folder).contains("RISC-V"))
    }

    @Test func aStampWithoutContractIsRefused() throws {
        var copy = library
        copy[try placeOfStamp(kind: 1)] = 0
        try folder.write(copy, "libFlood.so")
        #expect(try refusal(folder).contains("lacks the contract's version"))
    }

    @Test func aDamagedHeaderIsRefusedOrReadAndNeverTraps() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var state = seed
        var read = 0
        // The headers at both ends decide; the middle is code.
        let tail = library.count - 4000
        for _ in 0..<300 {
            var copy = library
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let place = Int(state >> 33) % 4000
                copy[state & 1 == 0 ? place % 64 : tail + place] = UInt8(truncatingIfNeeded: state >> 20)
            }
            let path = try folder.write(copy, "damaged.so")
            if (try? PluginStamp(library: path)) != nil { read += 1 }
        }
        print("damaged headers: seed \(seed), \(read) of 300 could still be read")
    }

    @Test func twoLibrariesWithOneIdAreOneAndARefusal() throws {
        try folder.write(library, "liba.so")
        try folder.write(library, "sub/libb.so")
        let host = folder.host()
        #expect(host.descriptions.map(\.id) == ["flood", "flood"])
        #expect(host.descriptions[0].state == .running)
        guard case .refused(let sentence) = host.descriptions[1].state else {
            Issue.record("The second is \(host.descriptions[1].state).")
            return
        }
        #expect(sentence.contains("sub/libb.so") && sentence.contains("taken by") && sentence.contains("liba.so"))
        #expect(host.layers.map(\.id) == ["flood.facilities", "flood.walls"])
    }

    @Test func aPluginThatIsNotAskedForIsOff() throws {
        try folder.write(library, "liba.so")
        let host = folder.host(plugins: [:])
        #expect(host.descriptions.map(\.state) == [.off])
    }
}

@Suite(.enabled(if: hasCompiler)) struct BrokenPluginTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func aPluginInCLoads() throws {
        _ = try CPlugin().build(in: folder)
        let host = folder.host()
        #expect(host.descriptions.map(\.state) == [.running])
        #expect(host.descriptions.first?.version == "0.1.0")
    }

    @Test func aLibraryWithoutStampIsNoPlugin() throws {
        _ = try CPlugin(stamp: nil).build(in: folder)
        #expect(try refusal(folder).contains("no section .miaopu.plugin"))
    }

    @Test func aMissingEntryIsNamed() throws {
        _ = try CPlugin(entryName: "other_entry").build(in: folder)
        #expect(try refusal(folder).contains("does not export the function miaopu_plugin_v1"))
    }

    @Test func aMissingSymbolIsNamedWhenTheLibraryIsLoaded() throws {
        _ = try CPlugin(entry: "extern int nowhere_to_be_found(void); nowhere_to_be_found();").build(in: folder)
        #expect(try refusal(folder).contains("nowhere_to_be_found"))
    }

    @Test func anEntryThatRefusesIsRefused() throws {
        _ = try CPlugin(entry: "return MIAOPU_OTHER_VERSION;").build(in: folder)
        #expect(try refusal(folder).contains("status 7"))
    }

    @Test func aPluginThatFailsToStartIsRefusedWithItsSentence() throws {
        _ = try CPlugin(start: "return say(MIAOPU_FAILED, \"The gauge is not connected.\");").build(in: folder)
        #expect(
            try refusal(folder).contains(
                "tested is not loaded: it failed to start: tested: The gauge is not connected."))
    }

    @Test(arguments: ["", "../etc", "Tested", "a b"]) func anIdThatIsNoneIsRefused(_ id: String) throws {
        var plugin = CPlugin()
        plugin.manifest.id = id
        _ = try plugin.build(in: folder)
        #expect(try refusal(folder).contains("an id is 1 to 32 of a-z"))
    }

    @Test func aManifestOfAnotherContractIsRefused() throws {
        var plugin = CPlugin()
        plugin.manifest.contractVersion = 9
        _ = try plugin.build(in: folder)
        #expect(try refusal(folder).contains("speaks version 9"))
    }

    @Test(arguments: [
        ("return give(\"\\xff\\xff\\xff\", 3);", "no message of the plugin contract"),
        ("return say(MIAOPU_FAILED, \"\");", "no sentence"),
        ("return say(12345, \"Odd.\");", "Odd."),
        ("give(manifest, (size_t)1 << 40); return MIAOPU_OK;", "at most"),
        ("give(0, 10); return MIAOPU_OK;", "at no address"),
        // A reply with features while a page is asked for: no status.
        ("return give(\"\\x1a\\x00\", 2);", "HTTP status 0"),
    ])
    func anAnswerThatBreaksTheContractIsAnError(_ handle: String, _ part: String) throws {
        _ = try CPlugin(handle: handle).build(in: folder)
        let host = folder.host()
        let error = #expect(throws: PluginHostingError.self) {
            try host.handle(plugin: "tested", PluginRequest(path: "/"))
        }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
        #expect(error?.subject == "tested")
        // The host and the plugin go on.
        #expect(throws: PluginHostingError.self) { try host.handle(plugin: "tested", PluginRequest(path: "/")) }
        #expect(host.reliability(of: "tested")?.figures.all.count == 3)
    }
}

@Suite(.enabled(if: hasCompiler && executable != nil)) struct ProbeTests {
    private let folder: ScratchFolder

    @Test func aLibraryThatIsLinkedToOneThatIsGoneIsRefusedByItsName() throws {
        let helper = try folder.write(Array("int helped(void) { return 1; }".utf8), "helper/libhelper.c")
        let dependency = folder.url.appendingPathComponent("helper/libhelper.so").path
        var plugin = CPlugin()
        plugin.definitions = "int helped(void); int (*use_helper)(void) = helped;"
        plugin.compilerArguments = [dependency]
        try CPlugin.compile([helper, "-shared", "-fPIC", "-o", dependency])
        _ = try plugin.build(in: folder)
        try FileManager.default.removeItem(atPath: dependency)
        for probe in [PluginProbe.child(executable: executable), .none] {
            guard case .refused(let sentence)? = folder.host(probe: probe).descriptions.first?.state else {
                Issue.record("It was loaded.")
                return
            }
            #expect(sentence.contains("libhelper.so"), "\(sentence)")
            #expect(sentence.contains("libtested.so is not loaded"), "\(sentence)")
        }
    }

    init() throws {
        folder = try ScratchFolder()
    }

    private func sentence() throws -> String {
        let host = folder.host(probe: .child(executable: executable))
        guard case .refused(let sentence) = host.descriptions.first?.state else {
            Issue.record("It is \(String(describing: host.descriptions.first?.state)).")
            return ""
        }
        return sentence
    }

    @Test func aGoodLibraryLoadsAfterItsProbe() throws {
        _ = try CPlugin().build(in: folder)
        #expect(folder.host(probe: .child(executable: executable)).descriptions.map(\.state) == [.running])
    }

    @Test(arguments: [
        ("*(volatile int *)0 = 1;", "crashed"), ("abort();", "SIGABRT"), ("kill(getpid(), SIGKILL);", "SIGKILL"),
        ("_exit(0);", "exit code 0"), ("for (;;) pause();", "took longer than 5 s"),
        ("for (;;) {}", "more than 5 s"),
    ])
    func aConstructorThatCrashesOrHangsCostsAChildOnly(_ constructor: String, _ part: String) throws {
        _ = try CPlugin(constructor: constructor).build(in: folder)
        let sentence = try sentence()
        #expect(sentence.contains("libtested.so is not loaded"), "\(sentence)")
        #expect(sentence.contains(part) || sentence.contains("took longer"), "\(sentence)")
    }

    @Test func whatTheChildRefusesIsSaidOnce() throws {
        _ = try CPlugin(entryName: "other_entry").build(in: folder)
        let sentence = try sentence()
        #expect(sentence.components(separatedBy: "is not loaded").count == 2, "\(sentence)")
    }

    @Test(.enabled(if: arePluginsBuilt)) func theShippedPluginsLoadAfterTheirProbe() throws {
        let host = PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: buildFolder.path, holdsOnlyPlugins: false)], stateFolder: folder.path,
                probe: .child(executable: executable)))
        #expect(host.descriptions.filter { $0.state == .running }.count == 5)
    }
}
