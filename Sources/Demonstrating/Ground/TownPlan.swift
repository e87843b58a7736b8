// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The towns of Minhang with their real names, codes and unequal sizes, on a
/// sketch of the district: corners that towns share, and each town as the
/// corners around it.
///
/// The sketch follows the real district loosely. All borders are invented.
enum TownPlan {
    struct Entry {
        var code: String
        var name: String
        /// For files and ids.
        var slug: String
        /// Around the town, anticlockwise.
        var corners: [String]
        /// Persons, after the census of 2020 and by share.
        var population: Int
        var character: TownCharacter
    }

    /// Metres on the ground per unit of the sketch.
    static let unit = 890.0
    /// Where the sketch's zero lies in EPSG:4549.
    static let origin = Coordinate(x: 621_500, y: 3_430_000)

    /// East and north in units of the sketch.
    static let corners: [String: (Double, Double)] = [
        "R1": (5.8, 7.4), "R2": (12.0, 4.2), "R3": (20.3, 2.2), "R4": (24.2, 3.4), "R5": (23.4, 8.5),
        "R6": (24.6, 12.8),
        "R7": (25.0, 14.4), "R8": (25.9, 16.8), "Q0": (27.4, 19.8), "P1": (28.6, 1.2), "P2": (33.2, 5.2),
        "P3": (33.4, 12.2), "P4": (31.8, 15.2), "P5": (28.4, 13.6), "Q1": (30.0, 18.6), "W2": (19.6, 8.0),
        "W1": (19.8, 12.4), "J1": (12.8, 7.8), "M1": (11.3, 11.6), "M2": (8.4, 13.2), "M3": (5.2, 10.8),
        "Z2": (14.6, 11.6), "Z1": (17.4, 12.0), "X1": (14.2, 15.0), "X2": (9.6, 15.8), "S1": (17.6, 16.4),
        "S2": (12.6, 17.6), "L1": (22.4, 16.2), "L2": (20.35, 17.2), "G1": (17.4, 18.9), "G2": (20.0, 19.3),
        "H1": (16.6, 20.6), "H2": (11.8, 21.4), "B1": (11.0, 19.0), "K1": (20.4, 22.0), "K2": (17.8, 23.6),
        "N1": (15.2, 25.6), "N2": (10.8, 25.0), "T1": (13.0, 27.8), "T2": (7.6, 29.2), "T3": (4.8, 27.4),
        "T4": (6.0, 24.2), "T5": (8.2, 21.6),
    ]

    /// The Huangpu's course, upstream to downstream; the district ends in the
    /// middle of it in the south, and it flows through from R4 on.
    static let river = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "Q0"]

    static let towns: [Entry] = [
        Entry(
            code: "310112001", name: "江川路街道", slug: "jiangchuan", corners: ["R2", "R3", "W2", "J1"],
            population: 187_000, character: .oldIndustry),
        Entry(
            code: "310112006", name: "古美路街道", slug: "gumei", corners: ["S1", "L2", "G2", "G1"],
            population: 150_000, character: .city),
        Entry(
            code: "310112008", name: "新虹街道", slug: "xinhong", corners: ["H2", "H1", "K2", "N1", "N2"],
            population: 65_000, character: .business),
        Entry(
            code: "310112009", name: "浦锦街道", slug: "pujin", corners: ["R7", "P5", "P4", "Q1", "Q0", "R8"],
            population: 110_000, character: .suburb),
        Entry(
            code: "310112101", name: "莘庄镇", slug: "xinzhuang", corners: ["Z2", "Z1", "S1", "S2", "X1"],
            population: 286_000, character: .city),
        Entry(
            code: "310112102", name: "七宝镇", slug: "qibao", corners: ["S2", "S1", "G1", "H1", "H2", "B1"],
            population: 289_000, character: .city),
        Entry(
            code: "310112103", name: "颛桥镇", slug: "zhuanqiao", corners: ["J1", "W2", "W1", "Z1", "Z2"],
            population: 204_000, character: .suburb),
        Entry(
            code: "310112106", name: "华漕镇", slug: "huacao",
            corners: ["H2", "N2", "N1", "T1", "T2", "T3", "T4", "T5"], population: 225_000, character: .fringe),
        Entry(
            code: "310112107", name: "虹桥镇", slug: "hongqiao", corners: ["G1", "G2", "K1", "K2", "H1"],
            population: 168_000, character: .business),
        Entry(
            code: "310112108", name: "梅陇镇", slug: "meilong",
            corners: ["Z1", "W1", "R6", "R7", "R8", "L1", "L2", "S1"], population: 380_000, character: .city),
        Entry(
            code: "310112110", name: "吴泾镇", slug: "wujing", corners: ["R3", "R4", "R5", "R6", "W1", "W2"],
            population: 153_000, character: .oldIndustry),
        Entry(
            code: "310112112", name: "马桥镇", slug: "maqiao", corners: ["R1", "R2", "J1", "M1", "M2", "M3"],
            population: 137_000, character: .fringe),
        Entry(
            code: "310112114", name: "浦江镇", slug: "pujiang",
            corners: ["R4", "P1", "P2", "P3", "P4", "P5", "R7", "R6", "R5"], population: 322_000, character: .country),
        Entry(
            code: "310112501", name: "莘庄工业区", slug: "gongyequ", corners: ["J1", "Z2", "X1", "X2", "M2", "M1"],
            population: 78_000, character: .newIndustry),
    ]

    /// A piece of one town that lies inside another: owner, host, middle in
    /// units of the sketch, and radius in metres.
    static let exclave = (owner: "310112103", host: "310112501", middle: (11.9, 13.7), radius: 520.0)

    /// Corners of a place in the sketch on the ground.
    static func ground(_ place: (Double, Double)) -> Coordinate {
        Coordinate(x: origin.x + place.0 * unit, y: origin.y + place.1 * unit)
    }
}

/// What a town's blocks are used for, by share.
enum TownCharacter {
    case city
    case business
    case suburb
    case oldIndustry
    case newIndustry
    case fringe
    case country

    var uses: [(BlockUse, Double)] {
        switch self {
        case .city:
            [
                (.housing, 58), (.commerce, 13), (.industry, 4), (.school, 7), (.hospital, 2), (.office, 6), (.park, 9),
                (.storage, 1),
            ]
        case .business:
            [(.housing, 34), (.commerce, 20), (.office, 26), (.school, 4), (.hospital, 2), (.park, 10), (.storage, 4)]
        case .suburb:
            [
                (.housing, 40), (.commerce, 9), (.industry, 17), (.school, 6), (.hospital, 1), (.park, 8),
                (.village, 8),
                (.field, 9), (.storage, 2),
            ]
        case .oldIndustry:
            [
                (.housing, 28), (.commerce, 6), (.industry, 34), (.school, 6), (.park, 6), (.village, 5), (.field, 8),
                (.storage, 7),
            ]
        case .newIndustry:
            [(.housing, 10), (.commerce, 6), (.industry, 58), (.office, 6), (.storage, 8), (.park, 6), (.field, 6)]
        case .fringe:
            [
                (.housing, 18), (.commerce, 5), (.industry, 15), (.school, 3), (.park, 6), (.village, 19), (.field, 30),
                (.storage, 4),
            ]
        case .country:
            [
                (.housing, 17), (.commerce, 4), (.industry, 10), (.school, 3), (.hospital, 1), (.park, 6),
                (.village, 20),
                (.field, 36), (.storage, 3),
            ]
        }
    }
}

/// What a block of streets is used for.
enum BlockUse: CaseIterable {
    case housing
    case village
    case commerce
    case office
    case industry
    case storage
    case school
    case hospital
    case park
    case field
}
