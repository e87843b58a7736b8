// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@testable import Merging

/// What is read for the sake of other sources is read once.
@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Towns that others are judged by` {
    private func kept(_ district: TestDistrict) throws -> [URL] {
        let folder = district.directory.appendingPathComponent(".miaopu/readings/towns")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private func deliver(_ word: String, to district: TestDistrict, town place: Int = 0) throws {
        try district.deliver(collection([feature(place, "name", "镇")]), as: "towns.geojson")
        try district.deliver(collection([feature(0, "parcel_no", word)]), as: "a.geojson")
    }

    private func feature(_ place: Int, _ field: String, _ value: String) -> String {
        #"{"type":"Feature","properties":{"\#(field)":"\#(value)"},"geometry":\#(square(place))}"#
    }

    private func collection(_ features: [String]) -> [UInt8] {
        Array(#"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.utf8)
    }

    @Test func `are kept until they change, and read again when what is kept is damaged`() throws {
        let district = try TestDistrict([
            "layer: parcels, path: maps/a.geojson", "layer: towns, path: maps/towns.geojson",
        ])
        try deliver("D1", to: district)
        try district.merge()
        let first = try kept(district)
        #expect(first.count == 1)
        let bytes = try Data(contentsOf: #require(first.first))
        #expect(bytes.count > 100)

        // Damaged at one bit, cut off, and empty: each is made anew.
        var damaged = bytes
        damaged[60] ^= 1
        for (number, wrong) in [damaged, bytes.prefix(80), Data()].enumerated() {
            try wrong.write(to: first[0])
            try deliver("E\(number)", to: district)
            try district.merge()
            #expect(try kept(district) == first)
            #expect(try Data(contentsOf: first[0]) == bytes)
        }

        try deliver("F", to: district, town: 3)
        try district.merge()
        let next = try kept(district)
        #expect(next.count == 1 && next != first)
    }
}
