// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What is said of the encoding of a delivery's text.
public struct EncodingClaim: Hashable, Sendable, Codable {
    public enum Origin: String, Hashable, Sendable, Codable {
        /// Nobody says anything.
        case nobody
        /// The format allows no other.
        case format
        /// The language byte of a DBF, the charset of a MapInfo file, the code
        /// page of a DXF drawing, the declaration of an XML text.
        case header
        /// A `.cpg` or `.cst` file.
        case codePageFile
        /// A byte order mark.
        case byteOrderMark
        /// `district.yaml`, or who asks.
        case request
    }

    public var origin: Origin
    /// As it was said: `GBK`, `CP1252`; nil when nobody says anything.
    public var name: String?

    public init(_ origin: Origin, _ name: String?) {
        self.origin = name == nil ? .nobody : origin
        self.name = name
    }

    public static let none = EncodingClaim(.nobody, nil)
}

/// Which encoding the text of a delivery is in, how sure that is, and why.
public struct EncodingVerdict: Hashable, Sendable, Codable {
    public enum Conclusion: Hashable, Sendable, Codable {
        /// Somebody says it, and nothing decisive speaks against it.
        case known(String)
        /// Nobody says it, or what is said is wrong, and the bytes point to one
        /// encoding.
        case inferred(Inference)
        /// All text that was looked at is ASCII: it reads alike in any.
        case anyASCII
        /// Nothing tells.
        case unknown
    }

    /// A conclusion from bytes.
    public struct Inference: Hashable, Sendable, Codable {
        /// As iconv knows it.
        public var encoding: String
        /// The share of characters beyond ASCII that are ordinary in text, 0 to 1.
        public var score: Double
        /// The next best encoding that reads differently; nil when there is none.
        public var runnerUp: String?
        /// Whether a merge may use it.
        public var isDecisive: Bool
        /// What decided it, or what would decide it, in one sentence.
        public var reason: String

        public init(encoding: String, score: Double, runnerUp: String?, isDecisive: Bool, reason: String) {
            self.encoding = encoding
            self.score = score
            self.runnerUp = runnerUp
            self.isDecisive = isDecisive
            self.reason = reason
        }
    }

    /// One encoding that the text could be in.
    public struct Candidate: Hashable, Sendable, Codable {
        public var encoding: String
        /// The share of characters beyond ASCII that are ordinary in text, 0 to 1.
        public var score: Double
        /// How much less likely the bytes are than in the best candidate, in
        /// natural logarithms; 0 for the best.
        public var behind: Double
        /// Distinct values with bytes that mean nothing in it.
        public var unreadable: Int
        /// Sentences that speak for or against it.
        public var evidence: [String]
    }

    /// What a person should know, and perhaps decide.
    public struct Doubt: Hashable, Sendable, Codable {
        /// Whether a merge refuses the source until a person has decided.
        public var mustBeQuarantined: Bool
        /// What `encoding:` of the source should say; nil when that is open.
        public var suggestion: String?
        public var sentence: String

        public init(mustBeQuarantined: Bool, suggestion: String?, sentence: String) {
            self.mustBeQuarantined = mustBeQuarantined
            self.suggestion = suggestion
            self.sentence = sentence
        }
    }

    /// A value as the two best candidates read it.
    public struct Sample: Hashable, Sendable, Codable {
        /// As the file has them, in hexadecimal; the first forty.
        public var bytes: String
        public var encoding: String
        public var reading: String
        /// Nil when only one candidate was tried.
        public var otherEncoding: String?
        public var otherReading: String?
    }

    /// A column that is in another encoding than the rest.
    public struct Column: Hashable, Sendable, Codable {
        /// Its position in the file's columns; −1 for the names of columns.
        public var index: Int
        public var name: String
        public var encoding: String
        /// Whether somebody says so, rather than the bytes.
        public var isDeclared: Bool
    }

    public var claim: EncodingClaim
    public var conclusion: Conclusion
    /// How the text is read: as iconv knows it.
    public var name: String
    /// Columns that are read otherwise.
    public var columns: [Column] = []
    /// Best first; only the one that is used where nothing speaks against it and
    /// no ranking was asked for.
    public var candidates: [Candidate] = []
    public var doubts: [Doubt] = []
    /// At most three.
    public var samples: [Sample] = []
    /// How many records were looked at; nil where text has none.
    public var recordsLookedAt: Int?
    public var recordCount: Int?
    /// Values beyond ASCII that were looked at.
    public var valuesLookedAt = 0
    /// Sentences about the text as a whole.
    public var notes: [String] = []

    /// A verdict without any text to look at.
    public init(_ claim: EncodingClaim, conclusion: Conclusion, name: String) {
        self.claim = claim
        self.conclusion = conclusion
        self.name = name
    }

    /// What the format says, for text that nobody looked at.
    public static func format(_ name: String) -> EncodingVerdict {
        EncodingVerdict(EncodingClaim(.format, name), conclusion: .known(name), name: name)
    }

    /// How a column is read.
    public func encoding(ofColumn index: Int) -> String {
        columns.first { $0.index == index }?.encoding ?? name
    }

    /// What keeps a merge from reading the text.
    public var refusal: Doubt? { doubts.first(where: \.mustBeQuarantined) }

    /// How it is known, after the name: “says the .cpg file”.
    public var evidence: String {
        switch conclusion {
        case .anyASCII: return "all text is ASCII"
        case .inferred(let inference):
            return inference.isDecisive ? "found by its bytes" : "not decided: a guess by its bytes"
        case .unknown: return "not known: a guess"
        case .known: break
        }
        switch claim.origin {
        case .request: return "as declared"
        case .codePageFile: return "says the .cpg file"
        case .header: return "says the file's header"
        case .byteOrderMark: return "says the byte order mark"
        case .format: return "as the format prescribes"
        case .nobody: return "nobody says so"
        }
    }

    /// One line for provenance: “Text read as GB18030, found by its bytes.”
    public var step: String {
        let others = columns.map { "“\($0.name)” as \($0.encoding)" }
        return "Text read as \(name), \(evidence)" + (others.isEmpty ? "." : "; \(others.joined(separator: ", ")).")
    }

    /// The ranked candidates in a few words: `GB18030 (0.98), BIG5 (0.41)`.
    public var ranking: String {
        candidates.prefix(4).map { "\($0.encoding) (\(($0.score * 100).rounded() / 100))" }.joined(separator: ", ")
    }
}
