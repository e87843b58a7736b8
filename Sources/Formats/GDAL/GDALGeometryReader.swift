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
        guard let handle else { return reading }
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

    /// A copy in the types of Simple Features.
    private static func plain(_ handle: OGRGeometryH, _ type: OGRwkbGeometryType) -> OGRGeometryH? {
        if type == wkbPolyhedralSurface || type == wkbTIN || type == wkbTriangle {
            return OGR_G_Clone(handle).flatMap { OGR_G_ForceToMultiPolygon($0) }
        }
        return OGR_G_GetLinearGeometry(handle, 0, nil)
    }

    private func convert(_ handle: OGRGeometryH, _ notes: inout [FeatureNote]) throws(FeatureFault) -> Geometry {
        do {
            return try readWKB(handle)
        } catch let error where error.kind == .ringNotClosed {
            OGR_G_CloseRings(handle)
            notes.append(FeatureNote("ring-closed", "had a ring that was not closed; it was closed"))
        } catch {
            throw FeatureFault(error)
        }
        do {
            return try readWKB(handle)
        } catch {
            throw FeatureFault(error)
        }
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
