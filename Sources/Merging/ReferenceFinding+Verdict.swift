// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import DistrictStores
public import Verdicts

extension ReferenceFinding {
    /// - Parameter mostCandidates: the others are left out.
    public init(_ verdict: ReferenceVerdict, mostCandidates: Int = .max) {
        self.init(
            state: .unknown, candidates: verdict.candidates.prefix(mostCandidates).map(Candidate.init),
            notes: verdict.notes)
        switch verdict.conclusion {
        case .known(let name):
            state = .known
            system = name
        case .inferred(let inference):
            state = .inferred
            system = inference.definition
            score = inference.score.rounded(toPlaces: 3)
            runnerUp = inference.runnerUp
            reason = inference.reason
        case .unknown: break
        }
        if state != .known, runnerUp == nil, verdict.candidates.count > 1 { runnerUp = verdict.candidates[1].name }
        wouldDecide = verdict.wouldDecide
        contradiction = verdict.contradiction.map {
            Contradiction(
                metres: $0.metres.rounded(toPlaces: 2), mustBeQuarantined: $0.mustBeQuarantined,
                suggestion: $0.suggestion, sentence: $0.sentence)
        }
        constantShift = verdict.constantShift.map {
            ConstantShift(
                east: $0.east.rounded(toPlaces: 2), north: $0.north.rounded(toPlaces: 2),
                spread: $0.spread?.rounded(toPlaces: 2), resembles: $0.resembles)
        }
    }
}

extension ReferenceFinding.Candidate {
    fileprivate init(_ candidate: ReferenceVerdict.Candidate) {
        self.init(
            name: candidate.name, crs: candidate.definition, score: candidate.score.rounded(toPlaces: 3),
            evidence: candidate.evidence.map {
                .init(kind: $0.kind.rawValue, weight: $0.weight.rounded(toPlaces: 3), sentence: $0.sentence)
            })
    }
}
