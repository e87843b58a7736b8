// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Plugins that are installed, replaced and removed while the district is served.
@Suite(.enabled(if: SmallPlugin.canBeBuilt)) struct `Plugins that come and go` {
    private func wait(
        for path: String, of server: RunningServer, until isWanted: (RunningServer.Answer) -> Bool
    ) throws -> RunningServer.Answer {
        var answer = try server.get(path)
        for _ in 0..<600 where !isWanted(answer) {
            usleep(200_000)
            answer = try server.get(path)
        }
        #expect(isWanted(answer), "\(path): \(answer.status) \(answer.text.prefix(300))")
        return answer
    }

    private func run(_ fixture: DistrictFixture, _ arguments: String...) throws -> Program.Result {
        try Program.run(["plugin"] + arguments + ["--district", fixture.directory.path])
    }

    private func plugins(_ server: RunningServer) throws -> [[String: Any]] {
        let answer = try server.get("/catalog")
        let document = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
        return try #require(document["plugins"] as? [[String: Any]])
    }

    @Test func `are on the map and off it without a restart, and forward and back`() throws {
        let fixture = try `A district on the air`.fixture()
        let builds = fixture.directory.appendingPathComponent("builds")
        let server = try RunningServer(fixture.directory)
        let tile = "/tiles/bench.seats/14/13716/6700.mvt"
        #expect(try server.get("/plugins/bench/").status == 404)
        #expect(try server.get(tile).status == 404)

        let first = try SmallPlugin(version: "1.0.0", word: "one").build(in: builds)
        let installed = try run(fixture, "install", first)
        #expect(installed.status == 0, "\(installed.errors)")
        #expect(installed.output.contains("bench 1.0.0"))
        #expect(try wait(for: "/plugins/bench/", of: server) { $0.status == 200 }.text == "1.0.0")
        _ = try wait(for: tile, of: server) { $0.status == 200 && !$0.body.isEmpty }
        #expect(try server.get("/catalog").text.contains("bench.seats"))
        #expect(try server.get("/styles/district.json").text.contains("bench.seats"))
        #expect(try plugins(server).first { $0["id"] as? String == "bench" }?["reliability"] != nil)

        // A version that fails half-way changes nothing, installed or put there by hand.
        let bad = try SmallPlugin(version: "2.0.0", word: "two", fails: true).build(in: builds)
        let refused = try run(fixture, "install", bad)
        #expect(refused.status == 1, "\(refused.output)\(refused.errors)")
        #expect(refused.errors.contains("no such table: nowhere"), "\(refused.errors)")
        #expect(try server.get("/plugins/bench/").text == "1.0.0")
        #expect(try words(fixture) == "one")
        let place = fixture.directory.appendingPathComponent("plugins/bench.so")
        try FileManager.default.removeItem(at: place)
        try FileManager.default.copyItem(atPath: bad, toPath: place.path)
        let noted = try wait(for: "/catalog", of: server) { $0.text.contains("1.0.0 goes on") }
        #expect(!noted.text.contains(fixture.directory.path))
        #expect(try server.get("/plugins/bench/").text == "1.0.0")
        #expect(try words(fixture) == "one")

        // A good one takes over; the way back has the data of then when that is asked for.
        try FileManager.default.removeItem(at: place)
        try FileManager.default.copyItem(atPath: first, toPath: place.path)
        let second = try SmallPlugin(version: "1.1.0", word: "more").build(in: builds)
        let upgraded = try run(fixture, "install", second)
        #expect(upgraded.status == 0, "\(upgraded.errors)")
        #expect(upgraded.output.contains("rollback"))
        #expect(try wait(for: "/plugins/bench/", of: server) { $0.text == "1.1.0" }.status == 200)
        #expect(try words(fixture).hasSuffix("more"))
        // What was written since is lost: nobody is there to be asked.
        let asked = try run(fixture, "rollback", "bench", "--data")
        #expect(asked.status == 2 && asked.output.isEmpty, "\(asked.output)")
        #expect(asked.errors.contains("when version 1.0.0 left them") && asked.errors.contains("rows ("), "\(asked.errors)")
        #expect(asked.errors.contains("--yes") && asked.errors.split(separator: "\n").count == 1, "\(asked.errors)")
        #expect(try server.get("/plugins/bench/").text == "1.1.0")
        #expect(try words(fixture).hasSuffix("more"))
        let back = try run(fixture, "rollback", "bench", "--data", "--yes")
        #expect(back.status == 0, "\(back.errors)")
        #expect(try wait(for: "/plugins/bench/", of: server) { $0.text == "1.0.0" }.status == 200)
        #expect(try !words(fixture).contains("more"))

        // Gone: the layer goes, the data stay and can be taken away.
        let removed = try run(fixture, "remove", "bench")
        #expect(removed.status == 0, "\(removed.errors)")
        _ = try wait(for: tile, of: server) { $0.status == 404 }
        _ = try wait(for: "/plugins/bench/", of: server) { $0.status == 404 }
        #expect(try !server.get("/catalog").text.contains("bench.seats"))
        let file = fixture.directory.appendingPathComponent("bench.sqlite")
        #expect(try run(fixture, "export", "bench", file.path).status == 0)
        #expect(try words(fixture, file).hasPrefix("one"))
        #expect(server.interrupt() == 0)
    }

    @Test func `can be folders with files that the host serves`() throws {
        let fixture = try `A district on the air`.fixture()
        let builds = fixture.directory.appendingPathComponent("builds")
        _ = try SmallPlugin(version: "1.0.0", word: "one").build(in: builds.appendingPathComponent("bench-1"))
        try fixture.write("h1 { color: red }", to: "builds/bench-1/assets/page.css")
        let server = try RunningServer(fixture.directory)
        let folder = builds.appendingPathComponent("bench-1").path
        #expect(try run(fixture, "install", folder).status == 0)
        let style = try wait(for: "/plugins/bench/assets/page.css", of: server) { $0.status == 200 }
        #expect(style.text == "h1 { color: red }")
        #expect(style.headers["content-type"] == "text/css; charset=utf-8")
        // A file that changes is a reason to take the plugin up anew.
        try fixture.write("h1 { color: blue }", to: "plugins/bench/assets/page.css")
        _ = try wait(for: "/plugins/bench/assets/page.css", of: server) { $0.text.contains("blue") }

        let features = fixture.directory.appendingPathComponent("bench.geojson")
        let exported = try run(fixture, "export", "bench", features.path)
        #expect(exported.status == 0, "\(exported.errors)")
        #expect(try String(contentsOf: features, encoding: .utf8).contains("\"layer\":\"bench.seats\""))
    }

    @Test func `are refused with a sentence when they are none`() throws {
        let fixture = try `A district on the air`.fixture()
        let builds = fixture.directory.appendingPathComponent("builds")
        let good = try SmallPlugin(version: "1.0.0", word: "one").build(in: builds)
        try fixture.write("text", to: "text.so")
        let link = fixture.directory.appendingPathComponent("link.so")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: good)
        let linked = fixture.directory.appendingPathComponent("linked")
        try FileManager.default.createDirectory(at: linked, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: linked.appendingPathComponent("a.so").path, withDestinationPath: good)
        let empty = fixture.directory.appendingPathComponent("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        let version = try SmallPlugin(version: "../1", word: "x").build(in: builds.appendingPathComponent("v"))
        let cases: [([String], Int32, String)] = [
            (["install", fixture.directory.appendingPathComponent("text.so").path], 2, "no ELF file"),
            (["install", link.path], 2, "symbolic link"), (["install", linked.path], 2, "a.so"),
            (["install", empty.path], 2, "0 libraries"), (["install", "/nowhere/a.so"], 2, "no such file"),
            (["install", ".."], 2, "no name"), (["install", "/dev/null"], 2, "no regular file"),
            (["install", version], 2, "major.minor.patch"),
            (["remove", "../state"], 2, "no plugin's id"), (["remove", "bench"], 2, "There is no plugin bench"),
            (["rollback", "bench"], 2, "No earlier version"), (["rollback", "bench", "--data"], 2, "No earlier version"),
            (["rollback", "a/b"], 2, "no plugin's id"),
            (["export", "bench", linked.appendingPathComponent("x.sqlite").path], 2, "has no data"),
            (["export", "..", linked.appendingPathComponent("x.sqlite").path], 2, "no plugin's id"),
            (["export", "bench", "/nowhere/x.sqlite"], 2, "no folder"),
            (["export", "bench", linked.appendingPathComponent("x.txt").path], 2, ".sqlite or .geojson"),
        ]
        for (arguments, status, part) in cases {
            let result = try Program.run(["plugin"] + arguments + ["--district", fixture.directory.path])
            #expect(result.status == status, "\(arguments): \(result.output)\(result.errors)")
            #expect(result.errors.contains(part), "\(arguments): \(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        let left = (try? FileManager.default.contentsOfDirectory(atPath: fixture.directory.path + "/plugins")) ?? []
        #expect(left.isEmpty, "\(left)")
    }

    @Test func `keep their figures across restarts, and district.yaml is followed`() throws {
        let fixture = try `A district on the air`.fixture()
        let library = try SmallPlugin(version: "1.0.0", word: "one").build(in: fixture.directory.appendingPathComponent("b"))
        #expect(try run(fixture, "install", library).status == 0)
        for _ in 0..<2 {
            let server = try RunningServer(fixture.directory)
            for _ in 0..<3 { #expect(try server.get("/plugins/bench/").status == 200) }
            #expect(server.interrupt() == 0)
        }
        struct Entry: Decodable {
            struct Calls: Decodable {
                var calls: Int
                var p95Milliseconds: Double?
            }
            struct Reliability: Decodable {
                var handle: Calls
                var crashes: Int
            }
            var id: String
            var reliability: Reliability?
        }
        let list = try run(fixture, "list", "--json")
        let entries = try JSONDecoder().decode([Entry].self, from: Data(list.output.utf8))
        let figures = try #require(entries.first { $0.id == "bench" }?.reliability)
        #expect(figures.handle.calls == 6 && figures.crashes == 0 && figures.handle.p95Milliseconds != nil)
        #expect(try run(fixture, "list").output.contains("pages: 6 calls"))

        let server = try RunningServer(fixture.directory)
        #expect(try server.get("/plugins/bench/").status == 200)
        let description = fixture.directory.appendingPathComponent("district.yaml")
        let text = try String(contentsOf: description, encoding: .utf8)
        try fixture.write(text + "plugins:\n  water:\n", to: "district.yaml")
        _ = try wait(for: "/plugins/bench/", of: server) { $0.status == 404 }
        #expect(try server.get("/plugins/water/summary").status == 200)
        try fixture.write(text + "access: { hidden: [bench.seats] }\n", to: "district.yaml")
        _ = try wait(for: "/plugins/bench/", of: server) { $0.status == 200 }
        _ = try wait(for: "/tiles/bench.seats.json", of: server) { $0.status == 404 }
        try fixture.write(text + "access: { hidden: [bench.*] }\n", to: "district.yaml")
        _ = try wait(for: "/plugins/bench/", of: server) { $0.status == 404 }
        #expect(try !server.get("/catalog").text.contains("\"bench\""))
    }

    private func words(_ fixture: DistrictFixture, _ file: URL? = nil) throws -> String {
        try fixture.query(
            "SELECT word FROM words ORDER BY rowid",
            in: file ?? fixture.directory.appendingPathComponent("state/bench.sqlite")
        ).joined(separator: " ")
    }
}
