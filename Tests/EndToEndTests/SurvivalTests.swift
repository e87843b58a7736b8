// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization
import TestSupport
import Testing

/// A district with two plugins in C: the one misbehaves, the other watches.
struct Zoo {
    let fixture: DistrictFixture
    let zoo: ZooPlugin
    let other: ZooPlugin

    init(hosting: String, flags: [String] = []) throws {
        fixture = try `A district on the air`.fixture()
        let scratch = fixture.directory.appendingPathComponent("scratch")
        let plugins = fixture.directory.appendingPathComponent("plugins")
        zoo = try ZooPlugin(id: "zoo", in: plugins, scratch: scratch, flags: flags)
        other = try ZooPlugin(id: "other", in: plugins, scratch: scratch)
        let path = fixture.directory.appendingPathComponent("district.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        try fixture.write(
            text + "plugins:\n  zoo: { hosting: \(hosting) }\n  other: { hosting: \(hosting) }\n", to: "district.yaml")
    }

    struct Card: Decodable {
        var plugin: String
        var hosting: String
        var signalName: String?
        var call: String
        var stack: [String]
        var log: [String]
        var fingerprint: String
    }

    func cardFiles() -> [URL] {
        let folder = fixture.directory.appendingPathComponent("state/crashes")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".card.json") }.sorted().map { folder.appendingPathComponent($0) }
    }

    /// The newest card when its stack has names, which is after the restart.
    func card() throws -> Card? {
        for _ in 0..<1200 {
            if let file = cardFiles().last {
                let card = try JSONDecoder().decode(Card.self, from: Data(contentsOf: file))
                if !card.fingerprint.isEmpty { return card }
            }
            usleep(100_000)
        }
        return nil
    }
}

extension RunningServer {
    /// Asks again and again until the answer has a status; `nil` when it never has.
    fileprivate func status(of path: String, until wanted: (Int) -> Bool) -> Int? {
        for _ in 0..<1200 {
            if let status = try? attempt(path).answer?.status, wanted(status) { return status }
            usleep(100_000)
        }
        return nil
    }
}

@Suite("A server whose plugin crashes", .enabled(if: ZooPlugin.canBeBuilt), .serialized) struct SurvivalTests {
    private static let tile = "/tiles/district/14/13716/6700.json"

    @Test(
        "in its own process is there again, without that plugin, and knows why",
        arguments: [
            ("null", "SIGSEGV"), ("trap", "SIGILL"), ("abort", "SIGABRT"), ("overflow", "SIGSEGV"), ("exit", nil),
            ("leave", nil),
        ] as [(String, String?)])
    func inProcess(_ fault: String, _ signal: String?) throws {
        let zoo = try Zoo(hosting: "in-process")
        let server = try RunningServer(zoo.fixture.directory, keepsErrors: true)
        #expect(try server.get("/plugins/zoo/").status == 200)
        #expect(try server.get(Self.tile).text.contains("zoo.things"))
        try zoo.zoo.set(fault: fault)
        // The one answer that is in flight is lost.
        _ = try server.attempt("/plugins/zoo/")
        #expect(server.status(of: "/plugins/other/") { $0 == 200 } == 200)
        let errors = server.errors
        #expect(errors.contains("during a call of the plugin zoo; it is started again"), "\(errors)")
        #expect(errors.contains("miaopu plugin trust zoo"), "\(errors)")
        #expect(try server.get("/plugins/zoo/").status == 404)
        let record = try server.get(Self.tile)
        #expect(record.status == 200 && record.text.contains("other.things") && record.text.contains("buildings"))
        #expect(!record.text.contains("zoo.things"))

        let card = try #require(try zoo.card())
        #expect(card.plugin == "zoo" && card.hosting == "in-process" && card.signalName == signal)
        #expect(card.call == "handle GET /")
        if signal != nil {
            let own = card.stack.first { $0.contains("libzoo.so") }
            #expect(own?.hasPrefix("zoo_\(fault)+0x") == true, "\(card.stack)")
        }
        #expect(card.log.last == "info: about to misbehave")

        // A person trusts it again: the server that runs takes it up, and so does the next.
        try zoo.zoo.set(fault: nil)
        let directory = zoo.fixture.directory
        let trust = try Program.run(["plugin", "trust", "zoo", "--district", directory.path])
        #expect(trust.status == 0 && trust.output.hasSuffix("The server that runs loads it within seconds.\n"), "\(trust)")
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200)
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
    }

    @Test("in a process of its own fails no request of other layers") func underLoad() throws {
        let zoo = try Zoo(hosting: "process")
        let server = try RunningServer(zoo.fixture.directory)
        try zoo.zoo.set(fault: "null")
        let isDone = Mutex(false)
        let counts = Mutex((asked: 0, failed: [String]()))
        let done = DispatchSemaphore(value: 0)
        for path in ["/tiles/buildings/14/13716/6700.png", "/plugins/other/", "/tiles/other.things/14/13716/6700.mvt"] {
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
