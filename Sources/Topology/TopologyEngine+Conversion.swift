// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures

// Positions cross the border as whole runs: GEOS copies from and to memory that
// is laid out like ours. For small polygons that takes some 60 % of the time of
// writing WKB and having it read.

extension TopologyEngine {
    /// The GEOS twin of a geometry, its empty parts left out.
    ///
    /// - Throws: `.malformed` for what GEOS would not accept.
    func makeObject(_ geometry: Geometry) throws(TopologyError) -> GEOSObject {
        try Shape.check(geometry)
        return try object(geometry.hasEmptyParts ? geometry.withoutEmptyParts().geometry : geometry)
    }

    private func object(_ geometry: Geometry) throws(TopologyError) -> GEOSObject {
        switch geometry {
        case .point(let point): return try object(point)
        case .lineString(let line): return try object(line)
        case .polygon(let polygon): return try object(polygon)
        case .multiPoint(let multi):
            var parts = GEOSObjectList(in: context)
            for point in multi.points { parts.append(try object(point)) }
            return try collection(GEOS_MULTIPOINT, &parts)
        case .multiLineString(let multi):
            var parts = GEOSObjectList(in: context)
            for line in multi.lineStrings { parts.append(try object(line)) }
            return try collection(GEOS_MULTILINESTRING, &parts)
        case .multiPolygon(let multi):
            var parts = GEOSObjectList(in: context)
            for polygon in multi.polygons { parts.append(try object(polygon)) }
            return try collection(GEOS_MULTIPOLYGON, &parts)
        case .geometryCollection(let collected):
            var parts = GEOSObjectList(in: context)
            for member in collected.geometries { parts.append(try object(member)) }
            return try collection(GEOS_GEOMETRYCOLLECTION, &parts)
        }
    }

    private func object(_ point: Point) throws(TopologyError) -> GEOSObject {
        guard let coordinate = point.coordinate else {
            return try context.object("point") { GEOSGeom_createEmptyPoint_r($0) }
        }
        return try context.object("point") { GEOSGeom_createPointFromXY_r($0, coordinate.x, coordinate.y) }
    }

    private func object(_ line: LineString) throws(TopologyError) -> GEOSObject {
        guard !line.coordinates.isEmpty else {
            return try context.object("line") { GEOSGeom_createEmptyLineString_r($0) }
        }
        let sequence = try sequence(line.coordinates)
        return try context.object("line") { GEOSGeom_createLineString_r($0, sequence) }
    }

    private func object(_ polygon: Polygon) throws(TopologyError) -> GEOSObject {
        guard !polygon.exteriorRing.coordinates.isEmpty else {
            return try context.object("polygon") { GEOSGeom_createEmptyPolygon_r($0) }
        }
        let shell = try ring(polygon.exteriorRing)
        if polygon.interiorRings.isEmpty {
            let shellPointer = shell.release()
            return try context.object("polygon") { GEOSGeom_createPolygon_r($0, shellPointer, nil, 0) }
        }
        var holes = GEOSObjectList(in: context)
        for interior in polygon.interiorRings { holes.append(try ring(interior)) }
        let shellPointer = shell.release()
        var holePointers = holes.release()
        return try context.object("polygon") {
            GEOSGeom_createPolygon_r($0, shellPointer, &holePointers, UInt32(holePointers.count))
        }
    }

    private func ring(_ ring: LinearRing) throws(TopologyError) -> GEOSObject {
        let sequence = try sequence(ring.coordinates)
        return try context.object("ring") { GEOSGeom_createLinearRing_r($0, sequence) }
    }

    private func collection(
        _ type: GEOSGeomTypes, _ parts: inout GEOSObjectList
    ) throws(TopologyError) -> GEOSObject {
        var pointers = parts.release()
        return try context.object("collection") {
            GEOSGeom_createCollection_r($0, Int32(type.rawValue), &pointers, UInt32(pointers.count))
        }
    }

    /// A sequence that the caller hands straight to a constructor, which frees
    /// it whatever happens.
    private func sequence(_ coordinates: [Coordinate]) throws(TopologyError) -> OpaquePointer {
        let sequence = coordinates.withUnsafeBytes { bytes in
            let ordinates = bytes.baseAddress?.assumingMemoryBound(to: Double.self)
            return GEOSCoordSeq_copyFromBuffer_r(context.handle, ordinates, UInt32(coordinates.count), 0, 0)
        }
        guard let sequence else { throw context.failure("sequence") }
        return sequence
    }

    // MARK: Back

    /// Our twin of a GEOS geometry, which stays the caller's.
    func makeGeometry(_ pointer: OpaquePointer) throws(TopologyError) -> Geometry {
        switch GEOSGeomTypeId_r(context.handle, pointer) {
        case Int32(GEOS_POINT.rawValue): return .point(Point(try coordinates(pointer).first))
        case Int32(GEOS_LINESTRING.rawValue), Int32(GEOS_LINEARRING.rawValue):
            return .lineString(LineString(try coordinates(pointer)))
        case Int32(GEOS_POLYGON.rawValue): return .polygon(try polygon(pointer))
        case Int32(GEOS_MULTIPOINT.rawValue):
            var points: [Point] = []
            for part in try parts(pointer) { points.append(Point(try coordinates(part).first)) }
            return .multiPoint(MultiPoint(points))
        case Int32(GEOS_MULTILINESTRING.rawValue):
            var lines: [LineString] = []
            for part in try parts(pointer) { lines.append(LineString(try coordinates(part))) }
            return .multiLineString(MultiLineString(lines))
        case Int32(GEOS_MULTIPOLYGON.rawValue):
            var polygons: [Polygon] = []
            for part in try parts(pointer) { polygons.append(try polygon(part)) }
            return .multiPolygon(MultiPolygon(polygons))
        case Int32(GEOS_GEOMETRYCOLLECTION.rawValue):
            var members: [Geometry] = []
            for part in try parts(pointer) { members.append(try makeGeometry(part)) }
            return .geometryCollection(GeometryCollection(members))
        default: throw context.failure("reading a result")
        }
    }

    private func parts(_ pointer: OpaquePointer) throws(TopologyError) -> [OpaquePointer] {
        let count = GEOSGetNumGeometries_r(context.handle, pointer)
        guard count >= 0 else { throw context.failure("reading a result") }
        return (0..<count).compactMap { GEOSGetGeometryN_r(context.handle, pointer, $0) }
    }

    private func polygon(_ pointer: OpaquePointer) throws(TopologyError) -> Polygon {
        guard let exterior = GEOSGetExteriorRing_r(context.handle, pointer) else {
            throw context.failure("reading a result")
        }
        let count = GEOSGetNumInteriorRings_r(context.handle, pointer)
        var interiors: [LinearRing] = []
        for index in 0..<max(count, 0) {
            guard let ring = GEOSGetInteriorRingN_r(context.handle, pointer, index) else {
                throw context.failure("reading a result")
            }
            interiors.append(LinearRing(try coordinates(ring)))
        }
        return Polygon(LinearRing(try coordinates(exterior)), interiorRings: interiors)
    }

    private func coordinates(_ pointer: OpaquePointer) throws(TopologyError) -> [Coordinate] {
        var count: UInt32 = 0
        guard let sequence = GEOSGeom_getCoordSeq_r(context.handle, pointer),
            GEOSCoordSeq_getSize_r(context.handle, sequence, &count) != 0
        else { throw context.failure("reading a result") }
        let size = Int(count)
        return [Coordinate](unsafeUninitializedCapacity: size) { buffer, initialized in
            guard size > 0, let base = buffer.baseAddress else { return }
            let ordinates = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Double.self)
            if GEOSCoordSeq_copyToBuffer_r(context.handle, sequence, ordinates, 0, 0) != 0 { initialized = size }
        }
    }
}
