// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// What a merge says of the encoding of a source's text.
enum EncodingReport {
    /// Why the text cannot be read before a person has decided; nil when it can.
    static func refusal(_ verdict: EncodingVerdict?) -> String? {
        guard let verdict, let doubt = verdict.refusal else { return nil }
        var sentences = [doubt.sentence]
        if let samples = samples(verdict) { sentences.append(samples) }
        if verdict.claim.origin == .nobody && verdict.candidates.count > 1 {
            sentences.append("Candidates: \(verdict.ranking).")
        }
        let remedy =
            doubt.suggestion.map { "Write `encoding: \($0)` if that is right" }
            ?? "Write into `encoding:` of the source what is right"
        let isSaid = verdict.claim.origin != .nobody
        sentences.append(
            isSaid
                ? "\(remedy); if a person has checked what is said now, write `encoding_checked: true` beside it."
                : "\(remedy).")
        return sentences.joined(separator: " ")
    }

    /// Sentences about what was concluded, and what is remarkable.
    static func notes(_ verdict: EncodingVerdict?) -> [String] {
        guard let verdict else { return [] }
        var notes: [String] = []
        if verdict.claim.origin == .nobody, case .inferred(let inference) = verdict.conclusion {
            // Without a sample: nobody has to decide, and values may be somebody's address.
            notes.append(
                "Nobody says in which encoding its text is; the bytes decide for \(verdict.name): \(inference.reason)"
                    + looked(verdict))
        }
        return notes + verdict.doubts.map(\.sentence) + verdict.notes
    }

    /// For provenance; nothing where all text is ASCII, or is what the format
    /// prescribes.
    static func steps(_ verdict: EncodingVerdict?) -> [String] {
        guard let verdict, verdict.conclusion != .anyASCII else { return [] }
        if verdict.claim.origin == .format, case .known = verdict.conclusion, verdict.columns.isEmpty { return [] }
        return [verdict.step]
    }

    /// How much of the file was looked at, where that is not all.
    private static func looked(_ verdict: EncodingVerdict) -> String {
        guard let looked = verdict.recordsLookedAt, let count = verdict.recordCount, looked < count else { return "" }
        return " \(looked) of \(count) records were looked at."
    }

    /// Three values each way: “梅陇镇” or “Ã·Â¤Õò”.
    private static func samples(_ verdict: EncodingVerdict) -> String? {
        let pairs = verdict.samples.compactMap { sample in
            sample.otherReading.map { "“\(sample.reading)” or “\($0)”" }
        }
        guard let first = verdict.samples.first, let other = first.otherEncoding, !pairs.isEmpty else { return nil }
        return "Values in \(first.encoding) or in \(other): \(pairs.joined(separator: ", "))."
    }
}
