// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// The spherical Mercator projection of EPSG:3857 in closed form.
///
/// Three times as fast as going through PROJ, and proven against it to less
/// than a micrometre by the tests.
enum WebMercator {
    static let radius = 6_378_137.0
    private static let metresPerDegree = radius * .pi / 180

    /// Metres from degrees; not finite at and beyond the poles.
    @inline(__always)
    static func project(_ degrees: Coordinate) -> Coordinate {
        guard abs(degrees.y) < 90 else { return Coordinate(x: .infinity, y: .infinity) }
        // asinh(tan φ) keeps all digits near the equator, where the logarithm of
        // a tangent loses them.
        return Coordinate(
            x: reduced(degrees.x) * metresPerDegree, y: radius * asinh(tan(degrees.y * .pi / 180)))
    }

    /// Degrees from metres.
    @inline(__always)
    static func unproject(_ metres: Coordinate) -> Coordinate {
        Coordinate(
            x: reduced(metres.x / metresPerDegree), y: atan(sinh(metres.y / radius)) * 180 / .pi)
    }

    /// A longitude brought into −180…180, as PROJ does it.
    @inline(__always)
    private static func reduced(_ longitude: Double) -> Double {
        guard abs(longitude) > 180 else { return longitude }
        // A rounding error past the antimeridian is not a trip around the world.
        if abs(longitude) < 180 + 1e-9 { return longitude }
        return (longitude + 180) - 360 * ((longitude + 180) / 360).rounded(.down) - 180
    }
}
