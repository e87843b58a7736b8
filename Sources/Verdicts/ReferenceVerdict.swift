// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Which reference system a delivery is in, how sure that is, and why.
public struct ReferenceVerdict: Hashable, Sendable, Codable {
    public enum Conclusion: Hashable, Sendable, Codable {
        /// Somebody says it, and nothing speaks against it.
        case known(String)
        /// Nobody says it, or what is said is wrong, and the evidence points to
        /// one system.
        case inferred(Inference)
        /// Nothing tells. Never taken for WGS 84.
        case unknown
    }

    /// A conclusion from evidence.
    public struct Inference: Hashable, Sendable, Codable {
        /// As `district.yaml` would spell it.
        public var definition: String
        /// 0 to 1.
        public var score: Double
        /// The next best system; nil when there is none.
        public var runnerUp: String?
        /// Whether ground evidence confirms it and refutes every other system
        /// whose numbers fit: then a merge may use it.
        public var isDecisive: Bool
        /// What decided it, or what would decide it, in one sentence.
        public var reason: String
    }

    /// A sentence that speaks for or against a candidate.
    public struct Evidence: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable {
            case text, range, areaOfUse, outline, town, coincidence, variation
        }

        public var kind: Kind
        /// −1 (against) to 1 (for); 0 for a remark.
        public var weight: Double
        public var sentence: String
    }

    /// One system that the delivery could be in.
    public struct Candidate: Hashable, Sendable, Codable {
        /// `EPSG:4528, north first`.
        public var name: String
        /// As `district.yaml` would spell it; nil when a person must first find
        /// something, such as control points.
        public var definition: String?
        public var swapsAxes: Bool
        public var score: Double
        public var evidence: [Evidence]
    }

    /// What speaks against the system that is said.
    public struct Contradiction: Hashable, Sendable, Codable {
        /// How far positions lie from where the evidence puts them, in metres.
        public var metres: Double
        /// Whether that is more than `ReferenceJudge.quarantineInMetres`, or a
        /// mixture of systems.
        public var mustBeQuarantined: Bool
        /// What `crs:` of the source should say; nil when control points must.
        public var suggestion: String?
        public var sentence: String
    }

    /// A shift that is the same everywhere in the delivery. It is reported and
    /// never applied: a datum is found by control points.
    public struct ConstantShift: Hashable, Sendable, Codable {
        /// What would bring the delivery onto the ground, in metres.
        public var east, north: Double
        /// How much the shift differs from place to place, in metres; nil when
        /// the delivery is too small to tell.
        public var spread: Double?
        /// Known shifts of this kind, the nearest first, a sentence each.
        public var resembles: [String]

        public var metres: Double { (east * east + north * north).squareRoot() }
    }

    public var conclusion: Conclusion
    /// Those whose numbers fit, best first; then the one that is said, if its
    /// numbers do not.
    public var candidates: [Candidate]
    public var contradiction: Contradiction?
    public var constantShift: ConstantShift?
    /// What would decide, as the end of a sentence; nil where it is decided.
    public var wouldDecide: String?
    /// Sentences about the delivery as a whole.
    public var notes: [String]

    /// The system that a merge may use although nobody says it.
    public var decisiveDefinition: String? {
        if case .inferred(let inference) = conclusion, inference.isDecisive { inference.definition } else { nil }
    }

    /// The ranked candidates in a few words: `EPSG:4490 (0.5), GCJ-02 (0.5)`.
    public var ranking: String {
        candidates.prefix(5).map { "\($0.name) (\(($0.score * 100).rounded() / 100))" }.joined(separator: ", ")
    }
}
