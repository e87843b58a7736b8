// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

extension FaultPlan {
    /// An edge of a parcel that is also one of a parcel of another town.
    private struct SharedEdge {
        var town: Int
        var index: Int
        var edge: Int
        var otherTown: Int
        var otherIndex: Int
        var from: Coordinate
        var to: Coordinate
    }

    /// Long enough for a dent that is longer than wide.
    private static let shortestEdge = 24.0
    /// `seams.gap_m` and `seams.overlap_m` of the layer.
    private static let widthLimit = 1.0

    /// Borders of parcels that one town drew too near or too far.
    mutating func plantSeams() throws {
        var edges = try sharedEdges()
        for kind in [PlantedFault.Kind.seamGap, .seamOverlap] {
            for multiple in PlantedFault.multiples {
                for _ in 0..<PlantedFault.repetitions {
                    while let edge = edges.popLast() {
                        if try plant(kind, multiple, at: edge) { break }
                    }
                }
            }
        }
    }

    /// In an order that the seed gives.
    private mutating func sharedEdges() throws -> [SharedEdge] {
        let towns = soundTowns("parcels")
        var owners: [Coordinate: [(town: Int, index: Int, to: Coordinate)]] = [:]
        for town in towns {
            for (index, feature) in try features(Key(town: town, layer: "parcels")).enumerated() {
                guard case .polygon(let polygon) = feature.geometry else { continue }
                let ring = polygon.exteriorRing.coordinates
                for (a, b) in zip(ring, ring.dropFirst()) where (b - a).length >= Self.shortestEdge {
                    owners[a, default: []].append((town, index, b))
                }
            }
        }
        var edges: [SharedEdge] = []
        for town in towns {
            for (index, feature) in try features(Key(town: town, layer: "parcels")).enumerated() {
                guard case .polygon(let polygon) = feature.geometry else { continue }
                let ring = polygon.exteriorRing.coordinates
                for (edge, (a, b)) in zip(ring, ring.dropFirst()).enumerated() {
                    guard let other = owners[b]?.first(where: { $0.to == a && $0.town != town }) else { continue }
                    edges.append(
                        SharedEdge(
                            town: town, index: index, edge: edge, otherTown: other.town, otherIndex: other.index,
                            from: a, to: b))
                }
            }
        }
        edges.shuffle(using: &random)
        return edges
    }

    /// Moves the middle of an edge: inward for a gap, outward for an overlap.
    private mutating func plant(_ kind: PlantedFault.Kind, _ multiple: Double, at edge: SharedEdge) throws -> Bool {
        let key = Key(town: edge.town, layer: "parcels")
        var feature = try features(key)[edge.index]
        guard case .polygon(var polygon) = feature.geometry else { return false }
        let width = multiple * Self.widthLimit
        let length = (edge.to - edge.from).length
        let dent = Plane.dent(from: edge.from, to: edge.to, by: kind == .seamGap ? width : -width)
        let outline = dent + dent.prefix(1)
        let middle = edge.from.mixed(edge.to, 0.5)

        let ground = kind == .seamGap
            ? feature.geometry : try features(Key(town: edge.otherTown, layer: "parcels"))[edge.otherIndex].geometry
        let moved = Geometry.polygon(Polygon(LinearRing(outline)))
        let area = try engine.area(moved)
        let within = try engine.area(engine.intersection(moved, ground, on: .millimetre))
        guard within > area * 0.99, claim(middle, edge.index, key, reach: length) else { return false }
        let other = Key(town: edge.otherTown, layer: key.layer)
        let shapes = [
            shape(feature.geometry, of: record(key, edge.index + 1), reach: width),
            shape(try features(other)[edge.otherIndex].geometry, of: record(other, edge.otherIndex + 1), reach: width),
        ]
        polygon.exteriorRing.coordinates.insert(contentsOf: dent, at: edge.edge + 1)
        feature.geometry = .polygon(polygon)
        guard try engine.validityFault(of: feature.geometry) == nil else { return false }
        replace(edge.index, key, with: feature)
        add(
            PlantedFault(
                kind: kind, multiple: multiple, sources: [source(edge.town, "parcels"), source(edge.otherTown, "parcels")],
                records: [edge.index + 1], outline: PlantedFault.outline(outline), size: width,
                shapes: shapes, accepts: PlantedFault.outcomes(at: multiple)))
        return true
    }
}
