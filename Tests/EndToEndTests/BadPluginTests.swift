// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Everything wrong that can lie in a district's `plugins/`, put there at once
/// while it is served.
@Suite(.enabled(if: SmallPlugin.canBeBuilt)) struct `Plugins that are none` {
    private struct Entry: Decodable {
        var id: String
        var state: String
        var reason: String?
        var layers: [[String: String]]?
    }

    private let fixture: DistrictFixture
    private let good: Data

    init() throws {
        fixture = try `A district on the air`.fixture()
        let library = try SmallPlugin(version: "1.0.0", word: "one").build(in: fixture.directory.appendingPathComponent("b"))
        good = try Data(contentsOf: URL(fileURLWithPath: library))
        try fixture.write(good, to: "plugins/bench.so")
    }

    /// A plugin that is a plugin until it is looked at.
    private func other(_ id: String, _ change: (inout SmallPlugin) -> Void = { _ in }) throws -> Data {
        var plugin = SmallPlugin(version: "1.0.0", word: "one")
        plugin.id = id
        change(&plugin)
        let folder = fixture.directory.appendingPathComponent("b/\(UUID().uuidString)")
        return try Data(contentsOf: URL(fileURLWithPath: plugin.build(in: folder)))
    }

    /// The files, and a part of the sentence with which each is refused.
    private func files() throws -> [(name: String, bytes: Data, part: String)] {
        var foreign = good
        foreign[18] = foreign[18] == 62 ? 183 : 62
        return [
            ("empty.so", Data(), "it is empty"),
            ("text.so", Data("I am no library.\n".utf8), "no ELF file"),
            ("cut.so", good.prefix(good.count / 2), "it is cut off"),
            ("processor.so", foreign, "it is for the processor"),
            ("stamp.so", try other("stamp") { $0.hasStamp = false }, "no section .miaopu.plugin"),
            ("symbol.so", try other("symbol") { $0.entry = "miaopu_plugin_v0" }, "does not export the function miaopu_plugin_v1"),
            ("twin.so", try other("bench"), "its id bench is taken by"),
            ("layer.so", try other("layer") { $0.layer = "flood.facilities" }, "flood.facilities"),
            ("permission.so", try other("permission") { $0.permissions = ["tables", "network"] }, "\"network\""),
            ("style.so", try other("style") { $0.style = #"[{"id":"a","type":"raster"}]"# }, "has the type raster"),
            ("paint.so", try other("paint") { $0.style = #"[{"id":"a","type":"circle","paint":{"circle-color":7}}]"# },
                "circle-color"),
            ("half.so", try other("half") { $0.fails = true }, "no such table: nowhere"),
            ("slash.so", try other("a/b"), "its id is"), ("up.so", try other(".."), "its id is"),
            ("path.so", try other("../bench"), "its id is"),
        ]
    }

    @Test func `are refused with one sentence each, and the others serve on`() throws {
        let server = try RunningServer(fixture.directory)
        let tile = "/tiles/bench.seats/14/13716/6700.mvt"
        #expect(try server.get(tile).status == 200)
        let files = try files()
        for file in files { try fixture.write(file.bytes, to: "plugins/\(file.name)") }
        // A folder that is named like a library, and one that holds nothing.
        try fixture.write("text", to: "plugins/folder.so/readme.txt")

        var entries: [Entry] = []
        for _ in 0..<600 {
            #expect(try server.get(tile).status == 200)
            let list = try Program.run(["plugin", "list", "--json", "--district", fixture.directory.path])
            entries = try JSONDecoder().decode([Entry].self, from: Data(list.output.utf8))
            if entries.filter({ $0.state == "refused" }).count >= files.count { break }
            usleep(200_000)
        }
        for file in files {
            let found = entries.filter { $0.reason?.contains("\(file.name) ") == true || $0.id == file.name }
            let told = Comment(rawValue: "\(file.name): \(entries.map { "\($0.id) \($0.state) \($0.reason ?? "")" })")
            try #require(found.count == 1, told)
            #expect(found[0].state == "refused", told)
            let reason = found[0].reason ?? ""
            #expect(reason.contains(file.part) && !reason.contains("\n"), "\(file.name): \(reason)")
        }
        #expect(entries.filter { $0.state == "running" }.map(\.id).sorted() == [
            "assets", "bench", "community", "flood", "property", "water",
        ])
        // Everybody may read the catalogue: it says no more than that.
        let catalogue = try server.get("/catalog").text
        #expect(!catalogue.contains(fixture.directory.path) && !catalogue.contains("\"half.seats\""))
        #expect(try server.get("/plugins/bench/").text == "1.0.0")
        #expect(try server.get("/tiles/flood.facilities/14/13716/6700.mvt").status == 200)
        // What failed half-way has left nothing.
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.directory.path + "/state")
        #expect(left.filter { $0.hasSuffix(".sqlite") && !["bench", "flood", "water", "assets", "property", "community"].contains($0.dropLast(7)) } == [])
        #expect(server.interrupt() == 0)
    }

    /// Root may read everything; so another user asks.
    @Test func `that may not be read are refused in words that say so`() throws {
        try fixture.write(good, to: "plugins/locked.so")
        let script = """
            set -eu
            miaopu=$1 district=$2
            export TMPDIR=/tmp
            chmod 0 "$district/plugins/locked.so"
            user=""
            if [ "$(id -u)" = 0 ]; then
                chown -R nobody "$district"; chown root "$district/plugins/locked.so"
                user="setpriv --reuid nobody --regid nogroup --clear-groups"
            fi
            $user test -x "$miaopu" -a -w "$district" || exit 77
            $user "$miaopu" plugin list --district "$district" || echo "list $?"
            $user "$miaopu" plugin install "$district/plugins/locked.so" --district "$district" 2>&1 || echo "install $?"
            """
        let result = try #require(
            try Program.tool("sh", ["-c", script, "sh", Program.executable.path, fixture.directory.path]))
        if result.status == 77 || result.errors.contains("setpriv: not found") {
            print("skipped: another user cannot run the program here: \(result.errors)")
            return
        }
        let told = Comment(rawValue: result.output + result.errors)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("bench 1.0.0") }, told)
        #expect(lines.contains { $0.hasPrefix("locked.so: refused: ") && $0.contains("it cannot be read; the host") }, told)
        #expect(lines.contains("list 1") && lines.contains("install 2"), told)
        #expect(lines.contains { $0.contains("it cannot be read; you need permission to.") }, told)
    }
}
