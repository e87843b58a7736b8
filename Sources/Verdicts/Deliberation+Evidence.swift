// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

extension Deliberation {
    /// Positions whose town is looked up: each asks for a ray through the ground.
    private static let locatedPositions = 150

    func verdict(
        conclusion: ReferenceVerdict.Conclusion, _ contradiction: ReferenceVerdict.Contradiction?,
        wouldDecide: String? = nil
    ) -> ReferenceVerdict {
        if isQuick, contradiction == nil, case .known = conclusion {
            return ReferenceVerdict(
                conclusion: conclusion, candidates: [], contradiction: nil, constantShift: nil, wouldDecide: nil,
                notes: notes)
        }
        var candidates = placed.map(candidate)
        candidates.sort { ($1.score, $0.name) < ($0.score, $1.name) }
        if let claimed, !claimed.isInRange { candidates.append(candidate(claimed)) }
        return ReferenceVerdict(
            conclusion: conclusion, candidates: candidates, contradiction: contradiction,
            constantShift: constantShift, wouldDecide: wouldDecide, notes: notes)
    }

    private var constantShift: ReferenceVerdict.ConstantShift? {
        let found = isConstantShift ? shift.map { ($0.shift, $0.spread) } : residenceShift.map { ($0, nil) }
        guard let (shift, spread) = found, let origin = claimed ?? best else { return nil }
        let place = origin.positions.first { $0.isFinite } ?? judge.range.center
        let isGeographic = sample.positions.allSatisfy { abs($0.x) <= 360 && abs($0.y) <= 360 }
        return ReferenceVerdict.ConstantShift(
            east: shift.x, north: shift.y, spread: spread,
            resembles: KnownShifts.sentences(on: shift, at: place, grid: judge.grid, isGeographic: isGeographic))
    }

    private func candidate(_ placed: PlacedCandidate) -> ReferenceVerdict.Candidate {
        var evidence: [ReferenceVerdict.Evidence] = []
        func add(_ kind: ReferenceVerdict.Evidence.Kind, _ weight: Double, _ sentence: String) {
            evidence.append(.init(kind: kind, weight: weight, sentence: sentence))
        }
        if placed.isClaimed {
            switch claim.origin {
            case .district: add(.text, 0.3, "district.yaml says so.")
            case .file: add(.text, 0.25, "The file says so.")
            case .format: add(.text, 0.1, "The format implies it for every file, whoever wrote it.")
            case .nobody: break
            }
        }
        let percent = placed.shareInRange.percent
        let region = judge.ground.isEmpty ? "the grid's area of use" : "the outline and 5 km around it"
        if placed.isInRange {
            add(.range, 0.2, "\(percent) % of its positions lie within \(region).")
        } else {
            add(.range, -0.8, "Only \(percent) % of its positions lie within \(region).")
        }
        if placed.system.swapsAxes { add(.range, -0.05, "Its first number counts to the north.") }
        if let remark = placed.system.remark { add(.range, 0, remark) }
        if let sentence = areaOfUse(placed) { add(.areaOfUse, -0.02, sentence) }
        if !judge.ground.isEmpty, placed.isInRange { evidence += outlines(placed) }
        if let coincidence = placed.coincidence {
            let share = coincidence.share.percent
            let isBest = isConfirmed(placed)
            let isRefuted = best.map { isConfirmed($0) && coincidence.share <= 0.5 * $0.share } ?? false
            add(
                .coincidence, isBest ? 0.6 * coincidence.share : isRefuted ? -0.3 : 0,
                "\(share) % of its lines lie within \(Int(Coincidence.tolerance)) m of known ones"
                    + (isBest ? ", far more than by chance." : isRefuted ? ": as chance would have it." : "."))
            if isBest, let distance = Coincidence.medianDistance(placed.positions, judge.ground) {
                add(.coincidence, 0, "Half of them lie within \(Self.metres(distance)) of known lines.")
            }
        }
        if isConstantShift, placed.system.name == "GCJ-02" || placed.system.name == "BD-09" {
            add(.variation, -0.4, "Its offset is the same everywhere, which that of \(placed.system.name) is not.")
        }
        let score = evidence.reduce(0) { $0 + $1.weight }
        return ReferenceVerdict.Candidate(
            name: placed.system.name, definition: placed.system.definition, swapsAxes: placed.system.swapsAxes,
            score: min(max(score, 0), 1), evidence: evidence)
    }

    /// A remark, never more: towns keep one meridian across the edge of its area.
    private func areaOfUse(_ placed: PlacedCandidate) -> String? {
        guard placed.isInRange, let crs = try? CoordinateReferenceSystem(parsing: placed.system.parsed),
            let gauge = try? AreaOfUseGauge(crs)
        else { return nil }
        var envelope = Envelope.empty
        for position in sample.positions where position.isFinite {
            envelope.expand(
                toContain: placed.system.swapsAxes ? Coordinate(x: position.y, y: position.x) : position)
        }
        let degrees = gauge.degreesOutside(envelope)
        guard degrees > 0, degrees.isFinite else { return nil }
        return "Some of it lies \((degrees * 1000).rounded() / 1000)° outside of the area that the register gives "
            + "for \(placed.system.name)."
    }

    /// How much lies in the towns, and in the one that delivers.
    private func outlines(_ placed: PlacedCandidate) -> [ReferenceVerdict.Evidence] {
        let step = max(1, placed.positions.count / Self.locatedPositions)
        let chosen = stride(from: 0, to: placed.positions.count, by: step).map { placed.positions[$0] }
        guard !judge.ground.towns.isEmpty, !chosen.isEmpty else { return [] }
        var inside = 0
        var own = 0
        for position in chosen {
            let areas = judge.ground.areas(at: position)
            if !areas.isEmpty { inside += 1 }
            if let town, areas.contains(where: { judge.ground.towns[$0] == town }) { own += 1 }
        }
        let share = Double(inside) / Double(chosen.count)
        var evidence = [
            ReferenceVerdict.Evidence(
                kind: .outline, weight: 0.1 * share, sentence: "\(share.percent) % lies inside of known towns.")
        ]
        if let town, judge.ground.towns.contains(town) {
            let share = Double(own) / Double(chosen.count)
            evidence.append(
                .init(
                    kind: .town, weight: 0.1 * share,
                    sentence: "\(share.percent) % lies inside of the town that delivers it."))
        }
        return evidence
    }
}
