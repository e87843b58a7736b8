// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension PluginData {
    private static let complaints: [(category: String, sentence: String, hours: Int)] = [
        ("lift", "电梯停运，老人出行不便", 2), ("lift", "电梯困人", 2), ("water", "楼道水管漏水", 72), ("water", "水压不足", 72),
        ("electricity", "楼道灯不亮", 72), ("roof", "顶楼雨天渗水", 120), ("cleaning", "垃圾未及时清运", 24),
        ("parking", "消防通道被占用停车", 24), ("green", "绿化带杂草丛生", 120), ("noise", "夜间施工扰民", 24),
        ("other", "小区大门门禁损坏", 72),
    ]
    private static let companies = [
        "万欣物业", "申安物业", "银都物业", "春申物业", "莘城物业", "浦江物业", "虹桥物业", "锦江物业", "华漕物业", "联航物业", "古美物业", "梅陇物业",
    ]

    /// Some six hundred tickets of the last month.
    func property() throws -> String {
        var random = RandomSource(seed: truth.seed, part: "property")
        let homes = truth.plan.blocks.filter { $0.use == .housing && !$0.isAtBorder && !truth.isInRiver($0) }
        guard !homes.isEmpty else { return Self.document([Self.collection("tickets", [])]) }
        let features = try (1...620).map { number in
            let block = random.pick(homes)
            let company = Self.companies[(block.column * 7 + block.row * 3) % Self.companies.count]
            let complaint = random.pick(Self.complaints)
            let age = random.integer(1...720)
            // Companies differ: the last of the list are the slowest.
            let slowness = 0.35 + 0.08 * Double((block.column * 7 + block.row * 3) % Self.companies.count)
            let needed = max(1, Int(Double(complaint.hours) * slowness * random.real(0.3...2.2)))
            var properties: [String: AttributeValue] = [
                "number": .text("T-\(DemoTruth.padded(number, to: 6))"), "estate": .text(block.name),
                "company": .text(company), "town": code(block.town), "category": .text(complaint.category),
                "summary": .text(complaint.sentence), "reported": .text("now-\(age)h"),
                "due": .text(Self.time(age - complaint.hours)),
            ]
            if random.happens(0.02) {
                properties["state"] = .text("withdrawn")
            } else if needed < age {
                properties["state"] = .text("closed")
                properties["closed"] = .text("now-\(age - needed)h")
            } else {
                let states = ["reported", "dispatched", "accepted", "in_progress", "review"]
                properties["state"] = .text(states[min(4, age * 5 / max(1, needed))])
            }
            let position = block.place(random.real(0.1...0.9), random.real(0.1...0.9)).onGrid
            return try feature(number, .point(Point(position)), properties)
        }
        return Self.document([Self.collection("tickets", features)])
    }

    /// So many hours ago, or to come when negative.
    private static func time(_ hoursAgo: Int) -> String {
        hoursAgo >= 0 ? "now-\(hoursAgo)h" : "now+\(-hoursAgo)h"
    }
}
