// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Cuts polygons along a town's borders.
struct BorderClipping {
    private let engine: TopologyEngine
    private let ground: Geometry

    /// Fails when GEOS cannot be started.
    init(_ town: TownPartition.Town) throws {
        engine = try TopologyEngine()
        ground = .multiPolygon(MultiPolygon(town.polygons))
    }

    /// The part of a block's ground that lies in the town; nil when none does.
    func ground(of block: Block) throws -> Geometry? {
        let polygon = Geometry.polygon(Polygon(LinearRing(block.ring)))
        guard block.isAtBorder else { return polygon }
        let part = try engine.intersection(polygon, ground, on: .millimetre)
        return part.isEmpty ? nil : part
    }

    /// The dry part of a block by the river.
    func bank(of block: Block, river: Geometry) throws -> [Polygon] {
        guard let ground = try ground(of: block) else { return [] }
        return Self.polygons(of: try engine.difference(ground, river, on: .millimetre))
            .filter { DemoTruth.area(of: $0) >= 400 }
    }

    /// The polygons of an area that lie in the town; slivers are left out.
    func parts(of polygon: Polygon) throws -> [Polygon] {
        Self.polygons(of: try engine.intersection(.polygon(polygon), ground, on: .millimetre))
            .filter { DemoTruth.area(of: $0) >= Self.sliver }
    }

    /// The polygons of a ring's area that lie in a part of a block; slivers are
    /// left out.
    func parts(of ring: [Coordinate], in blockGround: Geometry, isAtBorder: Bool) throws -> [Polygon] {
        guard isAtBorder else { return [Polygon(LinearRing(ring))] }
        return try pieces(of: ring, in: blockGround).filter { DemoTruth.area(of: $0) >= Self.sliver }
    }

    /// The slivers that `parts` leaves out.
    func slivers(of ring: [Coordinate], in blockGround: Geometry) throws -> [Polygon] {
        try pieces(of: ring, in: blockGround).filter { DemoTruth.area(of: $0) < Self.sliver }
    }

    /// Of less than so many square metres no town makes a parcel.
    private static let sliver = 4.0

    private func pieces(of ring: [Coordinate], in blockGround: Geometry) throws -> [Polygon] {
        Self.polygons(
            of: try engine.intersection(.polygon(Polygon(LinearRing(ring))), blockGround, on: .millimetre))
    }

    private static func polygons(of geometry: Geometry) -> [Polygon] {
        switch geometry {
        case .polygon(let polygon): polygon.rings.isEmpty ? [] : [anticlockwise(polygon)]
        case .multiPolygon(let multi): multi.polygons.map(anticlockwise)
        case .geometryCollection(let collection): collection.geometries.flatMap(polygons)
        case .point, .lineString, .multiPoint, .multiLineString: []
        }
    }

    /// With the exterior anticlockwise and the holes clockwise, so that areas
    /// add up.
    private static func anticlockwise(_ polygon: Polygon) -> Polygon {
        func turned(_ ring: LinearRing, _ isAnticlockwise: Bool) -> LinearRing {
            (ring.twiceSignedArea > 0) == isAnticlockwise ? ring : LinearRing(ring.coordinates.reversed())
        }
        return Polygon(
            turned(polygon.exteriorRing, true), interiorRings: polygon.interiorRings.map { turned($0, false) })
    }
}
