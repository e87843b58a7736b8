// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// How far a placed sample lies on lines that are known.
///
/// What chance would give is measured and not assumed: the same sample is moved
/// by 600 to 1,500 m in twelve directions, and the middle of the shares that
/// then lie on lines is the share by chance.
struct Coincidence {
    /// Two independent drawings of one border differ by less.
    static let tolerance = 30.0
    /// Less than this is no agreement.
    private static let leastShare = 0.4
    private static let timesChance = 4.0
    private static let leastMatches = 15
    /// Lines in one direction only leave the shift along them open.
    private static let leastCross = 0.04

    /// Of the positions on the known ground those within the tolerance.
    let share: Double
    let matched: [Bool]
    /// Of the lesser direction of the matched lines, 0 to 0.5.
    private let cross: Double

    init(_ positions: [Coordinate], _ ground: GroundIndex) {
        var field = NormalField()
        matched = positions.map { position in
            guard position.isFinite, let hit = ground.nearest(to: position, within: Self.tolerance) else {
                return false
            }
            field.add(along: hit.along, offset: 0)
            return true
        }
        share = Self.share(field.count, of: positions, ground)
        cross = field.cross
    }

    /// A delivery may reach beyond what is known; what lies there says nothing.
    private static func share(_ count: Int, of positions: [Coordinate], _ ground: GroundIndex) -> Double {
        let known = ground.envelope.expanded(by: 500)
        let looked = positions.count { known.contains($0) }
        return Double(count) / Double(max(looked, positions.count / 5, 1))
    }

    var count: Int { matched.count { $0 } }

    /// Whether the agreement is more than chance, in two directions.
    func isConfirmed(chance: Double) -> Bool {
        share >= Self.leastShare && share >= Self.timesChance * chance && count >= Self.leastMatches
            && cross >= Self.leastCross
    }

    static func chance(_ positions: [Coordinate], _ ground: GroundIndex) -> Double {
        let shares = (0..<12).map { number -> Double in
            let angle = Double(number) * .pi / 6 + 0.2
            let radius = 600 + 300 * Double(number % 4)
            let moved = positions.map { Coordinate(x: $0.x + radius * cos(angle), y: $0.y + radius * sin(angle)) }
            let hits = moved.count { $0.isFinite && ground.nearest(to: $0, within: tolerance) != nil }
            return share(hits, of: moved, ground)
        }
        return shares.median ?? 0
    }

    /// The median distance to the nearest known line, of the positions that have
    /// one within 1.5 km; nil when fewer than a quarter have.
    static func medianDistance(_ positions: [Coordinate], _ ground: GroundIndex) -> Double? {
        let distances = positions.compactMap { position -> Double? in
            guard position.isFinite, let hit = ground.nearest(to: position, within: 1500) else { return nil }
            return hit.point.distance(to: position)
        }
        return distances.count * 4 >= positions.count ? distances.median : nil
    }
}

/// Offsets from lines, of which only the part across each line is known, and the
/// shift that explains them best.
struct NormalField {
    private var xx = 0.0, xy = 0.0, yy = 0.0, x = 0.0, y = 0.0
    private(set) var count = 0

    /// - Parameters:
    ///   - along: the unit direction of the line.
    ///   - offset: from the position to the line, across it, to the left of
    ///     `along`.
    mutating func add(along: Coordinate, offset: Double) {
        let (nx, ny) = (-along.y, along.x)
        xx += nx * nx
        xy += nx * ny
        yy += ny * ny
        x += nx * offset
        y += ny * offset
        count += 1
    }

    /// The lesser eigenvalue of the mean of n·nᵀ: 0 for lines in one direction,
    /// 0.5 for all directions alike.
    var cross: Double {
        guard count > 0 else { return 0 }
        let root = ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
        return max((xx + yy) / 2 - root, 0) / Double(count)
    }

    /// By least squares.
    var shift: Coordinate? {
        let determinant = xx * yy - xy * xy
        guard count >= 3, cross > 0.02, determinant > 0 else { return nil }
        return Coordinate(x: (x * yy - y * xy) / determinant, y: (y * xx - x * xy) / determinant)
    }
}
