// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

extension FaultPlan {
    /// Of each kind.
    private static let count = 6

    /// What looks like a fault and is none.
    mutating func plantDecoys() throws {
        try plantAlleys()
        try plantBorderVertices()
        try plantCourtyards()
        try plantRareNames()
        let towns = truth.partition.towns
        if let owner = towns.firstIndex(where: { $0.polygons.count > 1 }) {
            addDecoy(
                PlantedFault(
                    kind: .seamOverlap, sources: [source(owner, "towns")],
                    outline: PlantedFault.outline(towns[owner].polygons[1].exteriorRing.coordinates),
                    accepts: [.silent], note: "a real exclave"))
        }
        for layer in ["buildings", "parcels", "addresses", "points", "towns"] {
            for town in soundTowns(layer) {
                addDecoy(
                    PlantedFault(
                        kind: .gcj02, sources: [source(town, layer)], accepts: [.silent],
                        note: "a file that lies where it says"))
            }
        }
    }

    /// Ground of nobody, 1.2 m wide, between two parcels of one town.
    private mutating func plantAlleys() throws {
        var left = Self.count
        for town in soundTowns("parcels") where left > 0 {
            let key = Key(town: town, layer: "parcels")
            let parcels = try features(key)
            for _ in 0..<30 {
                let index = random.integer(0...(parcels.count - 1))
                guard let (dented, outline, middle) = try dent(parcels[index].geometry, by: 1.2),
                    !truth.locator.isNearBorder(middle, within: 60), claim(middle, index, key)
                else { continue }
                var feature = parcels[index]
                feature.geometry = dented
                replace(index, key, with: feature, isDecoy: true)
                addDecoy(
                    PlantedFault(
                        kind: .seamGap, sources: [source(town, key.layer)], records: [index + 1],
                        outline: PlantedFault.outline(outline), size: 1.2, accepts: [.silent], note: "an alley of 1.2 m"))
                left -= 1
                break
            }
        }
    }

    /// A parcel whose longest edge is dented inward.
    private func dent(
        _ geometry: Geometry, by width: Double
    ) throws -> (geometry: Geometry, outline: [Coordinate], middle: Coordinate)? {
        guard case .polygon(var polygon) = geometry else { return nil }
        let ring = polygon.exteriorRing.coordinates
        func length(_ edge: Int) -> Double { (ring[edge + 1] - ring[edge]).length }
        guard let edge = ring.indices.dropLast().max(by: { length($0) < length($1) }),
            case let (from, to) = (ring[edge], ring[edge + 1]), (to - from).length > 30
        else { return nil }
        let dent = Plane.dent(from: from, to: to, by: width)
        polygon.exteriorRing.coordinates.insert(contentsOf: dent, at: edge + 1)
        guard try engine.validityFault(of: .polygon(polygon)) == nil else { return nil }
        return (.polygon(polygon), dent + dent.prefix(1), from.mixed(to, 0.5))
    }

    /// A vertex on a border that the other town does not have.
    private mutating func plantBorderVertices() throws {
        var left = Self.count
        for town in soundTowns("parcels") where left > 0 {
            let key = Key(town: town, layer: "parcels")
            for (index, feature) in try features(key).enumerated() {
                guard case .polygon(var polygon) = feature.geometry else { continue }
                let ring = polygon.exteriorRing.coordinates
                guard
                    let edge = ring.indices.dropLast().first(where: {
                        (ring[$0 + 1] - ring[$0]).length > 25
                            && truth.locator.isNearBorder(ring[$0].mixed(ring[$0 + 1], 0.5), within: 0.01)
                    })
                else { continue }
                let vertex = ring[edge].mixed(ring[edge + 1], 0.41).onGrid
                guard claim(vertex, index, key) else { continue }
                polygon.exteriorRing.coordinates.insert(vertex, at: edge + 1)
                var changed = feature
                changed.geometry = .polygon(polygon)
                replace(index, key, with: changed, isDecoy: true)
                addDecoy(
                    PlantedFault(
                        kind: .seamGap, sources: [source(town, key.layer)], records: [index + 1],
                        outline: [[vertex.x, vertex.y]], accepts: [.silent], note: "a vertex that only one town has"))
                left -= 1
                break
            }
        }
    }

    /// A building round a court.
    private mutating func plantCourtyards() throws {
        var left = Self.count
        for town in orderedTowns("buildings") where left > 0 {
            let key = Key(town: town, layer: "buildings")
            for (index, feature) in try features(key).enumerated() {
                guard case .polygon(var polygon) = feature.geometry, polygon.interiorRings.isEmpty,
                    let middle = try engine.pointOnSurface(feature.geometry)
                else { continue }
                let court = Turn.circle(8).map { (middle + $0 * 2).onGrid }
                polygon.interiorRings = [LinearRing((court + court.prefix(1)).reversed())]
                let area = try engine.area(feature.geometry)
                guard try engine.validityFault(of: .polygon(polygon)) == nil, area > 200, claim(middle, index, key)
                else { continue }
                var changed = feature
                changed.geometry = .polygon(polygon)
                replace(index, key, with: changed, isDecoy: true)
                addDecoy(
                    PlantedFault(
                        kind: .selfIntersection, sources: [source(town, key.layer)], records: [index + 1],
                        outline: [[middle.x, middle.y]], accepts: [.silent], note: "a building with a court"))
                left -= 1
                break
            }
        }
    }

    /// Names with characters that few fonts and no GB 2312 have.
    private mutating func plantRareNames() throws {
        let names = ["㙟里幼儿园", "石㘰村", "垚鑫商店", "𠮷祥面馆", "喆学书店", "甪直路口"]
        for (name, town) in zip(names, orderedTowns("points")) {
            let key = Key(town: town, layer: "points")
            let index = random.integer(0...(try features(key).count - 1))
            var feature = try features(key)[index]
            guard case .point(let point) = feature.geometry, let place = point.coordinate, claim(place, index, key)
            else { continue }
            feature.values[0] = .text(name)
            replace(index, key, with: feature, isDecoy: true)
            addDecoy(
                PlantedFault(
                    kind: .lyingEncoding, sources: [source(town, key.layer)], records: [index + 1],
                    outline: [[place.x, place.y]], accepts: [.silent], note: name))
        }
    }
}
