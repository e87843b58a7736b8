// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

/// Every wrong thing that a plugin can do in the server's own process, one after
/// the other to one server.
@Suite("A plugin in the server's process", .enabled(if: ZooPlugin.canBeBuilt)) struct InProcessZooTests {
    /// A fault that takes the server's process with it, and what is told of it.
    private struct Fault {
        var name: String
        /// That of the card; nil when it was not a signal that ended the process.
        var signal: String?
        /// Part of the card's cause.
        var cause: String
        /// Whether the plugin's own function is on the stack.
        var hasStack = true
        /// Whether the server's own code may trap on what was done before the call
        /// is back: the plugin is blamed all the same, with the signal of that.
        var mayTrapElsewhere = false

        static let signals = [
            Fault(name: "readonly", signal: "SIGSEGV", cause: "crashed"),
            Fault(name: "jump", signal: "SIGSEGV", cause: "crashed"),
            Fault(name: "trap", signal: "SIGILL", cause: "crashed"),
            Fault(name: "breakpoint", signal: "SIGTRAP", cause: "crashed"),
            Fault(name: "divide", signal: "SIGFPE", cause: "crashed"),
            Fault(name: "twice", signal: "SIGABRT", cause: "crashed"),
            Fault(name: "heap", signal: "SIGABRT", cause: "crashed"),
            Fault(name: "overflow", signal: "SIGSEGV", cause: "crashed"),
        ]
        static let others = [
            Fault(name: "exit", signal: nil, cause: "called exit", hasStack: false),
            Fault(name: "leave", signal: nil, cause: "exit code 7", hasStack: false),
            Fault(name: "close", signal: nil, cause: "closed files and connections of the server", hasStack: false,
                mayTrapElsewhere: true),
            Fault(name: "allocate", signal: nil, cause: "MB of memory, more than it may"),
            Fault(name: "spin", signal: nil, cause: "was stuck for"),
            Fault(name: "deadlock", signal: nil, cause: "was stuck for"),
        ]
    }

    private static let tile = "/tiles/district/14/13716/6700.json"
    private static let budget = "handle_seconds: 0.5, features_seconds: 0.5, stuck_seconds: 2, memory_mb: 256"

    private let zoo: Zoo
    private let server: RunningServer

    init() throws {
        zoo = try Zoo(hosting: "in-process", budget: Self.budget, others: ["flood"])
        server = try RunningServer(zoo.fixture.directory, keepsErrors: true)
    }

    @Test("that ends it is out until a person trusts it, and everything else is there again", arguments: [0, 1])
    func ends(_ group: Int) throws {
        let acknowledged = try importReadings()
        for (round, fault) in [Fault.signals, Fault.others][group].enumerated() {
            let began = ContinuousClock.now
            let before = server.errors.count
            let worker = try #require(try server.worker())
            try zoo.zoo.set(fault: fault.name)
            let answer = try server.attempt("/plugins/zoo/").answer
            if fault.cause.contains("stuck") { try expectRefusals(while: answer) }
            try expectService(insteadOf: worker, after: fault.name)

            let said = String(server.errors.dropFirst(before))
            #expect(said.contains("during a call of the plugin zoo"), "\(fault.name): \(said)")
            #expect(said.contains("miaopu plugin trust zoo"), "\(fault.name): \(said)")
            let card = try #require(try zoo.card())
            #expect(zoo.cardFiles().count == round + 1, "\(fault.name)")
            #expect(card.plugin == "zoo" && card.hosting == "in-process", "\(fault.name)")
            #expect(card.cause.contains(fault.cause), "\(fault.name): \(card.cause)")
            if !fault.mayTrapElsewhere {
                #expect(card.signalName == fault.signal, "\(fault.name): \(card.signalName ?? "no signal")")
            }
            #expect(card.call == "handle GET /" && card.log.contains("info: about to misbehave"), "\(fault.name)")
            if fault.hasStack {
                #expect(card.stack.contains { $0.hasPrefix("zoo_\(fault.name)+0x") }, "\(fault.name): \(card.stack.prefix(20))")
            }
            try trust(after: fault.name)
            #expect(try crashes() == round + 1, "\(fault.name)")
            print("\(fault.name): \(card.cause), \(ContinuousClock.now - began) in all")
        }
        #expect(try Set(acknowledged).isSubset(of: `What plugins were given`.kept(server)))
        #expect(server.interrupt() == 0)
    }

    @Test("that traps in its 1000th call has served until then, and is out from then on") func late() throws {
        let worker = try #require(try server.worker())
        try zoo.zoo.set(fault: "trap", from: 1000)
        #expect(try server.statuses(of: "/plugins/zoo/", count: 999) == Array(repeating: 200, count: 999))
        #expect(try server.worker() == worker && zoo.cardFiles().isEmpty)
        _ = try server.attempt("/plugins/zoo/")
        try expectService(insteadOf: worker, after: "trap")
        #expect(try zoo.card()?.signalName == "SIGILL")
        try trust(after: "trap")
        #expect(server.interrupt() == 0)
    }

    @Test("that kills it is out after the third time, and not before") func kills() throws {
        for round in 1...3 {
            let worker = try #require(try server.worker())
            try zoo.zoo.set(fault: "kill")
            _ = try server.attempt("/plugins/zoo/")
            try zoo.zoo.set(fault: nil)
            #expect(server.status(of: "/plugins/other/") { $0 == 200 } == 200)
            #expect(try server.worker() != worker)
            #expect(try server.get("/plugins/zoo/").status == (round < 3 ? 200 : 404))
            #expect(zoo.cardFiles().count == (round < 3 ? 0 : 1))
        }
        let cause = try zoo.card()?.cause ?? "no card, \(zoo.cardFiles())"
        #expect(cause.contains("was alone in a call each time that the server was killed"))
        #expect(server.errors.contains("miaopu plugin trust zoo"), "\(server.errors)")
        try trust(after: "kill")
        #expect(server.interrupt() == 0)
    }

    @Test("that only answers badly, or says too much, costs its call and nothing else") func stays() throws {
        let worker = try #require(try server.worker())
        for (fault, status) in [("garbage", 500), ("huge", 413), ("flood", 200), ("threads", 200)] {
            try zoo.zoo.set(fault: fault)
            let answer = try server.get("/plugins/zoo/")
            #expect(answer.status == status, "\(fault): \(answer.text)")
            if status != 200 { #expect(answer.text.contains("zoo"), "\(fault): \(answer.text)") }
            let record = try server.get(Self.tile)
            #expect(record.status == 200 && record.text.contains("other.things"), "\(fault): \(record.text)")
            try zoo.zoo.set(fault: nil)
            #expect(try server.get("/plugins/zoo/").status == 200, "\(fault)")
            #expect(try server.get("/plugins/other/").status == 200, "\(fault)")
        }
        #expect(server.status(of: "/health") { _ in server.errors.contains("of its log were dropped") } == 200)
        #expect(try server.worker() == worker)
        #expect(zoo.cardFiles().isEmpty)
        #expect(server.interrupt() == 0)
    }

    /// While it is stuck its page and its layer are refused, and others are there;
    /// and so was the request that it hangs in.
    private func expectRefusals(while answer: RunningServer.Answer?) throws {
        #expect(answer?.status == 503 && answer?.text.contains("zoo has been in the call handle GET /") == true)
        // Unless the server is ended meanwhile.
        if let again = try server.attempt("/plugins/zoo/").answer, again.status != 404 {
            #expect(again.status == 503 && again.text.contains("zoo has been in the call"), "\(again.text)")
        }
        if let record = try server.attempt(Self.tile).answer, record.text.contains("zoo.things") {
            #expect(record.status == 200 && record.text.contains("has been in the call"), "\(record.text)")
            #expect(record.text.contains("other.things"), "\(record.text)")
        }
    }

    /// Another process serves everything but the plugin.
    private func expectService(insteadOf worker: pid_t, after fault: String) throws {
        #expect(server.status(of: Self.tile) { status in
            status == 200 && (try? server.worker()).flatMap { $0 } != worker
        } == 200, "\(fault)")
        let record = try server.get(Self.tile)
        #expect(record.status == 200 && record.text.contains("other.things") && record.text.contains("buildings"))
        #expect(!record.text.contains("zoo.things"), "\(fault): \(record.text)")
        #expect(try server.get("/plugins/zoo/").status == 404, "\(fault)")
        #expect(try server.get("/plugins/other/").status == 200, "\(fault)")
    }

    /// The server takes the plugin up again without a restart.
    private func trust(after fault: String) throws {
        try? zoo.zoo.set(fault: nil)
        let directory = zoo.fixture.directory
        #expect(try Program.run(["plugin", "trust", "zoo", "--district", directory.path]).status == 0, "\(fault)")
        #expect(server.status(of: "/plugins/zoo/") { $0 == 200 } == 200, "\(fault)")
    }

    /// What the catalogue says of the plugin; the others crashed never.
    private func crashes() throws -> Int? {
        let catalogue = try server.get("/catalog")
        let document = try JSONSerialization.jsonObject(with: catalogue.body) as? [String: Any]
        let plugins = document?["plugins"] as? [[String: Any]] ?? []
        func crashes(_ id: String) -> Int? {
            (plugins.first { $0["id"] as? String == id }?["reliability"] as? [String: Any])?["crashes"] as? Int
        }
        #expect(crashes("other") == 0 && crashes("flood") == 0)
        return crashes("zoo")
    }

    /// Gives another plugin something to keep.
    private func importReadings() throws -> Range<Int> {
        let readings = 0..<5
        try zoo.fixture.write(`What plugins were given`.readings(readings), to: "import.json")
        let directory = zoo.fixture.directory
        let result = try Program.run(
            ["plugin", "import", "flood", directory.appendingPathComponent("import.json").path, "--district", directory.path])
        #expect(result.status == 0, "\(result.errors)")
        return readings
    }
}
