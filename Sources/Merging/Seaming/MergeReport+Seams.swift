// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Seams

extension MergeReport {
    /// What was found where the deliveries of a layer meet.
    public struct Seams: Sendable, Codable {
        /// Places of one kind with one outcome.
        public struct Total: Sendable, Codable, Hashable {
            public var kind: String
            public var isRepaired: Bool
            /// Why nothing was done; nil when something was.
            public var reason: String?
            public var count: Int
            /// In square metres.
            public var area: Double
        }

        public var layer: String
        public var totals: [Total]
        /// Features whose border was moved, and how far at most, in metres.
        public var moved: Int
        public var largestShift: Double
        /// Why nothing was looked at; nil when it was.
        public var obstacle: String?
    }
}

extension MergeReport.Seams {
    /// A layer at which nothing was looked.
    init(layer: String, obstacle: String) {
        self.layer = layer
        self.obstacle = obstacle
        totals = []
        moved = 0
        largestShift = 0
    }

    init(layer: String, _ result: CoverageResult) {
        self.layer = layer
        totals = result.totals.map { total in
            var reason: String?
            if case .refused(let refusal) = total.outcome { reason = refusal.rawValue }
            return Total(
                kind: total.kind.rawValue, isRepaired: total.outcome == .repaired, reason: reason, count: total.count,
                area: total.area)
        }
        moved = result.movements.count
        largestShift = result.movements.map(\.largestShift).max() ?? 0
    }

    /// What a person should know, as sentences.
    var sentences: [String] {
        if let obstacle { return [obstacle] }
        var sentences = totals.map { total in
            let what = "\(MergeReport.count(total.count, total.kind)) of \(total.area.rounded(toPlaces: 2)) m² in all"
            return "\(what): \(total.reason.map { "left as it is, \($0)" } ?? "closed")."
        }
        if moved > 0 {
            sentences.append(
                "The borders of \(MergeReport.count(moved, "feature")) were moved by up to "
                    + "\(largestShift.rounded(toPlaces: 3)) m.")
        }
        return sentences
    }

    /// Whether something was found that only a person can decide.
    var needsPerson: Bool { totals.contains { !$0.isRepaired } }
}
