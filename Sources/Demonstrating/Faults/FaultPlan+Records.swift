// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension FaultPlan {
    /// Faults of single records.
    mutating func plantRecords() throws {
        try plantTroubles()
        for town in orderedTowns("parcels").prefix(PlantedFault.repetitions) { try plantSharedKey(town) }
        for (word, town) in zip(Self.words, orderedTowns("buildings")) { try plantUnknownWord(word, town) }
        for town in orderedTowns("addresses").prefix(PlantedFault.repetitions) { try plantFarAway(town) }
    }

    /// Those that every demo district has.
    private mutating func plantTroubles() throws {
        for (town, entry) in truth.partition.towns.enumerated() {
            let key = Key(town: town, layer: "buildings")
            for (index, feature) in try features(key).enumerated() {
                let number = index + 1
                let (spoilt, isEmpty) = Troubles.spoil(feature, layer: key.layer, town: entry.code, number: number)
                let source = source(town, key.layer)
                if isEmpty {
                    add(PlantedFault(kind: .nullGeometry, sources: [source], records: [number], accepts: [.reported]))
                } else if spoilt.geometry != feature.geometry, case .polygon(let polygon) = spoilt.geometry {
                    add(
                        PlantedFault(
                            kind: .selfIntersection, sources: [source], records: [number],
                            outline: PlantedFault.outline(polygon.exteriorRing.coordinates),
                            shapes: [
                                shape(
                                    feature.geometry, of: record(key, number),
                                    reach: Troubles.reach(of: polygon.exteriorRing.coordinates))
                            ], accepts: [.repaired]))
                }
                if spoilt.values != feature.values {
                    let word = spoilt.values[1].description
                    add(PlantedFault(kind: .unknownWord, sources: [source], accepts: [.reported], note: word))
                }
            }
        }
    }

    /// Uses of buildings that no layer has a code for.
    private static let words = ["待拆迁", "临时安置", "军事设施"]

    private mutating func plantUnknownWord(_ word: String, _ town: Int) throws {
        let key = Key(town: town, layer: "buildings")
        let buildings = try features(key)
        for _ in 0..<50 {
            let index = random.integer(0...(buildings.count - 1))
            guard case .polygon(let polygon) = buildings[index].geometry,
                claim(polygon.exteriorRing.coordinates[0], index, key)
            else { continue }
            var feature = buildings[index]
            feature.values[1] = .text(word)
            replace(index, key, with: feature)
            return add(
                PlantedFault(
                    kind: .unknownWord, sources: [source(town, key.layer)], records: [index + 1], accepts: [.reported],
                    note: word))
        }
    }

    /// Two parcels with one number.
    private mutating func plantSharedKey(_ town: Int) throws {
        let key = Key(town: town, layer: "parcels")
        let parcels = try features(key)
        for _ in 0..<50 {
            let index = random.integer(1...(parcels.count - 1))
            guard case .polygon(let polygon) = parcels[index].geometry,
                claim(polygon.exteriorRing.coordinates[0], index, key)
            else { continue }
            var feature = parcels[index]
            feature.values[0] = parcels[index - 1].values[0]
            replace(index, key, with: feature)
            return add(
                PlantedFault(
                    kind: .sharedKey, sources: [source(town, key.layer)], records: [index + 1, index],
                    accepts: [.reported], note: feature.values[0].description))
        }
    }

    /// A door number on another continent.
    private mutating func plantFarAway(_ town: Int) throws {
        let key = Key(town: town, layer: "addresses")
        let index = random.integer(0...(try features(key).count - 1))
        var feature = try features(key)[index]
        guard case .point(let point) = feature.geometry, let place = point.coordinate, claim(place, index, key)
        else { return }
        feature.geometry = .point(Point(Coordinate(x: place.x - 3_200_000, y: place.y)))
        replace(index, key, with: feature)
        add(
            PlantedFault(
                kind: .farAway, sources: [source(town, key.layer)], records: [index + 1], size: 3_200_000,
                accepts: [.reported]))
    }
}
