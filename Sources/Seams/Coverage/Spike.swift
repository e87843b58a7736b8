// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A place where the border of an area comes back on itself: an arm of ground
/// that is much longer than wide.
///
/// Measured along the border, so that neither a blunt tip nor many vertices on
/// the arm's sides hide it: at a tip with the ground inside of the turn, walk the
/// same way back and forth along the border; when the two ends are nearer to each
/// other than the sides of the angle would be at that length, the way is the
/// spike's length.
struct Spike: Hashable {
    var tip: GridPoint
    /// In metres.
    var length: Double
}

/// Looks for spikes that a repair made.
struct SpikeSearch {
    /// No way shorter than this is walked, in metres.
    let shortest: Double
    /// Sides that open by this angle or more make no spike, in degrees.
    let angle: Double
    /// How wide a spike can be that a repair makes, in metres: the limit of what is repaired.
    let widest: Double
    /// Nearer than this, in metres, a tip that was there before is the same one.
    let reach: Double

    private var share: Double { 2 * sin(angle * .pi / 360) }

    /// The ways that are walked, in metres: the last is long enough to show a
    /// spike of the greatest width.
    private var ways: [Double] {
        let last = max(shortest, 1.25 * widest / max(share, 1e-3))
        var ways: [Double] = []
        var way = shortest
        while way < last {
            ways.append(way)
            way *= 1.5
        }
        return ways + [last]
    }

    /// The spikes that one border has and another, of which it was made, has not:
    /// the longest one first. Several tips of one spike are one.
    ///
    /// - Complexity: O(*n* + *k* log *n*) for *n* vertices, *k* of them near those
    ///   that only the new border has.
    func spikes(of new: PreparedFeature, notIn old: PreparedFeature) -> [Spike] {
        let known = Set(old.edges)
        var found: [Spike] = []
        for ring in new.rings {
            let walk = RingWalk(ring)
            for tip in walk.tips(isNew: { !known.contains($0) }, within: ways.last ?? shortest) {
                guard let spike = spike(at: tip, walk), !has(old, near: spike.tip) else { continue }
                found.append(spike)
            }
        }
        return distinct(found)
    }

    /// All spikes of an area.
    func spikes(of feature: PreparedFeature) -> [Spike] {
        distinct(
            feature.rings.flatMap { ring in
                let walk = RingWalk(ring)
                return walk.tips(isNew: { _ in true }, within: 0).compactMap { spike(at: $0, walk) }
            })
    }

    /// The longest one of those with tips near to each other.
    private func distinct(_ spikes: [Spike]) -> [Spike] {
        let sorted = spikes.sorted { ($1.length, $0.tip) < ($0.length, $1.tip) }
        var kept: [Spike] = []
        for spike in sorted where !kept.contains(where: { $0.tip.distance(to: spike.tip) <= max(widest, shortest) }) {
            kept.append(spike)
        }
        return kept
    }

    private func has(_ feature: PreparedFeature, near tip: GridPoint) -> Bool {
        feature.rings.contains { ring in
            var walk: RingWalk?
            return ring.contains { point in
                guard point.distance(to: tip) <= reach else { return false }
                let known = walk ?? RingWalk(ring)
                walk = known
                return known.tips(at: point).contains { spike(at: $0, known) != nil }
            }
        }
    }

    private func spike(at tip: Double, _ walk: RingWalk) -> Spike? {
        var found: Double?
        func isSpike(_ way: Double) -> Bool {
            let steps = way * 1000
            guard 4 * steps <= walk.length else { return false }
            let (before, after) = (walk.position(tip - steps), walk.position(tip + steps))
            let (dx, dy) = (after.x - before.x, after.y - before.y)
            guard (dx * dx + dy * dy).squareRoot() < share * steps else { return false }
            // The ground lies to the left of the border, so a spike turns left.
            let here = walk.position(tip)
            return (here.x - before.x) * (after.y - here.y) - (here.y - before.y) * (after.x - here.x) > 0
        }
        for way in ways where isSpike(way) { found = way }
        guard var length = found else { return nil }
        while isSpike(length * 1.1) { length *= 1.1 }
        let place = walk.position(tip)
        return Spike(tip: GridPoint(Int64(place.x.rounded()), Int64(place.y.rounded())), length: length)
    }
}

/// A ring by the way along it, in millimetres.
struct RingWalk {
    private let ring: [GridPoint]
    /// The way to each vertex, and at last all around.
    private let ways: [Double]

    var length: Double { ways[ring.count] }

    init(_ ring: [GridPoint]) {
        self.ring = ring
        var ways = [0.0]
        ways.reserveCapacity(ring.count + 1)
        for (number, point) in ring.enumerated() {
            let next = ring[number + 1 == ring.count ? 0 : number + 1]
            let (dx, dy) = (Double(next.x - point.x), Double(next.y - point.y))
            ways.append(ways[number] + (dx * dx + dy * dy).squareRoot())
        }
        self.ways = ways
    }

    /// Vertices, and the middles of sides: the tip of a blunt spike.
    ///
    /// - Parameters:
    ///   - isNew: which sides to look at.
    ///   - distance: and all tips so near to one of these along the ring, in metres.
    func tips(isNew: (SnapRounding.Segment) -> Bool, within distance: Double) -> [Double] {
        let count = ring.count
        // The way over which sides are new, as stretches that may meet.
        var stretches: [(from: Double, to: Double)] = []
        for number in 0..<count {
            let edge = SnapRounding.Segment(ring[number], ring[number + 1 == count ? 0 : number + 1])
            guard isNew(edge) else { continue }
            let (from, to) = (ways[number] - distance * 1000, ways[number + 1] + distance * 1000)
            if let last = stretches.last, from <= last.to {
                stretches[stretches.count - 1].to = max(last.to, to)
            } else {
                stretches.append((from, to))
            }
        }
        guard !stretches.isEmpty else { return [] }
        func isNear(_ way: Double) -> Bool {
            [way - length, way, way + length].contains { place in
                var (low, high) = (0, stretches.count)
                while low < high {
                    let middle = (low + high) / 2
                    if stretches[middle].to < place { low = middle + 1 } else { high = middle }
                }
                return low < stretches.count && stretches[low].from <= place
            }
        }
        var tips: [Double] = []
        for number in 0..<count { tips += [ways[number], (ways[number] + ways[number + 1]) / 2] }
        return tips.filter(isNear)
    }

    /// The tips at a vertex and on the sides beside it.
    func tips(at point: GridPoint) -> [Double] {
        ring.indices.filter { ring[$0] == point }.flatMap { number in
            let before = number == 0 ? ring.count - 1 : number - 1
            return [ways[number], (ways[number] + ways[number + 1]) / 2, (ways[before] + ways[before + 1]) / 2]
        }
    }

    /// - Parameter way: along the ring from its first vertex; any number.
    /// - Complexity: O(log *n*).
    func position(_ way: Double) -> (x: Double, y: Double) {
        guard length > 0 else { return (Double(ring[0].x), Double(ring[0].y)) }
        var rest = way.truncatingRemainder(dividingBy: length)
        if rest < 0 { rest += length }
        var (low, high) = (0, ring.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if ways[middle] <= rest { low = middle } else { high = middle - 1 }
        }
        let (a, b) = (ring[low], ring[low + 1 == ring.count ? 0 : low + 1])
        let share = ways[low + 1] > ways[low] ? (rest - ways[low]) / (ways[low + 1] - ways[low]) : 0
        return (Double(a.x) + share * Double(b.x - a.x), Double(a.y) + share * Double(b.y - a.y))
    }
}
