// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension DemoTruth {
    func boundary(of town: Int) -> DemoFeature {
        let entry = TownPlan.towns[town]
        let kind =
            entry.code.hasSuffix("501") ? "zone" : entry.name.hasSuffix("街道") ? "subdistrict" : "town"
        let polygons = partition.towns[town].polygons
        return DemoFeature(
            polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(MultiPolygon(polygons)),
            [
                .text(entry.code), .text(entry.name), .text(kind), .integer(Int64(entry.population)),
                .real((partition.towns[town].area / 10_000).rounded() / 100),
            ])
    }

    func landuse(of town: Int) throws -> [DemoFeature] {
        var features: [DemoFeature] = []
        let clipping = try BorderClipping(partition.towns[town])
        for block in blocks(near: town) {
            if isInRiver(block) {
                for polygon in try clipping.bank(of: block, river: huangpu.geometry) {
                    let values: [AttributeValue] = [.text("滨江绿地"), .text("green"), .real(Self.area(of: polygon))]
                    features.append(DemoFeature(.polygon(polygon), values))
                }
                continue
            }
            guard let ground = try clipping.ground(of: block) else { continue }
            for polygon in try clipping.parts(of: block.ring, in: ground, isAtBorder: block.isAtBorder) {
                features.append(
                    DemoFeature(
                        .polygon(polygon),
                        [Self.named(block.name), .text(block.use.landuse), .real(Self.area(of: polygon))]))
            }
        }
        return features
    }

    func parcels(of town: Int) throws -> [DemoFeature] {
        var features: [DemoFeature] = []
        let code = partition.towns[town].code
        let clipping = try BorderClipping(partition.towns[town])
        for block in blocks(near: town) where !isInRiver(block) {
            guard let ground = try clipping.ground(of: block) else { continue }
            var random = RandomSource(seed: seed, part: "rights", block.column, block.row)
            for parcel in ParcelPlan(block, scale: scale, seed: seed).parcels {
                let isCollective = random.happens(block.use == .field || block.use == .village ? 0.9 : 0.12)
                let holder = Self.holder(of: block, isCollective: isCollective, &random)
                for polygon in try clipping.parts(of: parcel.ring, in: ground, isAtBorder: block.isAtBorder) {
                    let number = Self.padded(features.count + 1, to: 5)
                    features.append(
                        DemoFeature(
                            .polygon(polygon),
                            [
                                .text("\(code)\(isCollective ? "JA" : "GB")\(number)"), .text(block.use.parcelUse),
                                .text(isCollective ? "collective" : "state"), holder, .real(Self.area(of: polygon)),
                            ]))
                }
            }
        }
        return features
    }

    /// Ground at the town's border that is too little for a parcel, and nobody's.
    func slivers(of town: Int) throws -> [Polygon] {
        let clipping = try BorderClipping(partition.towns[town])
        return try blocks(near: town).filter { $0.isAtBorder && !isInRiver($0) }.flatMap { block -> [Polygon] in
            guard let ground = try clipping.ground(of: block) else { return [] }
            return try ParcelPlan(block, scale: scale, seed: seed).parcels.flatMap {
                try clipping.slivers(of: $0.ring, in: ground)
            }
        }
    }

    private static func holder(
        of block: Block, isCollective: Bool, _ random: inout RandomSource
    ) -> AttributeValue {
        let word = random.pick(Words.first) + random.pick(Words.second)
        if isCollective { return .text(word + "村经济合作社") }
        switch block.use {
        case .housing, .park, .field, .village: return .null
        case .school, .hospital: return named(block.name)
        case .commerce, .office, .industry, .storage:
            return .text("上海\(word)\(random.pick(Words.company))有限公司")
        }
    }

    func canals(of town: Int) throws -> [DemoFeature] {
        var features: [DemoFeature] = []
        let clipping = try BorderClipping(partition.towns[town])
        for canal in canals where canal.towns.contains(town) {
            for polygon in try clipping.parts(of: canal.ground) {
                features.append(DemoFeature(.polygon(polygon), [.text(canal.name), .text("canal")]))
            }
        }
        return features
    }

    func ponds(of town: Int) -> [DemoFeature] {
        var features: [DemoFeature] = []
        for block in plan.blocks where block.town == town && !block.isAtBorder && !block.isCrossed {
            let share = block.use == .field ? 0.3 : block.use == .park ? 0.5 : 0
            var random = RandomSource(seed: seed, part: "pond", block.column, block.row)
            guard random.happens(share) else { continue }
            let middle = block.place(random.real(0.35...0.65), random.real(0.35...0.65))
            let radius = random.real(24...min(80, block.height * 0.28))
            var ring: [Coordinate] = []
            var reach = random.real(0.8...1.2)
            for turn in Turn.circle(18) {
                reach = max(0.65, min(1.35, reach + random.real(-0.14...0.14)))
                ring.append((middle + Vector(x: turn.x * 1.25, y: turn.y) * (radius * reach)).onGrid)
            }
            let name: AttributeValue = block.use == .park ? .text(block.name + "湖") : .null
            features.append(
                DemoFeature(
                    .polygon(Polygon(LinearRing(ring + ring.prefix(1)))),
                    [name, .text(block.use == .park ? "lake" : "pond")]))
        }
        return features
    }

    // MARK: Parts of blocks

    /// Whether the Huangpu or its embankment takes a part of a block.
    func isInRiver(_ block: Block) -> Bool {
        block.isCrossed
            && (block.corners + [block.place(0.5, 0.5)]).contains { ways.isRiver($0, margin: 12) }
    }

    /// In square metres, to the hundredth.
    static func area(of polygon: Polygon) -> Double {
        (polygon.rings.reduce(0) { $0 + $1.twiceSignedArea } * 50).rounded() / 100
    }

    static func named(_ name: String) -> AttributeValue {
        name.isEmpty ? .null : .text(name)
    }

    static func padded(_ number: Int, to digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension BlockUse {
    /// The code of the layer `landuse`.
    var landuse: String {
        switch self {
        case .housing: "residential"
        case .village: "village"
        case .commerce, .office: "commercial"
        case .industry: "industrial"
        case .storage: "storage"
        case .school: "education"
        case .hospital: "medical"
        case .park: "park"
        case .field: "farmland"
        }
    }

    /// The code of the layer `parcels`.
    var parcelUse: String {
        switch self {
        case .school, .hospital: "public"
        case .park: "green"
        case .housing, .village, .commerce, .office, .industry, .storage, .field: landuse
        }
    }
}
