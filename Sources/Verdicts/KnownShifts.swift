// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// Shifts that a delivery has when its datum is another one than is said.
enum KnownShifts {
    struct Entry {
        var name: String
        /// From where the delivery seems to lie to where it lies, on the grid.
        var shift: Coordinate
    }

    /// EPSG:15919, Beijing 1954 to WGS 84 for the Yellow Sea, 15 m; its area
    /// touches Shanghai's north only, so it names a shift and never makes one.
    private static let beijing = "+ellps=krass +towgs84=15.53,-113.82,-41.38,0,0,0.814,-0.38"

    /// - Parameters:
    ///   - place: on the grid.
    ///   - isGeographic: whether the delivery counts in degrees.
    static func entries(at place: Coordinate, grid: CoordinateReferenceSystem, isGeographic: Bool) -> [Entry] {
        [
            ("Beijing 1954 (by EPSG:15919, good to 15 m)", beijing),
            ("Krassowsky's ellipsoid taken for that of CGCS2000", "+ellps=krass +towgs84=0,0,0"),
            ("Xian 1980's ellipsoid taken for that of CGCS2000", "+a=6378140 +rf=298.257 +towgs84=0,0,0"),
        ].compactMap { name, datum in
            shift(at: place, grid: grid, datum: datum, isGeographic: isGeographic).map { Entry(name: name, shift: $0) }
        }
    }

    private static func shift(
        at place: Coordinate, grid: CoordinateReferenceSystem, datum: String, isGeographic: Bool
    ) -> Coordinate? {
        let image: Coordinate?
        if isGeographic {
            guard let degrees = try? CoordinateReferenceSystem(parsing: "+proj=longlat \(datum) +no_defs"),
                let away = try? CoordinateTransform(from: grid, to: degrees),
                let back = try? CoordinateTransform(from: .crs84, to: grid), let there = try? away.transform(place)
            else { return nil }
            image = try? back.transform(there)
        } else {
            guard let text = try? grid.text(as: .projString) else { return nil }
            let plain = text.split(separator: " ").filter {
                !["+ellps", "+datum", "+towgs84", "+type"].contains($0.prefix { $0 != "=" })
            }
            guard
                let other = try? CoordinateReferenceSystem(parsing: plain.joined(separator: " ") + " \(datum)"),
                let away = try? CoordinateTransform(from: grid, to: other)
            else { return nil }
            image = try? away.transform(place)
        }
        let shift = image.map { Coordinate(x: place.x - $0.x, y: place.y - $0.y) }
        return shift.flatMap { $0.distance(to: Coordinate(x: 0, y: 0)) < 1e6 ? $0 : nil }
    }

    /// What a measured shift resembles, the nearest first.
    static func sentences(
        on shift: Coordinate, at place: Coordinate, grid: CoordinateReferenceSystem, isGeographic: Bool
    ) -> [String] {
        entries(at: place, grid: grid, isGeographic: isGeographic)
            .sorted { ($0.shift.distance(to: shift), $0.name) < ($1.shift.distance(to: shift), $1.name) }
            .map { entry in
                let (east, north) = (entry.shift.x.rounded(), entry.shift.y.rounded())
                let away = entry.shift.distance(to: shift)
                return "\(entry.name): \(Int(east)) m E, \(Int(north)) m N, \(Int(away.rounded())) m from the measured one"
            }
    }
}
