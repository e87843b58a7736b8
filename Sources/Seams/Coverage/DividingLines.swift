// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Segments that hang together as lines between ends and junctions, with fewer
/// vertices (D. H. Douglas and T. K. Peucker, 1973).
struct DividingLines {
    private var lines: [[GridPoint]] = []

    init(_ segments: Set<SnapRounding.Segment>) {
        var neighbours: [GridPoint: [GridPoint]] = [:]
        for segment in segments {
            neighbours[segment.start, default: []].append(segment.end)
            neighbours[segment.end, default: []].append(segment.start)
        }
        let points = neighbours.keys.sorted()
        for point in points { neighbours[point]?.sort() }
        var walked: Set<SnapRounding.Segment> = []
        func walk(_ start: GridPoint, _ first: GridPoint) {
            var line = [start]
            var (here, next) = (start, first)
            while walked.insert(here < next ? .init(here, next) : .init(next, here)).inserted {
                line.append(next)
                guard let around = neighbours[next], around.count == 2 else { break }
                let onwards = around[0] == here ? around[1] : around[0]
                (here, next) = (next, onwards)
            }
            if line.count > 1 { lines.append(line) }
        }
        for point in points where neighbours[point]?.count != 2 {
            for next in neighbours[point] ?? [] { walk(point, next) }
        }
        // What is left are closed lines.
        for point in points { for next in neighbours[point] ?? [] { walk(point, next) } }
    }

    /// - Parameter tolerance: how far a vertex may lie from the line that is left, in metres.
    func simplified(tolerance: Double) -> [SnapRounding.Segment] {
        var segments: Set<SnapRounding.Segment> = []
        for line in lines {
            let kept = Self.kept(of: line.first.flatMap { first in
                line.last.map { first <= $0 ? line : line.reversed() }
            } ?? line, tolerance * 1000)
            for (a, b) in zip(kept, kept.dropFirst()) where a != b {
                segments.insert(a < b ? .init(a, b) : .init(b, a))
            }
        }
        return segments.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    private static func kept(of line: [GridPoint], _ tolerance: Double) -> [GridPoint] {
        guard line.count > 2 else { return line }
        var keep = [Bool](repeating: false, count: line.count)
        keep[0] = true
        keep[line.count - 1] = true
        var open = [(0, line.count - 1)]
        while let (from, to) = open.popLast() {
            var worst = (distance: tolerance, place: -1)
            for place in (from + 1)..<max(from + 1, to) {
                let distance = distance(line[place], line[from], line[to])
                if distance > worst.distance { worst = (distance, place) }
            }
            guard worst.place > 0 else { continue }
            keep[worst.place] = true
            open += [(from, worst.place), (worst.place, to)]
        }
        return zip(line, keep).compactMap { $1 ? $0 : nil }
    }

    private static func distance(_ point: GridPoint, _ a: GridPoint, _ b: GridPoint) -> Double {
        var foot = (x: Double(a.x), y: Double(a.y))
        if a != b { foot = NeighbourhoodSearch.foot(of: point, on: .init(a, b)) }
        let (dx, dy) = (foot.x - Double(point.x), foot.y - Double(point.y))
        return (dx * dx + dy * dy).squareRoot()
    }
}
