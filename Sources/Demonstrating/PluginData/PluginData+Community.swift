// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension PluginData {
    /// Squares of streets that one committee looks after.
    private struct Quarter: Hashable {
        var town: Int
        var column: Int
        var row: Int
    }

    private static let columns = 5
    private static let rows = 4

    private func quarter(of block: Block) -> Quarter {
        Quarter(town: block.town, column: block.column / Self.columns, row: block.row / Self.rows)
    }

    /// Committees that divide each town among them, and the estates in them.
    func community() throws -> String {
        var random = RandomSource(seed: truth.seed, part: "community")
        var features: [String] = []
        var codes: [Quarter: String] = [:]
        for town in truth.partition.towns.indices {
            let clipping = try BorderClipping(truth.partition.towns[town])
            var counts = (resident: 0, village: 0)
            for (column, row) in quarters(of: town) {
                let polygons = try clipping.parts(of: ground(column, row)).filter { DemoTruth.area(of: $0) > 2000 }
                guard !polygons.isEmpty else { continue }
                let quarter = Quarter(town: town, column: column, row: row)
                let blocks = truth.plan.blocks.filter { self.quarter(of: $0) == quarter }
                let isVillage = blocks.count { $0.use == .village || $0.use == .field } * 2 > blocks.count
                if isVillage { counts.village += 1 } else { counts.resident += 1 }
                let number = isVillage ? 199 + counts.village : counts.resident
                let code = truth.partition.towns[town].code + DemoTruth.padded(number, to: 3)
                codes[quarter] = code
                let home = blocks.first { $0.use == .housing }?.name
                let word = home ?? random.pick(Words.first) + random.pick(Words.second)
                features.append(
                    try feature(
                        features.count + 1,
                        polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(MultiPolygon(polygons)),
                        [
                            "code": .text(code), "name": .text(word + (isVillage ? "村委会" : "居委会")),
                            "town": self.code(town),
                        ]))
            }
        }
        return Self.document([
            Self.collection("committees", features), Self.collection("estates", try estates(codes, &random)),
        ])
    }

    private func quarters(of town: Int) -> [(Int, Int)] {
        var found: Set<Quarter> = []
        for block in truth.blocks(near: town) {
            found.insert(Quarter(town: town, column: block.column / Self.columns, row: block.row / Self.rows))
        }
        return found.map { ($0.column, $0.row) }.sorted { $0 < $1 }
    }

    /// The ground of a square of streets, with a vertex at every crossing on its
    /// edge: neighbours share them.
    private func ground(_ column: Int, _ row: Int) -> Polygon {
        let west = column * Self.columns
        let south = row * Self.rows
        let east = min(west + Self.columns, truth.streets.northward.count - 1)
        let north = min(south + Self.rows, truth.streets.eastward.count - 1)
        var ring = (west..<east).map { truth.streets.crossing($0, south) }
        ring += (south..<north).map { truth.streets.crossing(east, $0) }
        ring += (west + 1...east).reversed().map { truth.streets.crossing($0, north) }
        ring += (south + 1...north).reversed().map { truth.streets.crossing(west, $0) }
        return Polygon(LinearRing(ring + ring.prefix(1)))
    }

    private func estates(_ codes: [Quarter: String], _ random: inout RandomSource) throws -> [String] {
        var features: [String] = []
        for block in truth.plan.blocks where block.use == .housing && !block.isAtBorder && !truth.isInRiver(block) {
            guard let committee = codes[quarter(of: block)] else { continue }
            let households = random.integer(220...1900)
            // Some estates have not counted yet.
            let isCounted = random.happens(0.93)
            features.append(
                try feature(
                    features.count + 1, .polygon(Polygon(LinearRing(block.ring))),
                    [
                        "code": .text("ES-\(DemoTruth.padded(features.count + 1, to: 4))"), "name": .text(block.name),
                        "committee": .text(committee), "households": isCounted ? .integer(Int64(households)) : .null,
                        "residents": isCounted ? .integer(Int64(Double(households) * random.real(2.2...3.1))) : .null,
                        "built": .integer(Int64(random.integer(1984...2021))),
                    ]))
        }
        return features
    }
}
