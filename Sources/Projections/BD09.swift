// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// BD-09, Baidu's further distortion of GCJ-02, by its published approximation.
///
/// All positions are degrees, x = longitude, y = latitude. Agreement with the
/// provider is a metre at best.
public enum BD09 {
    private static let angularRate = Double.pi * 3000 / 180
    private static let offset = Coordinate(x: 0.0065, y: 0.006)
    private static let convergence = 1e-13

    /// The BD-09 position of a GCJ-02 one.
    public static func fromGCJ02(_ gcj: Coordinate) -> Coordinate {
        let radius = (gcj.x * gcj.x + gcj.y * gcj.y).squareRoot() + 0.000_02 * sin(gcj.y * angularRate)
        let angle = atan2(gcj.y, gcj.x) + 0.000_003 * cos(gcj.x * angularRate)
        return Coordinate(x: radius * cos(angle) + offset.x, y: radius * sin(angle) + offset.y)
    }

    /// The GCJ-02 position of a BD-09 one: the published one-step inverse, right
    /// to 0.13 m, then refined by fixed-point iteration to the last bits.
    ///
    /// Not finite where the iteration does not settle; the caller checks.
    public static func toGCJ02(_ bd: Coordinate) -> Coordinate {
        let x = bd.x - offset.x
        let y = bd.y - offset.y
        let radius = (x * x + y * y).squareRoot() - 0.000_02 * sin(y * angularRate)
        let angle = atan2(y, x) - 0.000_003 * cos(x * angularRate)
        var guess = Coordinate(x: radius * cos(angle), y: radius * sin(angle))
        for _ in 0..<30 {
            let image = fromGCJ02(guess)
            let step = Coordinate(x: image.x - bd.x, y: image.y - bd.y)
            guess = Coordinate(x: guess.x - step.x, y: guess.y - step.y)
            if max(abs(step.x), abs(step.y)) <= convergence { return guess }
        }
        return Coordinate(x: .nan, y: .nan)
    }

    /// The BD-09 position of a true one.
    public static func fromWGS84(_ wgs: Coordinate) -> Coordinate {
        fromGCJ02(GCJ02.fromWGS84(wgs))
    }

    /// The true position of a BD-09 one.
    public static func toWGS84(_ bd: Coordinate) -> Coordinate {
        GCJ02.toWGS84(toGCJ02(bd))
    }
}
