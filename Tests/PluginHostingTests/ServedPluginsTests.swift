// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Testing

@testable import PluginHosting

/// What programs beside a server learn of its plugins without starting any.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct ServedPluginsTests {
    private let folder: ScratchFolder
    private let plugins: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        plugins = try ScratchFolder()
    }

    private func configuration(serves: Bool = true) -> PluginHostConfiguration {
        var configuration = PluginHostConfiguration(
            folders: [PluginFolder(path: plugins.path, holdsOnlyPlugins: true, hosting: .process, mayChange: true)],
            stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable))
        configuration.servesDistrict = serves
        return configuration
    }

    private func served() throws -> [PluginStanding] {
        try #require(try ServedPlugins(configuration(serves: false))).standings
    }

    @Test func `Nobody serves before a server starts, after it, and while only a command has plugins`() throws {
        _ = try CPlugin.sound().build(in: plugins)
        #expect(try ServedPlugins(configuration(serves: false)) == nil)
        let command = PluginHost(configuration(serves: false))
        #expect(try ServedPlugins(configuration(serves: false)) == nil)
        command.stop()
        let host = PluginHost(configuration())
        #expect(try served().map(\.state) == [.running])
        // Two servers of one district.
        let other = PluginHost(configuration())
        host.stop()
        #expect(try served().map(\.id) == ["tested"])
        other.stop()
        #expect(try ServedPlugins(configuration(serves: false)) == nil)
    }

    @Test func `It is what the server has, with layers and reasons`() throws {
        _ = try CPlugin.sound().build(in: plugins)
        let text = try plugins.write(Array("no library".utf8), "libtext.so")
        let host = PluginHost(configuration())
        defer { host.stop() }
        let standings = try served()
        #expect(standings == host.descriptions.map(PluginStanding.init))
        #expect(standings.count == 2)
        let sound = try #require(standings.first { $0.id == "tested" })
        #expect(sound.layers.map(\.id) == ["tested.spots"] && sound.layers[0].titles["zh"] == "地点")
        #expect(sound.hosting == "process" && sound.reason == nil)
        let refused = try #require(standings.first { $0.id == "libtext.so" })
        #expect(refused.state == .refused && refused.needsPerson)
        #expect(refused.reason?.contains(text) == true && refused.reason?.contains("no ELF file") == true)
    }

    @Test func `A file that the server has not looked at waits`() throws {
        let host = PluginHost(configuration())
        defer { host.stop() }
        _ = try CPlugin.sound().build(in: plugins)
        let waiting = try #require(try served().first)
        #expect(waiting.state == .waiting && waiting.id == "libtested.so" && !waiting.needsPerson)
        for _ in 0..<600 where try served().first?.state != .running {
            host.follow()
            usleep(100_000)
        }
        #expect(try served().map(\.state) == [.running])
    }

    @Test func `A process that crashed too often is in quarantine while the server runs`() throws {
        var plugin = try CPlugin.sound()
        plugin.handle = "abort();"
        _ = try plugin.build(in: plugins)
        let host = PluginHost(configuration())
        defer { host.stop() }
        for _ in 0..<600 where try served().first?.state != .quarantined {
            _ = try? host.handle(plugin: "tested", PluginRequest(path: "/"))
            usleep(50_000)
        }
        let standing = try #require(try served().first)
        #expect(standing.state == .quarantined && standing.needsPerson)
        #expect(standing.reason?.contains("crashed 3 times in 10 minutes") == true, "\(standing.reason ?? "")")
        #expect(try PluginQuarantine(stateFolder: configuration().stateFolder).lift("tested"))
        #expect(try served().first?.state == .running)
    }

    @Test func `A record that cannot be read is told`() throws {
        let host = PluginHost(configuration())
        defer { host.stop() }
        try folder.write(Array("{".utf8), "state/plugins/serving.json")
        let error = #expect(throws: PluginHostingError.self) { try served() }
        #expect(error?.kind == .failed && error?.description.contains("serving.json") == true)
    }
}
