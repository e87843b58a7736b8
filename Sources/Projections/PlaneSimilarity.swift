// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// A shift, a rotation and a scale of the plane: the four-parameter model of
/// survey practice.
///
/// `X = tx + a·x − b·y` and `Y = ty + a·y + b·x`, computed about the centroid of
/// the control points so that no digits are lost far from the origin.
public struct PlaneSimilarity: Hashable, Sendable {
    /// Scale times cosine and sine of the rotation.
    public let a, b: Double
    /// The point about which the source turns, and where it goes.
    public let sourceOrigin, targetOrigin: Coordinate

    public init(a: Double, b: Double, sourceOrigin: Coordinate, targetOrigin: Coordinate) {
        self.a = a
        self.b = b
        self.sourceOrigin = sourceOrigin
        self.targetOrigin = targetOrigin
    }

    /// The shift of the origin of the plane to the east, in units of the target.
    public var tx: Double { targetOrigin.x - a * sourceOrigin.x + b * sourceOrigin.y }

    /// The shift of the origin of the plane to the north.
    public var ty: Double { targetOrigin.y - a * sourceOrigin.y - b * sourceOrigin.x }

    /// The ratio of lengths, target to source.
    public var scale: Double { (a * a + b * b).squareRoot() }

    /// How much longer lengths get, in parts in a million.
    public var scalePPM: Double { (scale - 1) * 1e6 }

    /// Anticlockwise, in degrees.
    public var rotation: Double { atan2(b, a) * 180 / .pi }

    /// The image of a position of the source plane.
    @inline(__always)
    public func apply(to position: Coordinate) -> Coordinate {
        let x = position.x - sourceOrigin.x
        let y = position.y - sourceOrigin.y
        return Coordinate(x: targetOrigin.x + (a * x - b * y), y: targetOrigin.y + (a * y + b * x))
    }

    /// The way back.
    public var inverse: PlaneSimilarity {
        let square = a * a + b * b
        return PlaneSimilarity(
            a: a / square, b: -b / square, sourceOrigin: targetOrigin, targetOrigin: sourceOrigin)
    }
}
