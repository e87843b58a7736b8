// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

extension FaultPlan {
    /// Shares of the joint area at which areas are twins, with what may become of
    /// them: from 0.6 on one is kept, from 0.3 on they are reported.
    private static let shares: [(share: Double, accepts: [PlantedFault.Outcome])] = [
        (0.42, [.reported]), (0.6, [.repaired, .reported]), (0.93, [.repaired]),
    ]
    private static let areaLimit = 0.6
    /// Within how many metres points of one name are twins.
    private static let pointLimit = 5.0
    /// Twins are planted so near to a border, in metres.
    private static let nearBorder = 48.0

    /// What two towns delivered, each in its own way.
    mutating func plantTwins() throws {
        var buildings = try atBorder("buildings")
        for (share, accepts) in Self.shares {
            for _ in 0..<PlantedFault.repetitions {
                while let place = buildings.popLast() {
                    if try plantArea(place, share, accepts) { break }
                }
            }
        }
        var points = try atBorder("points")
        for multiple in PlantedFault.multiples {
            for _ in 0..<PlantedFault.repetitions {
                while let place = points.popLast() {
                    if try plantPoint(place, multiple) { break }
                }
            }
        }
    }

    /// A feature near the border of another town.
    private struct Neighbour {
        var town: Int
        var index: Int
        var other: Int
        var place: Coordinate
    }

    private mutating func atBorder(_ layer: String) throws -> [Neighbour] {
        let towns = Set(soundTowns(layer))
        var found: [Neighbour] = []
        for town in towns.sorted() {
            for (index, feature) in try features(Key(town: town, layer: layer)).enumerated() {
                guard let place = feature.geometry.middle, truth.locator.isNearBorder(place, within: Self.nearBorder)
                else { continue }
                let around = Turn.circle(12).map { place + $0 * Self.nearBorder }
                guard let other = around.lazy.compactMap(truth.locator.town).first(where: { $0 != town }),
                    towns.contains(other)
                else { continue }
                found.append(Neighbour(town: town, index: index, other: other, place: place))
            }
        }
        found.shuffle(using: &random)
        return found
    }

    private mutating func plantArea(
        _ neighbour: Neighbour, _ share: Double, _ accepts: [PlantedFault.Outcome]
    ) throws -> Bool {
        let key = Key(town: neighbour.town, layer: "buildings")
        var twin = try features(key)[neighbour.index]
        let original = twin.geometry
        // Moved as far as the share asks for.
        var (near, far) = (0.0, original.envelope.width)
        for _ in 0..<40 {
            let middle = (near + far) / 2
            if try sharedArea(original, original.moved(by: Vector(x: middle, y: 0))) > share {
                near = middle
            } else {
                far = middle
            }
        }
        twin.geometry = original.moved(by: Vector(x: near, y: 0))
        guard try isFree(twin.geometry, besides: neighbour), claim(neighbour.place, neighbour.index, key)
        else { return false }
        let otherKey = Key(town: neighbour.other, layer: key.layer)
        let number = try append(twin, otherKey)
        let shape = shape(
            original, of: record(key, neighbour.index + 1), record(otherKey, number), reach: near)
        add(
            PlantedFault(
                kind: .areaTwin, multiple: share / Self.areaLimit,
                sources: [source(neighbour.other, "buildings"), source(neighbour.town, "buildings")],
                records: [number, neighbour.index + 1], outline: original.outline, size: share,
                shapes: [shape], accepts: accepts))
        return true
    }

    private func sharedArea(_ first: Geometry, _ second: Geometry) throws -> Double {
        let common = try engine.area(engine.intersection(first, second))
        return try common / (engine.area(first) + engine.area(second) - common)
    }

    /// Whether no other building of either town is in the way.
    private mutating func isFree(_ geometry: Geometry, besides neighbour: Neighbour) throws -> Bool {
        let envelope = geometry.envelope.expanded(by: 1)
        for town in [neighbour.town, neighbour.other] {
            for (index, feature) in try features(Key(town: town, layer: "buildings")).enumerated()
            where feature.geometry.envelope.intersects(envelope) {
                guard town == neighbour.town && index == neighbour.index else { return false }
            }
        }
        return true
    }

    private mutating func plantPoint(_ neighbour: Neighbour, _ multiple: Double) throws -> Bool {
        let key = Key(town: neighbour.town, layer: "points")
        var twin = try features(key)[neighbour.index]
        let distance = multiple * Self.pointLimit
        guard claim(neighbour.place, neighbour.index, key) else { return false }
        let place = neighbour.place
        let original = twin.geometry
        twin.geometry = twin.geometry.moved(by: Turn.circle(12)[random.integer(0...11)] * distance)
        let otherKey = Key(town: neighbour.other, layer: key.layer)
        // Far from each other they are two places.
        let isDecoy = multiple > 1
        let number = try append(twin, otherKey, isDecoy: isDecoy)
        let shape = shape(
            original, of: record(key, neighbour.index + 1), record(otherKey, number), reach: distance)
        let planted = PlantedFault(
            kind: .pointTwin, multiple: multiple,
            sources: [source(neighbour.other, "points"), source(neighbour.town, "points")],
            records: [number, neighbour.index + 1],
            outline: PlantedFault.outline([place, twin.geometry.middle ?? place]), size: distance,
            shapes: [shape], accepts: multiple < 1 ? [.repaired] : multiple > 1 ? [.silent] : [.repaired, .silent],
            note: "two places of one name")
        if isDecoy { addDecoy(planted) } else { add(planted) }
        return true
    }
}

extension Geometry {
    /// The middle of its envelope.
    fileprivate var middle: Coordinate? { envelope.isEmpty ? nil : envelope.center }

    /// Of an area, as a fault's place is written down.
    fileprivate var outline: [[Double]] {
        guard case .polygon(let polygon) = self else { return [] }
        return PlantedFault.outline(polygon.exteriorRing.coordinates)
    }

    /// On whole millimetres.
    fileprivate func moved(by step: Vector) -> Geometry {
        mapCoordinates { $0.map { ($0 + step).onGrid } }
    }
}
