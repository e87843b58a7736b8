// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@Suite("A crash card", .enabled(if: ZooPlugin.canBeBuilt), .serialized) struct ReplayTests {
    private let zoo: Zoo
    private let card: String

    /// A card of a crash in a process of its own.
    init() throws {
        zoo = try Zoo(hosting: "process")
        let server = try RunningServer(zoo.fixture.directory)
        try zoo.zoo.set(fault: "null")
        #expect(try server.get("/plugins/zoo/").status == 503)
        _ = try #require(try zoo.card())
        card = try #require(zoo.cardFiles().first).path
        #expect(server.interrupt() == 0)
    }

    private func replay(_ arguments: [String] = []) throws -> Program.Result {
        try Program.run(["plugin", "replay", card, "--district", zoo.fixture.directory.path] + arguments)
    }

    @Test("is replayed: the same crash, another one, none") func outcomes() throws {
        let state = zoo.fixture.directory.appendingPathComponent("state")
        let before = try FileManager.default.subpathsOfDirectory(atPath: state.path).sorted()
        let same = try replay()
        #expect(same.status == 1)
        #expect(same.output.hasPrefix("It crashed again the same way: it crashed (memory access fault, SIGSEGV)."))
        #expect(same.output.contains("zoo_null+0x"), "\(same.output)\(same.errors)")

        try zoo.zoo.set(fault: "abort")
        let other = try replay()
        #expect(other.status == 1)
        #expect(other.output.hasPrefix("It crashed again, in another way: it crashed (aborted, SIGABRT)."))

        try zoo.zoo.set(fault: nil)
        let none = try replay()
        #expect(none.status == 0)
        #expect(none.output == "The call came back: it did not crash.\n")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: state.path).sorted() == before)
    }

    @Test("is replayed under gdb, which prints where it stood") func debugger() throws {
        let result = try replay(["--gdb"])
        if try Program.tool("gdb", ["--version"]) == nil {
            #expect(result.status == 3 && result.errors.contains("gdb is not installed"))
        } else {
            #expect(result.output.contains("SIGSEGV"), "\(result.output)\(result.errors)")
            #expect(result.output.contains("zoo_null ()"), "\(result.output)")
            #expect(result.status == 1)
        }
    }

    @Test("is replayed under gdb on a terminal, where a person looks around") func prompt() throws {
        guard try Program.tool("gdb", ["--version"]) != nil else { return print("skipped: gdb is not installed") }
        let result = try Terminal.run(
            ["plugin", "replay", card, "--gdb", "--district", zoo.fixture.directory.path],
            answers: [("(gdb) ", "set pagination off\n"), ("(gdb) ", "bt\n"), ("(gdb) ", "quit\n")])
        #expect(result.text.contains("SIGSEGV") && result.text.contains("zoo_null ()"), "\(result)")
        #expect(result.status == 1, "\(result)")
    }

    @Test("of another build is refused, unless it is asked for") func otherBuild() throws {
        let plugins = zoo.fixture.directory.appendingPathComponent("plugins")
        let scratch = zoo.fixture.directory.appendingPathComponent("scratch")
        _ = try ZooPlugin(id: "zoo", in: plugins, scratch: scratch, version: "0.2.0")
        let refused = try replay()
        #expect(refused.status == 2)
        #expect(refused.errors.contains("another build") && refused.errors.contains("--anyway"), "\(refused.errors)")
        #expect(try replay(["--anyway"]).output.contains("zoo_null"))
        try FileManager.default.removeItem(at: zoo.zoo.library)
        #expect(try replay().errors.contains("is not there any more"))
    }

    @Test("that is none is refused with a sentence") func noCard() throws {
        try zoo.fixture.write("{\"plugin\": 7}", to: "no.json")
        for (file, part) in [("no.json", "is no crash card"), ("nowhere.json", "There is no crash card")] {
            let path = zoo.fixture.directory.appendingPathComponent(file).path
            let result = try Program.run(
                ["plugin", "replay", path, "--district", zoo.fixture.directory.path])
            #expect(result.status == 2)
            #expect(result.errors.contains(part) && result.errors.split(separator: "\n").count == 1)
        }
    }
}
