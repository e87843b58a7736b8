// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

extension MergeReport {
    /// How much an issue matters.
    public enum Severity: String, Sendable, Codable, CaseIterable {
        /// Somebody has to do something.
        case error
        /// Something was changed.
        case warning
        /// Good to know.
        case note
    }

    /// What became of what was found.
    public enum IssueOutcome: String, Sendable, Codable, CaseIterable {
        /// A source was not merged.
        case quarantined
        /// A record was left out.
        case rejected
        /// A seam was left as it is.
        case open
        /// A record was changed to be valid.
        case repaired
        /// A seam was closed.
        case closed
        /// Nothing was changed.
        case noted

        public var severity: Severity {
            switch self {
            case .quarantined, .rejected, .open: .error
            case .repaired, .closed: .warning
            case .noted: .note
            }
        }

        init(_ kind: RecordIssue.Kind) {
            switch kind {
            case .rejected: self = .rejected
            case .repaired: self = .repaired
            case .noted: self = .noted
            }
        }
    }

    /// A sentence or a title in the two languages of the map.
    public struct Wording: Sendable, Codable, Hashable {
        public var zh: String
        public var en: String

        init(_ zh: String, _ en: String) {
            self.zh = zh
            self.en = en
        }
    }

    /// One thing that was found, by this merge or an earlier one, and still stands.
    public struct Issue: Sendable, Codable, Hashable {
        public var severity: Severity
        public var outcome: IssueOutcome
        /// A short fixed name: `self-intersection`, `gap`.
        public var kind: String
        public var layer: String
        /// The code of the town whose delivery it is; nil where several meet.
        public var town: String?
        /// Ids of the sources that it is about.
        public var sources: [String]
        /// The record's number in the delivered file, from 1.
        public var record: Int64?
        /// Ids of features of the district, as `miaopu show` takes them.
        public var features: [Int64]?
        /// The place on the district grid, in metres; nil when it has none.
        public var x: Double?
        public var y: Double?
        public var widthInMeters: Double?
        public var lengthInMeters: Double?
        public var areaInSquareMeters: Double?
        /// 0 to 1.
        public var confidence: Double?
        /// One sentence.
        public var reason: String
        /// What to do next.
        public var advice: Wording

        init(
            _ outcome: IssueOutcome, kind: String, layer: String, town: String?, sources: [String], reason: String
        ) {
            severity = outcome.severity
            self.outcome = outcome
            self.kind = kind
            self.layer = layer
            self.town = town
            self.sources = sources
            self.reason = reason
            advice = IssueAdvice.of(kind: kind, outcome)
        }
    }

    /// Issues of one kind with one outcome in one layer, all of them counted.
    public struct IssueTotal: Sendable, Codable, Hashable {
        public var severity: Severity
        public var outcome: IssueOutcome
        public var kind: String
        public var title: Wording
        public var layer: String
        public var count: Int
        /// How many of them `issues` has.
        public var listed: Int
        /// Of seams, together.
        public var areaInSquareMeters: Double?
        public var advice: Wording
    }
}
