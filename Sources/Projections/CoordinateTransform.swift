// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Moves positions from one coordinate reference system to another.
///
/// Positions are x = east or longitude, y = north or latitude on both sides, in
/// the units of the systems. A transform belongs to one worker: it holds a PROJ
/// context, which is not for sharing.
public final class CoordinateTransform {
    /// Nil when control points alone say where the source lies.
    public let source: CoordinateReferenceSystem?
    public let target: CoordinateReferenceSystem
    /// How far results may lie from the truth, in metres, by what the register
    /// and the formulas promise; 0 for a change of projection on one datum, nil
    /// when a person declared a shift whose accuracy nobody wrote down.
    public let accuracyInMeters: Double?
    /// Whether WGS 84 was taken for CGCS2000 or the other way round, which is
    /// right to some decimetres and must be reported.
    public let usesNullDatumShift: Bool
    /// What is done, in words for provenance, in order. Empty when nothing is.
    public let steps: [String]
    /// The fit behind a transform that was made from control points.
    public let fit: ControlPointFit?
    /// The same way without the datum shift that a fit or declared parameters
    /// bring: what they are compared with. Nil where there is no such shift, and
    /// for a plane that only control points describe.
    public let unshifted: CoordinateTransform?

    let stages: [TransformStage]
    let context: ProjContext

    /// Finds the transformation that the rules of the merge allow.
    ///
    /// - Parameter areaOfInterest: where the data lie, in degrees of longitude
    ///   and latitude. A datum shift of the register is used only when it was
    ///   made for all of this area; a change of projection needs none.
    /// - Parameter axes: which ordinate of the source counts to the east.
    /// - Throws: `.ballpark` when the shift between the two datums is not known
    ///   and would have to be guessed; `.outsideArea` when it is known only for
    ///   elsewhere; `.unsupported` for a pipeline as target.
    public convenience init(
        from source: CoordinateReferenceSystem, to target: CoordinateReferenceSystem,
        areaOfInterest: Envelope? = nil, axes: AxisOrder = .eastFirst
    ) throws(ProjectionsError) {
        var route = TransformRoute(context: try ProjContext(), areaOfInterest: areaOfInterest)
        if axes == .northFirst {
            route.stages.append(.swappedAxes)
            route.steps.append("north and east changed, as declared")
        }
        try route.append(from: source, to: target)
        self.init(source: source, target: target, route: route, fit: nil)
    }

    init(
        source: CoordinateReferenceSystem?, target: CoordinateReferenceSystem, route: TransformRoute,
        fit: ControlPointFit?, unshifted: CoordinateTransform? = nil
    ) {
        self.source = source
        self.target = target
        accuracyInMeters = route.accuracyInMeters
        usesNullDatumShift = route.usesNullDatumShift
        steps = route.steps
        stages = route.stages
        context = route.context
        self.fit = fit
        self.unshifted = unshifted
    }

    /// Whether positions come out exactly as they went in.
    public var isIdentity: Bool { stages.isEmpty }

    /// The way back, sharing this one's PROJ context: use both from one worker.
    ///
    /// - Throws: `.unsupported` when control points alone say where the source
    ///   lies, so that the way back leads to no named system.
    public func inverted() throws(ProjectionsError) -> CoordinateTransform {
        guard let source else {
            throw ProjectionsError(
                .unsupported, subject: target.definition,
                "The way back from \(target) leads to a system that only control points describe.")
        }
        var route = TransformRoute(copying: self)
        route.stages = stages.reversed().map(\.inverse)
        route.steps = steps.reversed().map { "inverse of: \($0)" }
        return CoordinateTransform(source: target, target: source, route: route, fit: fit)
    }

    /// Moves every position of a buffer in place.
    ///
    /// - Throws: `.notTransformable` with the index of the first position that
    ///   has no image (or was not finite). The buffer then holds non-finite
    ///   numbers at every such index and images elsewhere.
    /// - Complexity: O(*n*), without allocation.
    public func transform(_ buffer: UnsafeMutableBufferPointer<Coordinate>) throws(ProjectionsError) {
        run(on: buffer)
        for index in buffer.indices where !buffer[index].isFinite {
            throw failure(at: nil, index: index)
        }
    }

    /// Moves every position of an array in place.
    ///
    /// - Throws: as for a buffer.
    public func transform(_ coordinates: inout [Coordinate]) throws(ProjectionsError) {
        coordinates.withUnsafeMutableBufferPointer { run(on: $0) }
        for (index, coordinate) in coordinates.enumerated() where !coordinate.isFinite {
            throw failure(at: nil, index: index)
        }
    }

    /// Moves every position of a buffer in place and returns the indexes of
    /// those that have no image; their ordinates are not finite afterwards.
    public func transformReportingFailures(_ buffer: UnsafeMutableBufferPointer<Coordinate>) -> [Int] {
        run(on: buffer)
        return buffer.indices.filter { !buffer[$0].isFinite }
    }

    /// The image of one position.
    ///
    /// - Throws: `.notTransformable` when it has none or is not finite.
    public func transform(_ coordinate: Coordinate) throws(ProjectionsError) -> Coordinate {
        var image = coordinate
        withUnsafeMutablePointer(to: &image) { run(on: UnsafeMutableBufferPointer(start: $0, count: 1)) }
        guard image.isFinite else { throw failure(at: coordinate, index: 0) }
        return image
    }

    func run(on buffer: UnsafeMutableBufferPointer<Coordinate>) {
        for stage in stages { stage.apply(to: buffer) }
    }

    func failure(at position: Coordinate?, index: Int) -> ProjectionsError {
        let place = position.map { "(\($0.x), \($0.y))" } ?? "number \(index + 1)"
        let from = source.map { " from \($0)" } ?? ""
        return ProjectionsError(
            .notTransformable, subject: place, index: index,
            "Position \(place) cannot be transformed\(from) to \(target): it is not finite, or lies outside of what "
                + "the projection can show (are the axes swapped, or is the reference system another one?).")
    }
}
