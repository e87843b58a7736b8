// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

/// A delivery in Beijing 1954, whose shift the district has determined.
@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A merge by seven parameters` {
    private static let set = HelmertParameters(
        x: 12.646, y: -155.176, z: -80.863, rx: 0.91, ry: -1.32, rz: 2.05, ds: -3.7, convention: .coordinateFrame)
    private static let declared = """
        crs: { helmert: { x: 12.646, y: -155.176, z: -80.863, rx: 0.91, ry: -1.32, rz: 2.05, ds: -3.7, \
        rotation: coordinate-frame }, from: "EPSG:2437" }
        """
    private static let places = [
        (630_000, 3_440_000), (634_000, 3_440_500), (633_500, 3_444_000), (629_500, 3_443_000), (631_500, 3_446_000),
        (636_000, 3_447_000),
    ].map { Coordinate(x: $0.0, y: $0.1) }

    private func truth() throws -> CoordinateTransform {
        try CoordinateTransform.shifted(
            from: CoordinateReferenceSystem(parsing: "EPSG:2437"), to: CoordinateReferenceSystem(parsing: "EPSG:4549"),
            by: Self.set)
    }

    /// - Parameter isNorthFirst: how the file and its control points count.
    private func district(_ crs: String, isNorthFirst: Bool = false, mistake: Double = 0) throws -> TestDistrict {
        let district = try TestDistrict(["layer: points, path: maps/a.geojson, \(crs)"])
        let truth = try truth()
        let pair = { (place: Coordinate, separator: String) in
            isNorthFirst ? "\(place.y)\(separator)\(place.x)" : "\(place.x)\(separator)\(place.y)"
        }
        try district.deliver(
            collection(Self.places.map { #"{"type":"Point","coordinates":[\#(pair($0, ","))]}"# }), as: "a.geojson")
        var table = "id,src_e,src_n,dst_e,dst_n,role,surveyed,order\n"
        for (index, place) in Self.places.enumerated() {
            let target = try truth.transform(place)
            let east = target.x + (index == 1 ? mistake : 0)
            table += "K\(index),\(pair(place, ",")),\(east),\(target.y),control,2024-05,D\n"
        }
        try district.deliver(Array(table.utf8), as: "control.csv")
        return district
    }

    private func largestError(in district: TestDistrict) throws -> Double {
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        var merged: [Coordinate] = []
        try store.forEachFeature(in: "points") { feature in
            if case .point(let point) = try GeoPackageGeometry.decode(feature.geometry).geometry,
                let coordinate = point.coordinate
            {
                merged.append(coordinate)
            }
        }
        #expect(merged.count == Self.places.count)
        let truth = try truth()
        return try Self.places.map { place in
            let image = try truth.transform(place)
            return merged.map { $0.distance(to: image) }.min() ?? .infinity
        }.max() ?? .infinity
    }

    @Test func `that are declared puts every point where they say`() throws {
        let district = try district(Self.declared)
        let source = try district.merge().sources[0]
        #expect(source.outcome == .merged, "\(source.needs)")
        #expect(source.crs == "seven parameters from EPSG:2437" && source.crsOrigin == "declared")
        #expect(source.steps.contains { $0.hasPrefix("seven parameters as declared: x 12.646 m") }, "\(source.steps)")
        #expect(try largestError(in: district) < 0.001)
        #expect(try district.merge().sources[0].outcome == .unchanged)
    }

    @Test(arguments: [false, true])
    func `fitted to control points says how good they are`(isNorthFirst: Bool) throws {
        let axes = isNorthFirst ? ", axes: yx" : ""
        let district = try district(
            "crs: { fit: maps/control.csv, from: \"EPSG:2437\", parameters: 7, rotation: position-vector\(axes) }",
            isNorthFirst: isNorthFirst)
        let source = try district.merge().sources[0]
        #expect(source.outcome == .merged, "\(source.needs)")
        #expect(source.notes.contains { $0.hasPrefix("Fitted with 7 parameters to 6 control points: RMS 0.0 m") })
        #expect(source.notes.contains("All points are of order D."))
        #expect(source.notes.contains("The points were surveyed 2024-05."))
        #expect(source.notes.contains { $0.contains("no heights") }, "\(source.notes)")
        #expect(try largestError(in: district) < 0.002)
    }

    @Test func `names a wrong point, and refuses swapped axes`() throws {
        let wrong = try district("crs: { fit: maps/control.csv, from: \"EPSG:2437\" }", mistake: 4)
        #expect(
            try wrong.merge().sources[0].notes.contains { $0.hasPrefix("Control point K1 looks like a blunder") })
        let swapped = try district("crs: { fit: maps/control.csv, from: \"EPSG:2437\" }", isNorthFirst: true)
        let source = try swapped.merge().sources[0]
        #expect(source.outcome == .quarantined)
        #expect(source.needs.first?.contains("axes look swapped") == true, "\(source.needs)")
    }
}
