// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// Three metres: a position in a geocentric system, or a difference of two.
struct GeocentricPosition {
    var x, y, z: Double
}

/// Seven parameters from points that are known in both geocentric systems.
enum HelmertFit {
    private static let secondsOfArc = 180 * 3600 / Double.pi

    /// Least squares about the centroids. With `q = (1 + ds)·r` the linearised
    /// model is linear in `ds` and `q`, so the solution is exact for it and
    /// needs no iteration.
    ///
    /// Nil when the points do not determine a rotation: all on one line.
    static func solve(
        _ pairs: [(source: GeocentricPosition, target: GeocentricPosition)], convention: RotationConvention
    ) -> HelmertParameters? {
        guard pairs.count >= 3 else { return nil }
        let from = centroid(pairs.map(\.source))
        let to = centroid(pairs.map(\.target))
        // Unknowns: ds, qx, qy, qz as position vector.
        var normal = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 4)
        for pair in pairs {
            let (x, y, z) = (pair.source.x - from.x, pair.source.y - from.y, pair.source.z - from.z)
            let rows: [([Double], Double)] = [
                ([x, 0, z, -y], pair.target.x - to.x - x),
                ([y, -z, 0, x], pair.target.y - to.y - y),
                ([z, y, -x, 0], pair.target.z - to.z - z),
            ]
            for (row, right) in rows {
                for i in 0..<4 {
                    for j in 0..<4 { normal[i][j] += row[i] * row[j] }
                    normal[i][4] += row[i] * right
                }
            }
        }
        guard let unknowns = eliminated(normal) else { return nil }
        let (ds, qx, qy, qz) = (unknowns[0], unknowns[1], unknowns[2], unknowns[3])
        let scale = 1 + ds
        guard scale > 0 else { return nil }
        let parameters = HelmertParameters(
            x: to.x - (scale * from.x - qz * from.y + qy * from.z),
            y: to.y - (qz * from.x + scale * from.y - qx * from.z),
            z: to.z - (-qy * from.x + qx * from.y + scale * from.z),
            rx: qx / scale * secondsOfArc, ry: qy / scale * secondsOfArc, rz: qz / scale * secondsOfArc,
            ds: ds * 1e6, convention: .positionVector)
        return parameters.told(as: convention)
    }

    private static func centroid(_ positions: [GeocentricPosition]) -> GeocentricPosition {
        guard let first = positions.first else { return GeocentricPosition(x: 0, y: 0, z: 0) }
        // Relative to the first, so that the sums keep their digits.
        var sum = GeocentricPosition(x: 0, y: 0, z: 0)
        for position in positions {
            sum.x += position.x - first.x
            sum.y += position.y - first.y
            sum.z += position.z - first.z
        }
        let count = Double(positions.count)
        return GeocentricPosition(
            x: first.x + sum.x / count, y: first.y + sum.y / count, z: first.z + sum.z / count)
    }

    /// Gauss's elimination with the largest pivot; nil for a singular system.
    private static func eliminated(_ system: [[Double]]) -> [Double]? {
        var rows = system
        let size = rows.count
        let magnitude = rows.indices.map { abs(rows[$0][$0]) }.max() ?? 0
        for column in 0..<size {
            let best = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            guard abs(rows[best][column]) > magnitude * 1e-10 else { return nil }
            rows.swapAt(column, best)
            for row in 0..<size where row != column {
                let factor = rows[row][column] / rows[column][column]
                for k in column...size { rows[row][k] -= factor * rows[column][k] }
            }
        }
        let solution = rows.indices.map { rows[$0][size] / rows[$0][$0] }
        return solution.allSatisfy(\.isFinite) ? solution : nil
    }
}

/// An ellipsoid as PROJ spells it, and its geocentric positions.
struct EllipsoidStep {
    /// `+a=6378245 +rf=298.3`.
    let parameters: String
    private let cartesian: ProjObject

    /// The ellipsoid of a geodetic reference system.
    init(of geodetic: ProjObject, subject: String) throws(ProjectionsError) {
        var axis = 0.0
        var inverseFlattening = 0.0
        let failure = "PROJ does not say the ellipsoid of \(geodetic.name)"
        let context = geodetic.context
        let ellipsoid = try context.check(.library, subject: subject, failure) { _ in
            geodetic.part(proj_get_ellipsoid)
        }
        _ = try context.check(.library, subject: subject, failure) {
            proj_ellipsoid_get_parameters($0, ellipsoid.pointer, &axis, nil, nil, &inverseFlattening) != 0 ? true : nil
        }
        let text = inverseFlattening > 0 ? "+a=\(axis) +rf=\(inverseFlattening)" : "+R=\(axis)"
        parameters = text
        cartesian = try context.check(.library, subject: subject, failure) {
            proj_create($0, "+proj=cart \(text)").map { ProjObject($0, in: context) }
        }
    }

    /// - Parameters:
    ///   - degrees: longitude and latitude.
    ///   - height: above the ellipsoid, in metres.
    func geocentric(_ degrees: Coordinate, height: Double) -> GeocentricPosition {
        let radians = Double.pi / 180
        let image = proj_trans(
            cartesian.pointer, PJ_FWD, proj_coord(degrees.x * radians, degrees.y * radians, height, 0))
        return GeocentricPosition(x: image.xyz.x, y: image.xyz.y, z: image.xyz.z)
    }
}
