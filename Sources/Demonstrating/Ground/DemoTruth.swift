// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The demo district as it really is, before the towns draw it: everything in
/// EPSG:4549, on whole millimetres.
///
/// The same seed and scale give the same truth to the last bit. Layers are made
/// town by town when asked for, so that a million features need not be in
/// memory at once.
public struct DemoTruth: Sendable {
    /// How many times the features of the smallest district there are, roughly.
    public let scale: Int
    public let seed: UInt64

    let partition: TownPartition
    let locator: TownLocator
    let streets: StreetPlan
    let ways: Ways
    let plan: BlockPlan
    /// By position in `partition.towns`.
    let roads: [[DemoFeature]]
    let railways: [[DemoFeature]]
    let rivers: [[DemoFeature]]
    /// In the whole district.
    let canals: [Canal]

    /// - Parameters:
    ///   - scale: 1 to 64; about 60,000 features each.
    public init(scale: Int = 1, seed: UInt64 = 1) {
        self.scale = min(64, max(1, scale))
        self.seed = seed
        partition = TownPartition(seed: seed)
        locator = TownLocator(partition)
        streets = StreetPlan(seed: seed)
        ways = Ways(river: partition.river)
        plan = BlockPlan(streets: streets, partition: partition, locator: locator, ways: ways, seed: seed)
        var lines = LineDrawing(streets: streets, locator: locator, ways: ways, plan: plan, seed: seed)
        lines.draw(towns: partition.towns.count)
        roads = lines.roads
        railways = lines.railways
        rivers = lines.rivers
        canals = lines.canals
    }

    /// The codes of the towns, in the order of the statistics.
    public var townCodes: [String] { partition.towns.map(\.code) }

    /// The name of the town of a code.
    public func townName(_ code: String) -> String? {
        partition.towns.first { $0.code == code }?.name
    }

    /// The ground of a town; towns fit together exactly, vertex by vertex.
    public func ground(ofTown code: String) -> MultiPolygon? {
        partition.towns.first { $0.code == code }.map { MultiPolygon($0.polygons) }
    }

    /// The layers that towns draw, in painting order.
    public static let layers = [
        "towns", "landuse", "parcels", "water", "rivers", "buildings", "railways", "roads", "addresses", "points",
    ]

    /// The fields of a layer in the order of `DemoFeature.values`.
    public static func fields(of layer: String) -> [Field] {
        DemoFields.byLayer[layer] ?? []
    }

    /// What a layer holds in a town; nothing for a layer or a town that is not
    /// known.
    ///
    /// - Throws: `TopologyError` when GEOS fails at a border.
    public func features(of layer: String, inTown code: String) throws -> [DemoFeature] {
        guard let town = partition.towns.firstIndex(where: { $0.code == code }) else { return [] }
        switch layer {
        case "towns": return [boundary(of: town)]
        case "landuse": return try landuse(of: town)
        case "parcels": return try parcels(of: town)
        case "water": return try canals(of: town) + ponds(of: town)
        case "rivers": return rivers[town]
        case "buildings": return buildings(of: town)
        case "railways": return railways[town]
        case "roads": return roads[town]
        case "addresses": return addresses(of: town)
        case "points": return points(of: town)
        default: return []
        }
    }

    /// The Huangpu with both banks, which no town draws.
    public var huangpu: DemoFeature {
        let ring = partition.riverBanks[0] + partition.riverBanks[1].reversed() + partition.riverBanks[0].prefix(1)
        return DemoFeature(.polygon(Polygon(LinearRing(ring))), [.text("黄浦江"), .text("river")])
    }

    /// The borders, each once: where two towns meet, and where the district
    /// ends. Values are a name and a code of the layer `boundaries`.
    public var borders: [DemoFeature] {
        let towns = partition.sharedBorders.map { border in
            let names = [border.left, border.right].map { partition.towns[$0].name }
            return DemoFeature(
                .lineString(LineString(border.line)), [.text("\(names[0])—\(names[1])"), .text("town")])
        }
        return towns
            + partition.outline.map { DemoFeature(.lineString(LineString($0)), [.text("闵行区界"), .text("district")]) }
    }

    /// The blocks that may hold something of a town.
    func blocks(near town: Int) -> [Block] {
        plan.blocks.filter { $0.town == town || $0.isAtBorder }
    }
}

/// A feature of the truth.
public struct DemoFeature: Hashable, Sendable {
    /// In EPSG:4549.
    public var geometry: Geometry
    /// In the order of the layer's fields.
    public var values: [AttributeValue]

    init(_ geometry: Geometry, _ values: [AttributeValue]) {
        self.geometry = geometry
        self.values = values
    }
}

/// The fields of the truth: those of the shipped layers of the same id.
enum DemoFields {
    static let byLayer: [String: [Field]] = [
        "towns": [
            Field("code", .text), Field("name", .text), Field("kind", .text), Field("population", .integer),
            Field("area_km2", .real, unit: "km²"),
        ],
        "landuse": [Field("name", .text), Field("class", .text), Field("area_m2", .real, unit: "m²")],
        "parcels": [
            Field("parcel_no", .text), Field("use", .text), Field("right", .text), Field("holder", .text),
            Field("area_m2", .real, unit: "m²"),
        ],
        "water": [Field("name", .text), Field("class", .text)],
        "rivers": [
            Field("code", .text), Field("name", .text), Field("class", .text), Field("width_m", .real, unit: "m"),
        ],
        "buildings": [
            Field("name", .text), Field("use", .text), Field("levels", .integer), Field("height_m", .real, unit: "m"),
            Field("site_m2", .real, unit: "m²"), Field("floor_m2", .real, unit: "m²"), Field("address", .text),
            Field("built", .integer),
        ],
        "railways": [Field("name", .text), Field("class", .text)],
        "roads": [
            Field("name", .text), Field("class", .text), Field("width_m", .real, unit: "m"), Field("lanes", .integer),
        ],
        "addresses": [Field("road", .text), Field("number", .text), Field("full", .text)],
        "boundaries": [Field("name", .text), Field("class", .text)],
        "points": [Field("name", .text), Field("class", .text), Field("address", .text), Field("phone", .text)],
    ]
}
