// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// The author's guide in docs/plugins.md, tried literally: from nothing to a layer
/// on the map.
@Suite("A new plugin") struct PluginAuthorTests {
    private static let guide = "## Ten minutes to a layer on the map"

    /// The `sh` blocks of the guide's section, in their order.
    private static func blocks() throws -> [String] {
        let text = try String(contentsOf: Program.package.appendingPathComponent("docs/plugins.md"), encoding: .utf8)
        let section = try #require(text.range(of: guide).map { text[$0.upperBound...] })
        let end = section.range(of: "\n## ")?.lowerBound ?? section.endIndex
        let parts = section[..<end].components(separatedBy: "```")
        let blocks = parts.filter { $0.hasPrefix("sh\n") }.map { String($0.dropFirst(3)) }
        try #require(blocks.count > 3)
        return blocks
    }

    /// A folder on whose path `miaopu` stands.
    private static func programs(in fixture: DistrictFixture) throws -> String {
        let folder = fixture.directory.appendingPathComponent("bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = "#!/bin/sh\nexec '\(Program.executable.path)' \"$@\"\n"
        let file = folder.appendingPathComponent("miaopu")
        try Data(script.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return folder.path
    }

    @Test func `gets onto the map with the commands of the guide`() throws {
        let fixture = try `A district on the air`.fixture()
        let tile = "/tiles/benches.places/14/13716/6700"
        do {
            let server = try RunningServer(fixture.directory)
            #expect(try server.get("\(tile).png").status == 404)
            #expect(try server.get("/plugins/benches/").status == 404)
        }
        let desk = fixture.directory.appendingPathComponent("desk")
        try FileManager.default.createDirectory(at: desk, withIntermediateDirectories: true)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        var environment = ["DISTRICT": fixture.directory.path]
        environment["PATH"] = "\(try Self.programs(in: fixture)):\(path)"
        // One shell, as one author types: a block may change the folder.
        let blocks = try Self.blocks()
        print("The guide's commands build a package; that takes some minutes.")
        let done = try Program.run(
            ["-c", "cd \"$0\"; set -eux\n" + blocks.joined(separator: "\n"), desk.path], environment: environment,
            executable: URL(fileURLWithPath: "/bin/bash"))
        try #require(done.status == 0, "\(done.output.suffix(4000))\(done.errors.suffix(4000))")
        #expect(done.output.contains("benches 0.1.0 passes"), "\(done.output)")
        #expect(done.output.contains("layer benches.places"), "\(done.output)")
        let ci = try Program.run(
            ["-c", "cd \"$0\"/benches && ./ci.sh", desk.path], environment: environment,
            executable: URL(fileURLWithPath: "/bin/bash"))
        #expect(ci.status == 0 && ci.output.contains("benches 0.1.0 passes"), "\(ci.output)\(ci.errors.suffix(2000))")

        let server = try RunningServer(fixture.directory)
        let drawn = try server.get("\(tile).png")
        let empty = try server.get("/tiles/benches.places/14/13700/6700.png")
        #expect(drawn.status == 200 && empty.status == 200)
        #expect(drawn.body != empty.body)
        #expect(try server.get("\(tile).mvt").body.range(of: Data("东苑".utf8)) != nil)
        #expect(try server.get("/plugins/benches/").text.contains("东苑"))
        #expect(try server.get("/plugins/benches/places.json").text.contains("\"seats\":4"))
        #expect(try server.get("/plugins/benches/import", method: "POST", body: "{\"places\":[]}").status == 403)
        #expect(try server.get("/plugins/benches/nothing").status == 404)
    }

    @Test(arguments: ["", "../up", "a/b", "..", "Benches", "park benches", "9lives", String(repeating: "a", count: 33)])
    func `needs a name that can be its id`(_ name: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("new-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try Program.run(["plugin", "new", name, folder.path])
        #expect(result.status == 2)
        #expect(result.errors.contains("1 to 32 of a-z, 0-9 and -"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func `goes into a folder that is not there, and needs a checkout to build with`() throws {
        let fixture = try DistrictFixture()
        let there = fixture.directory.path
        let again = try Program.run(["plugin", "new", "benches", there])
        #expect(again.status == 2 && again.errors.contains("is there already"), "\(again.errors)")
        let nowhere = try Program.run(["plugin", "new", "benches", "\(there)/no/where"])
        #expect(nowhere.status == 2 && nowhere.errors.contains("There is no folder"), "\(nowhere.errors)")
        let without = try Program.run(["plugin", "new", "benches", "\(there)/new", "--sdk", there])
        #expect(without.status == 2 && without.errors.contains("is no checkout of Miaopu"), "\(without.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(there)/new"))
    }

    @Test func `is written in the style of the project, whatever it is called`() throws {
        let fixture = try DistrictFixture()
        let folder = fixture.directory.appendingPathComponent("b")
        let made = try Program.run(
            ["plugin", "new", "my-2nd-plugin", folder.path, "--sdk", Program.package.path])
        #expect(made.status == 0, "\(made.errors)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        #expect(files.contains("Sources/My2ndPluginPlugin/My2ndPluginMap.swift"), "\(files)")
        for file in files where file.hasSuffix(".swift") || file.hasSuffix(".md") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            #expect(!text.contains("{{"), "\(file)")
        }
        let format = try #require(
            try Program.tool(
                "swift",
                [
                    "format", "lint", "--strict", "--recursive", "--configuration",
                    Program.package.appendingPathComponent("tools/swift-format.json").path, folder.path,
                ]))
        #expect(format.status == 0, "\(format.errors)")
    }
}
