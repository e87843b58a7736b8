// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// An encoding that text may be in, and the scripts that it is used for.
struct EncodingCandidate {
    var name: String
    var scripts: [Script]
    /// Whether bytes can decide for it: encodings of one byte a character differ
    /// in few letters, and nearly all bytes mean something in each of them.
    var isDecidable: Bool

    static let all = [
        EncodingCandidate(name: "UTF-8", scripts: Script.allCases, isDecidable: true),
        EncodingCandidate(name: "GB18030", scripts: [.simplified, .traditional], isDecidable: true),
        EncodingCandidate(name: "BIG5", scripts: [.traditional], isDecidable: true),
        EncodingCandidate(name: "WINDOWS-1252", scripts: [.western], isDecidable: false),
        EncodingCandidate(name: "WINDOWS-1251", scripts: [.cyrillic], isDecidable: false),
        EncodingCandidate(name: "SHIFT_JIS", scripts: [.japanese], isDecidable: true),
        EncodingCandidate(name: "EUC-KR", scripts: [.korean], isDecidable: true),
    ]

    /// What is said but is none of the usual ones.
    static func claimed(_ name: String) -> EncodingCandidate {
        let isWide = name.hasPrefix("UTF-") || name.hasPrefix("UCS")
        return EncodingCandidate(name: name, scripts: Script.allCases, isDecidable: isWide)
    }

    /// As iconv reads it, where the name that is shown is another.
    var decoderName: String {
        switch name {
        case "SHIFT_JIS": "CP932"
        case "EUC-KR": "CP949"
        default: name
        }
    }
}

/// How one column reads in one encoding.
struct CandidateReading {
    /// −ln of the probability of each script's text, priors left out.
    private(set) var costs = [Double](repeating: 0, count: Script.allCases.count)
    private var ascii = 0
    private var ordinary = [Int](repeating: 0, count: Script.allCases.count)
    /// Characters beyond ASCII, those that mean nothing included.
    private(set) var characters = 0
    /// Distinct values with bytes that mean nothing.
    private(set) var unreadable: [Int] = []
    /// Distinct values whose last character is cut off.
    private(set) var cut = 0
    /// Equal for readings that read alike.
    private(set) var fingerprint: UInt64 = 0

    init(_ column: TextSample.Column, _ decoder: TextDecoder, words: WordList) {
        for (index, entry) in column.values.enumerated() { read(entry.value, index, decoder, words) }
    }

    private mutating func read(_ value: TextSample.Value, _ index: Int, _ decoder: TextDecoder, _ words: WordList) {
        let decoded = value.bytes.withUnsafeBytes { value.isFull ? decoder.decodeCut($0) : decoder.decode($0) }
        if value.isFull && decoded.partBytes > 0 { cut += 1 }
        if decoded.replaced > 0 { unreadable.append(index) }
        let scalars = Array(decoded.text.unicodeScalars)
        let table = CharacterTable.shared
        let asciiBefore = ascii
        var marks = decoded.replaced
        var wasBeyond = false
        for (position, scalar) in scalars.enumerated() {
            fingerprint = (fingerprint ^ UInt64(scalar.value)) &* 0x100_0000_01B3
            let kind = table.kind(of: scalar)
            if kind == .ascii {
                ascii += 1
                wasBeyond = false
                continue
            }
            characters += 1
            // Which of the marks stand for bytes without a meaning does not matter.
            if kind == .lost, marks > 0 {
                marks -= 1
                for script in costs.indices { costs[script] += CharacterCosts.invalid }
                continue
            }
            let isAlone = !wasBeyond && !(position + 1 < scalars.count && scalars[position + 1].value >= 0x80)
            wasBeyond = true
            for script in Script.allCases {
                let cost = CharacterCosts.cost(kind, in: script, isAlone: isAlone)
                costs[script.rawValue] += cost
                if cost <= CharacterCosts.ordinary { ordinary[script.rawValue] += 1 }
            }
        }
        let asciiCost = Double(ascii - asciiBefore) * CharacterCosts.ascii
        for script in costs.indices { costs[script] += asciiCost }
        let bonus = words.bonus(in: scalars)
        costs[Script.simplified.rawValue] -= bonus
        costs[Script.traditional.rawValue] -= bonus
    }

    /// The script that explains it best, with its cost and its prior.
    func best(of scripts: [Script]) -> (script: Script, cost: Double) {
        var found: (script: Script, cost: Double) = (scripts.first ?? .simplified, .infinity)
        for script in scripts where costs[script.rawValue] + script.prior < found.cost {
            found = (script, costs[script.rawValue] + script.prior)
        }
        return found
    }

    /// Of a character beyond ASCII.
    func meanCost(in script: Script) -> Double {
        (costs[script.rawValue] - Double(ascii) * CharacterCosts.ascii) / Double(max(1, characters))
    }

    func ordinary(in script: Script) -> Int { ordinary[script.rawValue] }
}

/// Names of places and words of addresses, found in text.
struct WordList {
    private var byFirst: [Unicode.Scalar: [(tail: [Unicode.Scalar], bonus: Double)]] = [:]

    private static let nameBonus = 5.0
    private static let wordBonus = 3.0
    private static let mostNames = 10_000

    init(placeNames: [String]) {
        for name in placeNames.sorted().prefix(Self.mostNames) { add(name, Self.nameBonus) }
        for word in CommonCharacters.words { add(word, Self.wordBonus) }
    }

    private mutating func add(_ word: String, _ bonus: Double) {
        let scalars = Array(word.unicodeScalars)
        // One character says nothing, and a name in ASCII reads alike in all.
        guard scalars.count >= 2, scalars.allSatisfy({ $0.value >= 0x2E80 }) else { return }
        byFirst[scalars[0], default: []].append((Array(scalars.dropFirst()), bonus))
    }

    /// What the best word in a value is worth; several of them are no more, since
    /// they are rarely independent.
    func bonus(in text: [Unicode.Scalar]) -> Double {
        var best = 0.0
        for (position, scalar) in text.enumerated() where scalar.value >= 0x2E80 {
            for (tail, bonus) in byFirst[scalar] ?? [] where bonus > best {
                if text[(position + 1)...].starts(with: tail) { best = bonus }
            }
        }
        return best
    }
}
