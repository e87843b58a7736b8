// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Decides which encoding the text of a delivery is in, by its bytes and by what
/// is said of it.
///
/// The same sample always gets the same verdict. How much is looked at is bounded
/// by `TextSample`.
public struct EncodingJudge {
    /// The bytes decide when the runner-up is less likely by this much, in natural
    /// logarithms: one in 160,000. A Chinese character that is read in a wrong
    /// encoding costs 2 to 10.
    public static let decisiveMargin = 12.0
    /// A share of ordinary characters below which nothing is taken for text. Wrong
    /// readings have 0 to 0.5, right ones of Chinese 0.9 to 1.
    static let plausibleScore = 0.6
    /// Above this share nothing else is tried where nobody asks for a ranking.
    static let evidentScore = 0.9
    /// The same for the mean cost of a character: Chinese in its own encoding
    /// costs 7.5 to 8.3, Korean read as Chinese 9.3.
    static let evidentCost = 8.6
    /// A value in 50 may hold bytes without a meaning in the right encoding.
    static let unreadableShare = 0.02
    /// Distinct values in another encoding that make a mixture.
    static let leastMixed = 3

    /// What the verdict is to go by, beside the text.
    public struct Question: Sendable {
        public var claim: EncodingClaim
        /// What is said of single columns, by their positions.
        public var columnClaims: [Int: String]
        /// Whether a person has checked what is said: then it is used whatever
        /// the bytes say.
        public var isChecked: Bool
        /// Whether all candidates are to be ranked though nothing speaks against
        /// what is said.
        public var ranksAll: Bool

        public init(
            _ claim: EncodingClaim, columnClaims: [Int: String] = [:], isChecked: Bool = false, ranksAll: Bool = false
        ) {
            self.claim = claim
            self.columnClaims = columnClaims
            self.isChecked = isChecked
            self.ranksAll = ranksAll
        }
    }

    let words: WordList

    /// - Parameter placeNames: of towns, villages and streets that text may hold;
    ///   in Chinese, of two characters or more.
    public init(placeNames: [String] = []) {
        words = WordList(placeNames: placeNames)
    }

    /// The verdict on one delivery's text.
    ///
    /// - Complexity: bounded, by some 90 values of each column and seven encodings.
    public func verdict(on sample: TextSample, _ question: Question) -> EncodingVerdict {
        var sample = sample
        sample.finish()
        var deliberation = EncodingDeliberation(sample, question, words)
        var verdict = deliberation.verdict()
        verdict.recordsLookedAt = sample.recordsLookedAt > 0 ? sample.recordsLookedAt : nil
        verdict.recordCount = sample.recordCount
        verdict.valuesLookedAt = sample.valuesLookedAt
        return verdict
    }

    /// Whether two names mean encodings that are read alike: GBK and CP936.
    public static func areAlike(_ first: String, _ second: String) -> Bool { family(first) == family(second) }

    /// One name for encodings that are read alike.
    static func family(_ name: String) -> String {
        switch TextDecoder.canonical(name) {
        case "CP1252", "ISO-8859-1", "ISO8859-1", "LATIN1", "ISO-8859-15": "WINDOWS-1252"
        case "CP1251": "WINDOWS-1251"
        case "CP950", "BIG-5", "BIG5-HKSCS": "BIG5"
        case "CP932", "SJIS", "SHIFT-JIS": "SHIFT_JIS"
        case "CP949", "EUCKR", "KSC5601", "UHC": "EUC-KR"
        case let name: name
        }
    }
}
