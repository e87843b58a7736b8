// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension PluginData {
    /// Premises of collectives in three towns, with their contracts.
    func assets() throws -> String {
        var random = RandomSource(seed: truth.seed, part: "assets")
        var features: [String] = []
        var contracts: [String] = []
        for (townCode, prefix, most) in [("310112108", "ML", 150), ("310112112", "MQ", 60), ("310112114", "PJ", 60)] {
            guard let town = truth.partition.towns.firstIndex(where: { $0.code == townCode }) else { continue }
            let uses = ["industrial": "factory", "storage": "warehouse", "office": "office", "commercial": "shop"]
            let all = truth.buildings(of: town).filter { feature in
                guard case .text(let use) = feature.values[1] else { return false }
                return uses[use] != nil
            }
            for (index, building) in Self.spread(all, most).enumerated() {
                guard case .text(let use) = building.values[1], case .real(let floor) = building.values[5] else {
                    continue
                }
                let number = "\(prefix)-\(DemoTruth.padded(index + 1, to: 4))"
                let village = random.pick(Words.first) + random.pick(Words.second)
                let level = random.pick(weighted: [("village", 6.0), ("town", 2.0), ("group", 1.0)])
                let owner = level == "town" ? "\(shortName(town))镇集体资产公司" : village + (level == "village" ? "村" : "村一组")
                let name =
                    building.values[0].isNull
                    ? "\(village)\(use == "industrial" ? "厂房" : "商用房")" : building.values[0].description
                let area = max(20, Self.rounded(floor, digits: 1))
                features.append(
                    try feature(
                        features.count + 1, building.geometry,
                        [
                            "code": .text(number), "name": .text("\(name) \(index % 9 + 1) 号楼"), "owner": .text(owner),
                            "owner_level": .text(level), "town": code(town), "use": .text(uses[use] ?? "other"),
                            "area_m2": .real(area),
                        ]))
                contracts += Self.contracts(of: number, area: area, use: use, &random)
            }
        }
        return Self.document([Self.collection("premises", features), Self.list("contracts", contracts)])
    }

    /// None for every eighth; two or three tenants in big premises. One ledger
    /// in fifty lets more than there is.
    private static func contracts(
        of premises: String, area: Double, use: String, _ random: inout RandomSource
    ) -> [String] {
        guard !random.happens(0.12) else { return [] }
        let tenants = area > 6000 ? random.integer(2...3) : 1
        let isOverlet = random.happens(0.02)
        let base = use == "commercial" ? 3.4 : use == "office" ? 3.0 : use == "storage" ? 0.9 : 1.3
        return (1...tenants).map { tenant in
            let share = (isOverlet ? 1.15 : random.happens(0.3) ? 0.7 : 1) / Double(tenants)
            let begun = random.integer(60...2200)
            let left = random.pick([-40, 20, 75, 200, 400, 900, 1500])
            return object([
                ("number", .text("HT-\(premises)-\(tenant)")), ("premises", .text(premises)),
                (
                    "lessee",
                    .text("上海\(random.pick(Words.first))\(random.pick(Words.second))\(random.pick(Words.company))有限公司")
                ),
                ("area_m2", .real(max(1, (area * share * 10).rounded(.down) / 10))),
                ("rent", .real(rounded(base * random.real(0.6...1.5), digits: 2))),
                ("start", .text("today-\(max(begun, 60 - min(0, left)))d")),
                ("end", .text(left < 0 ? "today-\(-left)d" : "today+\(left)d")),
            ])
        }
    }
}
