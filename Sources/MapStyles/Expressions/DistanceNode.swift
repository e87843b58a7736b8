// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// `distance`: metres from the feature to a geometry of the style, 0 where
/// they meet. NaN, and with it the property's default, where the feature's
/// geometry is not known.
final class DistanceNode: ExpressionNode {
    private let target: GeometryParts

    init(_ target: GeometryParts, at path: ExpressionPath) {
        self.target = target
        super.init(.number, at: path, traits: .geometry)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .number(try number(context))
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        guard let geometry = context.geometry?() else { return .nan }
        let parts = GeometryParts(geometry)
        let first = parts.points.first ?? parts.lines.first?.first ?? parts.polygons.first?.first?.first
        guard let first else { return .nan }
        let plane = LocalPlane(at: first)
        return parts.mapped(plane.position).squaredDistance(to: target.mapped(plane.position)).squareRoot()
    }
}

/// Degrees as metres around a place, on the ellipsoid of WGS 84: good to a
/// part in a thousand over a few hundred kilometres.
private struct LocalPlane {
    let origin: Coordinate
    let metresPerDegreeEast: Double
    let metresPerDegreeNorth: Double

    init(at origin: Coordinate) {
        let flattening = 1 / 298.257223563
        let eccentricity = flattening * (2 - flattening)
        let cosine = cos(origin.y * .pi / 180)
        let curvature = 1 / (1 - eccentricity * (1 - cosine * cosine))
        let metres = 6_378_137 * Double.pi / 180
        self.origin = origin
        metresPerDegreeEast = metres * curvature.squareRoot() * cosine
        metresPerDegreeNorth = metres * curvature.squareRoot() * curvature * (1 - eccentricity)
    }

    func position(_ point: Coordinate) -> Coordinate {
        // The shorter way around the globe.
        let east = (point.x - origin.x).remainder(dividingBy: 360)
        return Coordinate(x: east * metresPerDegreeEast, y: (point.y - origin.y) * metresPerDegreeNorth)
    }
}

extension GeometryParts {
    /// Every part as a chain of positions; a point is a chain of one.
    private var chains: [[Coordinate]] { points.map { [$0] } + lines + polygons.flatMap(\.self) }

    /// - Complexity: O(*n* · *m*) in positions.
    fileprivate func squaredDistance(to other: GeometryParts) -> Double {
        if overlaps(other) || other.overlaps(self) { return 0 }
        var nearest = Double.infinity
        for first in chains {
            for second in other.chains {
                nearest = min(nearest, Self.squaredDistance(first, second))
                if nearest == 0 { return 0 }
            }
        }
        return nearest
    }

    /// Whether a position of another geometry lies in a polygon of this one.
    private func overlaps(_ other: GeometryParts) -> Bool {
        polygons.contains { polygon in
            other.chains.contains { chain in
                chain.contains { PlanarTests.contains(polygon, $0, countsBoundary: true) }
            }
        }
    }

    private static func squaredDistance(_ first: [Coordinate], _ second: [Coordinate]) -> Double {
        var nearest = Double.infinity
        for (a, b) in segments(first) {
            for (c, d) in segments(second) {
                if PlanarTests.cross(a, b, c, d) { return 0 }
                nearest = min(
                    nearest, squaredDistance(a, c, d), squaredDistance(b, c, d), squaredDistance(c, a, b),
                    squaredDistance(d, a, b))
            }
        }
        return nearest
    }

    private static func segments(_ chain: [Coordinate]) -> [(Coordinate, Coordinate)] {
        chain.count == 1 ? [(chain[0], chain[0])] : Array(zip(chain, chain.dropFirst()))
    }

    private static func squaredDistance(_ point: Coordinate, _ a: Coordinate, _ b: Coordinate) -> Double {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = dx * dx + dy * dy
        let along = length == 0 ? 0 : clampToUnit(((point.x - a.x) * dx + (point.y - a.y) * dy) / length)
        let (x, y) = (a.x + along * dx - point.x, a.y + along * dy - point.y)
        return x * x + y * y
    }
}
