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

    /// A step below this many degrees (a fifth of a millimetre) makes the next guess of
    /// the inverse right to the last bits.
    private static let lastStep = 2e-9

    /// The distorted position of a true one.
    public static func fromWGS84(_ wgs: Coordinate) -> Coordinate {
        let shift = shift(at: wgs)
        return Coordinate(x: wgs.x + shift.x, y: wgs.y + shift.y)
    }

    /// The true position of a distorted one: one step of the published inverse
    /// (right to some metres), one of Newton's method from there (to a
    /// micrometre), and corrections with the same slope until they vanish.
    ///
    /// Not finite where the formula has no inverse (far outside of China and
    /// near the poles); the caller checks.
    public static func toWGS84(_ gcj: Coordinate) -> Coordinate {
        let first = shift(at: gcj)
        var guess = Coordinate(x: gcj.x - first.x, y: gcj.y - first.y)
        let slope = Slope(at: guess)
        for _ in 0..<30 {
            let shift = shift(at: guess)
            let step = slope.solve(x: guess.x + shift.x - gcj.x, y: guess.y + shift.y - gcj.y)
            guess.x -= step.x
            guess.y -= step.y
            if max(abs(step.x), abs(step.y)) <= lastStep { return guess }
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
        let cosineOfTwelfth, cosineOfThird, cosineOfFirst: Double

        @inline(__always)
        init(_ t: Double) {
            let angle = t * .pi
            twelfth = sin(angle / 12)
            cosineOfTwelfth = cos(angle / 12)
            thirtieth = sin(angle / 30)
            // From a twelfth to a third: the angle doubled twice.
            let sineOfSixthPart = 2 * twelfth * cosineOfTwelfth
            let cosineOfSixthPart = 1 - 2 * twelfth * twelfth
            third = 2 * sineOfSixthPart * cosineOfSixthPart
            cosineOfThird = 1 - 2 * sineOfSixthPart * sineOfSixthPart
            // From a third to the whole: tripled; to twice: doubled; to six
            // times: tripled again.
            first = third * (3 - 4 * third * third)
            cosineOfFirst = cosineOfThird * (4 * cosineOfThird * cosineOfThird - 3)
            second = 2 * first * cosineOfFirst
            sixth = second * (3 - 4 * second * second)
        }

        /// The slopes of the ripple and of the rest of the row whose longest two
        /// waves have these heights, in metres a degree.
        func slopes(_ twelfthHeight: Double, _ thirtiethHeight: Double) -> (ripple: Double, row: Double) {
            let cosineOfSecond = 1 - 2 * first * first
            let cosineOfSixth = cosineOfSecond * (4 * cosineOfSecond * cosineOfSecond - 3)
            let cosineOfThirtieth = (1 - thirtieth * thirtieth).squareRoot()
            let row =
                20 * cosineOfFirst + 40 / 3 * cosineOfThird + twelfthHeight / 12 * cosineOfTwelfth
                + thirtiethHeight / 30 * cosineOfThirtieth
            return (.pi * 2 / 3 * (120 * cosineOfSixth + 40 * cosineOfSecond), .pi * 2 / 3 * row)
        }
    }

    /// How the distorted position changes with the true one, well enough for
    /// Newton's method.
    private struct Slope {
        private let xx, xy, yx, yy: Double

        init(at wgs: Coordinate) {
            let x = wgs.x - 105
            let y = wgs.y - 35
            let east = Waves(x).slopes(150, 300)
            let north = Waves(y).slopes(160, 320)
            let metresPerDegree = GCJ02.semiMajorAxis * .pi / 180
            let sine = sin(wgs.y / 180 * .pi)
            let magic = 1 - GCJ02.squaredEccentricity * sine * sine
            let parallel = metresPerDegree / magic.squareRoot() * (1 - sine * sine).squareRoot()
            let meridian = metresPerDegree * (1 - GCJ02.squaredEccentricity) / (magic * magic.squareRoot())
            xx = 1 + (1 + 0.2 * x + 0.1 * y + east.ripple + east.row) / parallel
            xy = (2 + 0.1 * x) / parallel
            yx = (2 + 0.1 * y + east.ripple) / meridian
            yy = 1 + (3 + 0.4 * y + 0.1 * x + north.row) / meridian
        }

        /// The change of the true position behind a change of the distorted one.
        @inline(__always)
        func solve(x: Double, y: Double) -> Coordinate {
            let determinant = xx * yy - xy * yx
            return Coordinate(x: (x * yy - y * xy) / determinant, y: (y * xx - x * yx) / determinant)
        }
    }
}
