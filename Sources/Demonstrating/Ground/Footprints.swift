// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Outlines of buildings: right angles only, in metres around a middle.
enum Footprints {
    enum Shape {
        case slab
        case angle
        case court
        case tee
    }

    /// A closed anticlockwise ring on whole millimetres.
    ///
    /// - Parameters:
    ///   - direction: Where the building's width runs, of length 1.
    ///   - width: Along `direction`.
    ///   - depth: Across it.
    ///   - wing: How thick the wings of a shape other than a slab are.
    static func ring(
        _ shape: Shape, middle: Coordinate, direction: Vector, width: Double, depth: Double, wing: Double
    ) -> [Coordinate] {
        let x = width / 2
        let y = depth / 2
        let corners: [(Double, Double)] =
            switch shape {
            case .slab: [(-x, -y), (x, -y), (x, y), (-x, y)]
            case .angle: [(-x, -y), (x, -y), (x, -y + wing), (-x + wing, -y + wing), (-x + wing, y), (-x, y)]
            case .court:
                [
                    (-x, -y), (x, -y), (x, y), (x - wing, y), (x - wing, -y + wing), (-x + wing, -y + wing),
                    (-x + wing, y), (-x, y),
                ]
            case .tee:
                [
                    (-wing / 2, -y), (wing / 2, -y), (wing / 2, y - wing), (x, y - wing), (x, y), (-x, y),
                    (-x, y - wing), (-wing / 2, y - wing),
                ]
            }
        let across = direction.left
        let ring = corners.map { (middle + direction * $0.0 + across * $0.1).onGrid }
        return ring + ring.prefix(1)
    }
}

/// How a block of some use is built up.
struct BuildingHabit {
    /// The ground that one building gets, in metres, before the district is made
    /// denser.
    var lot: (width: Double, depth: Double)
    /// The share of the lot that is built on, along and across.
    var cover: (ClosedRange<Double>, ClosedRange<Double>)
    /// How many lots are built on at all.
    var share: Double
    var shapes: [(Footprints.Shape, Double)]
    var levels: [(ClosedRange<Int>, Double)]
    /// The codes of the layer.
    var uses: [(String, Double)]

    static func of(_ use: BlockUse) -> BuildingHabit {
        switch use {
        case .housing:
            BuildingHabit(
                lot: (80, 56),
                cover: (0.62...0.86, 0.24...0.32),
                share: 0.94,
                shapes: [(.slab, 1)],
                levels: [(5...6, 5), (9...12, 2), (16...18, 3), (24...33, 1)],
                uses: [("residential", 30), ("public", 1), ("utility", 1)])
        case .village:
            BuildingHabit(
                lot: (46, 41),
                cover: (0.38...0.60, 0.34...0.48),
                share: 0.66,
                shapes: [(.slab, 3), (.angle, 1)],
                levels: [(1...3, 1)],
                uses: [("village", 8), ("shed", 2), ("storage", 1)])
        case .commerce:
            BuildingHabit(
                lot: (104, 92),
                cover: (0.55...0.85, 0.5...0.8),
                share: 0.9,
                shapes: [(.slab, 2), (.angle, 2), (.court, 1)],
                levels: [(2...5, 3), (6...12, 1)],
                uses: [("commercial", 8), ("office", 1)])
        case .office:
            BuildingHabit(
                lot: (84, 76),
                cover: (0.42...0.68, 0.4...0.62),
                share: 0.85,
                shapes: [(.slab, 3), (.angle, 1), (.tee, 1)],
                levels: [(6...12, 2), (13...28, 1)],
                uses: [("office", 7), ("commercial", 1)])
        case .industry:
            BuildingHabit(
                lot: (110, 76),
                cover: (0.68...0.9, 0.5...0.78),
                share: 0.88,
                shapes: [(.slab, 5), (.angle, 1)],
                levels: [(1...2, 4), (3...5, 2)],
                uses: [("industrial", 12), ("storage", 1), ("utility", 1), ("office", 1)])
        case .storage:
            BuildingHabit(
                lot: (112, 78),
                cover: (0.75...0.92, 0.55...0.8),
                share: 0.85,
                shapes: [(.slab, 1)],
                levels: [(1...2, 1)],
                uses: [("storage", 9), ("office", 1)])
        case .school:
            BuildingHabit(
                lot: (96, 80),
                cover: (0.55...0.8, 0.4...0.7),
                share: 0.62,
                shapes: [(.court, 2), (.angle, 1), (.slab, 2)],
                levels: [(3...5, 1)],
                uses: [("education", 1)])
        case .hospital:
            BuildingHabit(
                lot: (92, 76),
                cover: (0.5...0.8, 0.45...0.7),
                share: 0.75,
                shapes: [(.tee, 1), (.court, 1), (.slab, 1)],
                levels: [(3...15, 1)],
                uses: [("medical", 9), ("utility", 1)])
        case .park:
            BuildingHabit(
                lot: (120, 100),
                cover: (0.1...0.2, 0.1...0.18),
                share: 0.3,
                shapes: [(.slab, 2), (.angle, 1)],
                levels: [(1...2, 1)],
                uses: [("public", 2), ("commercial", 1), ("utility", 1)])
        case .field:
            BuildingHabit(
                lot: (130, 110),
                cover: (0.12...0.3, 0.1...0.16),
                share: 0.16,
                shapes: [(.slab, 1)],
                levels: [(1...1, 1)],
                uses: [("shed", 3), ("storage", 1), ("village", 1)])
        }
    }
}
