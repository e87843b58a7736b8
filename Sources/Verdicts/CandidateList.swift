// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// A reference system that the numbers of a delivery are tried in.
struct CandidateSystem: Hashable {
    var name: String
    /// What a transform is made of.
    var parsed: String
    /// As `district.yaml` spells it; nil for systems that need control points.
    var definition: String?
    var swapsAxes = false
    /// Said with the candidate.
    var remark: String?
}

/// The systems in which the towns around a place deliver.
///
/// The register's codes are computed from its numbering: CGCS2000 has its 3°
/// meridians from EPSG:4534 (75° E), its 3° zones from EPSG:4513 (zone 25), its
/// 6° meridians from EPSG:4502 (75° E) and its 6° zones from EPSG:4491 (zone 13).
enum CandidateList {
    /// - Parameter longitude: of the middle of the district, in degrees.
    static func systems(around longitude: Double) -> [CandidateSystem] {
        var systems = [
            CandidateSystem(
                name: "EPSG:4490", parsed: "EPSG:4490", definition: "EPSG:4490",
                remark: "CGCS2000 and WGS 84 (EPSG:4326) are equal to decimetres."),
            CandidateSystem(name: "GCJ-02", parsed: "GCJ-02", definition: "GCJ-02"),
            CandidateSystem(name: "BD-09", parsed: "BD-09", definition: "BD-09"),
        ]
        func add(_ code: Int, _ remark: String? = nil) {
            systems.append(
                CandidateSystem(name: "EPSG:\(code)", parsed: "EPSG:\(code)", definition: "EPSG:\(code)", remark: remark))
        }
        for meridian in nearestMeridians(longitude, every: 3) where (75...135).contains(meridian) {
            let step = (meridian - 75) / 3
            let twin = (meridian - 75) % 6 == 0 ? "EPSG:\(4502 + (meridian - 75) / 6) has the same numbers. " : ""
            add(
                4534 + step,
                twin + "Beijing 1954 (EPSG:\(2422 + step)) and Xian 1980 (EPSG:\(2370 + step)) have numbers within "
                    + "some 100 m of these.")
            add(
                4513 + step,
                "Beijing 1954 (EPSG:\(2401 + step)) and Xian 1980 (EPSG:\(2349 + step)) have numbers within some 100 m "
                    + "of these.")
        }
        for meridian in nearestMeridians(longitude - 3, every: 6).map({ $0 + 3 }) where (75...135).contains(meridian) {
            let step = (meridian - 75) / 6
            // Where a 3° meridian is the same one, it stands for both.
            if !systems.contains(where: { $0.name == "EPSG:\(4534 + (meridian - 75) / 3)" }) { add(4502 + step) }
            add(4491 + step)
        }
        let zone = Int(((longitude + 180) / 6).rounded(.down)) + 1
        if (1...60).contains(zone) { add(32600 + zone, "UTM on WGS 84.") }
        add(3857, "Web Mercator.")
        if abs(longitude - 121.4) < 1 { systems += shanghai }
        return systems
    }

    /// The two meridians next to a place.
    private static func nearestMeridians(_ longitude: Double, every step: Int) -> [Int] {
        let below = Int((longitude / Double(step)).rounded(.down)) * step
        return [below, below + step]
    }

    /// The two planes of the city. Their exact constants are not published, so
    /// these are fits that circulate; they agree to some 20 m and are good for
    /// recognising a plane, not for merging in it.
    private static let shanghai = [
        CandidateSystem(
            name: "Shanghai 2000 (approximate)",
            parsed: "+proj=pipeline +step +inv +proj=tmerc +lat_0=31.2353 +lon_0=121.4644 +k=1 +x_0=-265 +y_0=-10 "
                + "+ellps=GRS80",
            remark: "The template is right to some 20 m; a merge needs local control points (fit:points.csv)."),
        CandidateSystem(
            name: "old Shanghai plane (approximate)",
            parsed: "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=121.4671519444444 +k=1 +x_0=8 "
                + "+y_0=-3457143.04 +ellps=krass",
            remark: "The template is right to some 20 m; a merge needs local control points (fit:points.csv)."),
    ]
}
