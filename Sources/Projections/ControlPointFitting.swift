// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// Makes a transform out of control points, for one order of the axes.
struct ControlPointFitting {
    let source: CoordinateReferenceSystem?
    let grid: CoordinateReferenceSystem
    let isSwapped: Bool
    let axesAreDeclared: Bool

    private static func context(_ given: ProjContext?) throws(ProjectionsError) -> ProjContext {
        if let given { return given }
        return try ProjContext()
    }

    /// The beginning of every way: the change of axes, where there is one.
    func route(in context: ProjContext? = nil) throws(ProjectionsError) -> TransformRoute {
        var route = TransformRoute(context: try Self.context(context), areaOfInterest: nil)
        if isSwapped {
            route.stages.append(.swappedAxes)
            route.steps.append("north and east changed, as declared")
        }
        return route
    }

    /// Onto the projection of the grid without a datum shift; nil for a plane
    /// that nobody described.
    func unshifted(in context: ProjContext? = nil) throws(ProjectionsError) -> CoordinateTransform? {
        guard let source else { return nil }
        var route = try route(in: context)
        try route.appendReprojection(of: source, onto: grid)
        return CoordinateTransform(source: source, target: grid, route: route, fit: nil)
    }

    /// The points with their sources brought as near to the grid as can be done
    /// without them.
    private func moved(
        _ points: [ControlPoint], by stages: [TransformStage]
    ) throws(ProjectionsError) -> [ControlPoint] {
        var moved = points
        for index in moved.indices {
            guard let image = Self.image(of: moved[index].source, stages) else {
                throw ProjectionsError(
                    .controlPoints, subject: moved[index].id,
                    "The source position of control point \(moved[index].id) lies outside of "
                        + "\(source?.description ?? "the plane") (are src_e and src_n swapped?).")
            }
            moved[index].source = image
        }
        return moved
    }

    private static func image(of position: Coordinate, _ stages: [TransformStage]) -> Coordinate? {
        var image = position
        withUnsafeMutablePointer(to: &image) { pointer in
            for stage in stages { stage.apply(to: UnsafeMutableBufferPointer(start: pointer, count: 1)) }
        }
        return image.isFinite ? image : nil
    }

    // MARK: Four parameters

    func plane(_ points: [ControlPoint]) throws(ProjectionsError) -> CoordinateTransform {
        var route = try route()
        if let source { try route.appendReprojection(of: source, onto: grid) }
        let unshifted = try unshifted(in: route.context)
        let fit = try ControlPointFit(
            points: try moved(points, by: route.stages), axesAreDeclared: axesAreDeclared)
        route.stages.append(.similarity(fit.similarity))
        route.steps.append(
            "four-parameter fit to \(fit.residuals.count) control points (tx \(fit.tx) m, ty \(fit.ty) m, "
                + "scale \(fit.scalePPM) ppm, rotation \(fit.rotation)°, RMS \(fit.rms) m)")
        route.accuracyInMeters = fit.checkRMS.map { max($0, fit.rms) } ?? fit.rms
        return CoordinateTransform(source: source, target: grid, route: route, fit: fit, unshifted: unshifted)
    }

    // MARK: Seven parameters

    func sevenParameters(
        _ points: [ControlPoint], _ convention: RotationConvention
    ) throws(ProjectionsError) -> CoordinateTransform {
        guard let source else {
            throw ProjectionsError(
                .unsupported, subject: "control points",
                "Seven parameters lead from one ellipsoid to another; say which projection the source is in, as in "
                    + "`from: \"EPSG:2437\"`, or fit four.")
        }
        let controls = points.filter { $0.role == .control }
        guard controls.count >= 3 else {
            throw ProjectionsError(
                .controlPoints, subject: "control points",
                "Seven parameters need three control points or more, better six; there "
                    + (controls.count == 1 ? "is 1." : "are \(controls.count)."))
        }
        var route = try route()
        let way = try GeocentricWay(from: source, to: grid, in: route.context)
        guard let unshifted = try unshifted(in: route.context) else { throw Self.noRotation(controls.count) }
        let plane = try moved(points, by: unshifted.stages)
        let planeControls = plane.filter { $0.role == .control }
        guard !ControlPointFit.isLine(planeControls) else { throw Self.noRotation(controls.count) }
        let similarity = try ControlPointFit.solve(planeControls)

        let withHeights = controls.filter { $0.sourceHeight != nil && $0.targetHeight != nil }.count
        let usesHeights = withHeights == controls.count
        var pairs: [(source: GeocentricPosition, target: GeocentricPosition)] = []
        for point in controls {
            guard let from = Self.image(of: point.source, route.stages + way.toSourceDegrees),
                let to = Self.image(of: point.target, way.toTargetDegrees.map(\.inverse).reversed())
            else {
                throw ProjectionsError(
                    .controlPoints, subject: point.id,
                    "Control point \(point.id) lies outside of \(source) or of \(grid) "
                        + "(are src_e and src_n swapped?).")
            }
            pairs.append(
                (
                    way.source.geocentric(from, height: usesHeights ? point.sourceHeight ?? 0 : 0),
                    way.target.geocentric(to, height: usesHeights ? point.targetHeight ?? 0 : 0)
                ))
        }
        guard let parameters = HelmertFit.solve(pairs, convention: convention) else {
            throw Self.noRotation(controls.count)
        }
        route.stages += try way.stages(parameters)
        let raw = Dictionary(points.map { ($0.id, $0.source) }) { first, _ in first }
        let fit = ControlPointFit(
            points: plane, similarity: similarity, helmert: parameters,
            remarks: [Self.remark(onHeights: withHeights, of: controls.count)]
        ) { point in
            raw[point.id].flatMap { Self.image(of: $0, route.stages) } ?? Coordinate(x: .nan, y: .nan)
        }
        route.steps.append(
            "seven-parameter fit to \(fit.residuals.count) control points (\(parameters), RMS \(fit.rms) m)")
        route.accuracyInMeters = fit.checkRMS.map { max($0, fit.rms) } ?? fit.rms
        return CoordinateTransform(source: source, target: grid, route: route, fit: fit, unshifted: unshifted)
    }

    private static func noRotation(_ count: Int) -> ProjectionsError {
        ProjectionsError(
            .controlPoints, subject: "control points",
            "The \(count) control points stand on one line and cannot tell how space is turned about it; add points "
                + "beside the line, or fit four parameters.")
    }

    private static func remark(onHeights count: Int, of all: Int) -> String {
        if count == all { return "The ellipsoidal heights of all control points were used." }
        let some = count == 0 ? "no heights" : "heights for \(count) of \(all) only"
        return "The control points have \(some), so zero was taken on both ellipsoids: right on the ground to a "
            + "millimetre, but these seven parameters are no use for heights."
    }
}

/// From a source to its geocentric system, and from that of the grid onto it.
struct GeocentricWay {
    let source, target: EllipsoidStep
    let toSourceDegrees, toTargetDegrees: [TransformStage]
    private let context: ProjContext

    init(
        from source: CoordinateReferenceSystem, to grid: CoordinateReferenceSystem, in context: ProjContext
    ) throws(ProjectionsError) {
        guard source.kind == .proj else {
            throw ProjectionsError(
                .unsupported, subject: source.definition,
                "\(source) stands on no ellipsoid of its own, so seven parameters cannot lead out of it; fit four.")
        }
        self.context = context
        let from = try Self.parts(of: source, in: context)
        let to = try Self.parts(of: grid, in: context)
        self.source = try EllipsoidStep(of: from.geodetic, subject: source.definition)
        target = try EllipsoidStep(of: to.geodetic, subject: grid.definition)
        toSourceDegrees = try Self.operation(from: from.plain, to: from.geodetic, source)
        toTargetDegrees = try Self.operation(from: to.geodetic, to: to.plain, grid)
    }

    /// The whole way of a position in the source's own numbers.
    func stages(_ parameters: HelmertParameters) throws(ProjectionsError) -> [TransformStage] {
        let text =
            "+proj=pipeline +step +proj=cart \(source.parameters) +step \(parameters.projStep) "
            + "+step +inv +proj=cart \(target.parameters)"
        let failure = "The seven parameters make no transformation"
        let shift = try context.check(.library, subject: parameters.description, failure) {
            proj_create($0, text).map { ProjObject($0, in: context) }
        }
        let radians = Double.pi / 180
        return toSourceDegrees
            + [.operation(shift, forward: true, scaling: .init(input: radians, output: 1 / radians))] + toTargetDegrees
    }

    private static func parts(
        of crs: CoordinateReferenceSystem, in context: ProjContext
    ) throws(ProjectionsError) -> (plain: ProjObject, geodetic: ProjObject) {
        let object = try crs.projObject(in: context)
        let plain = object.type == PJ_TYPE_BOUND_CRS ? object.part(proj_get_source_crs) ?? object : object
        let failure = "PROJ cannot take \(crs) back to degrees"
        let geodetic = try context.check(.library, subject: crs.definition, failure) { _ in
            plain.part(proj_crs_get_geodetic_crs)
        }
        return (plain, geodetic)
    }

    private static func operation(
        from: ProjObject, to: ProjObject, _ crs: CoordinateReferenceSystem
    ) throws(ProjectionsError) -> [TransformStage] {
        var rejected: [String] = []
        let selection = OperationSelection(context: from.context, areaOfInterest: nil)
        guard let operation = try selection.best(from: from, to: to, datum: .same, rejected: &rejected) else {
            throw ProjectionsError(
                .unsupported, subject: crs.definition, "PROJ finds no way between \(crs) and its own degrees.")
        }
        return [.operation(operation.object, forward: true, scaling: .none)]
    }
}

extension TransformRoute {
    /// Brings positions of `source` onto the projection of `grid` without any
    /// datum shift: on the ellipsoid of the source.
    mutating func appendReprojection(
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
