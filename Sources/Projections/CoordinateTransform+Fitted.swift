// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// How many parameters a fit to control points has.
public enum FitModel: Hashable, Sendable {
    /// Two shifts, a rotation and a scale on the plane of the grid.
    case fourParameters
    /// Seven between the geocentric systems of the two datums, told in the
    /// convention that a person asked for.
    case sevenParameters(RotationConvention)
}

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
    ///   - axes: which ordinate of the source counts to the east, where a person
    ///     said so; left out, east first, and points on one line are refused.
    /// - Throws: `.controlPoints` when the points determine no fit, are outside
    ///   of the source projection, or fit only with north and east changed;
    ///   `.unsupported` for a `grid` in degrees, a pipeline as source, or seven
    ///   parameters without a source on an ellipsoid.
    public static func fitted(
        from source: CoordinateReferenceSystem?, to grid: CoordinateReferenceSystem, points: [ControlPoint],
        model: FitModel = .fourParameters, axes: AxisOrder? = nil
    ) throws(ProjectionsError) -> CoordinateTransform {
        guard !grid.isGeographic, grid.kind == .proj else {
            throw ProjectionsError(
                .unsupported, subject: grid.definition,
                "Control points are fitted on a plane, and \(grid) counts in degrees; use a projected grid.")
        }
        let isSwapped = axes == .northFirst
        let attempt = { (isSwapped: Bool) throws(ProjectionsError) -> CoordinateTransform in
            let fitting = ControlPointFitting(
                source: source, grid: grid, isSwapped: isSwapped, axesAreDeclared: axes != nil)
            return switch model {
            case .fourParameters: try fitting.plane(points)
            case .sevenParameters(let convention): try fitting.sevenParameters(points, convention)
            }
        }
        let result = Result { () throws(ProjectionsError) in try attempt(isSwapped) }
        let rms = (try? result.get())?.fit?.rms
        if rms ?? .infinity > swapNoticed, points.count(where: { $0.role == .control }) > 2,
            let other = (try? attempt(!isSwapped))?.fit, other.rms < (rms ?? .infinity) / swapFactor
        {
            let now = rms.map { "are \(ControlPointFit.metres($0)) off in the root mean square" } ?? "have no place"
            throw ProjectionsError(
                .controlPoints, subject: "control points",
                "The axes look swapped: the control points \(now), and only \(ControlPointFit.metres(other.rms)) off "
                    + "with north and east of the source changed; if the delivery counts "
                    + (isSwapped ? "east first, declare `axes: xy`" : "north first, declare `axes: yx`")
                    + ", else correct the columns src_e and src_n.")
        }
        return try result.get()
    }

    /// Below this root mean square in metres nobody asks about axes.
    private static let swapNoticed = 0.001
    /// How many times better a fit with changed axes must be to be believed.
    private static let swapFactor = 10.0

    /// A transform by seven parameters that somebody determined before.
    ///
    /// The way: the source's own ellipsoid, geocentric, the parameters,
    /// geocentric on the grid's ellipsoid, the grid. Heights are not known and
    /// are taken as zero, which moves a position at height *h* by less than
    /// *h* · 3·10⁻⁵: some 2 mm at 50 m. The way back is right to a millimetre
    /// for the same reason.
    ///
    /// - Throws: `.unsupported` for a `grid` in degrees, and for a source that
    ///   stands on no ellipsoid: GCJ-02, BD-09, a pipeline.
    public static func shifted(
        from source: CoordinateReferenceSystem, to grid: CoordinateReferenceSystem, by parameters: HelmertParameters,
        axes: AxisOrder? = nil
    ) throws(ProjectionsError) -> CoordinateTransform {
        guard !grid.isGeographic, grid.kind == .proj else {
            throw ProjectionsError(
                .unsupported, subject: grid.definition,
                "Seven parameters lead onto a projected grid, and \(grid) counts in degrees.")
        }
        let fitting = ControlPointFitting(
            source: source, grid: grid, isSwapped: axes == .northFirst, axesAreDeclared: axes != nil)
        var route = try fitting.route()
        let way = try GeocentricWay(from: source, to: grid, in: route.context)
        route.stages += try way.stages(parameters)
        route.steps.append("seven parameters as declared: \(parameters)")
        // Nobody wrote down how good the set is.
        route.accuracyInMeters = nil
        return CoordinateTransform(
            source: source, target: grid, route: route, fit: nil, unshifted: try fitting.unshifted())
    }
}
