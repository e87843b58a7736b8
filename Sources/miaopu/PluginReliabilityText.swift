// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting

/// What servers of the district counted of its plugins, for `plugin list`. It
/// comes out of files: no plugin is asked.
struct PluginReliabilityText {
    let stateFolder: String

    struct Calls: Encodable {
        var calls: Int
        var failures: Int
        var p50Milliseconds: Double?
        var p95Milliseconds: Double?

        init(_ calls: ReliabilityFigures.Calls) {
            self.calls = calls.count
            failures = calls.failures
            p50Milliseconds = calls.latency.quantile(0.5).map { ($0 * 1e6).rounded() / 1000 }
            p95Milliseconds = calls.latency.quantile(0.95).map { ($0 * 1e6).rounded() / 1000 }
        }
    }

    struct Entry: Encodable {
        var hoursServed: Double
        var crashes: Int
        var quarantined: Bool
        var features: Calls
        var handle: Calls
        var others: Calls
        var lastCrash: PluginReliability.Card?
    }

    /// Nil for a plugin of which nothing was counted and that never crashed.
    func entry(of plugin: String) -> Entry? {
        guard let reliability = try? PluginReliability(of: plugin, stateFolder: stateFolder) else { return nil }
        let figures = reliability.figures
        guard figures != ReliabilityFigures() || reliability.lastCard != nil || reliability.isQuarantined else {
            return nil
        }
        return Entry(
            hoursServed: (figures.servedSeconds / 3.6).rounded() / 1000, crashes: figures.crashes,
            quarantined: reliability.isQuarantined, features: Calls(figures.features), handle: Calls(figures.handle),
            others: Calls(figures.others), lastCrash: reliability.lastCard)
    }

    /// The same in words.
    func lines(of plugin: String) -> [String] {
        guard let entry = entry(of: plugin) else { return [] }
        let all = [entry.features, entry.handle, entry.others]
        let calls = all.reduce(0) { $0 + $1.calls }
        let failures = all.reduce(0) { $0 + $1.failures }
        var lines = [
            "served \(entry.hoursServed) h, \(calls) calls, \(failures) failed, \(entry.crashes) crashes"
                + (entry.quarantined ? ", in quarantine" : "")
        ]
        for (name, calls) in [("features", entry.features), ("pages", entry.handle), ("others", entry.others)] {
            guard let p50 = calls.p50Milliseconds, let p95 = calls.p95Milliseconds else { continue }
            lines.append("\(name): \(calls.calls) calls, half within \(p50) ms, 95 % within \(p95) ms")
        }
        if let card = entry.lastCrash {
            lines.append("last crash \(card.time): \(card.cause)" + (card.fingerprint.map { " [\($0)]" } ?? ""))
        }
        return lines
    }
}
