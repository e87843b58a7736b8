// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures

/// Why a geometry is not valid in the sense of Simple Features, and where.
public struct ValidityFault: Hashable, Sendable, CustomStringConvertible {
    /// GEOS's word for it: `Self-intersection`, `Hole lies outside shell`.
    public let reason: String
    /// In the coordinates of the geometry, when GEOS gives a place.
    public let location: Coordinate?

    public var description: String {
        guard let location else { return reason }
        return "\(reason) at (\(location.x), \(location.y))"
    }
}

extension TopologyEngine {
    /// The first fault of a geometry, or nil when it is valid. Empty parts are
    /// no fault.
    ///
    /// - Throws: `.malformed` for what is no geometry at all: an open ring, a
    ///   number that is not finite.
    public func validityFault(of geometry: Geometry) throws(TopologyError) -> ValidityFault? {
        if let polygon = geometry.onlyPolygon, isCertainlyValid(polygon) { return nil }
        return try faultByGEOS(of: geometry)
    }

    /// GEOS's own verdict.
    func faultByGEOS(of geometry: Geometry) throws(TopologyError) -> ValidityFault? {
        let object = try makeObject(geometry)
        return try fault(object.pointer)
    }

    /// Whether a polygon without holes is proven valid in little time.
    func isCertainlyValid(_ polygon: Polygon) -> Bool {
        let ring = polygon.exteriorRing.coordinates
        return polygon.interiorRings.isEmpty && ring.count <= SimpleRingCertificate.mostEdges + 1
            && ring.allSatisfy(\.isFinite) && ring.first == ring.last && SimpleRingCertificate.holds(for: ring)
    }

    private func fault(_ pointer: OpaquePointer) throws(TopologyError) -> ValidityFault? {
        var reason: UnsafeMutablePointer<CChar>?
        var place: OpaquePointer?
        defer {
            if let reason { GEOSFree_r(context.handle, reason) }
            if let place { GEOSGeom_destroy_r(context.handle, place) }
        }
        let isValid = try context.answer("isValid") { GEOSisValidDetail_r($0, pointer, 0, &reason, &place) }
        if isValid { return nil }
        var location: Coordinate?
        if let place {
            var position = Coordinate(x: 0, y: 0)
            if GEOSGeomGetX_r(context.handle, place, &position.x) == 1,
                GEOSGeomGetY_r(context.handle, place, &position.y) == 1, position.isFinite
            {
                location = position
            }
        }
        return ValidityFault(reason: reason.map { String(cString: $0) } ?? "not valid", location: location)
    }

    /// A valid geometry of the same dimension that covers what an invalid
    /// polygon or multipolygon means: rings are noded and merged, holes taken
    /// out (GEOS's structure method), collapsed parts dropped. Valid geometries
    /// and other types come back as they are.
    ///
    /// Rings and their starts may differ from the input's. A polygon may become
    /// a multipolygon, or one without parts when it enclosed no area.
    ///
    /// - Throws: `.malformed`, or `.library` when GEOS gives up.
    public func makeValid(_ geometry: Geometry) throws(TopologyError) -> Geometry {
        switch geometry {
        case .polygon, .multiPolygon:
            let object = try makeObject(geometry)
            if try fault(object.pointer) == nil { return geometry }
            let valid = try context.object("makeValid") {
                GEOSMakeValidWithParams_r($0, object.pointer, repairParameters)
            }
            return Self.areas(of: try makeGeometry(valid.pointer), asMultiPolygon: geometry.type == .multiPolygon)
        case .geometryCollection(let collection):
            var members: [Geometry] = []
            for member in collection.geometries { members.append(try makeValid(member)) }
            return .geometryCollection(GeometryCollection(members))
        case .point, .lineString, .multiPoint, .multiLineString:
            try Shape.check(geometry)
            return geometry
        }
    }

    /// The polygons in a result, whatever else it holds; a multipolygon when
    /// asked for or when there is not just one.
    static func areas(of geometry: Geometry, asMultiPolygon: Bool) -> Geometry {
        let polygons = polygons(in: geometry)
        if !asMultiPolygon, polygons.count == 1 { return .polygon(polygons[0]) }
        return .multiPolygon(MultiPolygon(polygons))
    }

    private static func polygons(in geometry: Geometry) -> [Polygon] {
        switch geometry {
        case .polygon(let polygon): polygon.exteriorRing.coordinates.isEmpty ? [] : [polygon]
        case .multiPolygon(let multi): multi.polygons.filter { !$0.exteriorRing.coordinates.isEmpty }
        case .geometryCollection(let collection): collection.geometries.flatMap(polygons)
        default: []
        }
    }
}
