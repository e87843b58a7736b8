// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What was concluded on the reference system of a delivery, and from what: as
/// reports for programs tell it.
public struct ReferenceFinding: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable {
        /// Somebody says it.
        case known
        /// The evidence points to one, whatever is said.
        case inferred
        case unknown
    }

    /// A sentence that speaks for or against a candidate.
    public struct Evidence: Sendable, Hashable, Codable {
        /// `text`, `range`, `areaOfUse`, `outline`, `town`, `coincidence` or `variation`.
        public var kind: String
        /// −1 (against) to 1 (for); 0 for a remark.
        public var weight: Double
        public var sentence: String

        public init(kind: String, weight: Double, sentence: String) {
            (self.kind, self.weight, self.sentence) = (kind, weight, sentence)
        }
    }

    /// One system that the delivery could be in.
    public struct Candidate: Sendable, Hashable, Codable {
        public var name: String
        /// What `crs:` would say; nil when something has to be found first.
        public var crs: String?
        /// 0 to 1.
        public var score: Double
        public var evidence: [Evidence]

        public init(name: String, crs: String?, score: Double, evidence: [Evidence]) {
            (self.name, self.crs, self.score, self.evidence) = (name, crs, score, evidence)
        }
    }

    /// What speaks against the system that is said.
    public struct Contradiction: Sendable, Hashable, Codable {
        public var metres: Double
        /// Whether it keeps the delivery out until a person has checked.
        public var mustBeQuarantined: Bool
        /// What `crs:` should say.
        public var suggestion: String?
        public var sentence: String

        public init(metres: Double, mustBeQuarantined: Bool, suggestion: String?, sentence: String) {
            self.metres = metres
            self.mustBeQuarantined = mustBeQuarantined
            self.suggestion = suggestion
            self.sentence = sentence
        }
    }

    /// A shift that is the same everywhere, on the grid; never applied.
    public struct ConstantShift: Sendable, Hashable, Codable {
        /// In metres; the spread is nil where it cannot be told.
        public var east, north: Double
        public var spread: Double?
        /// Known shifts, the nearest first.
        public var resembles: [String]

        public init(east: Double, north: Double, spread: Double?, resembles: [String]) {
            (self.east, self.north, self.spread, self.resembles) = (east, north, spread, resembles)
        }
    }

    public var state: State
    /// Nil when it is unknown.
    public var system: String?
    /// 0 to 1, of what was inferred.
    public var score: Double?
    /// The next best system.
    public var runnerUp: String?
    /// What it was inferred from.
    public var reason: String?
    /// What would decide; nil where it is decided.
    public var wouldDecide: String?
    /// The best first; empty where nothing speaks against what is said.
    public var candidates: [Candidate]
    public var contradiction: Contradiction?
    public var constantShift: ConstantShift?
    public var notes: [String]

    public init(state: State, candidates: [Candidate] = [], notes: [String] = []) {
        self.state = state
        self.candidates = candidates
        self.notes = notes
    }
}
