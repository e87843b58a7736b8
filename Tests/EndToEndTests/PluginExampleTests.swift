// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// The plugins under `docs/examples`, built from the published contract with the
/// commands of their READMEs.
@Suite("An example plugin") struct PluginExampleTests {
    private struct Example {
        var folder: String
        var id: String
        /// Where a feature is: z/x/y.
        var tile = "14/13716/6701"
        var field: String
        var list: String
        var badList: String
        /// A file of it within the district's `plugins/`.
        var installed: String
    }

    private static let c = Example(
        folder: "c-plugin", id: "gauges", field: "rain", list: "/plugins/gauges/gauges?least=10",
        badList: "/plugins/gauges/gauges?least=much", installed: "libgauges.so")
    private static let python = Example(
        folder: "python-plugin", id: "beds", field: "moisture", list: "/plugins/beds/beds?below=30",
        badList: "/plugins/beds/beds?below=much", installed: "beds/plugin.json")

    /// Debian's Python, which has Debian's protobuf.
    private static let path = ["PATH": "/usr/bin:/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]

    private static let hasTools: Bool = {
        let tools = ["/usr/bin/gcc", "/usr/bin/make", "/usr/bin/protoc", "/usr/bin/protoc-c", "/usr/bin/python3"]
        let missing = tools.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        if !missing.isEmpty { print("skipped: there is no \(missing.joined(separator: ", ")); tools/setup test has it") }
        return missing.isEmpty
    }()

    /// The `sh` blocks of a README, but for those that install packages.
    private static func commands(of readme: URL) throws -> String {
        let parts = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```")
        let blocks = parts.filter { $0.hasPrefix("sh\n") && !$0.contains("apt-get") }.map { String($0.dropFirst(3)) }
        try #require(!blocks.isEmpty)
        return "set -eu\n" + blocks.joined()
    }

    /// A copy of what the examples need of the repository.
    private static func copy(in fixture: DistrictFixture) throws -> URL {
        let docs = fixture.directory.appendingPathComponent("docs")
        try FileManager.default.createDirectory(at: docs, withIntermediateDirectories: true)
        for name in ["contract", "examples"] {
            try FileManager.default.copyItem(
                at: Program.package.appendingPathComponent("docs/\(name)"), to: docs.appendingPathComponent(name))
        }
        return docs
    }

    private static func install(_ example: Example, from docs: URL, into fixture: DistrictFixture) throws {
        let folder = docs.appendingPathComponent("examples/\(example.folder)")
        let script = try commands(of: folder.appendingPathComponent("README.md"))
        let done = try Program.run(
            ["-c", "cd \"$0\" && \(script)", folder.path],
            environment: path.merging(["DISTRICT": fixture.directory.path]) { $1 },
            executable: URL(fileURLWithPath: "/bin/sh"))
        try #require(done.status == 0, "\(done.output)\(done.errors)")
    }

    @Test(.enabled(if: hasTools), arguments: ["c", "python"])
    func `is built as its README says, drawn, asked, and not put out by a bad request`(_ name: String) throws {
        let example = name == "c" ? Self.c : Self.python
        let fixture = try `A district on the air`.fixture()
        let layer = "\(example.id).\(example.id)"
        let docs = try Self.copy(in: fixture)
        do {
            let server = try RunningServer(fixture.directory, environment: Self.path)
            #expect(try server.get("/tiles/\(layer)/\(example.tile).mvt").status == 404)
            #expect(try server.get(example.list).status == 404)
        }
        try Self.install(example, from: docs, into: fixture)
        #expect(
            FileManager.default.fileExists(
                atPath: fixture.directory.appendingPathComponent("plugins/\(example.installed)").path))
        let list = try Program.run(["plugin", "list", "--district", fixture.directory.path], environment: Self.path)
        #expect(
            list.output.split(separator: "\n").contains {
                $0.hasPrefix("\(example.id) ") && $0.contains("in a process of its own")
            }, "\(list.output)\(list.errors)")

        let server = try RunningServer(fixture.directory, environment: Self.path)
        let tile = try server.get("/tiles/\(layer)/\(example.tile).mvt")
        #expect(tile.status == 200)
        #expect(tile.body.range(of: Data(example.field.utf8)) != nil, "the tile has no field \(example.field)")
        let drawn = try server.get("/tiles/\(layer)/\(example.tile).png")
        let empty = try server.get("/tiles/\(layer)/14/13700/6701.png")
        #expect(drawn.status == 200 && empty.status == 200)
        #expect(drawn.body != empty.body)

        let answer = try server.get(example.list)
        #expect(answer.status == 200)
        // Two records, of which the question lets one pass.
        #expect(answer.text.contains(name == "c" ? "梅陇" : "西圃"), "\(answer.text)")
        #expect(!answer.text.contains(name == "c" ? "莘庄" : "东圃"), "\(answer.text)")
        #expect(try server.get(example.badList).status == 400)
        #expect(try server.get("/plugins/\(example.id)/nothing").status == 404)
        #expect(try server.get(example.list).text == answer.text)
        #expect(server.interrupt() == 0)

        // The tables are there after a second start, and what was in them once.
        let again = try RunningServer(fixture.directory, environment: Self.path)
        #expect(try again.get(example.list).text == answer.text)
    }

    @Test(.enabled(if: hasTools))
    func `that was built for another contract is refused with both versions and the cure`() throws {
        let fixture = try `A district on the air`.fixture()
        let docs = try Self.copy(in: fixture)
        let header = docs.appendingPathComponent("contract/1/miaopu_plugin.h")
        let text = try String(contentsOf: header, encoding: .utf8)
        let later = text.replacingOccurrences(of: "MIAOPU_CONTRACT_VERSION 1", with: "MIAOPU_CONTRACT_VERSION 2")
        try #require(later != text)
        try Data(later.utf8).write(to: header)
        try Self.install(Self.c, from: docs, into: fixture)
        let list = try Program.run(["plugin", "list", "--district", fixture.directory.path], environment: Self.path)
        let words = list.output + list.errors
        #expect(
            words.contains("it was built for version 2 of the plugin contract, and this host speaks version 1"),
            "\(words)")
        #expect(words.contains("take a newer host, or build the plugin with an SDK for version 1"), "\(words)")
    }

    @Test(.enabled(if: hasTools)) func `in Python ends with its host, however that ends`() throws {
        let fixture = try `A district on the air`.fixture()
        try Self.install(Self.python, from: try Self.copy(in: fixture), into: fixture)
        let server = try RunningServer(fixture.directory, environment: Self.path)
        #expect(try server.get(Self.python.list).status == 200)
        // It runs from a copy of its folder.
        let copies = fixture.directory.resolvingSymlinksInPath().appendingPathComponent("state/plugins/copies/beds-")
        let process = try #require(Self.processes(inFoldersThatBeginWith: copies.path).first)
        server.kill()
        for _ in 0..<1200 where kill(process, 0) == 0 { usleep(100_000) }
        #expect(kill(process, 0) != 0, "the plugin lives on without its host")
    }

    /// Processes by their working directory.
    private static func processes(inFoldersThatBeginWith path: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd"))?.hasPrefix(path) == true
        }
    }
}
