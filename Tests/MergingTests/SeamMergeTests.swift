// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Where two towns meet` {
    /// Parcels of ten metres on both sides of x = 630,000; `shift` is how far a
    /// town's border lies to the east of where it should.
    private struct Parcel {
        var number: String
        var west: Double
        var south: Double
        var east: Double

        var feature: String {
            let north = south + 10
            let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
                .map { "[\($0.0),\($0.1)]" }.joined(separator: ",")
            return """
                {"type":"Feature","properties":{"parcel_no":"\(number)"},
                "geometry":{"type":"Polygon","coordinates":[[\(ring)]]}}
                """
        }
    }

    private static func town(isWest: Bool, borders: [Double]) -> [Parcel] {
        borders.enumerated().flatMap { row, border -> [Parcel] in
            let south = 3_440_000 + Double(row) * 10
            let inner = isWest ? 629_990.0 : 630_010.0
            let name = isWest ? "W" : "E"
            return isWest
                ? [
                    Parcel(number: "\(name)\(row)a", west: 629_980, south: south, east: inner),
                    Parcel(number: "\(name)\(row)b", west: inner, south: south, east: border),
                ]
                : [
                    Parcel(number: "\(name)\(row)a", west: border, south: south, east: inner),
                    Parcel(number: "\(name)\(row)b", west: inner, south: south, east: 630_020),
                ]
        }
    }

    private func district(authority: Int = 0, protected: Bool = false, more: String = "") throws -> TestDistrict {
        try TestDistrict(
            yaml: """
                name: 试验区
                grid: { crs: "EPSG:4549" }
                towns: [{ code: "1", name: 西镇 }, { code: "2", name: 东镇 }]
                \(more)
                sources:
                  - { id: west, town: "1", layer: parcels, path: maps/west.geojson, crs: "EPSG:4549",
                      authority: \(authority), protected: \(protected) }
                  - { id: east, town: "2", layer: parcels, path: maps/east.geojson, crs: "EPSG:4549" }
                """)
    }

    private func deliver(_ parcels: [Parcel], _ name: String, to district: TestDistrict) throws {
        let text = #"{"type":"FeatureCollection","features":[\#(parcels.map(\.feature).joined(separator: ","))]}"#
        try district.deliver(Array(text.utf8), as: "\(name).geojson")
    }

    private func store(_ district: TestDistrict) throws -> DistrictStore {
        try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
    }

    private func dump(_ district: TestDistrict) throws -> [String] {
        var lines: [String] = []
        try store(district).canonicalDump { lines.append($0) }
        return lines
    }

    /// The rows of a table in the dump, each as its columns.
    private func rows(of table: String, _ district: TestDistrict) throws -> [[String: String]] {
        let lines = try dump(district)
        let start = try #require(lines.firstIndex(of: "table \(table)")) + 1
        return lines[start...].prefix { !$0.hasPrefix("table ") }.map { line in
            Dictionary(
                uniqueKeysWithValues: line.split(separator: "\t").map { cell in
                    let parts = cell.split(separator: "=", maxSplits: 1).map(String.init)
                    return (parts[0], parts.count > 1 ? parts[1] : "")
                })
        }
    }

    private func envelopes(_ district: TestDistrict) throws -> [String: Envelope] {
        var envelopes: [String: Envelope] = [:]
        try store(district).forEachFeature(in: "parcels") { feature in
            envelopes[feature.value(at: 0).description] = GeoPackageGeometry.envelope(of: feature.geometry)
        }
        return envelopes
    }

    @Test func `the border of the town with authority stays, and the other comes to it`() throws {
        let district = try district(authority: 5)
        try deliver(Self.town(isWest: true, borders: [630_000, 630_000.4]), "west", to: district)
        try deliver(Self.town(isWest: false, borders: [630_000.2, 630_000.2]), "east", to: district)
        let report = try district.merge()
        let boxes = try envelopes(district)
        #expect(boxes["W0b"]?.maxX == 630_000 && boxes["E0a"]?.minX == 630_000)
        #expect(boxes["W1b"]?.maxX == 630_000.4 && boxes["E1a"]?.minX == 630_000.4)
        #expect(report.seams.first?.totals.map(\.kind).sorted() == ["overlap", "slit"])
        #expect(report.text.contains("Where deliveries meet"))
        let found = try rows(of: "miaopu_seams", district)
        #expect(found.map { $0["kind"] } == ["s\"overlap\"", "s\"slit\""])
        #expect(found.allSatisfy { $0["repaired"] == "i1" && $0["sources"]?.contains("east") == true })
        let movements = try rows(of: "miaopu_movements", district)
        // Twenty centimetres by ten metres taken in one row and given in the other; the third, of the town with
        // authority, has a vertex more and did not move.
        for column in ["given_m2", "taken_m2"] {
            let areas = movements.compactMap { $0[column].flatMap { UInt64($0.dropFirst()) } }
            #expect(areas.map { (Double(bitPattern: $0) * 1000).rounded() }.sorted() == [0, 0, 2000])
        }
        #expect(try rows(of: "miaopu_originals", district).count == movements.count)
        #expect(try district.merge().changeSet == nil)
    }

    @Test func `equal towns share the difference, and a merge taken back leaves what was delivered`() throws {
        let district = try district()
        try deliver(Self.town(isWest: true, borders: [630_000]), "west", to: district)
        try district.merge()
        let alone = try dump(district)
        try deliver(Self.town(isWest: false, borders: [630_000.2]), "east", to: district)
        try district.merge()
        let both = try dump(district)
        let middle = try #require(try envelopes(district)["W0b"]?.maxX)
        #expect(abs(middle - 630_000.1) < 0.01)
        try district.undo(2)
        #expect(try dump(district) == alone)
        #expect(try rows(of: "miaopu_originals", district).isEmpty)
        try district.undo(3)
        #expect(try dump(district) == both)
    }

    @Test func `a town that delivers again gives what a fresh merge gives`() throws {
        for seed in [1, 2, 3, 4] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            func borders() -> [Double] {
                (0..<6).map { _ in 630_000 + Double(Int.random(in: -600...600, using: &random)) / 1000 }
            }
            var west = borders()
            let east = borders()
            let district = try district(authority: Int.random(in: -1...1, using: &random))
            try deliver(Self.town(isWest: true, borders: west), "west", to: district)
            try deliver(Self.town(isWest: false, borders: east), "east", to: district)
            try district.merge()
            for _ in 0..<3 {
                west[Int.random(in: 0..<6, using: &random)] += 0.25
                let parcels = Self.town(isWest: true, borders: west).shuffled(using: &random)
                try deliver(parcels, "west", to: district)
                try district.merge()
            }
            let fresh = try TestDistrict(copying: district)
            try fresh.merge()
            #expect(try dump(fresh) == dump(district), "seed \(seed)")
        }
    }

    @Test func `a change of authority moves borders although no town delivered`() throws {
        let equal = try district()
        try deliver(Self.town(isWest: true, borders: [630_000]), "west", to: equal)
        try deliver(Self.town(isWest: false, borders: [630_000.2]), "east", to: equal)
        try equal.merge()
        let decided = try district(authority: 3)
        for name in ["west", "east"] {
            let file = "maps/\(name).geojson"
            try decided.deliver(
                Array(Data(contentsOf: equal.directory.appendingPathComponent(file))), as: "\(name).geojson")
        }
        try Data(contentsOf: decided.directory.appendingPathComponent("district.yaml")).write(
            to: equal.directory.appendingPathComponent("district.yaml"))
        try equal.merge()
        try decided.merge()
        #expect(try envelopes(equal)["E0a"]?.minX == 630_000)
        #expect(try dump(equal) == dump(decided))
    }

    @Test func `a merge that moves borders too far is refused with the list and changes nothing`() throws {
        let district = try district(more: "movement: { shift_m: 0.05 }")
        try deliver(Self.town(isWest: true, borders: [630_000]), "west", to: district)
        try district.merge()
        let before = try dump(district)
        try deliver(Self.town(isWest: false, borders: [630_000.2]), "east", to: district)
        let error = #expect(throws: MergingError.self) { try district.merge() }
        #expect(error?.kind == .movementRefused)
        #expect(error?.description.contains("east, record 1") == true, "\(error?.description ?? "")")
        #expect(try dump(district) == before)
    }

    @Test func `a protected border does not move, whoever has authority`() throws {
        let district = try district(authority: -5, protected: true)
        try deliver(Self.town(isWest: true, borders: [630_000]), "west", to: district)
        try deliver(Self.town(isWest: false, borders: [629_999.7]), "east", to: district)
        try district.merge()
        let boxes = try envelopes(district)
        #expect(boxes["W0b"]?.maxX == 630_000 && boxes["E0a"]?.minX == 630_000)
    }
}
