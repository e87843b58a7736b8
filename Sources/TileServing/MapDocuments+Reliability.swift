// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting

extension MapDocuments {
    /// A plugin's public figures: numbers, and what happened last. Times are in
    /// milliseconds where the name says so.
    func figures(_ reliability: PluginReliability) -> [String: Any] {
        let figures = reliability.figures
        var entry: [String: Any] = [
            "hoursServed": rounded(figures.servedSeconds / 3600, 3), "calls": figures.all.count,
            "failures": figures.all.failures, "crashes": figures.crashes, "quarantined": reliability.isQuarantined,
            "features": calls(figures.features), "handle": calls(figures.handle), "others": calls(figures.others),
        ]
        if let card = reliability.lastCard {
            var last = ["time": card.time, "cause": card.cause]
            last["fingerprint"] = card.fingerprint
            entry["lastCrash"] = last
        }
        return entry
    }

    private func calls(_ calls: ReliabilityFigures.Calls) -> [String: Any] {
        var entry: [String: Any] = ["calls": calls.count, "failures": calls.failures]
        entry["p50Milliseconds"] = calls.latency.quantile(0.5).map { rounded($0 * 1000, 3) }
        entry["p95Milliseconds"] = calls.latency.quantile(0.95).map { rounded($0 * 1000, 3) }
        return entry
    }

    private func rounded(_ value: Double, _ digits: Int) -> Double {
        let scale = pow(10.0, Double(digits))
        return (value * scale).rounded() / scale
    }
}
