// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// How much of a placed sample lies outside of the town that delivers it.
///
/// What a town draws of itself lies within its borders, whether or not it lies on
/// known lines. A system that is off by hundreds of metres carries a strip of it
/// across one border and leaves the opposite one bare; nothing else does both.
struct Residence {
    /// A town draws its side of the road, and a little more.
    static let tolerance = 30.0
    /// Farther from the border than this no way back is looked for.
    private static let reach = 2_000.0

    /// Of the positions that were looked at those farther outside than the tolerance.
    let outside: Double
    let count: Int
    /// Those of them from which the border is within reach, and its nearest point.
    private(set) var strays: [(position: Coordinate, border: Coordinate)] = []

    /// Each position asks for a ray through the ground, and those outside for the
    /// nearest border.
    ///
    /// - Parameter step: added to every position first, in metres.
    init(
        _ positions: [Coordinate], in areas: Set<Int>, of ground: GroundIndex, tolerance: Double = tolerance,
        step: Coordinate = Coordinate(x: 0, y: 0)
    ) {
        var looked = 0
        var count = 0
        for placed in positions where placed.isFinite {
            looked += 1
            let position = Coordinate(x: placed.x + step.x, y: placed.y + step.y)
            guard ground.areas(at: position).isDisjoint(with: areas) else { continue }
            guard let hit = ground.nearest(to: position, within: Self.reach, of: areas) else {
                count += 1
                continue
            }
            guard hit.point.distance(to: position) > tolerance else { continue }
            count += 1
            strays.append((position, hit.point))
        }
        self.count = count
        outside = looked == 0 ? 0 : Double(count) / Double(looked)
    }

    /// The mean way from the strays to the border; zero when there are none.
    var wayBack: Coordinate {
        let count = Double(max(strays.count, 1))
        return Coordinate(
            x: strays.reduce(0) { $0 + $1.border.x - $1.position.x } / count,
            y: strays.reduce(0) { $0 + $1.border.y - $1.position.y } / count)
    }
}

extension Deliberation {
    /// What a town draws may reach beyond its border, for a bridge or a school;
    /// from this share on it is asked why.
    private static let suspicious = (share: 0.01, count: 6)
    /// So little is outside where the system is right.
    private static let inPlace = 0.002
    /// So little of what was outside may stay there.
    private static let staying = 0.1
    /// A shift that is longer than this is no datum.
    private static let longestShift = 600.0
    /// Nearer to the border than this is on it.
    private static let contact = 1.0
    /// Steps on the way back.
    private static let mostSteps = 60

    private var ownAreas: Set<Int> {
        guard let town else { return [] }
        return Set(judge.ground.towns.indices.filter { judge.ground.towns[$0] == town })
    }

    /// Whether the system that is said puts so much outside of the delivering town
    /// that another one has to be looked for.
    mutating func leavesTown(_ claimed: PlacedCandidate) -> Bool {
        let areas = ownAreas
        guard !areas.isEmpty else { return false }
        let found = residence ?? Residence(claimed.positions, in: areas, of: judge.ground)
        residence = found
        return found.outside >= Self.suspicious.share && found.count >= Self.suspicious.count
    }

    /// Whether a shift of some length only brings houses that stand near a border
    /// onto it: a shift carries something out of its town, and where nothing is
    /// outside only lines that were copied, and fit to a metre, speak for one. Where
    /// something is, it may be a few houses that the town draws of its neighbour: then
    /// the way back must bring it inside, as where no lines are known.
    mutating func isAtHome(_ placed: PlacedCandidate, afterShift shift: ShiftEstimate, of length: Double) -> Bool {
        let areas = ownAreas
        guard placed.isClaimed, length > Residence.tolerance, shift.residual > Self.contact, !areas.isEmpty
        else { return false }
        guard leavesTown(placed), let left = residence else { return true }
        let step = shift.shift
        let moved = placed.positions.map { Coordinate(x: $0.x + step.x, y: $0.y + step.y) }
        let outside = Residence(moved, in: areas, of: judge.ground).outside
        guard outside <= max(Self.inPlace, left.outside * Self.staying) else { return true }
        return !fills(areas, moved, step: length, leaving: left.outside)
            && !clings(to: areas, by: step, left.strays)
    }

    /// The verdict on a delivery that the system which is said puts outside of its
    /// town, and something else inside; nil when nothing does.
    mutating func outOfTown() -> ReferenceVerdict? {
        guard let claimed, claimed.isInRange, leavesTown(claimed), let left = residence else { return nil }
        let areas = ownAreas
        let allowed = max(Self.inPlace, left.outside * Self.staying)
        let rivals = placed.filter { $0.distance(to: claimed) > ReferenceJudge.quarantineInMetres }
            .map { ($0, Residence($0.positions, in: areas, of: judge.ground).outside) }
        if let (rival, share) = rivals.min(by: { $0.1 < $1.1 }), share <= allowed {
            let metres = rival.distance(to: claimed)
            guard fills(areas, rival.positions, step: metres, leaving: left.outside) else { return nil }
            return looksLike(rival, outside: share, claimed: left.outside, metres: metres)
        }
        guard let step = wayBack(of: claimed.positions, in: areas, allowed: allowed) else { return nil }
        let length = step.distance(to: Coordinate(x: 0, y: 0))
        let moved = claimed.positions.map { Coordinate(x: $0.x + step.x, y: $0.y + step.y) }
        guard length <= Self.longestShift,
            fills(areas, moved, step: length, leaving: left.outside) || clings(to: areas, by: step, left.strays)
        else { return nil }
        return needsShift(step, length, outside: left.outside)
    }

    /// Whether the sample reaches the town's borders all around, so that it would
    /// leave the town in whatever direction it was moved, and not much less than
    /// where it lies now.
    private func fills(_ areas: Set<Int>, _ positions: [Coordinate], step: Double, leaving share: Double) -> Bool {
        (0..<8).allSatisfy { number in
            let angle = Double(number) * .pi / 4
            let moved = Residence(
                positions, in: areas, of: judge.ground, step: Coordinate(x: step * cos(angle), y: step * sin(angle)))
            return moved.outside >= max(Self.suspicious.share / 2, share / 5)
        }
    }

    /// Whether half of what lies outside would lie on the border itself, and on
    /// parts of it that face three ways or more: what was drawn along the border,
    /// where a river keeps the sample from filling the town. An edge that was drawn
    /// too far out on two sides could be moved onto the border as well.
    private func clings(
        to areas: Set<Int>, by step: Coordinate, _ strays: [(position: Coordinate, border: Coordinate)]
    ) -> Bool {
        var contacts = [Int](repeating: 0, count: 8)
        for (position, border) in strays {
            let moved = Coordinate(x: position.x + step.x, y: position.y + step.y)
            guard judge.ground.nearest(to: moved, within: Self.contact, of: areas) != nil else { continue }
            let angle = atan2(border.y - position.y, border.x - position.x)
            contacts[Int((angle / (.pi / 4)).rounded()) & 7] += 1
        }
        return contacts.reduce(0, +) * 2 >= strays.count && contacts.count { $0 >= Self.suspicious.count } >= 3
    }

    /// A shift after which all lies inside, to a few metres.
    private func wayBack(of positions: [Coordinate], in areas: Set<Int>, allowed: Double) -> Coordinate? {
        var step = Coordinate(x: 0, y: 0)
        for _ in 0..<Self.mostSteps {
            let found = Residence(positions, in: areas, of: judge.ground, tolerance: 3, step: step)
            if found.outside <= allowed { return refined(step, positions) }
            step = Coordinate(x: step.x + found.wayBack.x, y: step.y + found.wayBack.y)
        }
        return nil
    }

    /// Where lines are known the way back is measured on them.
    private func refined(_ step: Coordinate, _ positions: [Coordinate]) -> Coordinate {
        guard sample.kind == .lines,
            let estimate = ShiftEstimate(positions, judge.ground, start: step, radius: 60),
            estimate.coincidence.count >= 30, estimate.shift.distance(to: step) < 60
        else { return step }
        return estimate.shift
    }

    private mutating func looksLike(
        _ rival: PlacedCandidate, outside: Double, claimed left: Double, metres: Double
    ) -> ReferenceVerdict? {
        guard let claimed else { return nil }
        let sentence =
            "It looks like \(rival.system.name), although \(said(claimed)): in \(claimed.system.name) \(left.percent) % of it "
            + "lies more than \(Int(Residence.tolerance)) m outside of the town that delivers it, in \(rival.system.name) "
            + "\(outside.percent) %; the two lie \(Self.metres(metres)) apart."
        let inference = ReferenceVerdict.Inference(
            definition: rival.system.definition ?? rival.system.name, score: 1 - outside / left,
            runnerUp: claimed.system.name, isDecisive: false, reason: sentence)
        return verdict(
            conclusion: .inferred(inference),
            ReferenceVerdict.Contradiction(
                metres: metres, mustBeQuarantined: true, suggestion: rival.system.definition, sentence: sentence),
            wouldDecide: Self.word)
    }

    private mutating func needsShift(_ step: Coordinate, _ length: Double, outside: Double) -> ReferenceVerdict? {
        residenceShift = step
        let sentence =
            "\(outside.percent) % of it lies more than \(Int(Residence.tolerance)) m outside of the town that delivers it; "
            + "moved by about \(Self.signed(step.x)) m E and \(Self.signed(step.y)) m N all of it would lie inside: a constant "
            + "shift, as another datum makes it; \(shiftRemedy)"
        notes.append(sentence)
        let isLarge = length > ReferenceJudge.quarantineInMetres
        let name = claimed?.system.name ?? ""
        return verdict(
            conclusion: isLarge ? .unknown : .known(name),
            ReferenceVerdict.Contradiction(
                metres: length, mustBeQuarantined: isLarge, suggestion: nil, sentence: sentence),
            wouldDecide: whatFindsShift)
    }
}
