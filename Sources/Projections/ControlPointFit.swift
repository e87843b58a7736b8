// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A four-parameter fit (two shifts, a rotation, a scale) to control points by
/// least squares, with everything that a surveyor asks about it.
///
/// Lengths are units of the target grid: metres.
public struct ControlPointFit: Hashable, Sendable {
    /// What is left at one point: the fit's image minus the given target.
    public struct Residual: Hashable, Sendable {
        public let point: ControlPoint
        /// To the east and to the north.
        public let east, north: Double

        public var length: Double { (east * east + north * north).squareRoot() }
    }

    public let similarity: PlaneSimilarity
    /// At the points that determine the fit, in the order given.
    public let residuals: [Residual]
    /// At the points that only test it.
    public let checkResiduals: [Residual]
    /// The corners of the smallest convex area around the control points, in
    /// the plane of the source, anticlockwise, the first not repeated. Fewer
    /// than three when all points stand on one line.
    public let hull: [Coordinate]
    /// What a person should look at before relying on the fit, as sentences.
    public let warnings: [String]

    /// Root of the mean squared length of the residuals.
    public var rms: Double { Self.rms(residuals) }
    public var maximum: Double { residuals.map(\.length).max() ?? 0 }
    /// The same for the check points; nil without any.
    public var checkRMS: Double? { checkResiduals.isEmpty ? nil : Self.rms(checkResiduals) }
    public var checkMaximum: Double? { checkResiduals.map(\.length).max() }
    public var tx: Double { similarity.tx }
    public var ty: Double { similarity.ty }
    public var a: Double { similarity.a }
    public var b: Double { similarity.b }
    public var scalePPM: Double { similarity.scalePPM }
    /// Anticlockwise, in degrees.
    public var rotation: Double { similarity.rotation }

    /// Fits the points whose role is `control`.
    ///
    /// - Throws: `.controlPoints` for fewer than two control points, or for
    ///   control points that all stand on one spot.
    public init(points: [ControlPoint]) throws(ProjectionsError) {
        let controls = points.filter { $0.role == .control }
        let similarity = try Self.solve(controls)
        self.similarity = similarity
        let residual = { (point: ControlPoint) -> Residual in
            let image = similarity.apply(to: point.source)
            return Residual(point: point, east: image.x - point.target.x, north: image.y - point.target.y)
        }
        residuals = controls.map(residual)
        checkResiduals = points.filter { $0.role == .check }.map(residual)
        hull = ConvexHull.corners(of: controls.map(\.source))
        warnings = Self.warnings(residuals, checks: checkResiduals, similarity)
    }

    /// Whether a position of the source plane lies in or on the hull of the
    /// control points. Outside of it the fit is a guess.
    public func isInsideHull(_ position: Coordinate) -> Bool {
        ConvexHull.contains(position, corners: hull)
    }

    /// How far the farthest corner of an envelope of the source plane lies
    /// outside of the hull, in units of that plane; 0 when all are inside.
    public func distanceOutsideHull(_ envelope: Envelope) -> Double {
        guard !envelope.isEmpty else { return 0 }
        return [
            Coordinate(x: envelope.minX, y: envelope.minY), Coordinate(x: envelope.maxX, y: envelope.minY),
            Coordinate(x: envelope.maxX, y: envelope.maxY), Coordinate(x: envelope.minX, y: envelope.maxY),
        ].map { ConvexHull.distance(from: $0, corners: hull) }.max() ?? 0
    }

    private static func rms(_ residuals: [Residual]) -> Double {
        guard !residuals.isEmpty else { return 0 }
        let sum = residuals.reduce(0) { $0 + $1.east * $1.east + $1.north * $1.north }
        return (sum / Double(residuals.count)).squareRoot()
    }

    /// Least squares about the centroids, where the normal equations of the
    /// four-parameter model come apart into two.
    private static func solve(_ points: [ControlPoint]) throws(ProjectionsError) -> PlaneSimilarity {
        guard points.count >= 2 else {
            throw ProjectionsError(
                .controlPoints, subject: "control points",
                "A fit needs two control points or more, better four; there \(points.count == 1 ? "is 1" : "are none").")
        }
        let from = centroid(points.map(\.source))
        let to = centroid(points.map(\.target))
        var square = 0.0
        var along = 0.0
        var across = 0.0
        for point in points {
            let x = point.source.x - from.x
            let y = point.source.y - from.y
            let east = point.target.x - to.x
            let north = point.target.y - to.y
            square += x * x + y * y
            along += x * east + y * north
            across += x * north - y * east
        }
        // Positions apart by rounding only stand on one spot.
        let magnitude = max(abs(from.x), abs(from.y), 1) * 1e-12
        let a = along / square
        let b = across / square
        guard square > magnitude * magnitude * Double(points.count), a.isFinite, b.isFinite, a * a + b * b > 0 else {
            throw ProjectionsError(
                .controlPoints, subject: "control points",
                "The \(points.count) control points stand on one spot in the source or in the target, so they "
                    + "determine neither rotation nor scale; give points that are far apart.")
        }
        return PlaneSimilarity(a: a, b: b, sourceOrigin: from, targetOrigin: to)
    }

    private static func centroid(_ positions: [Coordinate]) -> Coordinate {
        // Relative to the first position, so that the sum keeps its digits.
        guard let first = positions.first else { return Coordinate(x: 0, y: 0) }
        var x = 0.0
        var y = 0.0
        for position in positions {
            x += position.x - first.x
            y += position.y - first.y
        }
        let count = Double(positions.count)
        return Coordinate(x: first.x + x / count, y: first.y + y / count)
    }

    // MARK: Warnings

    /// Beyond this a residual is no noise but a blunder.
    private static let blunderFactor = 3.0
    /// Beyond this a scale means a wrong unit or projection, not a datum.
    private static let largestScalePPM = 300.0
    private static let enoughPoints = 4

    private static func warnings(
        _ residuals: [Residual], checks: [Residual], _ similarity: PlaneSimilarity
    ) -> [String] {
        var warnings: [String] = []
        let rms = rms(residuals)
        if residuals.count < enoughPoints {
            warnings.append(
                "The fit stands on \(residuals.count) control points; with fewer than \(enoughPoints) a wrong one "
                    + "cannot be seen.")
        }
        for residual in residuals
        where rms > 0.001 && residual.length > blunderFactor * rmsWithout(residual, residuals) {
            warnings.append(
                "Control point \(residual.point.id) is \(metres(residual.length)) off, more than three times the "
                    + "root mean square of the others: it looks like a blunder.")
        }
        if abs(similarity.scalePPM) > largestScalePPM {
            warnings.append(
                "The scale differs from 1 by \(Int(clamping: similarity.scalePPM)) ppm, more than "
                    + "\(Int(largestScalePPM)): the source is on another projection or in another unit.")
        }
        if let swapped = try? solve(residuals.map(\.point.withSwappedSource)) {
            let swappedRMS = self.rms(
                residuals.map { residual in
                    let image = swapped.apply(to: residual.point.withSwappedSource.source)
                    let target = residual.point.target
                    return Residual(point: residual.point, east: image.x - target.x, north: image.y - target.y)
                })
            if rms > 0.001, swappedRMS < rms / 10, residuals.count > 2 {
                warnings.append(
                    "With the axes of the source swapped the root mean square falls from \(metres(rms)) to "
                        + "\(metres(swappedRMS)): src_e and src_n are the wrong way round.")
            }
        }
        if let checkRMS = checks.isEmpty ? nil : self.rms(checks), checkRMS > max(blunderFactor * rms, 0.001) {
            warnings.append(
                "The check points are \(metres(checkRMS)) off in the root mean square, the control points "
                    + "\(metres(rms)): the fit does not hold between its points.")
        }
        return warnings
    }

    /// The root mean square of all residuals but one: against a mean that it is
    /// itself part of, a blunder among few points could never stand out.
    private static func rmsWithout(_ excluded: Residual, _ residuals: [Residual]) -> Double {
        let others = residuals.filter { $0.point != excluded.point }
        return others.count >= 3 ? max(rms(others), 0.001) : .infinity
    }

    private static func metres(_ length: Double) -> String {
        let millimetres = (length * 1000).rounded()
        return millimetres.magnitude < 1e15 ? "\(millimetres / 1000) m" : "\(length) m"
    }
}

extension ControlPoint {
    fileprivate var withSwappedSource: ControlPoint {
        ControlPoint(id: id, source: Coordinate(x: source.y, y: source.x), target: target, role: role)
    }
}

extension Int {
    fileprivate init(clamping value: Double) {
        self = value.isFinite && abs(value) < 1e15 ? Int(value) : .max
    }
}
