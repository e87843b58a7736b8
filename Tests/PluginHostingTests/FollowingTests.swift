// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Testing

@testable import PluginHosting

/// Plugins that come, go and change while their host runs.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct FollowingTests {
    private let folder: ScratchFolder
    private let plugins: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        plugins = try ScratchFolder()
    }

    private func configuration(
        _ hosting: PluginHostConfiguration.Hosting = .process,
        wishes: [String: PluginHostConfiguration.Hosting]? = nil
    ) -> PluginHostConfiguration {
        PluginHostConfiguration(
            folders: [PluginFolder(path: plugins.path, holdsOnlyPlugins: true, hosting: hosting, mayChange: true)],
            plugins: wishes, stateFolder: folder.url.appendingPathComponent("state").path,
            probe: .child(executable: executable))
    }

    /// A plugin that answers its version and registers nothing.
    private func build(_ version: String, start: String = "return give(\"\", 0);", id: String = "tested") throws {
        var plugin = CPlugin(start: start, handle: CPlugin.page(version))
        plugin.manifest.id = id
        plugin.manifest.version = version
        // Compiled elsewhere and moved: a compiler writes a library bit by bit.
        let library = try plugin.build(in: folder, name: "\(id)-\(version).so")
        let place = plugins.url.appendingPathComponent("\(id).so").path
        #expect(rename(library, place) == 0)
    }

    private func page(_ host: PluginHost, _ id: String = "tested") -> String? {
        try? String(decoding: host.handle(plugin: id, PluginRequest(path: "/")).body, as: UTF8.self)
    }

    /// Follows until something is as wanted, for two minutes at most.
    private func follow(_ host: PluginHost, until isWanted: () -> Bool) -> Bool {
        for _ in 0..<1200 {
            host.follow()
            if isWanted() { return true }
            usleep(100_000)
        }
        return false
    }

    @Test func `a library that appears is loaded, and one that goes is stopped`() throws {
        let host = PluginHost(configuration())
        #expect(host.descriptions.isEmpty)
        let before = host.version
        try build("1.0.0")
        #expect(follow(host) { page(host) == "1.0.0" })
        #expect(host.version > before)

        try FileManager.default.removeItem(at: plugins.url.appendingPathComponent("tested.so"))
        #expect(follow(host) { host.descriptions.isEmpty })
        #expect(page(host) == nil)
    }

    @Test func `a library that is still being written is left alone`() throws {
        try build("1.0.0")
        let whole = try Data(contentsOf: plugins.url.appendingPathComponent("tested.so"))
        try FileManager.default.removeItem(at: plugins.url.appendingPathComponent("tested.so"))
        let host = PluginHost(configuration())
        let place = plugins.url.appendingPathComponent("tested.so")
        #expect(FileManager.default.createFile(atPath: place.path, contents: nil))
        let handle = try FileHandle(forWritingTo: place)
        for start in stride(from: 0, to: whole.count, by: whole.count / 20 + 1) {
            handle.write(whole[start..<min(whole.count, start + whole.count / 20 + 1)])
            host.follow()
            #expect(host.descriptions.isEmpty, "\(host.descriptions)")
            usleep(100_000)
        }
        try handle.close()
        #expect(follow(host) { page(host) == "1.0.0" })
    }

    @Test func `another version takes over, and the calls in between are all answered`() throws {
        try build("1.0.0")
        let host = PluginHost(configuration())
        #expect(page(host) == "1.0.0")
        try build("1.1.0")
        var answers: Set<String> = []
        #expect(
            follow(host) {
                let answer = page(host)
                answers.insert(answer ?? "none")
                return answer == "1.1.0"
            })
        #expect(answers.isSubset(of: ["1.0.0", "1.1.0"]))
        #expect(host.descriptions.map(\.version) == ["1.1.0"])
    }

    @Test func `writing over a library that runs changes nothing of what runs`() throws {
        try build("1.0.0")
        let host = PluginHost(configuration())
        #expect(page(host) == "1.0.0")
        let place = plugins.url.appendingPathComponent("tested.so")
        let handle = try FileHandle(forWritingTo: place)
        try handle.truncate(atOffset: 0)
        handle.write(Data("no library".utf8))
        try handle.close()
        // Refused as it is, and the version that ran goes on; also in a new process.
        #expect(follow(host) { host.descriptions.first?.note != nil })
        #expect(host.descriptions.first?.note?.contains("1.0.0 goes on") == true)
        #expect(host.descriptions.first?.note?.contains(place.path) == true, "\(host.descriptions)")
        #expect(page(host) == "1.0.0")
    }

    @Test func `in this process another version waits for the next start`() throws {
        try build("1.0.0", id: "inside")
        let host = PluginHost(configuration(.inProcess))
        #expect(page(host, "inside") == "1.0.0")
        try build("1.1.0", id: "inside")
        #expect(follow(host) { host.descriptions.first?.note != nil })
        #expect(page(host, "inside") == "1.0.0")
        #expect(host.descriptions.first?.note?.contains("until the host starts next") == true)
        // When it goes its layers and pages go, and the library stays loaded.
        try FileManager.default.removeItem(at: plugins.url.appendingPathComponent("inside.so"))
        #expect(follow(host) { host.descriptions.isEmpty })
        #expect(page(host, "inside") == nil)
        try build("1.2.0", id: "inside")
        #expect(follow(host) { host.descriptions.count == 1 })
        guard case .refused(let sentence)? = host.descriptions.first?.state else {
            Issue.record("a second version was loaded into the process")
            return
        }
        #expect(sentence.contains("when the host starts next"))
    }

    @Test func `the district's wishes are followed`() throws {
        try build("1.0.0")
        try build("2.0.0", id: "other")
        let host = PluginHost(configuration())
        #expect(page(host) == "1.0.0" && page(host, "other") == "2.0.0")
        #expect(host.follow(configuration(wishes: ["tested": .process, "third": .process])))
        #expect(page(host) == "1.0.0" && page(host, "other") == nil)
        #expect(host.descriptions.first { $0.id == "other" }?.state == .off)
        guard case .refused? = host.descriptions.first(where: { $0.id == "third" })?.state else {
            Issue.record("a plugin that is not there is not told")
            return
        }
        #expect(host.follow(configuration()))
        #expect(page(host, "other") == "2.0.0")
        // Nothing new: nothing is done.
        #expect(!host.follow(configuration()))
    }

    @Test func `of two plugins with one id the second runs when the first goes`() throws {
        try build("1.0.0")
        let host = PluginHost(configuration())
        var twin = CPlugin(handle: CPlugin.page("twin"))
        twin.manifest.version = "9.0.0"
        let library = try twin.build(in: folder, name: "twin.so")
        #expect(rename(library, plugins.url.appendingPathComponent("zz.so").path) == 0)
        #expect(follow(host) { host.descriptions.count == 2 })
        #expect(page(host) == "1.0.0")
        guard case .refused(let sentence)? = host.descriptions.last?.state else {
            Issue.record("two plugins have one id")
            return
        }
        #expect(sentence.contains("is taken by"))
        try FileManager.default.removeItem(at: plugins.url.appendingPathComponent("tested.so"))
        #expect(follow(host) { page(host) == "twin" })
    }

    @Test func `a budget of one plugin holds for it alone`() throws {
        try build("1.0.0")
        try build("1.0.0", id: "other")
        var slow = CPlugin(handle: "usleep(700000); \(CPlugin.page("slow"))")
        slow.manifest.id = "slow"
        let library = try slow.build(in: folder, name: "slow.so")
        #expect(rename(library, plugins.url.appendingPathComponent("slow.so").path) == 0)
        var wishes = configuration()
        let host = PluginHost(wishes)
        #expect(page(host, "slow") == "slow")
        var budget = CallBudget()
        budget.handle = 0.2
        wishes.budgets = ["slow": budget]
        #expect(host.follow(wishes))
        let error = #expect(throws: PluginHostingError.self) {
            _ = try host.handle(plugin: "slow", PluginRequest(path: "/"))
        }
        #expect(error?.kind == .timedOut, "\(String(describing: error))")
        #expect(page(host, "other") == "1.0.0")
    }
}

extension CPlugin {
    /// Statements that answer a request with a text of at most 80 bytes.
    static func page(_ text: String) -> String {
        let bytes = [0x08, 0xc8, 0x01, 0x22, text.utf8.count] + text.utf8.map(Int.init)
        let whole = [0x22, bytes.count] + bytes
        let list = whole.map(String.init).joined(separator: ",")
        return "{ static const uint8_t page[] = {\(list)}; return give(page, sizeof page); }"
    }
}
