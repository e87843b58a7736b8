// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension FaultPlan {
    private struct End {
        var town: Int
        var index: Int
        var isFirst: Bool
    }

    /// Within what distance ends are compared.
    private static let reach = 3.0

    /// Roads that one town ends before the border.
    mutating func plantLineEnds() throws {
        let ends = try ends(of: "roads", in: soundTowns("roads"))
        var meetings = ends.filter { $0.value.count == 2 && $0.value[0].town != $0.value[1].town }
            .sorted { ($0.key.x, $0.key.y) < ($1.key.x, $1.key.y) }
        meetings.shuffle(using: &random)
        for multiple in PlantedFault.multiples {
            for _ in 0..<PlantedFault.repetitions {
                while let (place, pair) = meetings.popLast() {
                    if try cutBack(pair[0], to: pair[1], at: place, multiple) { break }
                }
            }
        }
    }

    /// Ends near a border at which in truth nothing goes on.
    mutating func openEnds() throws -> [Coordinate] {
        try ["roads", "rivers", "railways"].flatMap { layer in
            try ends(of: layer, in: Array(truth.partition.towns.indices)).filter { place, ends in
                ends.count == 1 && truth.locator.isNearBorder(place, within: Self.reach + 1)
            }.keys.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        }
    }

    private mutating func ends(of layer: String, in towns: [Int]) throws -> [Coordinate: [End]] {
        var ends: [Coordinate: [End]] = [:]
        for town in towns {
            for (index, feature) in try features(Key(town: town, layer: layer)).enumerated() {
                guard case .lineString(let line) = feature.geometry, line.coordinates.count >= 2 else { continue }
                ends[line.coordinates[0], default: []].append(End(town: town, index: index, isFirst: true))
                let last = line.coordinates[line.coordinates.count - 1]
                ends[last, default: []].append(End(town: town, index: index, isFirst: false))
            }
        }
        return ends
    }

    private mutating func cutBack(_ end: End, to other: End, at place: Coordinate, _ multiple: Double) throws -> Bool {
        let key = Key(town: end.town, layer: "roads")
        var feature = try features(key)[end.index]
        guard case .lineString(var line) = feature.geometry else { return false }
        let count = line.coordinates.count
        let (index, before) = end.isFirst ? (0, 1) : (count - 1, count - 2)
        let back = line.coordinates[before] - place
        let distance = multiple * Self.reach
        guard back.length > distance + 5, claim(place, end.index, key) else { return false }
        let otherKey = Key(town: other.town, layer: key.layer)
        let shapes = [
            shape(feature.geometry, of: record(key, end.index + 1), reach: distance),
            shape(try features(otherKey)[other.index].geometry, of: record(otherKey, other.index + 1), reach: distance),
        ]
        line.coordinates[index] = (place + back.unit * distance).onGrid
        feature.geometry = .lineString(line)
        replace(end.index, key, with: feature)
        add(
            PlantedFault(
                kind: .lineEnd, multiple: multiple, sources: [source(end.town, "roads"), source(other.town, "roads")],
                records: [end.index + 1, other.index + 1],
                outline: PlantedFault.outline([line.coordinates[index], place]), size: distance,
                shapes: shapes, accepts: PlantedFault.outcomes(at: multiple)))
        return true
    }
}
