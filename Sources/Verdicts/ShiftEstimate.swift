// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The one shift that brings a placed sample onto the known lines: nearest lines
/// are looked for, the shift that explains the offsets across them is made, and
/// again with a smaller radius, until only lines that truly match are left
/// (iterative closest lines; Chen and Medioni 1992).
struct ShiftEstimate {
    /// To be added to the sample, in metres.
    let shift: Coordinate
    /// Of all positions those within the tolerance afterwards.
    let coincidence: Coincidence
    /// The median distance of the matched positions from their lines afterwards.
    let residual: Double
    /// The median difference of the shifts of single cells from the whole; nil
    /// with fewer than three cells that tell.
    let spread: Double?

    /// - Parameters:
    ///   - start: the first guess.
    ///   - radius: within which lines are looked for at first, in metres.
    init?(
        _ positions: [Coordinate], _ ground: GroundIndex, start: Coordinate = Coordinate(x: 0, y: 0),
        radius: Double = 150
    ) {
        var shift = start
        var radius = radius
        var residual = Double.infinity
        for _ in 0..<14 {
            var field = NormalField()
            var distances: [Double] = []
            for position in positions where position.isFinite {
                let moved = Coordinate(x: position.x + shift.x, y: position.y + shift.y)
                guard let hit = ground.nearest(to: moved, within: radius) else { continue }
                field.add(along: hit.along, offset: Self.offset(from: moved, to: hit))
                distances.append(hit.point.distance(to: moved))
            }
            guard field.count >= 15, let step = field.shift, let median = distances.median else { return nil }
            shift = Coordinate(x: shift.x + step.x, y: shift.y + step.y)
            residual = median
            // Three medians keep what belongs together and drop the rest.
            radius = min(radius, max(radius * 0.6, 3 * median), 1e9)
            radius = max(radius, 0.05)
            if max(abs(step.x), abs(step.y)) < 1e-4, radius <= max(3 * median, 0.06) { break }
        }
        self.shift = shift
        let moved = positions.map { Coordinate(x: $0.x + shift.x, y: $0.y + shift.y) }
        coincidence = Coincidence(moved, ground)
        self.residual = Self.residual(of: moved, ground) ?? residual
        spread = Self.spread(of: moved, ground, radius: max(3 * residual, 0.5))
    }

    private static func offset(from position: Coordinate, to hit: (point: Coordinate, along: Coordinate)) -> Double {
        (hit.point.x - position.x) * -hit.along.y + (hit.point.y - position.y) * hit.along.x
    }

    private static func residual(of positions: [Coordinate], _ ground: GroundIndex) -> Double? {
        positions.compactMap { position in
            guard position.isFinite, let hit = ground.nearest(to: position, within: Coincidence.tolerance) else {
                return nil
            }
            return hit.point.distance(to: position)
        }.median
    }

    /// The shift of each of 3 × 3 cells of the sample by itself.
    private static func spread(of positions: [Coordinate], _ ground: GroundIndex, radius: Double) -> Double? {
        var envelope = Envelope.empty
        for position in positions where position.isFinite { envelope.expand(toContain: position) }
        guard envelope.width > 0, envelope.height > 0 else { return nil }
        var fields = [NormalField](repeating: NormalField(), count: 9)
        for position in positions where position.isFinite {
            guard let hit = ground.nearest(to: position, within: radius) else { continue }
            let column = min(2, Int((position.x - envelope.minX) / envelope.width * 3))
            let row = min(2, Int((position.y - envelope.minY) / envelope.height * 3))
            fields[row * 3 + column].add(along: hit.along, offset: offset(from: position, to: hit))
        }
        let shifts = fields.compactMap { $0.count >= 8 && $0.cross > 0.05 ? $0.shift : nil }
        guard shifts.count >= 3 else { return nil }
        return shifts.map { $0.distance(to: Coordinate(x: 0, y: 0)) }.median
    }
}
