// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// The verdict on a layer's encoding as plain text, indented as the rest of a
/// layer is.
struct EncodingText {
    private let verdict: EncodingVerdict

    /// Candidates that are shown beside the one that is said; the rest are in the
    /// JSON.
    private static let shownCandidates = 3

    init(_ verdict: EncodingVerdict) {
        self.verdict = verdict
    }

    var lines: [String] {
        var lines = ["    encoding  \(verdict.name), \(verdict.evidence)"]
        if case .inferred(let inference) = verdict.conclusion { lines.append("              \(inference.reason)") }
        for column in verdict.columns {
            let origin = column.isDeclared ? "as declared" : "found by its bytes"
            lines.append("    column    “\(column.name)” in \(column.encoding), \(origin)")
        }
        lines += verdict.doubts.map { "    doubt     \($0.sentence)" }
        // One reading without a rival is no news.
        if verdict.candidates.count > 1 {
            let shown = verdict.candidates.enumerated().filter { number, candidate in
                number < Self.shownCandidates || candidate.encoding == verdict.claim.name
            }
            lines += shown.map(\.element).map { candidate in
                "    reading   \(candidate.encoding), score \((candidate.score * 100).rounded() / 100): "
                    + candidate.evidence.joined(separator: " ")
            }
        }
        lines += verdict.samples.map { sample in
            let other = sample.otherReading.map { ", in \(sample.otherEncoding ?? "?") “\($0)”" } ?? ""
            return "    sample    “\(sample.reading)”\(other)"
        }
        if let looked = looked { lines.append("    looked at \(looked)") }
        return lines + verdict.notes.map { "    note      \($0)" }
    }

    private var looked: String? {
        guard let records = verdict.recordsLookedAt, verdict.valuesLookedAt > 0 else { return nil }
        let all = verdict.recordCount.map { " of \($0)" } ?? ""
        return "\(records)\(all) records, \(verdict.valuesLookedAt) values beyond ASCII"
    }
}
