// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// The list of plugins while the district is served.
@Suite(.enabled(if: SmallPlugin.canBeBuilt)) struct PluginListTests {
    private struct Entry: Decodable {
        struct Layer: Decodable {
            var id: String
            var title: String
        }
        var id: String
        var state: String
        var version: String
        var reason: String?
        var layers: [Layer]
    }

    @Test func `says what the server has, and starts nothing`() throws {
        let fixture = try `A district on the air`.fixture()
        let builds = fixture.directory.appendingPathComponent("builds")
        let library = try SmallPlugin(version: "1.0.0", word: "start").build(in: builds)
        try fixture.write("", to: "plugins/.keep")
        try FileManager.default.copyItem(
            atPath: library, toPath: fixture.directory.appendingPathComponent("plugins/bench.so").path)
        try fixture.write("no library", to: "plugins/broken.so")
        // The check knows the district by its name, or by the folder that one is in.
        let folder = fixture.directory.path
        let check = "\(Program.executable.path) plugin check \(library)"
        for command in ["\(check) --district \(folder)", "cd \(folder) && \(check)", "cd / && \(check)"] {
            let checked = try #require(try Program.tool("sh", ["-c", command]))
            #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
            #expect(checked.output.contains("one for the whole district") == !command.hasPrefix("cd / "))
        }
        let server = try RunningServer(fixture.directory)
        #expect(try server.get("/plugins/bench/").text == "1.0.0")

        let list = ["plugin", "list", "--district", fixture.directory.path]
        let text = try Program.run(list)
        // The broken one needs a person.
        #expect(text.status == 1, "\(text.errors)")
        #expect(text.output.contains("bench 1.0.0  长椅  contract 1  in a process of its own"), "\(text.output)")
        #expect(text.output.contains("layer bench.seats  座位"), "\(text.output)")
        #expect(text.output.hasSuffix("The district is served; this is what the server has.\n"), "\(text.output)")
        var entries: [Entry] = []
        for _ in 0..<3 {
            let json = try Program.run(list + ["--json"])
            entries = try JSONDecoder().decode([Entry].self, from: Data(json.output.utf8))
        }
        #expect(entries.first { $0.id == "bench" }?.layers.map(\.id) == ["bench.seats"])
        #expect(entries.contains { $0.id == "water" && $0.state == "running" })
        let database = fixture.directory.appendingPathComponent("state/bench.sqlite")
        #expect(try fixture.query("SELECT count(*) FROM words", in: database) == ["1"])

        // The catalogue says the same of the one that does not run, without the way to it.
        let catalogue = try JSONSerialization.jsonObject(with: try server.get("/catalog").body) as? [String: Any]
        let plugins = try #require(catalogue?["plugins"] as? [[String: Any]])
        let broken = try #require(plugins.first { $0["id"] as? String == "broken.so" })
        let reason = try #require(entries.first { $0.id == "broken.so" }?.reason)
        #expect(broken["state"] as? String == "refused")
        #expect(broken["reason"] as? String == reason.replacingOccurrences(
            of: fixture.directory.resolvingSymlinksInPath().path + "/plugins/", with: ""))
        #expect((broken["reason"] as? String)?.contains("/") == false)
        #expect(server.interrupt() == 0)

        // Without a server it is started, as a server would.
        let alone = try Program.run(list)
        #expect(alone.output.contains("layer bench.seats  座位") && !alone.output.contains("is served"))
        #expect(try fixture.query("SELECT count(*) FROM words", in: database) == ["2"])
    }
}
