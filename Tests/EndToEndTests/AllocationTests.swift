// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

/// What a merge costs as its input grows, counted in bytes that it asks the
/// allocator for: unlike seconds these hold still.
@Suite(.enabled(if: ZooPlugin.canBeBuilt)) struct `What a merge allocates` {
    /// Bytes that the program asked for while it merged.
    private func bytes(merging district: DistrictFixture) throws -> Int {
        let library = district.directory.appendingPathComponent("allocations.so").path
        let source = Program.package.appendingPathComponent("tools/allocations/allocations.c").path
        let compiled = try #require(try Program.tool("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source]))
        #expect(compiled.status == 0, "\(compiled.errors)")
        let figures = district.directory.appendingPathComponent("allocations")
        let result = try district.merge(environment: ["LD_PRELOAD": library, "ALLOCATIONS": figures.path])
        #expect(result.status == 0, "\(result)")
        let numbers = try String(contentsOf: figures, encoding: .utf8).split(whereSeparator: \.isWhitespace)
        return try #require(numbers.last.flatMap { Int($0) })
    }

    private func deliver(_ count: Int, named word: String, to district: DistrictFixture) throws {
        let features = (0..<count).map { number in
            #"{"type":"Feature","properties":{"name":"\#(word)\#(number)"},"geometry":{"type":"Point","coordinates":["#
                + "\(121.3 + Double(number % 100) / 1000),\(31.1 + Double(number / 100) / 1000)]}}"
        }
        try district.write(
            #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#, to: "maps/a.geojson")
    }

    @Test func `grows with a delivery that comes again, and not with its square`() throws {
        var needed: [Int] = []
        for count in [2000, 4000] {
            let district = try DistrictFixture(
                sources: #"  - { id: a, town: "310112108", layer: points, path: maps/a.geojson, fields: { name: name } }"#)
            try deliver(count, named: "站", to: district)
            #expect(try district.merge().status == 0)
            try deliver(count, named: "亭", to: district)
            needed.append(try bytes(merging: district))
        }
        print("bytes allocated for 2000 and 4000 records that changed: \(needed)")
        // Twice for what grows in proportion, and a little for tables that double.
        #expect(needed[1] < needed[0] * 5 / 2, "\(needed)")
    }
}
