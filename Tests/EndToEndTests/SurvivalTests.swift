// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("A server whose plugin crashes", .enabled(if: ZooPlugin.canBeBuilt), .serialized) struct SurvivalTests {
    private static let tile = "/tiles/district/14/13716/6700.json"
    /// What has nothing to do with the plugin that misbehaves.
    private static let others = [
        "/tiles/buildings/14/13716/6700.png", "/plugins/other/", "/tiles/other.things/14/13716/6700.mvt",
    ]

    @Test("in its own process is there again, without that plugin, and knows why") func inProcess() throws {
        let zoo = try Zoo(hosting: "in-process", budget: "handle_seconds: 1, stuck_seconds: 2")
        let server = try RunningServer(zoo.fixture.directory, keepsErrors: true)
        #expect(try server.get("/plugins/zoo/").status == 200)
        #expect(try server.get(Self.tile).text.contains("zoo.things"))
        try zoo.zoo.set(fault: "null")
        let crashed = try SteadyLoad(server, Self.others)
        // The answers that are in flight are lost.
        _ = try server.attempt("/plugins/zoo/")
        #expect(server.status(of: "/plugins/other/") { $0 == 200 } == 200)
        // Each client has one request in progress; those that came later waited.
        let afterCrash = try crashed.end()
        #expect(afterCrash.refused == 0 && afterCrash.failed.isEmpty, "\(afterCrash)")
        #expect(afterCrash.lost.count <= Self.others.count, "\(afterCrash)")
        let errors = server.errors
        #expect(errors.contains("during a call of the plugin zoo; it is started again"), "\(errors)")
        #expect(errors.contains("miaopu plugin trust zoo"), "\(errors)")
        #expect(try server.get("/plugins/zoo/").status == 404)
        let record = try server.get(Self.tile)
        #expect(record.status == 200 && record.text.contains("other.things") && record.text.contains("buildings"))
        #expect(!record.text.contains("zoo.things"))

        let card = try #require(try zoo.card())
        #expect(card.plugin == "zoo" && card.hosting == "in-process" && card.signalName == "SIGSEGV")
        #expect(card.call == "handle GET /")
        #expect(card.stack.first { $0.contains("libzoo.so") }?.hasPrefix("zoo_null+0x") == true, "\(card.stack)")
        #expect(card.log.last == "info: about to misbehave")

        // A person trusts it again: the server that runs takes it up, and so does the next.
        try zoo.zoo.set(fault: nil)
        let directory = zoo.fixture.directory
        let trust = try Program.run(["plugin", "trust", "zoo", "--district", directory.path])
        #expect(trust.status == 0 && trust.output.hasSuffix("The server that runs loads it within seconds.\n"), "\(trust)")
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200)

        // A call that does not come back leaves time for the others.
        let worker = try #require(try server.worker())
        try zoo.zoo.set(fault: "spin")
        let stuck = try SteadyLoad(server, Self.others)
        #expect(try server.get("/plugins/zoo/").status == 503)
        #expect(server.status(of: "/health") { _ in (try? server.worker()).flatMap { $0 } != worker } != nil)
        let afterStuck = try stuck.end()
        #expect(afterStuck.refused == 0 && afterStuck.failed.isEmpty && afterStuck.lost.isEmpty, "\(afterStuck)")
        #expect(try server.get("/plugins/zoo/").status == 404)
        let second = try #require(try zoo.card())
        #expect(zoo.cardFiles().count == 2 && second.cause.contains("was stuck for"), "\(second)")
        #expect(second.stack.contains { $0.hasPrefix("zoo_spin+0x") }, "\(second.stack)")
        try zoo.zoo.set(fault: nil)
        #expect(try Program.run(["plugin", "trust", "zoo", "--district", directory.path]).status == 0)
        #expect(server.interrupt() == 0)
        let again = try RunningServer(directory)
        #expect(try again.get("/plugins/zoo/").status == 200)
        #expect(again.interrupt() == 0)
        let journals = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/state/journal")
        #expect(journals == [])
    }

    @Test("when it starts is started again without it") func atStart() throws {
        let zoo = try Zoo(hosting: "in-process", flags: ["-DFAULT_AT_START"])
        // It passes the check as long as nothing is wrong.
        #expect(try Program.run(["plugin", "list", "--district", zoo.fixture.directory.path]).status == 0)
        try zoo.zoo.set(fault: "null")
        let server = try RunningServer(zoo.fixture.directory, keepsErrors: true)
        #expect(try server.get("/plugins/other/").status == 200)
        #expect(try server.get("/plugins/zoo/").status == 404)
        #expect(try zoo.card()?.call == "start")
    }

    @Test("or hangs when it starts is started again without it, too") func hangsAtStart() throws {
        let zoo = try Zoo(
            hosting: "in-process", flags: ["-DFAULT_AT_START"], budget: "start_seconds: 1, stuck_seconds: 2")
        #expect(try Program.run(["plugin", "list", "--district", zoo.fixture.directory.path]).status == 0)
        try zoo.zoo.set(fault: "spin")
        let server = try RunningServer(zoo.fixture.directory, keepsErrors: true)
        #expect(try server.get("/plugins/other/").status == 200)
        #expect(try server.get("/plugins/zoo/").status == 404)
        let card = try #require(try zoo.card())
        #expect(card.call == "start" && card.cause.contains("was stuck for"), "\(card)")
        #expect(card.stack.contains { $0.hasPrefix("zoo_spin+0x") }, "\(card.stack.prefix(20))")
        #expect(server.errors.contains("which was stuck for"), "\(server.errors)")
        #expect(server.interrupt() == 0)
    }

    @Test("blames nobody when it is killed from outside") func killed() throws {
        let zoo = try Zoo(hosting: "in-process")
        let server = try RunningServer(zoo.fixture.directory, keepsErrors: true)
        try zoo.zoo.set(fault: "deadlock")
        let worker = try #require(try server.worker())
        // A call that is in progress, and will be for ever.
        Thread.detachNewThread { _ = try? server.attempt("/plugins/zoo/") }
        #expect(server.status(of: "/health") { _ in
            (try? server.get("/health").text.contains("zoo has been in the call")) == true
        } == 200)
        Foundation.kill(worker, SIGKILL)
        try zoo.zoo.set(fault: nil)
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200)
        #expect(server.errors.contains("died (SIGKILL) and no plugin is known to have caused it"))
        #expect(zoo.cardFiles().isEmpty)
        let next = try #require(try server.worker())
        #expect(next != worker)
        #expect(server.interrupt() == 0)
    }

    @Test("takes its worker with it when it is killed") func supervisorKilled() throws {
        let zoo = try Zoo(hosting: "in-process")
        let server = try RunningServer(zoo.fixture.directory)
        let worker = try #require(try server.worker())
        server.kill()
        var isGone = false
        for _ in 0..<600 where !isGone {
            isGone = Foundation.kill(worker, 0) != 0
            usleep(100_000)
        }
        #expect(isGone)
        #expect(try server.attempt("/health").errors.contains("ConnectionRefusedError"))
    }

    /// The socket that a server listens at, by the system's name.
    private static func listening(_ server: RunningServer) throws -> String? {
        let port = try #require(server.address.split(separator: ":").last.flatMap { Int($0) })
        let ending = ":" + String(format: "%04X", port)
        let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count > 9, fields[1].hasSuffix(ending), fields[3] == "0A" { return "socket:[\(fields[9])]" }
        }
        return nil
    }

    /// The sockets that a process has open, by the system's names.
    private static func sockets(_ process: pid_t) throws -> Set<String> {
        let folder = "/proc/\(process)/fd"
        return Set(
            try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
            }.filter { $0.hasPrefix("socket:") })
    }

    @Test("in a process of its own fails no request of other layers") func underLoad() throws {
        let zoo = try Zoo(hosting: "process")
        let server = try RunningServer(zoo.fixture.directory)
        // The port is nobody's but the server's.
        let worker = try #require(try server.worker())
        let socket = try #require(try Self.listening(server))
        #expect(try Self.sockets(server.process.processIdentifier).contains(socket))
        #expect(try Self.sockets(worker).contains(socket))
        let plugins = try RunningServer.children(of: worker)
        #expect(!plugins.isEmpty)
        for plugin in plugins { #expect(try !Self.sockets(plugin).contains(socket)) }
        try zoo.zoo.set(fault: "null")
        let isDone = Mutex(false)
        let counts = Mutex((asked: 0, failed: [String]()))
        let done = DispatchSemaphore(value: 0)
        for path in Self.others {
            Thread.detachNewThread {
                while !isDone.withLock({ $0 }) {
                    let answer = try? server.attempt(path).answer
                    counts.withLock { counts in
                        counts.asked += 1
                        if answer?.status != 200 { counts.failed.append("\(path): \(answer?.text ?? "no answer")") }
                    }
                }
                done.signal()
            }
        }
        // Until the third crash puts it into quarantine, and on.
        var records: [String] = []
        for round in 0..<1200 {
            let record = try server.get("/tiles/district/14/\(13_700 + round % 30)/6700.json")
            #expect(record.status == 200)
            records.append(record.text)
            if record.text.contains("quarantine"), counts.withLock({ $0.asked > 50 }) { break }
            usleep(100_000)
        }
        isDone.withLock { $0 = true }
        for _ in 0..<3 { done.wait() }
        #expect(records.last?.contains("quarantine") == true)
        #expect(records.allSatisfy { $0.contains("zoo.things") && $0.contains("failed") })
        #expect(counts.withLock { $0.failed } == [])
        #expect(counts.withLock { $0.asked } > 50)
        #expect(zoo.cardFiles().count == 3)
        #expect(try zoo.card()?.call.hasPrefix("features things z14 for the tile 14/137") == true)
        #expect(server.interrupt() == 0)
    }
}
