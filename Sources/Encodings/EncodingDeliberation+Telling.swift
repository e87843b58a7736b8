// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension EncodingDeliberation {
    private static let shownSamples = 3

    func percent(_ candidate: Int, _ among: [Int]) -> String {
        "\(Int((score(candidate, among) * 100).rounded())) %"
    }

    func inference(
        of best: Int, over other: Int?, _ among: [Int], isDecisive: Bool = true
    ) -> EncodingVerdict.Inference {
        let characters = among.reduce(0) { $0 + readings[best][$1].characters }
        let words = "\(characters) character\(characters == 1 ? "" : "s") beyond ASCII"
        let name = candidates[best].name
        var reason = "of \(words), \(percent(best, among)) are ordinary in \(name)"
        if let other { reason += ", \(percent(other, among)) in \(candidates[other].name)" }
        if !isDecisive {
            if !candidates[best].isDecidable {
                reason += "; encodings of Europe differ in few letters"
            } else if !isPlausible(best, among) {
                reason += "; in none of the usual encodings is it text"
            } else {
                reason += "; that is too little to tell them apart"
            }
            reason += ", so the town must say it"
        }
        return EncodingVerdict.Inference(
            encoding: name, score: score(best, among), runnerUp: other.map { candidates[$0].name },
            isDecisive: isDecisive, reason: reason + ".")
    }

    func ranked(_ candidate: Int, behind: Double, _ among: [Int]) -> EncodingVerdict.Candidate {
        var evidence: [String] = []
        let broken = unreadable(candidate, among)
        let count = values(among)
        evidence.append(
            broken == 0
                ? "All of \(count) distinct values mean something."
                : "\(broken) of \(count) distinct values hold bytes that mean nothing.")
        evidence.append("\(percent(candidate, among)) of the characters beyond ASCII are ordinary.")
        let cut = among.reduce(0) { $0 + readings[candidate][$1].cut }
        if cut > 0 { evidence.append("\(cut) of them are cut off in the middle of a character.") }
        if candidate == claimed { evidence.append("It is what is said.") }
        return EncodingVerdict.Candidate(
            encoding: candidates[candidate].name, score: score(candidate, among), behind: behind, unreadable: broken,
            evidence: evidence)
    }

    /// Three values in two readings: such as hold a word of addresses first, as
    /// they tell most and are no person's.
    func samples(_ best: Int, _ other: Int?) -> [EncodingVerdict.Sample] {
        var found: [(rank: Double, sample: EncodingVerdict.Sample)] = []
        for part in parts.indices {
            for entry in parts[part].column.values {
                let text = Self.text(entry.value, decoders[best])
                let bonus = words.bonus(in: Array(text.unicodeScalars))
                let hexadecimal = entry.value.bytes.prefix(40).map { byte in
                    let digits = String(byte, radix: 16, uppercase: true)
                    return digits.count == 1 ? "0" + digits : digits
                }
                let sample = EncodingVerdict.Sample(
                    bytes: hexadecimal.joined(separator: " "), encoding: candidates[best].name,
                    reading: Self.shortened(text), otherEncoding: other.map { candidates[$0].name },
                    otherReading: other.map { Self.shortened(Self.text(entry.value, decoders[$0])) })
                // Long values say more, but not on one line.
                found.append((bonus * 100 + Double(min(entry.value.bytes.count, 24)), sample))
            }
        }
        found.sort { ($1.rank, $0.sample.bytes) < ($0.rank, $1.sample.bytes) }
        return found.prefix(Self.shownSamples).map(\.sample)
    }

    private static func text(_ value: TextSample.Value, _ decoder: TextDecoder) -> String {
        value.bytes.withUnsafeBytes { value.isFull ? decoder.decodeCut($0) : decoder.decode($0) }.text
    }

    /// On one line, without signs that a terminal would obey.
    private static func shortened(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(30).map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : Character(scalar)
        }
        return String(shown) + (text.unicodeScalars.count > 30 ? "…" : "")
    }

    /// What is remarkable in the text itself, in the encoding that each part is
    /// read in.
    func notes(chosen: [Int: Int]) -> [String] {
        var notes: [String] = []
        for (part, candidate) in chosen.sorted(by: { $0.key < $1.key }) {
            let subject = parts[part].index < 0 ? "names of columns" : nil
            let texts = parts[part].column.values.map { Self.text($0.value, decoders[candidate]) }
            guard let found = DoubleEncoding.find(in: texts) else { continue }
            notes += found.sentences(subject ?? "values of column “\(columnName(part, candidate))”")
        }
        return notes
    }
}
