// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import Foundation
import SimpleFeatures

/// Sound files of houses, to be damaged by a test.
enum SampleFiles {
    static let schema = Schema(
        geometryType: .multiPolygon, fields: [Field("name", .text), Field("levels", .integer)])

    static func houses(_ count: Int) -> [FeatureRecord] {
        (0..<count).map { number in
            let x = 121.3 + Double(number) * 0.002
            let ring = LinearRing([
                Coordinate(x: x, y: 31.1), Coordinate(x: x, y: 31.101), Coordinate(x: x + 0.001, y: 31.101),
                Coordinate(x: x + 0.001, y: 31.1), Coordinate(x: x, y: 31.1),
            ])
            return FeatureRecord(
                id: Int64(number + 1), geometry: .polygon(Polygon(ring)),
                values: [.text("梅陇镇\(number + 1)号楼"), .integer(Int64(number % 30))])
        }
    }

    /// Writes houses in the format that the ending tells.
    static func write(_ count: Int, to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let ending = url.pathExtension
        let format = FileFormat(fileExtension: ending) ?? .geoJSON
        try DatasetWriter.write(
            houses(count), schema: schema, to: url,
            options: WritingOptions(
                format, crs: "EPSG:4326", encoding: "GBK", isMIF: ending == "mif", xColumn: "lon", yColumn: "lat"))
    }

    /// The files that belong to a map, by their endings.
    static func parts(of ending: String) -> [String] {
        switch ending {
        case "shp": ["shp", "shx", "dbf", "prj", "cpg"]
        case "tab": ["tab", "dat", "map", "id"]
        case "mif": ["mif", "mid"]
        default: [ending]
        }
    }
}

/// Numbers that are the same in every run.
struct RepeatableGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
