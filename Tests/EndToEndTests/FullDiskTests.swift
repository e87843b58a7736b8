// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

/// A disk without room under a server with plugins: what is written of them is
/// lost, and nothing else.
@Suite(.enabled(if: ZooPlugin.canBeBuilt)) struct `A full disk under plugins` {
    private static let tile = "/tiles/district/14/13716/6700.json"

    /// The environment of a server whose writing below a part of the district's
    /// `state/` fails while the file `full` is there.
    private func environment(of zoo: Zoo, below part: String) throws -> [String: String] {
        let directory = zoo.fixture.directory
        let library = directory.appendingPathComponent("scratch/faults.so").path
        let source = Program.package.appendingPathComponent("tools/faults/faults.c").path
        let compiled = try #require(
            try Program.tool("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]))
        #expect(compiled.status == 0, "\(compiled.errors)")
        return [
            "LD_PRELOAD": library, "FAULT_DIR": directory.appendingPathComponent(part).path,
            "FAULT_WHEN": directory.appendingPathComponent("full").path, "FAULT_AT": "1", "FAULT_MODE": "forever",
            "FAULT_ERRNO": "\(ENOSPC)",
        ]
    }

    private func importReadings(_ numbers: Range<Int>, into zoo: Zoo) throws -> Program.Result {
        try zoo.fixture.write(`What plugins were given`.readings(numbers), to: "import.json")
        let directory = zoo.fixture.directory
        return try Program.run(
            ["plugin", "import", "flood", "\(directory.path)/import.json", "--district", directory.path])
    }

    @Test func `takes tables, cards and figures, and leaves quarantine and what is served`() throws {
        let zoo = try Zoo(hosting: "process", others: ["flood"])
        let directory = zoo.fixture.directory
        let server = try RunningServer(
            directory, environment: try environment(of: zoo, below: "state"), keepsErrors: true)
        #expect(try importReadings(0..<3, into: zoo).status == 0)
        try zoo.fixture.write("", to: "full")

        let refused = try importReadings(3..<6, into: zoo)
        #expect(refused.status == 3 && refused.errors.contains("The disk is full"), "\(refused)")
        #expect(try `What plugins were given`.kept(server) == [0, 1, 2])
        try zoo.zoo.set(fault: "null")
        var answer = try server.get("/plugins/zoo/")
        for _ in 0..<100 where !answer.text.contains("miaopu plugin trust zoo") {
            #expect(answer.status == 503, "\(answer.text)")
            #expect(try server.get("/plugins/other/").status == 200)
            usleep(100_000)
            answer = try server.get("/plugins/zoo/")
        }
        #expect(answer.text.contains("miaopu plugin trust zoo"), "\(answer.text)")
        let record = try server.get(Self.tile)
        #expect(record.status == 200 && record.text.contains("other.things") && record.text.contains("buildings"))
        #expect(zoo.cardFiles().isEmpty)
        #expect(server.errors.contains("that could not be written down"), "\(server.errors)")
        #expect(server.errors.count < 10_000, "\(server.errors.count) bytes of errors")

        // Room again, and everything is written without a restart.
        try FileManager.default.removeItem(at: directory.appendingPathComponent("full"))
        try zoo.zoo.set(fault: nil)
        #expect(try importReadings(3..<6, into: zoo).status == 0)
        #expect(try `What plugins were given`.kept(server) == Array(0..<6))
        // A quarantine that could not be written down was one all the same, and is written now.
        #expect(try server.get("/plugins/zoo/").text.contains("miaopu plugin trust zoo"))
        let trust = try Program.run(["plugin", "trust", "zoo", "--district", directory.path])
        #expect(trust.status == 0, "\(trust)")
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200)
        try zoo.zoo.set(fault: "null")
        _ = try server.get("/plugins/zoo/")
        #expect(try zoo.card()?.signalName == "SIGSEGV")
        #expect(server.interrupt() == 0)
    }

    @Test func `leaves no journal, blames nobody, and the server is there again`() throws {
        let zoo = try Zoo(hosting: "in-process")
        try zoo.fixture.write("", to: "full")
        let server = try RunningServer(
            zoo.fixture.directory, environment: try environment(of: zoo, below: "state/journal"), keepsErrors: true)
        // What it writes is read beside it.
        let isTold = server.status(of: "/health") { _ in server.errors.contains("There is no journal of calls") }
        #expect(isTold != nil, "\(server.errors)")
        let worker = try #require(try server.worker())
        try zoo.zoo.set(fault: "null")
        _ = try server.attempt("/plugins/zoo/")
        try zoo.zoo.set(fault: nil)
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200)
        #expect(try server.worker() != worker)
        #expect(try server.get(Self.tile).text.contains("other.things"))
        #expect(zoo.cardFiles().isEmpty)
        #expect(server.interrupt() == 0)
    }

    @Test func `keeps out who took the server down, before that is written and until a person trusts it`() throws {
        let zoo = try Zoo(hosting: "in-process")
        let directory = zoo.fixture.directory
        let server = try RunningServer(
            directory, environment: try environment(of: zoo, below: "state/crashes"), keepsErrors: true)
        try zoo.fixture.write("", to: "full")
        let first = try server.worker()
        try zoo.zoo.set(fault: "null")
        _ = try server.attempt("/plugins/zoo/")
        #expect(server.status(of: Self.tile) { $0 == 200 } == 200)
        let worker = try #require(try server.worker())
        #expect(worker != first)
        #expect(try server.get("/plugins/zoo/").status != 200)
        #expect(server.errors.contains("miaopu plugin trust zoo"), "\(server.errors)")
        #expect(try server.get(Self.tile).text.contains("buildings"))
        #expect(try server.worker() == worker)
        #expect(zoo.cardFiles().isEmpty)

        try FileManager.default.removeItem(at: directory.appendingPathComponent("full"))
        try zoo.zoo.set(fault: nil)
        let trust = try Program.run(["plugin", "trust", "zoo", "--district", directory.path])
        #expect(trust.status == 0 && trust.output.contains("is lifted"), "\(trust)")
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200)
        #expect(try server.worker() == worker)
        #expect(try zoo.card()?.signalName == "SIGSEGV")
        #expect(server.interrupt() == 0)
    }

    @Test func `takes the log, and nothing else`() throws {
        let zoo = try Zoo(hosting: "process")
        let server = try RunningServer(zoo.fixture.directory, errorFile: "/dev/full")
        for fault in ["flood", "null"] {
            try zoo.zoo.set(fault: fault)
            #expect(try server.get("/plugins/zoo/").status == (fault == "null" ? 503 : 200))
            try zoo.zoo.set(fault: nil)
            #expect(try server.get("/plugins/zoo/").status == 200)
            #expect(try server.get(Self.tile).status == 200)
        }
        #expect(try zoo.card()?.signalName == "SIGSEGV")
        #expect(server.interrupt() == 0)
    }
}
