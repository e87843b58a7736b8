// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension Deliberation {
    /// Placements nearer than this are one place under two names.
    private static let sameInMetres = 1.0
    /// Said in metres of what has no place at all, since JSON has no infinity:
    /// once round the earth.
    private static let nowhere = 4e7
    /// A rival with less than this share of the best one's agreement is refuted.
    private static let refutingShare = 0.5

    mutating func concluded() -> ReferenceVerdict {
        guard let best else { return nothingFits() }
        if isConstantShift { return shifted() }
        if isConfirmed(best) { return confirmed(best) }
        return outOfTown() ?? byNumbers()
    }

    /// No system puts the delivery near the district.
    private mutating func nothingFits() -> ReferenceVerdict {
        if let claimed {
            notes.append("No reference system that is in use here puts it near the district; is it a map of elsewhere?")
            return verdict(conclusion: .known(claimed.system.name), nil)
        }
        notes.append("Its numbers fit no reference system that is in use here; control points would tell.")
        return verdict(conclusion: .unknown, nil, wouldDecide: Self.controlPoints)
    }

    // MARK: On known lines

    private mutating func confirmed(_ best: PlacedCandidate) -> ReferenceVerdict {
        let rivals = placed.filter { $0.distance(to: best) > Self.sameInMetres && $0.system.definition != nil }
        let open = rivals.filter { $0.share > Self.refutingShare * best.share }
        if let mixture = mixture(best, open) { return mixture }
        let runnerUp = rivals.max { ($0.share, $1.system.name) < ($1.share, $0.system.name) }
        let percent = best.share.percent
        let tolerance = Int(Coincidence.tolerance)
        var reason = "\(percent) % of its lines lie within \(tolerance) m of known ones"
        if let runnerUp { reason += ", in \(runnerUp.system.name) \(runnerUp.share.percent) %" }
        reason += ", by chance \(chance.percent) %"

        if let claimed, claimed.isInRange, claimed.distance(to: best) <= Self.sameInMetres {
            return verdict(conclusion: .known(claimed.system.name), nil)
        }
        let inference = ReferenceVerdict.Inference(
            definition: best.system.definition ?? best.system.name, score: best.share, runnerUp: runnerUp?.system.name,
            isDecisive: open.isEmpty && best.system.definition != nil, reason: reason + ".")
        guard let claimed else {
            return verdict(
                conclusion: .inferred(inference), nil, wouldDecide: inference.isDecisive ? nil : Self.word)
        }
        let metres = claimed.distance(to: best)
        guard claimed.share <= Self.refutingShare * best.share else {
            return verdict(conclusion: .known(claimed.system.name), nil)
        }
        let contradiction = ReferenceVerdict.Contradiction(
            metres: metres.isFinite ? metres : Self.nowhere,
            mustBeQuarantined: metres > ReferenceJudge.quarantineInMetres, suggestion: best.system.definition,
            sentence: "It looks like \(best.system.name), although \(said(claimed)): \(reason) (in \(claimed.system.name) "
                + "\(claimed.share.percent) %)"
                + (metres.isFinite ? ", and the two lie \(Self.metres(metres)) apart." : "."))
        return verdict(conclusion: .inferred(inference), contradiction, wouldDecide: Self.word)
    }

    /// What decides most often.
    static let word = "the town must say it."
    static let controlPoints = "control points would (fit:points.csv)."
    /// What decides where control points or parameters were wrong.
    private static let checkedPoints = "control points that were checked, their columns, axes and system."

    var whatFindsShift: String { placing == nil ? Self.controlPoints : Self.checkedPoints }

    func said(_ claimed: PlacedCandidate) -> String {
        if placing != nil { return "it is placed by \(claimed.system.name)" }
        return claim.origin == .format ? "its format implies \(claimed.system.name)" : "\(claimed.system.name) is said"
    }

    /// Two systems that each explain what the other does not.
    private mutating func mixture(_ best: PlacedCandidate, _ open: [PlacedCandidate]) -> ReferenceVerdict? {
        guard let first = best.coincidence else { return nil }
        for rival in open where isConfirmed(rival) || rival.share >= 0.25 {
            guard let second = rival.coincidence else { continue }
            let pairs = zip(first.matched, second.matched)
            let either = Double(pairs.count { $0 || $1 }) / Double(first.matched.count)
            let both = Double(pairs.count { $0 && $1 }) / Double(first.matched.count)
            guard either >= max(best.share, rival.share) + 0.2, both < rival.share / 2 else { continue }
            let sentence =
                "It looks like a mixture: \(best.share.percent) % of its lines lie on known ones in "
                + "\(best.system.name), \(rival.share.percent) % of them, others, in "
                + "\(rival.system.name); ask for the two parts apart."
            notes.append(sentence)
            let contradiction = ReferenceVerdict.Contradiction(
                metres: best.distance(to: rival), mustBeQuarantined: true, suggestion: nil, sentence: sentence)
            return verdict(
                conclusion: .unknown, claimed == nil ? nil : contradiction, wouldDecide: "the two parts apart.")
        }
        return nil
    }

    /// One shift explains it.
    mutating func shifted() -> ReferenceVerdict {
        guard let shift, let origin = claimed ?? best else { return byNumbers() }
        let metres = shift.shift.distance(to: Coordinate(x: 0, y: 0))
        let spread = shift.spread.map { ", the same everywhere to \(Self.metres($0))" } ?? ""
        let sentence =
            "Its lines lie on known ones when all of it is moved by \(Self.signed(shift.shift.x)) m E and "
            + "\(Self.signed(shift.shift.y)) m N\(spread): a constant shift, as another datum makes it, and neither "
            + "GCJ-02 nor BD-09, which vary by metres within a town; \(shiftRemedy)"
        notes.append(sentence)
        let contradiction = ReferenceVerdict.Contradiction(
            metres: metres, mustBeQuarantined: metres > ReferenceJudge.quarantineInMetres, suggestion: nil,
            sentence: sentence)
        let conclusion: ReferenceVerdict.Conclusion =
            claimed == nil || contradiction.mustBeQuarantined ? .unknown : .known(origin.system.name)
        return verdict(
            conclusion: conclusion, claimed == nil ? nil : contradiction, wouldDecide: whatFindsShift)
    }

    /// The end of a sentence on a shift.
    var shiftRemedy: String {
        guard placing != nil, let claimed else { return "control points are needed (fit:points.csv)." }
        return "\(claimed.system.name) does not lead onto them."
    }

    // MARK: By numbers alone

    private mutating func byNumbers() -> ReferenceVerdict {
        if let claimed {
            guard claimed.shareInRange == 0, let other = placed.first(where: { $0.shareInRange >= 0.95 }) else {
                return verdict(conclusion: .known(claimed.system.name), nil)
            }
            let same = placed.filter { $0.shareInRange >= 0.95 }.map(\.system.name)
            let metres = claimed.distance(to: other)
            let far = metres.isFinite ? Self.metres(metres) : "nowhere"
            let contradiction = ReferenceVerdict.Contradiction(
                metres: metres.isFinite ? metres : Self.nowhere, mustBeQuarantined: true,
                suggestion: same.count == 1 ? other.system.definition : nil,
                sentence: "\(placing == nil ? "In" : "Placed by") \(claimed.system.name) all of it lies outside of the district and 5 km around it, "
                    + "while its numbers fit \(same.prefix(4).joined(separator: ", ")), \(far) away.")
            return verdict(conclusion: .unknown, contradiction, wouldDecide: Self.word)
        }
        let places = placed.reduce(into: [PlacedCandidate]()) { places, candidate in
            if !places.contains(where: { $0.distance(to: candidate) <= Self.sameInMetres }) { places.append(candidate) }
        }
        guard places.count == 1, let only = places.first, let definition = only.system.definition else {
            let names = placed.map(\.system.name).joined(separator: ", ")
            notes.append("The numbers alone cannot tell \(names) apart; \(whatWouldDecide)")
            return verdict(conclusion: .unknown, nil, wouldDecide: whatWouldDecide)
        }
        let inference = ReferenceVerdict.Inference(
            definition: definition, score: 0.5, runnerUp: nil, isDecisive: false,
            reason: "Its numbers fit \(only.system.name) and no other; " + (only.system.remark.map { $0 + " " } ?? "")
                + "The ground does not confirm it: " + whatWouldDecide)
        return verdict(conclusion: .inferred(inference), nil, wouldDecide: whatWouldDecide)
    }

    private var whatWouldDecide: String {
        if judge.ground.isEmpty { return "outlines of the towns would, or a word of the town." }
        return sample.kind == .points
            ? "points lie on no known lines, so the town must say it."
            : "too few of its lines lie on known ones, so the town must say it."
    }

    // MARK: Words

    static func metres(_ length: Double) -> String {
        guard length.isFinite else { return "a way that nobody can tell" }
        if length < 1 { return "\((length * 100).rounded() / 100) m" }
        return length < 10_000 ? "\(Int(length.rounded())) m" : "\(Int((length / 1000).rounded())) km"
    }

    static func signed(_ value: Double) -> String {
        let rounded = abs(value) < 10 ? (value * 100).rounded() / 100 : (value * 10).rounded() / 10
        return rounded > 0 ? "+\(rounded)" : "\(rounded)"
    }
}
