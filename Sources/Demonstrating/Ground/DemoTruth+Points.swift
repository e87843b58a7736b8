// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension DemoTruth {
    /// A door number for about every sixth building.
    func addresses(of town: Int) -> [DemoFeature] {
        var features: [DemoFeature] = []
        for block in plan.blocks where block.town == town && block.use != .field && block.use != .park {
            var random = RandomSource(seed: seed, part: "doors", block.column, block.row)
            let road = streets.eastward[block.row].name
            for door in 0..<random.integer(1...3) * scale {
                let s = (Double(door) + random.real(0.2...0.8)) / Double(3 * scale)
                let place = block.place(s, random.happens(0.5) ? 0.015 : 0.985).onGrid
                let number = "\(block.column * 60 + door * 2 + 1)号"
                guard isFree(place, of: block, town: town) else { continue }
                features.append(
                    DemoFeature(.point(Point(place)), [.text(road), .text(number), .text("闵行区\(road)\(number)")]))
            }
        }
        return features
    }

    /// Places that people look for.
    func points(of town: Int) -> [DemoFeature] {
        var features: [DemoFeature] = []
        for block in plan.blocks where block.town == town {
            var random = RandomSource(seed: seed, part: "points", block.column, block.row)
            let road = streets.eastward[block.row].name
            for (kind, suffix, share) in Self.places(in: block.use) {
                for _ in 0..<(scale == 1 ? 1 : scale / 2 + 1) where random.happens(share) {
                    let place = block.place(random.real(0.06...0.94), random.real(0.06...0.94)).onGrid
                    guard isFree(place, of: block, town: town) else { continue }
                    let word = random.pick(Words.first) + random.pick(Words.second)
                    let isItself = suffix.isEmpty && !block.name.isEmpty
                    let phone = "021-\(random.integer(5400...6499))\(Self.padded(random.integer(0...9999), to: 4))"
                    features.append(
                        DemoFeature(
                            .point(Point(place)),
                            [
                                .text(isItself ? block.name : word + suffix), .text(kind),
                                .text("\(road)\(random.integer(1...1999))号"),
                                random.happens(0.6) ? .text(phone) : .null,
                            ]))
                }
            }
        }
        return features
    }

    private func isFree(_ place: Coordinate, of block: Block, town: Int) -> Bool {
        (!block.isAtBorder || locator.town(of: place) == town)
            && (!block.isCrossed || !ways.isRiver(place, margin: 0))
    }

    /// The class of a place, what its name ends in (nothing: the block's own
    /// name), and how often a block has one.
    private static func places(in use: BlockUse) -> [(String, String, Double)] {
        switch use {
        case .housing:
            [
                ("shop", "超市", 0.3), ("food", "小吃店", 0.3), ("parking", "停车场", 0.2), ("clinic", "卫生站", 0.08),
                ("elderly", "为老服务站", 0.06), ("kindergarten", "幼儿园", 0.1), ("government", "居委会", 0.16),
                ("market", "菜市场", 0.05), ("waste", "垃圾房", 0.2),
            ]
        case .village:
            [("shop", "便利店", 0.25), ("government", "村委会", 0.12), ("toilet", "公厕", 0.15), ("waste", "垃圾房", 0.2)]
        case .commerce:
            [
                ("shop", "", 0.9), ("food", "餐厅", 0.9), ("food", "咖啡馆", 0.5), ("parking", "地下停车场", 0.6),
                ("culture", "影城", 0.2), ("station", "路公交站", 0.5),
            ]
        case .office:
            [("food", "餐厅", 0.5), ("parking", "停车场", 0.5), ("government", "办事处", 0.15), ("station", "路公交站", 0.4)]
        case .industry: [("food", "食堂", 0.2), ("station", "路公交站", 0.2), ("parking", "停车场", 0.2)]
        case .storage: [("parking", "货车停车场", 0.3)]
        case .school: [("school", "", 1), ("sport", "体育馆", 0.2), ("station", "路公交站", 0.3)]
        case .hospital: [("hospital", "", 1), ("parking", "停车场", 0.6), ("station", "路公交站", 0.6)]
        case .park: [("park", "", 0.8), ("toilet", "公厕", 0.5), ("culture", "文化馆", 0.1), ("sport", "健身中心", 0.2)]
        case .field: [("religion", "庙", 0.03)]
        }
    }
}
