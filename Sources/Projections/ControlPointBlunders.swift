// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// Finds a wrong control point by leaving one out at a time.
///
/// Each point is predicted by the four-parameter fit to all others. With *n − 1*
/// others, their residuals have ν = 2(n − 1) − 4 degrees of freedom and give a
/// standard deviation σ of one ordinate; the squared distance between prediction
/// and target, over 2σ²(1 + h), then follows Fisher's F(2, ν), where
/// *h* = 1/(n − 1) + r²/Σr² grows towards the edge of the set. The tail of
/// F(2, ν) is (1 + 2f/ν)^(−ν/2) in closed form. A point is wrong when chance
/// gives such a distance once in a hundred sets: 1 % shared by the *n* points.
///
/// A fit with seven parameters is judged in the same way, after its projection
/// is undone: over a district its picture on the ground is a similarity to less
/// than a millimetre. Two wrong points can hide each other.
struct ControlPointBlunders {
    /// What leaving out one point tells.
    struct Test {
        let point: ControlPoint
        /// Between the prediction of the others and the target, in metres.
        let distance: Double
        /// The distance over its standard deviation; above `limit` the point is
        /// no part of the same set.
        let ratio: Double
        let limit: Double

        var isWrong: Bool { ratio > limit && distance > ControlPointBlunders.smallest }
    }

    /// Of each point, the worst first; empty for fewer than four.
    let tests: [Test]
    private let count: Int

    /// How often a sound set is blamed.
    private static let significance = 0.01
    /// Tables are written to the millimetre, so nothing is more certain.
    private static let leastDeviation = 0.001
    /// Below this a distance is no blunder, however sure.
    fileprivate static let smallest = 0.01
    private static let enoughToTest = 4
    private static let enoughToName = 5

    init(_ points: [ControlPoint]) {
        count = points.count
        guard points.count >= Self.enoughToTest else {
            tests = []
            return
        }
        tests = points.indices.compactMap { Self.test($0, of: points) }.sorted {
            ($1.ratio, $0.point.id) < ($0.ratio, $1.point.id)
        }
    }

    private static func test(_ index: Int, of points: [ControlPoint]) -> Test? {
        var others = points
        let point = others.remove(at: index)
        guard let fit = try? ControlPointFit.solve(others) else { return nil }
        let freedom = Double(2 * others.count - 4)
        var squares = 0.0
        var spread = 0.0
        for other in others {
            let (image, target) = (fit.apply(to: other.source), other.target)
            squares += (image.x - target.x) * (image.x - target.x) + (image.y - target.y) * (image.y - target.y)
            let radius = other.source.distance(to: fit.sourceOrigin)
            spread += radius * radius
        }
        guard spread > 0 else { return nil }
        let deviation = max((squares / freedom).squareRoot(), leastDeviation)
        let radius = point.source.distance(to: fit.sourceOrigin)
        let leverage = 1 / Double(others.count) + radius * radius / spread
        let distance = fit.apply(to: point.source).distance(to: point.target)
        let share = significance / Double(points.count)
        let quantile = freedom / 2 * (pow(share, -2 / freedom) - 1)
        return Test(
            point: point, distance: distance, ratio: distance / (deviation * (1 + leverage).squareRoot()),
            limit: (2 * quantile).squareRoot())
    }

    /// What a person should read about it; nil when the points agree.
    var sentence: String? {
        guard count >= Self.enoughToTest else {
            return "The fit stands on \(count) control points; with fewer than \(Self.enoughToTest) a wrong one "
                + "cannot be seen."
        }
        guard let worst = tests.first, worst.isWrong else { return nil }
        guard count >= Self.enoughToName else {
            let all = tests.map { "\($0.point.id) by \(ControlPointFit.metres($0.distance))" }
            return "One of these control points is wrong: \(all.joined(separator: ", ")), the likeliest first; with "
                + "four points nobody can be sure which."
        }
        return "Control point \(worst.point.id) looks like a blunder: it is \(ControlPointFit.metres(worst.distance)) "
            + "away from where the \(count - 1) others put it, \(Self.times(worst.ratio)) its standard deviation."
    }

    private static func times(_ ratio: Double) -> String {
        ratio < 1e6 ? "\(Int(ratio.rounded())) times" : "more than a million times"
    }
}
