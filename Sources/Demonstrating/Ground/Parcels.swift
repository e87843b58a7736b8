// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The parcels of a block: two rows that fill it, with the cuts between them.
/// Neighbours share every vertex, also where a cut of one row meets the other.
struct ParcelPlan {
    struct Parcel {
        /// In the block's own measure, 0 to 1.
        var west: Double
        var east: Double
        var south: Double
        var north: Double
        /// Closed.
        var ring: [Coordinate]
    }

    var parcels: [Parcel] = []

    init(_ block: Block, scale: Int, seed: UInt64) {
        var random = RandomSource(seed: seed, part: "parcels", block.column, block.row)
        let width = Self.width(of: block.use) / Self.refinement(scale)
        let middle = random.real(0.42...0.58)
        let cuts = [0, 1].map { _ in Self.cuts(max(1, Int((block.width / width).rounded())), &random) }
        // The middle line carries the cuts of both rows.
        let shared = (cuts[0] + cuts[1]).sorted()
        for (row, t) in [(0.0, middle), (middle, 1.0)].enumerated() {
            for (west, east) in zip(cuts[row], cuts[row].dropFirst()) {
                let between = shared.filter { $0 > west && $0 < east }
                var ring = [block.place(west, t.0)]
                if row == 1 { ring += between.map { block.place($0, middle) } }
                ring += [block.place(east, t.0), block.place(east, t.1)]
                if row == 0 { ring += between.reversed().map { block.place($0, middle) } }
                ring.append(block.place(west, t.1))
                ring = ring.map(\.onGrid)
                parcels.append(
                    Parcel(west: west, east: east, south: t.0, north: t.1, ring: ring + ring.prefix(1)))
            }
        }
    }

    /// From 0 to 1 in `count` unequal steps.
    private static func cuts(_ count: Int, _ random: inout RandomSource) -> [Double] {
        [0] + (1..<max(1, count)).map { (Double($0) + random.real(-0.22...0.22)) / Double(count) } + [1]
    }

    /// How much smaller parcels get as the district gets denser.
    private static func refinement(_ scale: Int) -> Double {
        Double(scale).squareRoot().squareRoot()
    }

    private static func width(of use: BlockUse) -> Double {
        switch use {
        case .housing: 215
        case .village: 140
        case .commerce, .office: 170
        case .industry: 170
        case .storage, .school, .hospital: 190
        case .park: 320
        case .field: 260
        }
    }
}
