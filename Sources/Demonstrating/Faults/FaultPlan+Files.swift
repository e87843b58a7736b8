// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension FaultPlan {
    /// Faults of whole files. Each is in a layer that no other fault needs.
    mutating func plantFiles() throws {
        for town in ["gumei", "hongqiao", "qibao"] {
            try plant(.plane(.gcj02), .gcj02, in: "landuse", of: town)
            try plant(.plane(.bd09), .bd09, in: "water", of: town)
        }
        // Only what fills its town can tell of a shift.
        let shifted = [
            ("jiangchuan", "landuse", 3), ("xinhong", "landuse", 1), ("gongyequ", "landuse", 3),
            ("wujing", "landuse", 1), ("pujiang", "landuse", 1), ("zhuanqiao", "landuse", 3),
            ("pujin", "landuse", 0.5), ("jiangchuan", "water", 0.5), ("wujing", "water", 0.5),
        ]
        for (town, layer, multiple) in shifted {
            try plant(.shifted(Self.beijing54 * multiple), .constantShift, in: layer, of: town, multiple: multiple)
        }
        for town in ["pujiang", "zhuanqiao", "pujin"] {
            try plant(.swappedAxes, .swappedAxes, in: "water", of: town)
        }
        for (town, name) in [("jiangchuan", "GBK"), ("xinzhuang", "UTF-8"), ("gongyequ", "UTF-8")] {
            try plant(.codePage(name), .lyingEncoding, in: "points", of: town)
        }
        for (town, encoding) in [("jiangchuan", "GBK"), ("xinzhuang", "UTF-8"), ("maqiao", "UTF-8")] {
            try plant(.column("address", encoding: encoding), .columnEncoding, in: "buildings", of: town)
        }
        for (town, layer) in [("jiangchuan", "addresses"), ("maqiao", "points"), ("huacao", "addresses")] {
            try plant(.cut(0.55), .cutFile, in: layer, of: town)
        }
        for layer in ["landuse", "water", "railways"] {
            try plant(.compound(.gcj02, codePage: "UTF-8"), .compound, in: layer, of: "meilong")
        }
        // The roads of 江川路街道 lack it in every demo district.
        for town in ["jiangchuan", "xinzhuang", "wujing"] {
            try plant(.lackingPlane, .lackingPlane, in: "roads", of: town)
        }
    }

    /// By how much sheets of Beijing 54 are off here, in metres.
    private static let beijing54 = Vector(x: -65.108, y: 38.974)

    private mutating func plant(
        _ fault: FileFault, _ kind: PlantedFault.Kind, in layer: String, of slug: String, multiple: Double? = nil
    ) throws {
        guard let town = truth.partition.towns.firstIndex(where: { $0.slug == slug }) else { return }
        spoil(Key(town: town, layer: layer), fault)
        var size: Double?
        if case .shifted(let step) = fault { size = step.length }
        var planted = PlantedFault(
            kind: kind, multiple: multiple, sources: [source(town, layer)], size: size, accepts: [.reported])
        planted.missed = try lineEnds(Key(town: town, layer: layer))
        add(planted)
    }

    /// Where lines of other towns may find no partner when the file is set aside.
    private mutating func lineEnds(_ key: Key) throws -> [[Double]] {
        guard ["roads", "rivers", "railways"].contains(key.layer) else { return [] }
        var ends: [Coordinate] = []
        for feature in try features(key) {
            guard case .lineString(let line) = feature.geometry else { continue }
            ends += line.coordinates.prefix(1) + line.coordinates.suffix(1)
        }
        return PlantedFault.outline(ends)
    }
}
