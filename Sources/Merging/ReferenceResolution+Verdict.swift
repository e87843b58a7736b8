// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import Verdicts

extension ReferenceResolution {
    /// What the report says of a verdict that speaks against what is said.
    ///
    /// - Throws: `MergingError` of kind `.sourceRefused` when it does so by more
    ///   than `ReferenceJudge.quarantineInMetres` and no person has checked.
    static func doubts(in verdict: ReferenceVerdict, _ job: SourceJob) throws -> [String] {
        guard let contradiction = verdict.contradiction else { return [] }
        var sentence = contradiction.sentence
        if let known = verdict.constantShift?.resembles.first { sentence += " The nearest known shift: \(known)." }
        guard contradiction.mustBeQuarantined else { return [sentence] }
        if job.isReferenceChecked { return [sentence + " Taken all the same, as `crs_checked` says."] }
        let remedy =
            contradiction.suggestion.map { "Write `crs: \(quoted($0))` if that is right" }
            ?? (job.reference.isMeasured
                ? "Check the points or parameters, their axes and the system that they start from"
                : "Write into `crs:` of the source what is right")
        throw MergingError(
            .sourceRefused,
            "\(sentence) \(remedy); if a person has checked what is said now, write `crs_checked: true` beside it.")
    }

    private static func quoted(_ definition: String) -> String {
        definition.contains(":") || definition.contains("+") ? "\"\(definition)\"" : definition
    }
}

extension SourceJob.Reference {
    /// Whether control points or parameters say where the source lies.
    fileprivate var isMeasured: Bool {
        switch self {
        case .fitted, .shifted: true
        case .fromFile, .declared: false
        }
    }
}

extension ReferenceVerdict {
    /// The system that the ground has decided for, with the sentence for the
    /// report.
    var inferred: (system: CoordinateReferenceSystem, sentence: String)? {
        guard case .inferred(let inference) = conclusion, inference.isDecisive,
            let system = try? CoordinateReferenceSystem(parsing: inference.definition)
        else { return nil }
        return (
            system,
            "Nobody says which reference system it is in; the ground decides for \(inference.definition): "
                + inference.reason
        )
    }

    /// What a person who has to say the reference system can go by.
    var hint: String {
        var sentences: [String] = []
        if !candidates.isEmpty { sentences.append("Candidates: \(ranking).") }
        switch conclusion {
        case .inferred(let inference): sentences.append(inference.reason)
        case .known, .unknown: sentences += notes.filter { !$0.hasPrefix("Nobody says") }
        }
        return sentences.map { " " + $0 }.joined()
    }
}
