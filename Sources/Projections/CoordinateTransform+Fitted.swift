// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

extension CoordinateTransform {
    /// A transform that control points determine.
    ///
    /// A plane fit between two different meridians leaves half a metre over a
    /// district. So when the projection of the source is known, its positions
    /// are first brought onto the target's projection on their own ellipsoid,
    /// and the fit has only the datum shift left to say. GCJ-02 and BD-09 are
    /// undone first in the same way.
    ///
    /// - Parameters:
    ///   - source: the projection that the source is known to be in, whatever
    ///     its datum; nil when it is a plane that nobody described.
    ///   - grid: where `target` of the points counts: a projected system.
    /// - Throws: `.controlPoints` when the points determine no fit or are
    ///   outside of the source projection; `.unsupported` for a `grid` in
    ///   degrees or a pipeline as source.
    public static func fitted(
        from source: CoordinateReferenceSystem?, to grid: CoordinateReferenceSystem, points: [ControlPoint]
    ) throws(ProjectionsError) -> CoordinateTransform {
        guard !grid.isGeographic, grid.kind == .proj else {
            throw ProjectionsError(
                .unsupported, subject: grid.definition,
                "Control points are fitted on a plane, and \(grid) counts in degrees; use a projected grid.")
        }
        var route = TransformRoute(context: try ProjContext(), areaOfInterest: nil)
        if let source { try route.appendReprojection(of: source, onto: grid) }
        var moved = points
        for index in moved.indices {
            var image = moved[index].source
            withUnsafeMutablePointer(to: &image) { pointer in
                for stage in route.stages { stage.apply(to: UnsafeMutableBufferPointer(start: pointer, count: 1)) }
            }
            guard image.isFinite else {
                throw ProjectionsError(
                    .controlPoints, subject: moved[index].id,
                    "The source position of control point \(moved[index].id) lies outside of "
                        + "\(source?.description ?? "the plane") (are src_e and src_n swapped?).")
            }
            moved[index].source = image
        }
        let fit = try ControlPointFit(points: moved)
        route.stages.append(.similarity(fit.similarity))
        route.steps.append(
            "four-parameter fit to \(fit.residuals.count) control points (tx \(fit.tx) m, ty \(fit.ty) m, "
                + "scale \(fit.scalePPM) ppm, rotation \(fit.rotation)°, RMS \(fit.rms) m)")
        route.accuracyInMeters = fit.checkRMS.map { max($0, fit.rms) } ?? fit.rms
        return CoordinateTransform(source: source, target: grid, route: route, fit: fit)
    }
}

extension TransformRoute {
    /// Brings positions of `source` onto the projection of `grid` without any
    /// datum shift: on the ellipsoid of the source.
    fileprivate mutating func appendReprojection(
        of source: CoordinateReferenceSystem, onto grid: CoordinateReferenceSystem
    ) throws(ProjectionsError) {
        guard source.kind == .proj else {
            guard source.isDistorted else {
                throw ProjectionsError(
                    .unsupported, subject: source.definition,
                    "A pipeline says its own datum shift, so there is nothing left to fit; use one of the two.")
            }
            try append(from: source, to: grid)
            return
        }
        let object = try source.projObject(in: context)
        let from = object.type == PJ_TYPE_BOUND_CRS ? object.part(proj_get_source_crs) ?? object : object
        let target = try grid.projObject(in: context)
        let plainTarget = target.type == PJ_TYPE_BOUND_CRS ? target.part(proj_get_source_crs) ?? target : target
        let failure = "\(source) cannot be brought onto the projection of \(grid)"
        let subject = source.definition
        let onto = try context.check(.unsupported, subject: subject, failure) { context -> ProjObject? in
            guard let geodetic = from.part(proj_crs_get_geodetic_crs) else { return nil }
            return plainTarget.part { proj_crs_alter_geodetic_crs($0, $1, geodetic.pointer) }
        }
        var rejected: [String] = []
        let selection = OperationSelection(context: context, areaOfInterest: nil)
        guard let operation = try selection.best(from: from, to: onto, datum: .same, rejected: &rejected) else {
            throw Self.refusal(source, grid, rejected)
        }
        stages.append(.operation(operation.object, forward: true, scaling: .none))
        steps.append("onto the projection of \(grid.definition), on the source's own ellipsoid: \(operation.name)")
    }
}
