// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A fit to control points by least squares, with everything that a surveyor
/// asks about it: four parameters on the plane (two shifts, a rotation, a
/// scale), or seven in space.
///
/// Lengths are units of the target grid: metres.
public struct ControlPointFit: Hashable, Sendable {
    /// What is left at one point: the fit's image minus the given target.
    public struct Residual: Hashable, Sendable {
        public let point: ControlPoint
        /// To the east and to the north.
        public let east, north: Double

        public var length: Double { (east * east + north * north).squareRoot() }

        init(point: ControlPoint, image: Coordinate) {
            self.point = point
            east = image.x - point.target.x
            north = image.y - point.target.y
        }
    }

    /// On the plane. Of a fit with seven parameters the one that comes nearest
    /// to it, which tells its scale and its rotation on the ground.
    public let similarity: PlaneSimilarity
    /// The seven parameters; nil for a fit with four.
    public let helmert: HelmertParameters?
    /// At the points that determine the fit, in the order given.
    public let residuals: [Residual]
    /// At the points that only test it.
    public let checkResiduals: [Residual]
    /// The corners of the smallest convex area around the control points, on
    /// the plane of the target, anticlockwise, the first not repeated. Fewer
    /// than three when all points stand on one line.
    public let hull: [Coordinate]
    /// What a person should look at before relying on the fit, as sentences.
    public let warnings: [String]
    /// What is known of the points themselves: when they were surveyed, of which
    /// order they are, whether heights were used; as sentences.
    public let remarks: [String]

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
    public var parameterCount: Int { helmert == nil ? 4 : 7 }

    /// Fits four parameters to the points whose role is `control`.
    ///
    /// - Parameter axesAreDeclared: whether a person said which ordinate counts
    ///   to the east. Points on one line cannot tell a plane from its mirror
    ///   image, so without this word they are refused.
    /// - Throws: `.controlPoints` for fewer than two control points, for control
    ///   points that all stand on one spot, or on one line.
    public init(points: [ControlPoint], axesAreDeclared: Bool = false) throws(ProjectionsError) {
        let controls = points.filter { $0.role == .control }
        let similarity = try Self.solve(controls)
        if !axesAreDeclared { try Self.refuseLine(controls) }
        self.init(points: points, similarity: similarity, helmert: nil, remarks: []) {
            similarity.apply(to: $0.source)
        }
    }

    /// - Parameters:
    ///   - points: sources already on the plane of the target, without a shift.
    ///   - image: where the fit takes a point.
    init(
        points: [ControlPoint], similarity: PlaneSimilarity, helmert: HelmertParameters?, remarks: [String],
        image: (ControlPoint) -> Coordinate
    ) {
        self.similarity = similarity
        self.helmert = helmert
        let residual = { (point: ControlPoint) in Residual(point: point, image: image(point)) }
        residuals = points.filter { $0.role == .control }.map(residual)
        checkResiduals = points.filter { $0.role == .check }.map(residual)
        hull = ConvexHull.corners(of: residuals.map(\.point.target))
        warnings = Self.warnings(residuals, checks: checkResiduals, similarity)
        self.remarks = remarks + Self.remarks(on: points)
    }

    /// Whether a position of the target plane lies in or on the hull of the
    /// control points. Outside of it the fit is a guess.
    public func isInsideHull(_ position: Coordinate) -> Bool {
        ConvexHull.contains(position, corners: hull)
    }

    /// How far the farthest corner of an envelope of the target plane lies
    /// outside of the hull, in metres; 0 when all are inside.
    public func distanceOutsideHull(_ envelope: Envelope) -> Double {
        guard !envelope.isEmpty else { return 0 }
        return [
            Coordinate(x: envelope.minX, y: envelope.minY), Coordinate(x: envelope.maxX, y: envelope.minY),
            Coordinate(x: envelope.maxX, y: envelope.maxY), Coordinate(x: envelope.minX, y: envelope.maxY),
        ].map { ConvexHull.distance(from: $0, corners: hull) }.max() ?? 0
    }

    static func rms(_ residuals: [Residual]) -> Double {
        guard !residuals.isEmpty else { return 0 }
        let sum = residuals.reduce(0) { $0 + $1.east * $1.east + $1.north * $1.north }
        return (sum / Double(residuals.count)).squareRoot()
    }

    /// Points narrower than this share of their length stand on one line.
    private static let narrowest = 0.01

    /// Whether the source positions are as good as on one line.
    static func isLine(_ points: [ControlPoint]) -> Bool {
        guard points.count > 2 else { return true }
        let middle = centroid(points.map(\.source))
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for point in points {
            let (x, y) = (point.source.x - middle.x, point.source.y - middle.y)
            xx += x * x
            xy += x * y
            yy += y * y
        }
        // The two eigenvalues of the moments are the squared half axes.
        let root = ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
        let (long, short) = ((xx + yy) / 2 + root, max((xx + yy) / 2 - root, 0))
        return short <= long * narrowest * narrowest
    }

    static func refuseLine(_ points: [ControlPoint]) throws(ProjectionsError) {
        guard isLine(points) else { return }
        throw ProjectionsError(
            .controlPoints, subject: "control points",
            "The \(points.count) control points stand on one line, which cannot tell a plane from its mirror image "
                + "(north and east changed); add a point beside the line, or declare `axes: xy` or `axes: yx`.")
    }

    /// Least squares about the centroids, where the normal equations of the
    /// four-parameter model come apart into two.
    static func solve(_ points: [ControlPoint]) throws(ProjectionsError) -> PlaneSimilarity {
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
}
