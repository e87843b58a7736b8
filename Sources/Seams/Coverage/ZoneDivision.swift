// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Draws the lines that divide a zone between those who have a right to it.
///
/// The zone is triangulated with positions of its own border as corners. Where
/// two ends of a triangle's side have no label in common, the dividing line
/// passes through the middle of that side; it ends where labels meet on the
/// border. So it runs along the middle of the zone, and reaches every junction
/// without a spike.
struct ZoneDivision {
    let engine: TopologyEngine

    /// The most positions that are added to a border before it is triangulated,
    /// whose time may grow with their square. Between parallel borders the
    /// middle is right however few they are.
    private static let mostSamples = 300.0

    /// - Parameter width: of the zone, in metres.
    /// - Returns: nothing when there is one label only.
    func lines(
        through zone: SeamZone, labels: ZoneLabels, width: Double
    ) throws(TopologyError) -> [SnapRounding.Segment] {
        let spacing = max(2 * width, zone.outline / Self.mostSamples, 0.01)
        let border = LabelledBorder(zone, labels, spacing: spacing)
        guard border.labelCount > 1 else { return [] }
        var segments: Set<SnapRounding.Segment> = []
        for polygon in border.polygons {
            for triangle in try engine.triangles(of: polygon) {
                let corners = Array(triangle.exteriorRing.coordinates.prefix(3))
                guard corners.count == 3 else { continue }
                add(corners, corners.map { border.labels[$0] ?? [] }, to: &segments)
            }
        }
        return DividingLines(segments).simplified(tolerance: min(0.005, 0.02 * width) + 0.001)
    }

    private func add(_ corners: [Coordinate], _ labels: [Set<Int64>], to segments: inout Set<SnapRounding.Segment>) {
        func middle(_ a: Int, _ b: Int) -> GridPoint? {
            guard labels[a].isDisjoint(with: labels[b]) else { return nil }
            return GridPoint(
                Coordinate(x: (corners[a].x + corners[b].x) / 2, y: (corners[a].y + corners[b].y) / 2))
        }
        func connect(_ a: GridPoint, _ b: GridPoint) {
            if a != b { segments.insert(a < b ? SnapRounding.Segment(a, b) : SnapRounding.Segment(b, a)) }
        }
        let middles = [middle(1, 2), middle(2, 0), middle(0, 1)]
        let crossed = middles.compactMap { $0 }
        switch crossed.count {
        case 1:
            // The corner opposite of the crossed side has labels of both.
            if let number = middles.firstIndex(where: { $0 != nil }) { connect(crossed[0], GridPoint(corners[number])) }
        case 2: connect(crossed[0], crossed[1])
        case 3:
            let sum = corners.reduce((x: 0.0, y: 0.0)) { ($0.x + $1.x, $0.y + $1.y) }
            for point in crossed { connect(point, GridPoint(Coordinate(x: sum.x / 3, y: sum.y / 3))) }
        default: break
        }
    }
}

/// The border of a zone as rings to triangulate, with the labels that meet at
/// each position.
struct LabelledBorder {
    private(set) var polygons: [Polygon] = []
    private(set) var labels: [Coordinate: Set<Int64>] = [:]
    private(set) var labelCount = 0

    /// - Parameter spacing: the longest piece of border between two positions, in metres.
    init(_ zone: SeamZone, _ known: ZoneLabels, spacing: Double) {
        var numbers: [SnapRounding.Segment: Int] = [:]
        for (number, piece) in known.pieces.enumerated() { numbers[piece] = number }
        let meetings = known.meetings()
        var sampled: [[GridPoint]: LinearRing] = [:]
        var all: Set<Int64> = []
        for ring in zone.rings {
            var samples: [(start: Coordinate, label: Int64?)] = []
            for (place, start) in ring.enumerated() {
                let end = ring[place + 1 == ring.count ? 0 : place + 1]
                guard let number = numbers[SnapRounding.Segment(start, end)] else { continue }
                let count = Int((start.distance(to: end) / spacing).rounded(.up))
                var along = count > 1 ? (0..<count).map { Double($0) / Double(count) } : [0]
                for meeting in meetings[number] ?? [] {
                    along.removeAll { abs($0 - meeting) * Double(max(count, 1)) < 0.5 && $0 > 0 }
                    along.append(meeting)
                }
                along.sort()
                let (a, b) = (start.coordinate, end.coordinate)
                let (dx, dy) = (Double(end.x - start.x), Double(end.y - start.y))
                for (step, t) in along.enumerated() {
                    let middle = (t + (step + 1 < along.count ? along[step + 1] : 1)) / 2
                    let place = (x: Double(start.x) + dx * middle, y: Double(start.y) + dy * middle)
                    let position = t == 0 ? a : Coordinate(x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t)
                    samples.append((position, known.label(number, at: place)))
                }
            }
            samples = Self.completed(samples)
            for (number, sample) in samples.enumerated() {
                guard let label = sample.label else { continue }
                all.insert(label)
                labels[sample.start, default: []].insert(label)
                labels[samples[number + 1 == samples.count ? 0 : number + 1].start, default: []].insert(label)
            }
            var positions: [Coordinate] = []
            for sample in samples where positions.last != sample.start { positions.append(sample.start) }
            if let first = positions.first { positions.append(first) }
            sampled[ring] = LinearRing(positions)
        }
        labelCount = all.count
        polygons = GridRing.polygons(zone.rings).compactMap { polygon in
            guard let shell = sampled[polygon.shell] else { return nil }
            return Polygon(shell, interiorRings: polygon.holes.compactMap { sampled[$0] })
        }
    }

    /// Pieces without a label, such as the mouth of a slit, go to those on
    /// either side, each up to the middle.
    private static func completed(
        _ samples: [(start: Coordinate, label: Int64?)]
    ) -> [(start: Coordinate, label: Int64?)] {
        guard let first = samples.firstIndex(where: { $0.label != nil }), samples.contains(where: { $0.label == nil })
        else { return samples }
        let turned = Array(samples[first...] + samples[..<first])
        var result: [(start: Coordinate, label: Int64?)] = []
        var place = 0
        while place < turned.count {
            var end = place
            while end < turned.count, turned[end].label == nil { end += 1 }
            if end == place {
                result.append(turned[place])
                place += 1
                continue
            }
            let (before, after) = (turned[place - 1].label, turned[end == turned.count ? 0 : end].label)
            var run = Array(turned[place..<end])
            if run.count == 1 {
                let (a, b) = (run[0].start, turned[end == turned.count ? 0 : end].start)
                run.append((Coordinate(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2), nil))
            }
            for number in run.indices { run[number].label = number < run.count / 2 ? before : after }
            result += run
            place = end
        }
        return result
    }
}
