// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A block of streets: four corners at the kerbs, and what it is used for.
struct Block: Sendable {
    /// Between line `column` and the next of the first family, and `row` and the
    /// next of the second.
    var column: Int
    var row: Int
    /// The position in `TownPartition.towns`.
    var town: Int
    var use: BlockUse
    /// Whether a border of towns may pass through.
    var isAtBorder: Bool
    /// Whether something that runs across the plan may pass: a motorway, a
    /// railway, the river.
    var isCrossed: Bool
    /// South-west, south-east, north-east, north-west.
    var corners: [Coordinate]
    /// What people call the place.
    var name: String

    /// A place in the block: 0, 0 is the south-west corner, 1, 1 the north-east.
    func place(_ s: Double, _ t: Double) -> Coordinate {
        corners[0].mixed(corners[1], s).mixed(corners[3].mixed(corners[2], s), t)
    }

    /// Metres from west to east, in the middle.
    var width: Double { (corners[0].distance(to: corners[1]) + corners[3].distance(to: corners[2])) / 2 }
    /// Metres from south to north, in the middle.
    var height: Double { (corners[0].distance(to: corners[3]) + corners[1].distance(to: corners[2])) / 2 }

    /// The direction in which buildings stand: east along the street.
    var direction: Vector {
        Vector(
            x: corners[1].x - corners[0].x + corners[2].x - corners[3].x,
            y: corners[1].y - corners[0].y + corners[2].y - corners[3].y
        ).unit
    }

    var ring: [Coordinate] { corners + corners.prefix(1) }
}

/// All blocks of the district.
struct BlockPlan: Sendable {
    var blocks: [Block] = []
    private var index: [Int: Int] = [:]

    init(streets: StreetPlan, partition: TownPartition, locator: TownLocator, ways: Ways, seed: UInt64) {
        let mood = NoiseField(seed: seed ^ 0xB10C, wavelength: 1_300)
        for column in 0..<(streets.northward.count - 1) where !streets.northward[column].isBeforeCanal {
            for row in 0..<(streets.eastward.count - 1) where !streets.eastward[row].isBeforeCanal {
                let west = streets.northward[column]
                let east = streets.northward[column + 1]
                let south = streets.eastward[row]
                let north = streets.eastward[row + 1]
                let u = [west.position + west.road.width / 2 + 3, east.position - east.road.width / 2 - 3]
                let v = [south.position + south.road.width / 2 + 3, north.position - north.road.width / 2 - 3]
                let corners = [(u[0], v[0]), (u[1], v[0]), (u[1], v[1]), (u[0], v[1])].map {
                    StreetPlan.ground($0.0, $0.1).onGrid
                }
                let middle = corners[0].mixed(corners[2], 0.5)
                let reach = middle.distance(to: corners[0]) + 20
                let isAtBorder = locator.isNearBorder(middle, within: reach)
                let found =
                    ([middle] + (isAtBorder ? corners : [])).lazy.compactMap { locator.town(of: $0) }.first
                guard let town = found else { continue }
                var random = RandomSource(seed: seed, part: "block", column, row)
                let character = TownPlan.towns[town].character
                var block = Block(
                    column: column, row: row, town: town,
                    use: Self.use(of: character, mood: mood.height(middle.x, middle.y), &random),
                    isAtBorder: isAtBorder, isCrossed: ways.passes(near: middle, within: reach), corners: corners,
                    name: "")
                block.name = Self.name(of: block.use, &random)
                index[column * 10_000 + row] = blocks.count
                blocks.append(block)
            }
        }
    }

    func block(_ column: Int, _ row: Int) -> Block? {
        index[column * 10_000 + row].map { blocks[$0] }
    }

    /// Neighbours are alike: the lot falls where the land's mood lies.
    private static func use(of character: TownCharacter, mood: Double, _ random: inout RandomSource) -> BlockUse {
        let uses = character.uses
        let sum = uses.reduce(0) { $0 + $1.1 }
        let drawn = min(0.999, max(0, (mood * 1.35 + 1) / 2 + random.real(-0.16...0.16)))
        // Half by the mood, which makes quarters, half by chance, which makes
        // the school between the houses.
        guard random.happens(0.62) else { return random.pick(weighted: uses) }
        var rest = drawn * sum
        for (use, weight) in uses {
            rest -= weight
            if rest < 0 { return use }
        }
        return uses[0].0
    }

    private static func name(of use: BlockUse, _ random: inout RandomSource) -> String {
        let word = random.pick(Words.first) + random.pick(Words.second)
        switch use {
        case .housing: return word + random.pick(Words.estate)
        case .village: return random.pick(Words.family) + random.pick(Words.village)
        case .commerce: return word + random.pick(["广场", "商业中心", "购物中心", "商城"])
        case .office: return word + random.pick(["国际中心", "大厦", "商务园", "科技园"])
        case .industry: return word + random.pick(Words.company) + random.pick(["厂", "有限公司", "工业园"])
        case .storage: return word + random.pick(["仓库", "物流园", "货场"])
        case .school: return word + random.pick(["小学", "中学", "实验学校", "幼儿园", "学校"])
        case .hospital: return word + random.pick(["医院", "社区卫生服务中心"])
        case .park: return word + random.pick(["公园", "绿地", "森林公园"])
        case .field: return ""
        }
    }
}
