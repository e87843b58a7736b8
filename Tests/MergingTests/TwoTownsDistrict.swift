// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import Testing

@testable import Merging

/// Two towns on both sides of x = 630,000 that deliver one layer.
final class TwoTownsDistrict {
    let district: TestDistrict
    let layer: String

    /// A record: its attributes as JSON and its geometry as WKT without the
    /// easting's first digits: x counts from 630,000, y from 3,440,000.
    struct Record {
        var properties: String
        var geometry: String

        init(_ properties: String, _ wkt: String) {
            self.properties = properties
            geometry = wkt
        }
    }

    /// - Parameters:
    ///   - west: what stands in the entry of the western source, such as `authority: 3,`.
    ///   - more: what stands beside the sources.
    init(_ layer: String, west: String = "", east: String = "", more: String = "") throws {
        self.layer = layer
        district = try TestDistrict(yaml: Self.yaml(layer, west, east, more))
    }

    private static func yaml(_ layer: String, _ west: String, _ east: String, _ more: String) -> String {
        """
        name: 试验区
        grid: { crs: "EPSG:4549" }
        towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
        \(more)
        sources:
          - { id: west, town: "1", layer: \(layer), path: maps/west.geojson, \(west) crs: "EPSG:4549" }
          - { id: east, town: "2", layer: \(layer), path: maps/east.geojson, \(east) crs: "EPSG:4549" }
        """
    }

    /// Writes `district.yaml` anew.
    func change(west: String = "", east: String = "", more: String = "") throws {
        try Data(Self.yaml(layer, west, east, more).utf8).write(
            to: district.directory.appendingPathComponent("district.yaml"))
    }

    func deliver(_ records: [Record], _ town: String) throws {
        let features = try records.map { record in
            let geometry = try Geometry(wkt: record.geometry).mapCoordinates { run in
                run.map { Coordinate(x: 630_000 + $0.x, y: 3_440_000 + $0.y) }
            }
            var json = ""
            GeoJSON.append(geometry, to: &json)
            return #"{"type":"Feature","properties":{\#(record.properties)},"geometry":\#(json)}"#
        }
        let text = #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ",\n"))]}"#
        try district.deliver(Array(text.utf8), as: "\(town).geojson")
    }

    func store() throws -> DistrictStore {
        try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
    }

    func dump(_ other: TestDistrict? = nil, withPlaces: Bool = true) throws -> [String] {
        var lines: [String] = []
        let folder = (other ?? district).directory
        try DistrictStore(opening: folder.appendingPathComponent("district.gpkg")).canonicalDump(withPlaces: withPlaces) {
            lines.append($0)
        }
        return lines
    }

    /// What is on the map: the first field, and the geometry from where `Record` counts.
    func map() throws -> [String: String] {
        var map: [String: String] = [:]
        try store().forEachFeature(in: layer) { feature in
            let geometry = try GeoPackageGeometry.decode(Array(feature.geometry), limits: .trusted).geometry
            let moved = geometry.mapCoordinates { run in
                run.map { at in
                    Coordinate(
                        x: ((at.x - 630_000) * 1000).rounded() / 1000, y: ((at.y - 3_440_000) * 1000).rounded() / 1000)
                }
            }
            map["\(feature.source.description)/\(feature.value(at: 0).description)"] = moved.wkt
        }
        return map
    }

    func id(of record: Int64, in source: String) -> Int64 {
        Int64(SourceDefinition.slot(of: source)) << 31 | record
    }

    /// That a fresh district with the same deliveries is the same, history apart.
    func expectFresh(_ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let fresh = try TestDistrict(copying: district)
        try fresh.merge()
        let (one, two) = (try dump(), try dump(fresh))
        let differences = zip(one, two).filter { $0 != $1 }.prefix(2).map { "\($0) ≠ \($1)" }
        #expect(one == two, "\(comment) \(differences)", sourceLocation: sourceLocation)
    }
}
