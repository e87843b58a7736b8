// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// GCJ-02, the distorted WGS 84 of Chinese web maps, by its published
/// approximation.
///
/// The true obfuscation adds small noise, so agreement with a map provider is a
/// metre at best. All positions are degrees, x = longitude, y = latitude. The
/// formula is applied wherever it is asked for: whether a position lies in
/// China is for the declared source to say, never for a box around China.
public enum GCJ02 {
    /// The distortion's own ellipsoid: Krassowsky.
    private static let semiMajorAxis = 6_378_245.0
    private static let squaredEccentricity = 0.006_693_421_622_965_943_23

    /// Below this many degrees (a hundredth of a micrometre) the inverse stops.
    private static let convergence = 1e-13

    /// The distorted position of a true one.
    public static func fromWGS84(_ wgs: Coordinate) -> Coordinate {
        let shift = shift(at: wgs)
        return Coordinate(x: wgs.x + shift.x, y: wgs.y + shift.y)
    }

    /// The true position of a distorted one, by fixed-point iteration: each
    /// round shrinks the error two hundredfold, so four to six reach the last
    /// bits.
    ///
    /// Not finite where the formula has no inverse (far outside of China and
    /// near the poles); the caller checks.
    public static func toWGS84(_ gcj: Coordinate) -> Coordinate {
        var guess = gcj
        for _ in 0..<30 {
            let shift = shift(at: guess)
            let next = Coordinate(x: gcj.x - shift.x, y: gcj.y - shift.y)
            let change = max(abs(next.x - guess.x), abs(next.y - guess.y))
            guess = next
            if change <= convergence { return guess }
        }
        return Coordinate(x: .nan, y: .nan)
    }

    /// How far the distortion moves a true position, in degrees.
    ///
    /// Eight of the ten sines of the formula are multiples of three angles, so
    /// three sine-cosine pairs an axis replace them; the rounding stays below
    /// 1e-12 degrees, a tenth of a micrometre.
    @inline(__always)
    static func shift(at wgs: Coordinate) -> Coordinate {
        let x = wgs.x - 105
        let y = wgs.y - 35
        let east = Waves(x)
        let north = Waves(y)
        let root = abs(x).squareRoot()
        let ripple = 20 * east.sixth + 20 * east.second
        let metresNorth =
            -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
            + (ripple + 20 * north.first + 40 * north.third + 160 * north.twelfth + 320 * north.thirtieth) * 2 / 3
        let metresEast =
            300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
            + (ripple + 20 * east.first + 40 * east.third + 150 * east.twelfth + 300 * east.thirtieth) * 2 / 3
        let latitude = wgs.y / 180 * .pi
        let sine = sin(latitude)
        let magic = 1 - squaredEccentricity * sine * sine
        let rootOfMagic = magic.squareRoot()
        let meridian = semiMajorAxis * (1 - squaredEccentricity) / (magic * rootOfMagic)
        let parallel = semiMajorAxis / rootOfMagic * cos(latitude)
        return Coordinate(x: metresEast * 180 / (parallel * .pi), y: metresNorth * 180 / (meridian * .pi))
    }

    /// The sines of one axis. `first` is sin πt, `third` is sin πt/3, `sixth` is
    /// sin 6πt and so on.
    private struct Waves {
        let first, second, sixth, third, twelfth, thirtieth: Double

        @inline(__always)
        init(_ t: Double) {
            let angle = t * .pi
            twelfth = sin(angle / 12)
            thirtieth = sin(angle / 30)
            // From a twelfth to a third: the angle doubled twice.
            let cosineOfTwelfth = cos(angle / 12)
            let sineOfSixthPart = 2 * twelfth * cosineOfTwelfth
            let cosineOfSixthPart = 1 - 2 * twelfth * twelfth
            third = 2 * sineOfSixthPart * cosineOfSixthPart
            let cosineOfThird = 1 - 2 * sineOfSixthPart * sineOfSixthPart
            // From a third to the whole: tripled; to twice: doubled; to six
            // times: tripled again.
            first = third * (3 - 4 * third * third)
            let cosineOfFirst = cosineOfThird * (4 * cosineOfThird * cosineOfThird - 3)
            second = 2 * first * cosineOfFirst
            sixth = second * (3 - 4 * second * second)
        }
    }
}
