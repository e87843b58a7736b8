// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// A reference system that the numbers of a delivery are tried in.
struct CandidateSystem: Hashable {
    var name: String
    /// What a transform is made of.
    var parsed: String
    /// As `district.yaml` spells it; nil for systems that need control points.
    var definition: String?
    var swapsAxes = false
    /// About where the middle of the district has its numbers, east first; nil
    /// where nobody knows.
    var expected: Coordinate?
    /// Said with the candidate.
    var remark: String?
}

/// The systems in which the towns around a place deliver.
///
/// The register's codes are computed from its numbering: CGCS2000 has its 3°
/// meridians from EPSG:4534 (75° E), its 3° zones from EPSG:4513 (zone 25), its
/// 6° meridians from EPSG:4502 (75° E) and its 6° zones from EPSG:4491 (zone 13).
enum CandidateList {
    /// - Parameter place: the middle of the district, in degrees.
    static func systems(around place: Coordinate) -> [CandidateSystem] {
        var systems = [
            CandidateSystem(
                name: "EPSG:4490", parsed: "EPSG:4490", definition: "EPSG:4490", expected: place,
                remark: "CGCS2000 and WGS 84 (EPSG:4326) are equal to decimetres."),
            CandidateSystem(name: "GCJ-02", parsed: "GCJ-02", definition: "GCJ-02", expected: place),
            CandidateSystem(name: "BD-09", parsed: "BD-09", definition: "BD-09", expected: place),
        ]
        func add(_ code: Int, _ expected: Coordinate, _ remark: String? = nil) {
            let name = "EPSG:\(code)"
            systems.append(
                CandidateSystem(name: name, parsed: name, definition: name, expected: expected, remark: remark))
        }
        func plane(_ meridian: Int, zone: Int = 0) -> Coordinate {
            transverseMercator(place, meridian: Double(meridian), falseEasting: Double(zone) * 1e6 + 500_000)
        }
        for meridian in nearestMeridians(place.x, every: 3) where (75...135).contains(meridian) {
            let step = (meridian - 75) / 3
            let twin = (meridian - 75) % 6 == 0 ? "EPSG:\(4502 + (meridian - 75) / 6) has the same numbers. " : ""
            add(
                4534 + step, plane(meridian),
                twin + "Beijing 1954 (EPSG:\(2422 + step)) and Xian 1980 (EPSG:\(2370 + step)) have numbers within "
                    + "some 100 m of these.")
            add(
                4513 + step, plane(meridian, zone: 25 + step),
                "Beijing 1954 (EPSG:\(2401 + step)) and Xian 1980 (EPSG:\(2349 + step)) have numbers within some 100 m "
                    + "of these.")
        }
        for meridian in nearestMeridians(place.x - 3, every: 6).map({ $0 + 3 }) where (75...135).contains(meridian) {
            let step = (meridian - 75) / 6
            // Where a 3° meridian is the same one, it stands for both.
            if !systems.contains(where: { $0.name == "EPSG:\(4534 + (meridian - 75) / 3)" }) {
                add(4502 + step, plane(meridian))
            }
            add(4491 + step, plane(meridian, zone: 13 + step))
        }
        let zone = Int(((place.x + 180) / 6).rounded(.down)) + 1
        if (1...60).contains(zone) { add(32600 + zone, plane(zone * 6 - 183), "UTM on WGS 84.") }
        let mercator = Coordinate(x: place.x * 111_319.49, y: 6_378_137 * asinh(tan(place.y * .pi / 180)))
        add(3857, mercator, "Web Mercator.")
        if abs(place.x - 121.4) < 1, abs(place.y - 31.2) < 1 { systems += shanghai(place) }
        return systems
    }

    /// Where a place has its numbers on a transverse Mercator plane, on a sphere:
    /// some kilometres off, to leave out planes that cannot be meant.
    private static func transverseMercator(
        _ place: Coordinate, meridian: Double, falseEasting: Double = 0
    ) -> Coordinate {
        let metres = 111_319.49 * cos(place.y * .pi / 180)
        return Coordinate(x: falseEasting + (place.x - meridian) * metres, y: place.y * 110_900)
    }

    /// The two meridians next to a place.
    private static func nearestMeridians(_ longitude: Double, every step: Int) -> [Int] {
        let below = Int((longitude / Double(step)).rounded(.down)) * step
        return [below, below + step]
    }

    /// The two planes of the city. Their exact constants are not published, so
    /// these are fits that circulate; they agree to some 20 m and are good for
    /// recognising a plane, not for merging in it.
    private static func shanghai(_ place: Coordinate) -> [CandidateSystem] {
        let origin = transverseMercator(place, meridian: 121.4644)
        let expected = Coordinate(x: origin.x, y: origin.y - 31.2353 * 110_900)
        let remark = "The template is right to some 20 m; a merge needs local control points (fit:points.csv)."
        return [
            CandidateSystem(
                name: "Shanghai 2000 (approximate)",
                parsed: "+proj=pipeline +step +inv +proj=tmerc +lat_0=31.2353 +lon_0=121.4644 +k=1 +x_0=-265 +y_0=-10 "
                    + "+ellps=GRS80",
                expected: expected, remark: remark),
            CandidateSystem(
                name: "old Shanghai plane (approximate)",
                parsed: "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=121.4671519444444 +k=1 +x_0=8 "
                    + "+y_0=-3457143.04 +ellps=krass",
                expected: expected, remark: remark),
        ]
    }
}
