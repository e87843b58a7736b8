// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The ends of lines, and where they lie.
struct LooseEnds {
    struct End {
        var end: LineEnd
        var line: SeamLine
        var point: GridPoint
        /// Out of the line, of length 1.
        var direction: (x: Double, y: Double)
        /// Of the part that ends here, in metres.
        var length: Double
    }

    /// Ends at which nothing else ends yet, in the order of the lines.
    let ends: [End]
    private let index: RangeIndex

    init(_ lines: [SeamLine], _ rules: LineRules) {
        var all: [End] = []
        var uses: [GridPoint: Int] = [:]
        for line in lines {
            for end in Self.ends(of: line, rules) {
                uses[end.point, default: 0] += 1
                all.append(end)
            }
        }
        ends = all.filter { uses[$0.point] == 1 }
        index = RangeIndex(ends.map { GridRange($0.point, $0.point) })
    }

    /// Calls `visit` with the number of each end near a place.
    func search(_ place: GridPoint, reach: Double, _ visit: (Int) -> Void) {
        index.search(GridRange(place, place).expanded(by: Int64((reach * 1000).rounded(.up))), visit)
    }

    static func ends(of line: SeamLine, _ rules: LineRules) -> [End] {
        var ends: [End] = []
        for (part, run) in parts(line.geometry).enumerated() where run.count > 1 {
            let points = run.map { GridPoint($0) }
            let length = zip(points, points.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
            for (isStart, path) in [(true, points), (false, points.reversed())] {
                guard let direction = direction(path, rules) else { continue }
                ends.append(
                    End(
                        end: LineEnd(line: line.id, part: part, isStart: isStart), line: line, point: path[0],
                        direction: direction, length: length))
            }
        }
        return ends
    }

    static func parts(_ geometry: Geometry) -> [[Coordinate]] {
        switch geometry {
        case .lineString(let line): [line.coordinates]
        case .multiLineString(let multi): multi.lineStrings.map(\.coordinates)
        default: []
        }
    }

    /// From some way along the line to its first position; nil for a line without length.
    private static func direction(_ path: [GridPoint], _ rules: LineRules) -> (x: Double, y: Double)? {
        var far = path[0]
        for point in path.dropFirst() {
            far = point
            if path[0].distance(to: point) >= rules.directionLength { break }
        }
        let length = path[0].distance(to: far)
        guard length > 0 else { return nil }
        return (Double(path[0].x - far.x) / 1000 / length, Double(path[0].y - far.y) / 1000 / length)
    }
}

extension LooseEnds.End {
    /// How well two ends go on in each other; nil when they do not.
    func score(with other: LooseEnds.End, _ rules: LineRules) -> (value: Double, distance: Double, names: Double)? {
        guard other.line.owner != line.owner else { return nil }
        let distance = point.distance(to: other.point)
        let least = LineRules.cosine(rules.sharpestTurn)
        // Straight on is against the direction of the other end.
        let turn = -(direction.x * other.direction.x + direction.y * other.direction.y)
        guard distance <= rules.reach, turn >= least else { return nil }
        let names = Self.agreement(line.name, other.line.name)
        let nearness = 0.5 * (1 - distance / max(rules.reach, 0.001))
        let straightness = 0.35 * (turn - least) / max(1 - least, 1e-9)
        return (nearness + straightness + 0.15 * names, distance, names)
    }

    private static func agreement(_ one: String?, _ two: String?) -> Double {
        guard let one, let two, !one.isEmpty, !two.isEmpty else { return 0.5 }
        return one == two ? 1 : 0
    }
}
