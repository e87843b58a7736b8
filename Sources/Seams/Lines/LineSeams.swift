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
    public let rules: LineRules

    public init(rules: LineRules = LineRules()) {
        self.rules = rules
    }

    private struct End {
        var end: LineEnd
        var line: SeamLine
        var point: GridPoint
        /// Out of the line, of length 1.
        var direction: (x: Double, y: Double)
    }

    private struct Pair {
        var first: Int
        var second: Int
        var distance: Double
        var score: Double
        var sameName: Bool
    }

    /// - Parameters:
    ///   - lines: with unique ids, in any order.
    ///   - isAtSeam: whether an end of an owner, in metres, lies where the
    ///     owner's ground ends: only such ends are reported as dangling.
    /// - Complexity: O(*n* log *n*) in ends.
    public func join(_ lines: [SeamLine], isAtSeam: (Coordinate, Int64) -> Bool = { _, _ in false }) -> LineResult {
        let ends = looseEnds(of: lines.sorted { $0.id < $1.id })
        let pairs = candidates(ends)
        var best = [[Double]](repeating: [], count: ends.count)
        for pair in pairs {
            best[pair.first].append(pair.score)
            best[pair.second].append(pair.score)
        }
        var partner = [Bool](repeating: false, count: ends.count)
        var result = LineResult()
        var moves: [LineEnd: GridPoint] = [:]
        for pair in pairs where !partner[pair.first] && !partner[pair.second] {
            let (one, two) = (ends[pair.first], ends[pair.second])
            partner[pair.first] = true
            partner[pair.second] = true
            let rivals = (best[pair.first] + best[pair.second]).filter { $0 > pair.score - rules.clearLead }
            let meeting = meeting(of: one, two)
            let isSure = pair.score >= rules.joiningScore && pair.sameName && rivals.count == 2
            if isSure, let meeting {
                moves[one.end] = meeting
                moves[two.end] = meeting
            }
            let middle = GridPoint((one.point.x + two.point.x) / 2, (one.point.y + two.point.y) / 2)
            result.records.append(
                LineRecord(
                    outcome: isSure && meeting != nil ? .joined : .unsure, ends: [one.end, two.end].sorted(),
                    place: (isSure ? meeting ?? middle : middle).coordinate, distance: pair.distance,
                    confidence: pair.score))
        }
        for (number, end) in ends.enumerated() where !partner[number] {
            guard isAtSeam(end.point.coordinate, end.line.owner) else { continue }
            result.records.append(
                LineRecord(
                    outcome: .dangling, ends: [end.end], place: end.point.coordinate, distance: 0, confidence: 1))
        }
        for line in lines {
            let moved = Self.moved(line, moves)
            if moved != line.geometry { result.changed[line.id] = moved }
        }
        result.joined = result.records.count { $0.outcome == .joined }
        result.unsure = result.records.count { $0.outcome == .unsure }
        result.dangling = result.records.count { $0.outcome == .dangling }
        result.records.sort { ($0.ends[0], $0.ends.count) < ($1.ends[0], $1.ends.count) }
        result.records = Array(result.records.prefix(max(0, rules.mostRecords)))
        return result
    }

    /// Ends at which nothing else ends yet.
    private func looseEnds(of lines: [SeamLine]) -> [End] {
        var all: [End] = []
        var uses: [GridPoint: Int] = [:]
        for line in lines {
            for (part, run) in Self.parts(line.geometry).enumerated() {
                let points = run.map { GridPoint($0) }
                guard let first = points.first, let last = points.last, points.count > 1 else { continue }
                uses[first, default: 0] += 1
                uses[last, default: 0] += 1
                for (isStart, path) in [(true, points), (false, points.reversed())] {
                    let end = LineEnd(line: line.id, part: part, isStart: isStart)
                    guard let direction = direction(path) else { continue }
                    all.append(End(end: end, line: line, point: path[0], direction: direction))
                }
            }
        }
        return all.filter { uses[$0.point] == 1 }
    }

    /// From some way along the line to its first position.
    private func direction(_ path: [GridPoint]) -> (x: Double, y: Double)? {
        var far = path[0]
        for point in path.dropFirst() {
            far = point
            if path[0].distance(to: point) >= rules.directionLength { break }
        }
        let length = path[0].distance(to: far)
        guard length > 0 else { return nil }
        return (Double(path[0].x - far.x) / 1000 / length, Double(path[0].y - far.y) / 1000 / length)
    }

    /// Best first.
    private func candidates(_ ends: [End]) -> [Pair] {
        let index = RangeIndex(ends.map { GridRange($0.point, $0.point) })
        let reach = Int64((rules.reach * 1000).rounded(.up))
        let least = cos(rules.sharpestTurn * .pi / 180)
        var pairs: [Pair] = []
        for (number, end) in ends.enumerated() {
            index.search(GridRange(end.point, end.point).expanded(by: reach)) { other in
                let there = ends[other]
                guard other > number, there.line.owner != end.line.owner else { return }
                let distance = end.point.distance(to: there.point)
                // Straight on is against the direction of the other end.
                let turn = -(end.direction.x * there.direction.x + end.direction.y * there.direction.y)
                guard distance <= rules.reach, turn >= least else { return }
                let name = Self.agreement(end.line.name, there.line.name)
                let score =
                    0.5 * (1 - distance / max(rules.reach, 0.001)) + 0.35 * (turn - least) / max(1 - least, 1e-9)
                    + 0.15 * name
                pairs.append(
                    Pair(first: number, second: other, distance: distance, score: score, sameName: name > 0))
            }
        }
        return pairs.sorted {
            (-$0.score, ends[$0.first].end, ends[$0.second].end) < (-$1.score, ends[$1.first].end, ends[$1.second].end)
        }
    }

    private static func agreement(_ one: String?, _ two: String?) -> Double {
        guard let one, let two, !one.isEmpty, !two.isEmpty else { return 0.5 }
        return one == two ? 1 : 0
    }

    /// Nil when both must stay where they are.
    private func meeting(of one: End, _ two: End) -> GridPoint? {
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

    private static func parts(_ geometry: Geometry) -> [[Coordinate]] {
        switch geometry {
        case .lineString(let line): [line.coordinates]
        case .multiLineString(let multi): multi.lineStrings.map(\.coordinates)
        default: []
        }
    }

    private static func moved(_ line: SeamLine, _ moves: [LineEnd: GridPoint]) -> Geometry {
        var part = 0
        return line.geometry.mapCoordinates { run in
            var run = run
            defer { part += 1 }
            guard run.count > 1 else { return run }
            if let start = moves[LineEnd(line: line.id, part: part, isStart: true)] { run[0] = start.coordinate }
            if let end = moves[LineEnd(line: line.id, part: part, isStart: false)] {
                run[run.count - 1] = end.coordinate
            }
            return run
        }
    }
}
