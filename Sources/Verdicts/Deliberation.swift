// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// One question on its way to its verdict.
struct Deliberation {
    let judge: ReferenceJudge
    let sample: PositionSample
    let claim: ReferenceClaim
    let town: String?
    /// Control points or parameters that say where the delivery lies.
    let placing: CoordinateTransform?
    /// Those whose numbers fit.
    var placed: [PlacedCandidate] = []
    var claimed: PlacedCandidate?
    /// The share of the best candidate by chance; 1 before that was measured.
    var chance = 1.0
    var shift: ShiftEstimate?
    var isConstantShift = false
    /// How much the system that is said puts outside of the delivering town; nil
    /// before that was looked at.
    var residence: Residence?
    /// The shift that brings all of it into its town, where no lines tell.
    var residenceShift: Coordinate?
    var notes: [String] = []
    /// By what they were made of: north first takes the same way.
    private var transforms: [String: CoordinateTransform] = [:]
    /// The median of each ordinate of the sample.
    private let middle: Coordinate?
    /// Whether nobody reads a verdict that changes nothing.
    private(set) var isQuick = false

    init(
        judge: ReferenceJudge, sample: PositionSample, claim: ReferenceClaim, town: String?,
        placing: CoordinateTransform? = nil
    ) {
        self.placing = placing
        self.judge = judge
        self.sample = sample
        self.claim = claim
        self.town = town
        middle = sample.positions.map(\.x).median.flatMap { x in
            sample.positions.map(\.y).median.map { Coordinate(x: x, y: $0) }
        }
    }

    private var canCoincide: Bool { sample.kind == .lines && !judge.ground.isEmpty }

    mutating func verdict(isQuick: Bool) -> ReferenceVerdict {
        let text = placing == nil ? TextEvidence(claim) : TextEvidence(placedBy: claim.text ?? "")
        notes = text.notes
        self.isQuick = isQuick
        guard !sample.positions.isEmpty else {
            notes.append("There are no positions to look at.")
            return verdict(conclusion: text.system.map { .known($0.name) } ?? .unknown, nil)
        }
        if let system = text.system {
            claimed =
                placing.map {
                    PlacedCandidate(system, isClaimed: true, sample, by: $0, range: judge.range)
                } ?? place(system, isClaimed: true)
        }
        if isQuick, let claimed, claimed.isInRange, agrees(claimed) || !canCoincide && !leavesTown(claimed) {
            placed = [claimed]
            // A datum that is off by less than the tolerance agrees, too.
            if canCoincide { lookAtLines() }
            return isConstantShift ? shifted() : verdict(conclusion: .known(claimed.system.name), nil)
        }
        let systems = judge.systems(claimed: placing == nil ? text.system : nil)
        for system in systems where system != text.system && couldCount(system) {
            guard let candidate = place(system, isClaimed: false), candidate.isInRange else { continue }
            // Only plausible ones are kept: those that put the delivery elsewhere
            // on earth are refuted by their numbers.
            placed.append(candidate)
        }
        if let claimed, claimed.isInRange { placed.insert(claimed, at: 0) }
        if canCoincide { lookAtLines() }
        return concluded()
    }

    /// Numbers that could all be degrees are read as degrees only: in metres they
    /// would be a speck at the origin of some plane.
    private func couldCount(_ system: CandidateSystem) -> Bool {
        // Most of them: a stray record must not hide what the others are.
        let half = sample.positions.count / 2
        let first = sample.positions.count { abs($0.x) <= 360 && abs($0.y) <= 90 } > half
        let second = sample.positions.count { abs($0.y) <= 360 && abs($0.x) <= 90 } > half
        let isDegrees = ["EPSG:4490", "GCJ-02", "BD-09"].contains(system.parsed)
        if first || second { return isDegrees }
        guard !isDegrees, let expected = system.expected, let middle else { return !isDegrees }
        // A plane on which the district has its numbers elsewhere needs no
        // transformation to be left out; making one takes PROJ 10 ms.
        let far = 100_000 + max(judge.range.width, judge.range.height)
        let (east, north) = system.swapsAxes ? (middle.y, middle.x) : (middle.x, middle.y)
        return abs(east - expected.x) <= far && abs(north - expected.y) <= far
    }

    /// Nil for a system from which no allowed way leads to the grid.
    private mutating func place(_ system: CandidateSystem, isClaimed: Bool) -> PlacedCandidate? {
        let transform: CoordinateTransform
        if let known = transforms[system.parsed] {
            transform = known
        } else {
            guard let source = try? CoordinateReferenceSystem(parsing: system.parsed),
                let made = try? CoordinateTransform(from: source, to: judge.grid)
            else { return nil }
            transforms[system.parsed] = made
            transform = made
        }
        return PlacedCandidate(system, isClaimed: isClaimed, sample, by: transform, range: judge.range)
    }

    /// Whether the system that is said lies on known lines already.
    private mutating func agrees(_ candidate: PlacedCandidate) -> Bool {
        guard canCoincide else { return false }
        let coincidence = Coincidence(candidate.positions, judge.ground)
        guard coincidence.share >= 0.8 else { return false }
        let measured = Coincidence.chance(candidate.positions, judge.ground)
        guard coincidence.isConfirmed(chance: measured) else { return false }
        chance = measured
        return true
    }

    private mutating func lookAtLines() {
        for index in placed.indices { placed[index].coincidence = Coincidence(placed[index].positions, judge.ground) }
        if let said = placed.first(where: \.isClaimed) { claimed = said }
        guard let best else { return }
        if best.share >= 0.2, chance == 1 { chance = Coincidence.chance(best.positions, judge.ground) }
        // A shift is looked for where the system that is said does not already
        // lie on the lines better than any other.
        guard let origin = claimed ?? plainPlacement, origin.isInRange else { return }
        let start: Coordinate
        if isConfirmed(best), best.distance(to: origin) > 1 {
            let differences = zip(best.positions, origin.positions).filter { $0.isFinite && $1.isFinite }
            start = Coordinate(
                x: differences.map { $0.x - $1.x }.median ?? 0, y: differences.map { $0.y - $1.y }.median ?? 0)
        } else {
            start = Coordinate(x: 0, y: 0)
        }
        let isFar = start != Coordinate(x: 0, y: 0)
        shift = ShiftEstimate(origin.positions, judge.ground, start: start, radius: isFar ? 40 : 150)
        isConstantShift = isShiftConvincing(origin: origin, best: best)
    }

    /// The candidate with the largest share on known lines; of equal ones the
    /// first, which is the one that is said.
    var best: PlacedCandidate? {
        placed.enumerated().max { ($0.element.share, -$0.offset) < ($1.element.share, -$1.offset) }?.element
    }

    /// Degrees as they stand, where nobody says anything.
    private var plainPlacement: PlacedCandidate? {
        placed.first { !$0.system.swapsAxes && $0.system.name == "EPSG:4490" }
            ?? placed.first { !$0.system.swapsAxes && $0.system.definition != nil }
    }

    func isConfirmed(_ candidate: PlacedCandidate) -> Bool {
        candidate.coincidence?.isConfirmed(chance: chance) ?? false
    }

    /// Whether one shift for the whole delivery explains it better than any
    /// system does.
    private mutating func isShiftConvincing(origin: PlacedCandidate, best: PlacedCandidate) -> Bool {
        guard let shift, shift.coincidence.share >= 0.5 else { return false }
        let length = shift.shift.distance(to: Coordinate(x: 0, y: 0))
        guard length > max(3 * (shift.spread ?? 0), 0.1) else { return false }
        if isConfirmed(best), best.distance(to: origin) > 1 {
            // A distorted system varies by metres within a town, a shift does
            // not: with a shift of its own, which of the two fits the lines?
            guard let own = ShiftEstimate(best.positions, judge.ground, radius: 40) else { return false }
            return shift.residual < own.residual / 2 && own.residual - shift.residual > 0.3
        }
        // Lines that agree to the shift itself must be many more than before, or
        // lie much closer to the known ones.
        guard shift.coincidence.isConfirmed(chance: max(chance == 1 ? 0.1 : chance, 0.05)) else { return false }
        guard !isAtHome(origin, afterShift: shift, of: length) else { return false }
        return shift.coincidence.share >= 1.5 * origin.share || shift.residual < length / 3
    }
}

extension PlacedCandidate {
    /// 0 before lines were looked at.
    var share: Double { coincidence?.share ?? 0 }
}
