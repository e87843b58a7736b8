// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import SimpleFeatures

/// Turns GDAL's geometries into ours, with memory that is used again.
final class GDALGeometryReader {
    struct Reading {
        var geometry: Geometry?
        var hadZ = false
        var hadM = false
        var notes: [FeatureNote] = []
    }

    private let limits: GeometryLimits
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)

    init(limits: DatasetLimits) {
        self.limits = GeometryLimits(
            maxCoordinates: limits.verticesOfGeometry, maxRings: limits.ringsOfGeometry,
            maxParts: limits.verticesOfGeometry)
    }

    deinit { buffer.deallocate() }

    /// - Throws: `FeatureFault` when the geometry is broken or too large.
    func read(_ handle: OGRGeometryH?) throws(FeatureFault) -> Reading {
        var reading = Reading()
        guard let handle, OGR_G_IsEmpty(handle) == 0 else { return reading }
        reading.hadZ = OGR_G_Is3D(handle) != 0
        reading.hadM = OGR_G_IsMeasured(handle) != 0
        let type = OGR_GT_Flatten(OGR_G_GetGeometryType(handle))
        if type.rawValue <= wkbGeometryCollection.rawValue && OGR_G_HasCurveGeometry(handle, 1) == 0 {
            reading.geometry = try convert(handle, &reading.notes)
            return reading
        }
        guard let plain = Self.plain(handle, type) else {
            throw FeatureFault("unsupported-geometry", "has a geometry of a type that maps do not have")
        }
        defer { OGR_G_DestroyGeometry(plain) }
        if OGR_G_HasCurveGeometry(handle, 1) != 0 {
            reading.notes.append(FeatureNote("curves-straightened", "had arcs, which were drawn as short lines"))
        } else {
            reading.notes.append(FeatureNote("surface-as-polygons", "had a surface, which was taken as its polygons"))
        }
        reading.geometry = try convert(plain, &reading.notes)
        return reading
    }

    /// The type of a geometry, arcs aside; nil when there is none.
    static func type(of handle: OGRGeometryH?) -> GeometryType? {
        guard let handle else { return nil }
        let type = OGR_GT_Flatten(OGR_G_GetGeometryType(handle))
        return type == wkbLinearRing ? .lineString : GeometryType(OGR_GT_GetLinear(type))
    }

    /// A copy in the types of Simple Features.
    private static func plain(_ handle: OGRGeometryH, _ type: OGRwkbGeometryType) -> OGRGeometryH? {
        if type == wkbPolyhedralSurface || type == wkbTIN || type == wkbTriangle {
            return OGR_G_Clone(handle).flatMap { OGR_G_ForceToMultiPolygon($0) }
        }
        return OGR_G_GetLinearGeometry(handle, 0, nil)
    }

    private func convert(_ handle: OGRGeometryH, _ notes: inout [FeatureNote]) throws(FeatureFault) -> Geometry {
        var repaired: OGRGeometryH?
        defer { OGR_G_DestroyGeometry(repaired) }
        do {
            return try readWKB(handle)
        } catch let error where error.kind == .ringNotClosed {
            OGR_G_CloseRings(handle)
            notes.append(.ringClosed)
        } catch let error where error.kind == .tooFewPositions {
            // A ring without an area adds nothing to a polygon and takes nothing
            // away; what is left of the polygon is taken.
            guard let copy = OGR_G_Clone(handle) else { throw FeatureFault(error) }
            repaired = copy
            guard Self.dropRingsWithoutArea(of: copy), OGR_G_IsEmpty(copy) == 0 else { throw FeatureFault(error) }
            notes.append(.ringDropped)
        } catch let error where error.kind == .unsupportedType {
            // Surfaces within a collection, as a multipatch has them.
            repaired = OGR_G_Clone(handle).flatMap { OGR_G_ForceToMultiPolygon($0) }
            notes.append(FeatureNote("surface-as-polygons", "had a surface, which was taken as its polygons"))
        } catch let error where error.kind == .malformed {
            // A ring that stands alone, as KML may have it, is a line.
            repaired = OGR_G_Clone(handle).flatMap { OGR_G_ForceToLineString($0) }
        } catch {
            throw FeatureFault(error)
        }
        do {
            return try readWKB(repaired ?? handle)
        } catch {
            throw FeatureFault(error)
        }
    }

    /// Takes out rings of fewer than four positions, and polygons whose outer
    /// ring is one.
    ///
    /// - Returns: whether the geometry itself may stay.
    private static func dropRingsWithoutArea(of geometry: OGRGeometryH) -> Bool {
        let type = OGR_GT_Flatten(OGR_G_GetGeometryType(geometry))
        if type == wkbPolygon {
            guard let outer = OGR_G_GetGeometryRef(geometry, 0), OGR_G_GetPointCount(outer) >= 4 else { return false }
            for index in (1..<max(1, OGR_G_GetGeometryCount(geometry))).reversed()
            where OGR_G_GetPointCount(OGR_G_GetGeometryRef(geometry, index)) < 4 {
                OGR_G_RemoveGeometry(geometry, index, 1)
            }
        } else if type == wkbMultiPolygon || type == wkbGeometryCollection {
            for index in (0..<OGR_G_GetGeometryCount(geometry)).reversed() {
                guard let part = OGR_G_GetGeometryRef(geometry, index) else { continue }
                if !dropRingsWithoutArea(of: part) { OGR_G_RemoveGeometry(geometry, index, 1) }
            }
        }
        return true
    }

    private func readWKB(_ handle: OGRGeometryH) throws(SimpleFeaturesError) -> Geometry {
        let count = Int(OGR_G_WkbSizeEx(handle))
        if buffer.count < count {
            buffer.deallocate()
            buffer = .allocate(byteCount: count + count / 2, alignment: 16)
        }
        guard let target = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
            OGR_G_ExportToIsoWkb(handle, wkbNDR, target) == OGRERR_NONE
        else { throw SimpleFeaturesError(.malformed, .wkb, offset: 0, "GDAL cannot write it") }
        return try Geometry(wkb: UnsafeRawBufferPointer(rebasing: buffer[..<count]), limits: limits)
    }
}

extension RawFeature {
    mutating func take(_ reading: GDALGeometryReader.Reading) {
        geometry = reading.geometry
        hadZ = reading.hadZ
        hadM = reading.hadM
        notes = reading.notes
    }
}

extension FeatureFault {
    /// A geometry that cannot be taken, whatever format it came in.
    init(_ error: SimpleFeaturesError) {
        switch error.kind {
        case .notFinite: self.init("not-finite", "has a coordinate that is not a finite number")
        case .limitExceeded: self.init("too-large", "is too large: \(error.detail)")
        case .tooFewPositions: self.init("too-few-positions", "has a broken geometry: \(error.detail)")
        default: self.init("broken-geometry", "has a broken geometry: \(error.detail)")
        }
    }
}
