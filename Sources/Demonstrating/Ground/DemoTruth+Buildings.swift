// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension DemoTruth {
    func buildings(of town: Int) -> [DemoFeature] {
        var features: [DemoFeature] = []
        for block in blocks(near: town) where !isInRiver(block) {
            addBuildings(of: block, town: town, to: &features)
        }
        return features
    }

    private func addBuildings(of block: Block, town: Int, to features: inout [DemoFeature]) {
        let habit = BuildingHabit.of(block.use)
        let shrink = Turn.shrinkage(Double(scale))
        let lot = (width: habit.lot.width * shrink, depth: habit.lot.depth * shrink)
        let direction = block.direction
        let road = streets.eastward[block.row].name
        let lane = 2 * ((block.column * 37 + block.row * 11) % 400) + 8
        var random = RandomSource(seed: seed, part: "buildings", block.column, block.row)
        var number = 0
        let year = random.integer(1978...2018)
        for parcel in ParcelPlan(block, scale: scale, seed: seed).parcels {
            let width = (parcel.east - parcel.west) * block.width - 8
            let depth = (parcel.north - parcel.south) * block.height - 10
            let columns = max(1, Int((width / lot.width).rounded()))
            let rows = max(1, Int((depth / lot.depth).rounded()))
            let levels = random.pick(weighted: habit.levels)
            for row in 0..<rows {
                for column in 0..<columns {
                    // Drawn for every lot, so that a lot left empty at a border
                    // leaves its neighbours as they are.
                    var own = RandomSource(seed: random.next())
                    number += 1
                    guard own.happens(habit.share) else { continue }
                    let s = parcel.west + (parcel.east - parcel.west) * (Double(column) + 0.5) / Double(columns)
                    let t = parcel.south + (parcel.north - parcel.south) * (Double(row) + 0.5) / Double(rows)
                    let ring = Self.footprint(
                        habit, middle: block.place(s, t), direction: direction,
                        lot: (width / Double(columns), depth / Double(rows)), &own)
                    guard isFree(ring, block: block, town: town) else { continue }
                    let use = own.pick(weighted: habit.uses)
                    features.append(
                        Self.building(
                            ring, use: use, levels: own.integer(levels), block: block,
                            address: "\(road)\(lane)弄\(number)号", year: year + own.integer(0...6), &own))
                }
            }
        }
    }

    private static func footprint(
        _ habit: BuildingHabit, middle: Coordinate, direction: Vector, lot: (Double, Double),
        _ random: inout RandomSource
    ) -> [Coordinate] {
        let width = max(4, lot.0 * random.real(habit.cover.0))
        let depth = max(4, lot.1 * random.real(habit.cover.1))
        var shape = random.pick(weighted: habit.shapes)
        let wing = min(width, depth) * random.real(0.32...0.44)
        // Too small for wings.
        if min(width, depth) < 9 { shape = .slab }
        let shift = direction * (random.real(-0.4...0.4) * (lot.0 - width) * 0.5)
        return Footprints.ring(
            shape, middle: middle + shift, direction: direction, width: width, depth: depth, wing: wing)
    }

    /// Whether a building may stand here: wholly in the town, and clear of
    /// everything that runs across.
    private func isFree(_ ring: [Coordinate], block: Block, town: Int) -> Bool {
        if block.isAtBorder {
            guard ring.allSatisfy({ locator.town(of: $0) == town && !locator.isNearBorder($0, within: 5) }) else {
                return false
            }
        }
        return !(block.isCrossed && ring.contains { ways.passes(near: $0, within: 0) })
    }

    private static func building(
        _ ring: [Coordinate], use: String, levels: Int, block: Block, address: String, year: Int,
        _ random: inout RandomSource
    ) -> DemoFeature {
        let polygon = Polygon(LinearRing(ring))
        let site = area(of: polygon)
        let storey = use == "industrial" || use == "storage" ? 5.4 : use == "commercial" ? 4.5 : 3.0
        let small = use == "shed" || use == "utility"
        let stories = small ? 1 : levels
        let height = ((Double(stories) * storey + random.real(0.4...1.6)) * 10).rounded() / 10
        let hasName = !block.name.isEmpty && !small && random.happens(block.use == .housing ? 0.5 : 0.35)
        return DemoFeature(
            .polygon(polygon),
            [
                hasName ? .text(block.name) : .null, .text(use), .integer(Int64(stories)), .real(height), .real(site),
                .real((site * Double(stories) * 0.92).rounded()), .text(address), .integer(Int64(min(2025, year))),
            ])
    }
}
