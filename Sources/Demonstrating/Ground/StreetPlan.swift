// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The streets as two families of lines, bent a little, with canals between
/// some of them.
///
/// A place of the plan is (u, v) in metres: u rises to the east along the lines
/// of the second family, v to the north along those of the first. `ground` bends
/// the plan onto EPSG:4549.
struct StreetPlan: Sendable {
    /// A line of one family.
    struct Line: Sendable {
        var position: Double
        var road: RoadClass
        var name: String
        /// Whether the gap after the line holds a canal and no blocks.
        var isBeforeCanal: Bool
    }

    /// Lines of constant u, from west to east.
    var northward: [Line]
    /// Lines of constant v, from south to north.
    var eastward: [Line]

    static let middle = Coordinate(x: 638_000, y: 3_443_400)
    private static let reach = 17_000.0

    init(seed: UInt64) {
        var names = RoadNames(seed: seed)
        northward = Self.family("northward", seed: seed, names: &names)
        eastward = Self.family("eastward", seed: seed, names: &names)
    }

    private static func family(_ part: String, seed: UInt64, names: inout RoadNames) -> [Line] {
        var random = RandomSource(seed: seed, part: part)
        var lines: [Line] = []
        var position = -reach
        var untilCanal = 5
        while position < reach {
            let index = lines.count
            let road: RoadClass =
                switch index % 8 {
                case 0: .primary
                case 4: .secondary
                case 2, 6: .tertiary
                default: .residential
                }
            untilCanal -= 1
            let isBeforeCanal = untilCanal == 0
            if isBeforeCanal { untilCanal = random.integer(6...10) }
            lines.append(
                Line(position: position, road: road, name: names.next(of: road), isBeforeCanal: isBeforeCanal))
            position += isBeforeCanal ? random.real(56...84) : random.real(225...375)
        }
        return lines
    }

    /// The place on the ground of a place of the plan.
    static func ground(_ u: Double, _ v: Double) -> Coordinate {
        let bentU = u + 260 * Turn.wave(v / 14_000 + 0.1) + 120 * Turn.wave((u + v) / 9_000)
        let bentV = v + 220 * Turn.wave(u / 12_000 + 0.4) + 100 * Turn.wave((u - v) / 8_000)
        // A turn by a little less than seven degrees, to the right.
        return Coordinate(
            x: middle.x + 0.9930 * bentU + 0.1181 * bentV, y: middle.y - 0.1181 * bentU + 0.9930 * bentV)
    }

    /// Where two lines cross.
    func crossing(_ i: Int, _ j: Int) -> Coordinate {
        Self.ground(northward[i].position, eastward[j].position).onGrid
    }
}

/// A road's class. Raw values are the codes of the layer.
enum RoadClass: String, Sendable, CaseIterable {
    case motorway
    case trunk
    case primary
    case secondary
    case tertiary
    case residential
    case service

    /// From kerb to kerb, in metres.
    var width: Double {
        switch self {
        case .motorway: 32
        case .trunk: 28
        case .primary: 34
        case .secondary: 24
        case .tertiary: 16
        case .residential: 10
        case .service: 5
        }
    }

    var lanes: Int {
        switch self {
        case .motorway, .trunk, .primary: 6
        case .secondary: 4
        case .tertiary, .residential: 2
        case .service: 1
        }
    }
}
