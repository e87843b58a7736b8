// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

extension MergeReport {
    /// What was found where the deliveries of a layer meet.
    public struct Seams: Sendable, Codable {
        /// Places of one kind with one outcome.
        public struct Total: Sendable, Codable, Hashable {
            public var kind: String
            public var isRepaired: Bool
            /// Why nothing was done; nil when something was.
            public var reason: String?
            /// The rule between layers that is broken, in words; nil for a seam.
            public var rule: String?
            public var count: Int
            /// In square metres.
            public var area: Double
        }

        public var layer: String
        public var totals: [Total]
        /// Features whose border was moved, and how far at most, in metres.
        public var moved: Int
        public var largestShift: Double
    }
}

extension MergeReport.Seams {
    init(layer: String, _ outcome: SeamOutcome) {
        self.layer = layer
        totals = outcome.totals
        moved = outcome.movements.count
        largestShift = outcome.movements.map(\.largestShift).max() ?? 0
    }

    /// A layer of which nothing but rules was looked at.
    init(layer: String, rules: [Total]) {
        self.layer = layer
        totals = rules
        moved = 0
        largestShift = 0
    }

    /// What the store knows of a layer.
    init(layer: String, _ totals: [SeamTotal], _ movement: MovementTotal?) {
        self.layer = layer
        self.totals = totals.map { total in
            Total(
                kind: total.kind, isRepaired: total.isRepaired, reason: total.isRepaired ? nil : total.reason,
                rule: total.rule, count: total.count, area: total.area)
        }
        moved = movement?.features ?? 0
        largestShift = movement?.largestShift ?? 0
    }

    /// What a person should know, as sentences.
    var sentences: [String] {
        var sentences = totals.map(\.sentence)
        if moved > 0 {
            sentences.append(
                "The borders of \(MergeReport.count(moved, "feature")) were moved by up to "
                    + "\(largestShift.rounded(toPlaces: 3)) m.")
        }
        return sentences
    }

    /// Whether what was found at a seam is for a person to decide. That a line ends
    /// where its town ends is a thing to know and no more, and rules between layers
    /// are for looking.
    static func needPerson(kind: String, isRepaired: Bool, rule: String?) -> Bool {
        !isRepaired && rule == nil && kind != "dangling-end" && kind != "end-beside-line"
    }

    /// Whether something was found that only a person can decide.
    var needsPerson: Bool { totals.contains(where: \.needsPerson) }
}

extension MergeReport.Seams.Total {
    fileprivate var sentence: String {
        if let rule {
            return "\(MergeReport.count(count, "feature")) against the rule “\(rule)”: \(kind.replacingHyphens)."
        }
        let outcome = reason.map { "left as it is, \($0)" } ?? done
        switch kind {
        case "line-end": return "\(MergeReport.count(count, "pair")) of line ends: \(outcome)."
        case "end-beside-line": return "\(MergeReport.count(count, "end")) beside a line of another town: \(outcome)."
        case "dangling-end": return "\(MergeReport.count(count, "end")) at the border of the town: \(outcome)."
        case "twin": return "\(MergeReport.count(count, "pair")) of twins: \(outcome)."
        case "cut": return "\(MergeReport.count(count, "thing")) cut at the border: \(outcome)."
        default:
            return "\(MergeReport.count(count, kind)) of \(area.rounded(toPlaces: 2)) m² in all: \(outcome)."
        }
    }

    private var done: String {
        switch kind {
        case "line-end", "cut": "joined"
        case "twin": "one of each stands on the map, the other in the table miaopu_suppressed"
        default: "closed"
        }
    }

    fileprivate var needsPerson: Bool {
        MergeReport.Seams.needPerson(kind: kind, isRepaired: isRepaired, rule: rule)
    }
}

extension String {
    fileprivate var replacingHyphens: String { split(separator: "-").joined(separator: " ") }
}
