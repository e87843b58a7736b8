// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A town that delivers again` {
    private struct Parcel {
        var number: String?
        var place: Int
        var use = "住宅"
    }

    private func deliver(_ parcels: [Parcel], to district: TestDistrict, as name: String = "a.geojson") throws {
        let features = parcels.map { parcel in
            let number = parcel.number.map { #""parcel_no":"\#($0)","# } ?? ""
            return #"{"type":"Feature","properties":{\#(number)"use":"\#(parcel.use)"},"geometry":\#(square(parcel.place))}"#
        }
        let text = #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
        try district.deliver(Array(text.utf8), as: name)
    }

    private func ids(_ district: TestDistrict) throws -> [String: Int64] {
        var ids: [String: Int64] = [:]
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        try store.forEachFeature(in: "parcels") { feature in ids[feature.value(at: 0).description] = feature.id }
        return ids
    }

    private func dump(_ district: TestDistrict, withPlaces: Bool) throws -> [String] {
        var lines: [String] = []
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        try store.canonicalDump(withPlaces: withPlaces) { lines.append($0) }
        return lines
    }

    @Test func `changes what has changed and keeps the ids of all parcels, wherever they stand in the file`() throws {
        let district = try TestDistrict(["layer: parcels, path: maps/a.geojson"])
        try deliver((0..<20).map { Parcel(number: "D\($0)", place: $0) }, to: district)
        try district.merge()
        let before = try ids(district)

        var next = (0..<20).map { Parcel(number: "D\($0)", place: $0) }
        next.remove(at: 3)
        next[5].use = "工业"
        next.insert(Parcel(number: "D99", place: 99), at: 0)
        try deliver(next.reversed(), to: district)
        let report = try district.merge()
        #expect(report.layers.map { [$0.inserted, $0.updated, $0.deleted] } == [[1, 1, 1]])
        let after = try ids(district)
        #expect(after.filter { $0.key != "D99" } == before.filter { $0.key != "D3" })

        let fresh = try TestDistrict(["layer: parcels, path: maps/a.geojson"])
        try deliver(next.reversed(), to: fresh)
        try fresh.merge()
        #expect(try dump(fresh, withPlaces: true) == dump(district, withPlaces: true))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `in another order gives the same district`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        // Some have no number, some share one, some are the same altogether.
        let parcels = (0..<60).map { number in
            Parcel(number: number % 5 == 0 ? nil : "D\(number % 50)", place: number % 55)
        }
        let first = try TestDistrict(["layer: parcels, path: maps/a.geojson"])
        try deliver(parcels, to: first)
        try first.merge()
        let second = try TestDistrict(["layer: parcels, path: maps/a.geojson"])
        try deliver(parcels.shuffled(using: &random), to: second)
        try second.merge()
        #expect(try dump(first, withPlaces: false) == dump(second, withPlaces: false), "seed \(seed)")
        try deliver(parcels.shuffled(using: &random), to: second)
        #expect(try second.merge().layers.isEmpty, "seed \(seed)")
    }

    @Test func `an older map is not taken without a word`() throws {
        let district = try TestDistrict(["layer: parcels, path: maps/a.geojson, as_of: 2026-06-30"])
        try deliver([Parcel(number: "D1", place: 1)], to: district)
        try district.merge()
        let older = try TestDistrict(["layer: parcels, path: maps/a.geojson, as_of: 2026-03-31"], in: district)
        try deliver([Parcel(number: "D2", place: 2)], to: older)
        let report = try older.merge()
        #expect(report.sources.map(\.outcome) == [.quarantined])
        #expect(report.sources[0].needs[0].contains("--accept source-0"), "\(report.sources[0].needs)")
        #expect(try older.merge(accepting: ["source-0"]).sources.map(\.outcome) == [.merged])
    }

    @Test func `with less than half of what it had is not taken without a word`() throws {
        let district = try TestDistrict(["layer: parcels, path: maps/a.geojson"])
        try deliver((0..<20).map { Parcel(number: "D\($0)", place: $0) }, to: district)
        try district.merge()
        let whole = try dump(district, withPlaces: true)
        for count in [10, 0] {
            try deliver((0..<count).map { Parcel(number: "D\($0)", place: $0) }, to: district)
            let report = try district.merge()
            #expect(report.sources.map(\.outcome) == [.quarantined])
            #expect(report.sources[0].needs[0].contains("had 20 features"), "\(report.sources[0].needs)")
            #expect(try dump(district, withPlaces: true) == whole)
        }
        #expect(try district.merge(accepting: ["source-0"]).layers.map(\.deleted) == [20])
    }

    @Test func `leaves what was before in the past, with its days`() throws {
        let district = try TestDistrict(["layer: parcels, path: maps/a.geojson, as_of: 2026-03-31"])
        try deliver([Parcel(number: "D1", place: 1), Parcel(number: "D2", place: 2)], to: district)
        try district.merge()
        let before = try ids(district)
        let newer = try TestDistrict(["layer: parcels, path: maps/a.geojson, as_of: 2026-06-30"], in: district)
        try deliver([Parcel(number: "D1", place: 1, use: "工业")], to: newer)
        try newer.merge()
        let store = try DistrictStore(opening: newer.directory.appendingPathComponent("district.gpkg"))
        let changed = try store.feature(try #require(before["D1"]))
        #expect(changed.validFrom == "2026-06-30")
        #expect(changed.past.map(\.attributes["use"]) == [.text("住宅")])
        #expect(changed.past.map(\.validFrom) == ["2026-03-31"])
        #expect(changed.past.map(\.validTo) == ["2026-06-30"])
        #expect(throws: DistrictStoresError.self) { try store.feature(try #require(before["D2"])) }
    }

    @Test func `with two parcels of one number has both, and says so`() throws {
        let district = try TestDistrict(["layer: parcels, path: maps/a.geojson"])
        try deliver([Parcel(number: "D1", place: 1), Parcel(number: "D1", place: 2)], to: district)
        let report = try district.merge()
        #expect(report.layers.map(\.inserted) == [2])
        #expect(report.sources[0].issues.map(\.name).contains("duplicate-key"))
    }
}
