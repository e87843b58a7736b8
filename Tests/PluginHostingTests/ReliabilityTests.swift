// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Synchronization
import Testing

@testable import PluginHosting

/// Public figures of plugins.
@Suite struct ReliabilityTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `Cards of a plugin are not those of one whose id begins like it`() throws {
        let folder = try ScratchFolder()
        let names = [
            "flood-20260824T000000Z.card.json", "flood-20260825T000000Z.card.json", "flood-2-20260826T000000Z.card.json",
            "flood.json",
        ]
        for name in names { try folder.write(Array("{}".utf8), "crashes/\(name)") }
        func cards(_ plugin: String) -> [String] {
            CrashLedger(plugin: plugin, stateFolder: folder.path).cards.map(\.lastPathComponent)
        }
        #expect(cards("flood") == Array(names[0...1]))
        #expect(cards("flood-2") == [names[2]])
    }

    @Test func `quantiles are within a tenth of the truth`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var histogram = LatencyHistogram()
            // Any shape: times between 2 µs and 90 s, in proportion evenly.
            let times = (0..<999).map { _ in
                2e-6 * pow(4.5e7, Double(random.next() % 1_000_000) / 1_000_000)
            }.sorted()
            for time in times { histogram.add(seconds: time) }
            for part in [0.01, 0.5, 0.95, 1] {
                let exact = times[max(0, Int((Double(times.count) * part).rounded(.up)) - 1)]
                let told = histogram.quantile(part) ?? 0
                #expect(abs(told / exact - 1) <= 0.1, "\(part): \(told), not \(exact)")
            }
        }
    }

    @Test func `histograms add up, and say nothing of no calls`() throws {
        var (one, other, both) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        #expect(one.quantile(0.5) == nil)
        for index in 1...100 {
            let seconds = Double(index) / 1000
            if index % 3 == 0 { one.add(seconds: seconds) } else { other.add(seconds: seconds) }
            both.add(seconds: seconds)
        }
        one.merge(other)
        #expect(one == both && one.count == 100)
        let copy = try JSONDecoder().decode(LatencyHistogram.self, from: JSONEncoder().encode(both))
        #expect(copy == both)
        for odd in [-1.0, 0, .nan, .infinity, 1e300] { both.add(seconds: odd) }
        #expect(both.count == 105)
    }

    @Test(arguments: ["[[0,-1]]", "[[134,1]]", "[[1]]", "[[-1,1]]", "{}"])
    func `a histogram that is none is refused`(_ text: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(LatencyHistogram.self, from: Data(text.utf8))
        }
    }

    @Test func `two hosts count together, and a restart loses nothing`() {
        let ledgers = (0..<2).map { _ in ReliabilityLedger(plugin: "a", stateFolder: folder.path) }
        for round in 0..<10 {
            for ledger in ledgers {
                ledger.count { $0.add(.tick(WireTickRequest()), seconds: 0.001, failed: round == 0) }
                ledger.count { $0.servedSeconds += 1 }
                ledger.write()
            }
        }
        let again = ReliabilityLedger(plugin: "a", stateFolder: folder.path).figures
        #expect(again.others.count == 20 && again.others.failures == 2 && again.servedSeconds == 20)
        #expect(again == ledgers[1].figures)
    }

    @Test(arguments: ["", "{", "[]", #"{"servedSeconds":-1}"#, String(repeating: " ", count: 2 << 20)])
    func `a damaged file begins anew and is told of once`(_ text: String) throws {
        let file = try folder.write(Array(text.utf8), "reliability/a.json")
        let lines = Mutex<[String]>([])
        let ledger = ReliabilityLedger(plugin: "a", stateFolder: folder.path) { line in
            lines.withLock { $0.append(line) }
        }
        ledger.count { $0.crashes += 1 }
        ledger.write()
        ledger.count { $0.crashes += 1 }
        ledger.write()
        #expect(lines.withLock { $0.count } == 1)
        #expect(lines.withLock { $0.first }?.contains(file) == true)
        #expect(ReliabilityLedger(plugin: "a", stateFolder: folder.path).figures.crashes == 2)
    }

    @Test func `a card tells when and what, and nothing of the call`() throws {
        try folder.write(
            Array(#"{"time":"2026-01-01T00:00:00Z","cause":"older","plugin":"a"}"#.utf8),
            "crashes/a-20260101T000000Z.card.json")
        try folder.write(
            Array(
                #"{"time":"2026-02-01T00:00:00Z","cause":"crashed","request":"c2VjcmV0","output":"words"}"#.utf8),
            "crashes/a-20260201T000000Z.card.json")
        try folder.write(
            Array(#"{"time":"2026-03-01T00:00:00Z","cause":"of another"}"#.utf8),
            "crashes/a-b-20260301T000000Z.card.json")
        let card = try #require(try PluginReliability(of: "a", stateFolder: folder.path).lastCard)
        #expect(card == PluginReliability.Card(time: "2026-02-01T00:00:00Z", cause: "crashed", fingerprint: nil))
        #expect(throws: PluginHostingError.self) { try PluginReliability(of: "../a", stateFolder: folder.path) }
    }

    @Test(.enabled(if: executable != nil && hasCompiler))
    func `calls, failures and crashes of a plugin are counted`() throws {
        _ = try CPlugin(features: "return say(MIAOPU_FAILED, \"no\");", handle: "abort();").build(in: folder)
        var configuration = PluginHostConfiguration(
            folders: [PluginFolder(path: folder.path, holdsOnlyPlugins: true, hosting: .process)],
            stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable))
        configuration.servesDistrict = true
        let host = PluginHost(configuration)
        _ = try? host.handle(plugin: "tested", PluginRequest(path: "/"))
        host.tick(now: 0)
        host.countServedTime()
        let live = try #require(host.reliability(of: "tested"))
        #expect(live.figures.crashes == 1 && live.figures.handle.failures == 1 && live.figures.handle.count == 1)
        #expect(live.lastCard?.cause.contains("SIGABRT") == true)
        host.stop()
        let written = try PluginReliability(of: "tested", stateFolder: configuration.stateFolder)
        #expect(written.figures.crashes == 1 && written.figures.others.count >= 1)
        #expect(!written.isQuarantined)
    }
}
