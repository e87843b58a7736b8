// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// Joins the ends of lines across seams.
///
/// The score of two ends is ½ · (1 − *d*/*reach*) + 0.35 · *turn* + 0.15 ·
/// *name*: *turn* is 1 for straight on and 0 at the sharpest turn, falling with
/// the cosine; *name* is 1 when equal, ½ when one has none, 0 when different.
/// Pairs are taken best score first, then by ids, each end once. Different names
/// are never joined, only reported; so are pairs with a rival nearly as good.
public struct LineSeams: Sendable {
    /// In units of the plane.
    private let rules: LineRules
    private let plane: CellPlane

    /// - Parameter precision: of the grid that all lines lie on.
    public init(rules: LineRules = LineRules(), precision: GridPrecision = .millimetre) {
        plane = CellPlane(precision)
        self.rules = plane.inwards(rules)
    }

    private struct Pair {
        var first: Int
        var second: Int
        var distance: Double
        var score: Double
        var sameName: Bool
    }

    /// Nearer than this an end lies on a line: half the diagonal of the grid's
    /// cell, as an edge passes a rounded vertex.
    private static let touching = 0.00075

    /// - Parameters:
    ///   - lines: with unique ids, in any order.
    ///   - isAtSeam: whether an end of an owner, in metres, lies where the
    ///     owner's ground ends: only such ends are reported as dangling.
    /// - Complexity: O(*n* log *n*) in vertices.
    public func join(_ lines: [SeamLine], isAtSeam: (Coordinate, Int64) -> Bool = { _, _ in false }) -> LineResult {
        plane.outwards(joined(lines.map(plane.inwards), isAtSeam: isAtSeam))
    }

    private func joined(_ lines: [SeamLine], isAtSeam: (Coordinate, Int64) -> Bool) -> LineResult {
        let lines = lines.sorted { $0.id < $1.id }
        let loose = LooseEnds(lines, rules)
        let ends = loose.ends
        let pairs = candidates(loose)
        var scores = [[Double]](repeating: [], count: ends.count)
        for pair in pairs {
            scores[pair.first].append(pair.score)
            scores[pair.second].append(pair.score)
        }
        var isPaired = [Bool](repeating: false, count: ends.count)
        var result = LineResult()
        var moves: [LineEnd: GridPoint] = [:]
        for pair in pairs where !isPaired[pair.first] && !isPaired[pair.second] {
            let (one, two) = (ends[pair.first], ends[pair.second])
            isPaired[pair.first] = true
            isPaired[pair.second] = true
            let rivals = (scores[pair.first] + scores[pair.second]).count { $0 > pair.score - rules.clearLead } - 2
            let meeting = meeting(of: one, two)
            let doubt = doubt(about: pair, one, two, meeting, rivals: rivals)
            if doubt == nil, let meeting {
                moves[one.end] = meeting
                moves[two.end] = meeting
            }
            let middle = GridPoint((one.point.x + two.point.x) / 2, (one.point.y + two.point.y) / 2)
            let order = [one, two].sorted { $0.end < $1.end }
            result.records.append(
                LineRecord(
                    outcome: doubt.map { .unsure($0) } ?? .joined, ends: order.map(\.end),
                    place: (doubt == nil ? meeting ?? middle : middle).coordinate,
                    positions: order.map(\.point.coordinate), distance: pair.distance, confidence: pair.score))
        }
        result.records += single(ends.indices.filter { !isPaired[$0] }.map { ends[$0] }, lines, isAtSeam)
        for line in lines {
            let (moved, shift) = Self.moved(line, moves)
            guard moved != line.geometry else { continue }
            result.changed[line.id] = moved
            result.shifts[line.id] = shift
        }
        result.records.sort { ($0.ends[0], $0.ends.count) < ($1.ends[0], $1.ends.count) }
        result.considered = lines.map(\.id)
        return result
    }

    /// What a change can affect, and nothing else.
    ///
    /// - Parameters:
    ///   - dirty: around all lines that were added, removed or changed, as they
    ///     were and as they are, in metres.
    ///   - source: returns the originals, as they are now, of all lines whose
    ///     envelope meets the given one. It may be asked often.
    /// - Returns: everything that a whole run would say about the lines in
    ///   `considered`.
    public func join(
        around dirty: [Envelope], source: (Envelope) -> [SeamLine],
        isAtSeam: (Coordinate, Int64) -> Bool = { _, _ in false }
    ) -> LineResult {
        func near(_ envelope: Envelope) -> [SeamLine] {
            source(plane.outwards(envelope.expanded(by: rules.reach))).map(plane.inwards)
        }
        var known: [Int64: SeamLine] = [:]
        var isReached: Set<Int64> = []
        var open: [SeamLine] = []
        func reach(_ line: SeamLine) {
            known[line.id] = line
            if isReached.insert(line.id).inserted { open.append(line) }
        }
        for envelope in dirty where !envelope.isEmpty {
            near(plane.inwards(envelope)).forEach(reach)
        }
        while let line = open.popLast() {
            for end in LooseEnds.ends(of: line, rules) {
                for other in near(GridRange(end.point, end.point).envelope) {
                    known[other.id] = other
                    guard other.owner != line.owner, !isReached.contains(other.id) else { continue }
                    // Whether they end there alone is decided when all are known.
                    let goesOn = LooseEnds.ends(of: other, rules).contains { end.score(with: $0, rules) != nil }
                    if goesOn { reach(other) }
                }
            }
        }
        var result = joined(Array(known.values), isAtSeam: isAtSeam)
        result.records.removeAll { !isReached.contains($0.ends[0].line) }
        result.changed = result.changed.filter { isReached.contains($0.key) }
        result.shifts = result.shifts.filter { isReached.contains($0.key) }
        result.considered = isReached.sorted()
        return plane.outwards(result)
    }

    /// Best first.
    private func candidates(_ loose: LooseEnds) -> [Pair] {
        var pairs: [Pair] = []
        let ends = loose.ends
        for (number, end) in ends.enumerated() {
            loose.search(end.point, reach: rules.reach) { other in
                guard other > number, let score = end.score(with: ends[other], rules) else { return }
                pairs.append(
                    Pair(
                        first: number, second: other, distance: score.distance, score: score.value,
                        sameName: score.names > 0))
            }
        }
        return pairs.sorted {
            (-$0.score, ends[$0.first].end, ends[$0.second].end) < (-$1.score, ends[$1.first].end, ends[$1.second].end)
        }
    }

    private func doubt(
        about pair: Pair, _ one: LooseEnds.End, _ two: LooseEnds.End, _ meeting: GridPoint?, rivals: Int
    ) -> LineRecord.Doubt? {
        guard pair.sameName else { return .names }
        guard rivals == 0 else { return .rival }
        guard pair.score >= rules.joiningScore else { return .score }
        guard let meeting else { return .protected }
        let isTooFar = [one, two].contains { $0.point.distance(to: meeting) > rules.largestShare * $0.length }
        return isTooFar ? .short : nil
    }

    /// Ends without a partner.
    private func single(
        _ ends: [LooseEnds.End], _ lines: [SeamLine], _ isAtSeam: (Coordinate, Int64) -> Bool
    ) -> [LineRecord] {
        let bodies = LineBodies(lines)
        return ends.compactMap { end in
            let place = end.point.coordinate
            if let near = bodies.nearest(to: end, reach: rules.reach) {
                guard near.distance > Self.touching else { return nil }
                return LineRecord(
                    outcome: .beside, ends: [end.end], neighbour: near.line, place: place,
                    positions: [place, near.position], distance: near.distance,
                    confidence: 1 - near.distance / max(2 * rules.reach, 0.001))
            }
            guard isAtSeam(plane.outwards(place), end.line.owner) else { return nil }
            return LineRecord(
                outcome: .dangling, ends: [end.end], place: place, positions: [place], distance: 0, confidence: 1)
        }
    }

    /// Nil when both must stay where they are.
    private func meeting(of one: LooseEnds.End, _ two: LooseEnds.End) -> GridPoint? {
        switch (one.line.isProtected, two.line.isProtected) {
        case (true, true): return nil
        case (true, false): return one.point
        case (false, true): return two.point
        case (false, false): break
        }
        if one.line.authority != two.line.authority {
            return one.line.authority > two.line.authority ? one.point : two.point
        }
        let sum = GridPoint(one.point.x + two.point.x, one.point.y + two.point.y)
        return GridPoint(sum.x / 2, sum.y / 2)
    }

    private static func moved(_ line: SeamLine, _ moves: [LineEnd: GridPoint]) -> (Geometry, shift: Double) {
        var part = 0
        var shift = 0.0
        let geometry = line.geometry.mapCoordinates { run in
            var run = run
            defer { part += 1 }
            guard run.count > 1 else { return run }
            for (isStart, place) in [(true, 0), (false, run.count - 1)] {
                guard let target = moves[LineEnd(line: line.id, part: part, isStart: isStart)] else { continue }
                shift = max(shift, GridPoint(run[place]).distance(to: target))
                run[place] = target.coordinate
            }
            return run
        }
        return (geometry, shift)
    }
}

extension LineRules {
    static func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
}
