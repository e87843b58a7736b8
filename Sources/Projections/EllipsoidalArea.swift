// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// Measures areas on the ellipsoid of a reference system, as the land survey
/// does: PROJ's geodesic routines (Karney), edges taken as geodesics.
///
/// An edge that is straight on a grid is not a geodesic; over a kilometre of it
/// the two enclose less than ten square metres at the rim of a 3° zone, and far
/// less in its middle. Belongs to one worker, like a transform.
public final class EllipsoidalArea {
    private let toDegrees: [TransformStage]
    private var geodesic = geod_geodesic()

    /// - Throws: `.library` when PROJ cannot say where the system's positions
    ///   lie on earth; `.unsupported` for GCJ-02, BD-09 and pipelines.
    public init(_ crs: CoordinateReferenceSystem) throws(ProjectionsError) {
        guard crs.kind == .proj else {
            throw ProjectionsError(.unsupported, subject: crs.definition, "Areas are not measured in \(crs).")
        }
        let context = try ProjContext()
        let object = try crs.projObject(in: context)
        toDegrees = crs.isGeographic ? [] : try crs.stagesToDegrees(object, in: context)
        let failure = "PROJ does not know the ellipsoid of \(crs)"
        var axis = 0.0
        var inverseFlattening = 0.0
        let plain = object.type == PJ_TYPE_BOUND_CRS ? object.part(proj_get_source_crs) ?? object : object
        let ellipsoid = try context.check(.library, subject: crs.definition, failure) { _ in
            plain.part(proj_get_ellipsoid)
        }
        _ = try context.check(.library, subject: crs.definition, failure) { pointer in
            proj_ellipsoid_get_parameters(pointer, ellipsoid.pointer, &axis, nil, nil, &inverseFlattening) != 0
                ? true : nil
        }
        geod_init(&geodesic, axis, inverseFlattening > 0 ? 1 / inverseFlattening : 0)
    }

    /// The area in square metres, holes taken away; 0 for what has none.
    ///
    /// - Parameter geometry: in the system's coordinates, x = east.
    /// - Throws: `.notTransformable` when a position has no place on earth.
    /// - Complexity: O(*n*) in positions, some microseconds each.
    public func area(of geometry: Geometry) throws(ProjectionsError) -> Double {
        switch geometry {
        case .polygon(let polygon): return try area(of: polygon)
        case .multiPolygon(let multi):
            var sum = 0.0
            for polygon in multi.polygons { sum += try area(of: polygon) }
            return sum
        case .geometryCollection(let collection):
            var sum = 0.0
            for part in collection.geometries { sum += try area(of: part) }
            return sum
        default: return 0
        }
    }

    private func area(of polygon: Polygon) throws(ProjectionsError) -> Double {
        var area = try abs(area(of: polygon.exteriorRing))
        for ring in polygon.interiorRings { area -= try abs(self.area(of: ring)) }
        return area
    }

    private func area(of ring: LinearRing) throws(ProjectionsError) -> Double {
        // The last position is the first one again, which the sum must not have twice.
        var positions = Array(ring.coordinates.dropLast())
        positions.withUnsafeMutableBufferPointer { buffer in
            for stage in toDegrees { stage.apply(to: buffer) }
        }
        var sum = geod_polygon()
        geod_polygon_init(&sum, 0)
        for (index, position) in positions.enumerated() {
            guard position.isFinite, abs(position.y) <= 90 else {
                throw ProjectionsError(
                    .notTransformable, subject: "area", index: index, "Position \(index + 1) has no place on earth.")
            }
            geod_polygon_addpoint(&geodesic, &sum, position.y, position.x)
        }
        var area = 0.0
        geod_polygon_compute(&geodesic, &sum, 0, 1, &area, nil)
        return area
    }
}

extension CoordinateReferenceSystem {
    /// From this system's plane to longitude and latitude on its own datum; none
    /// when PROJ knows no way.
    func stagesToDegrees(_ object: ProjObject, in context: ProjContext) throws(ProjectionsError) -> [TransformStage] {
        let plain = object.type == PJ_TYPE_BOUND_CRS ? object.part(proj_get_source_crs) ?? object : object
        var rejected: [String] = []
        let failure = "PROJ cannot take \(self) back to degrees"
        let geodetic = try context.check(.library, subject: definition, failure) { _ in
            plain.part(proj_crs_get_geodetic_crs)
        }
        let selection = OperationSelection(context: context, areaOfInterest: nil)
        let operation = try selection.best(from: plain, to: geodetic, datum: .same, rejected: &rejected)
        return operation.map { [.operation($0.object, forward: true, scaling: .none)] } ?? []
    }
}
