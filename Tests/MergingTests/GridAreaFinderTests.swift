// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures
import Testing

@testable import DistrictStores
@testable import Merging

@Suite struct `The area that a cell lies in` {
    private static func box(_ west: Double, _ east: Double, _ south: Double = 0, _ north: Double = 100) -> Geometry {
        .polygon(
            Polygon(
                LinearRing([
                    Coordinate(x: west, y: south), Coordinate(x: east, y: south), Coordinate(x: east, y: north),
                    Coordinate(x: west, y: north), Coordinate(x: west, y: south),
                ])))
    }

    private static func finder(
        _ areas: [(code: String, geometry: Geometry)], share: Double = 0.95
    ) throws -> GridAreaFinder {
        var rule = GridCodeRule(field: "code", parent: "areas", parentField: "code", parentDigits: 3)
        rule.share = share
        return try GridAreaFinder(
            areas.enumerated().map { number, area in
                OriginalFeature(
                    id: Int64(number), source: "areas", identity: Int64(number), contentHash: 0, row: Int64(number),
                    geometry: area.geometry, values: [area.code])
            }, rule)
    }

    /// A cell that lies in the west area by so many hundredths, and in the east one by
    /// the rest.
    @Test(
        arguments: [
            (96, 0.95, .area("001")), (95, 0.95, .area("001")), (94, 0.95, .several(["001", "002"])),
            (50, 0.95, .several(["001", "002"])), (6, 0.95, .several(["001", "002"])), (4, 0.95, .area("002")),
            (85, 0.8, .area("001")), (79, 0.8, .several(["001", "002"])),
        ] as [(Int, Double, GridCell.Place)])
    func `is the one that holds its share`(hundredths: Int, share: Double, place: GridCell.Place) throws {
        let finder = try Self.finder([("001", Self.box(-500, 0)), ("002", Self.box(0, 500))], share: share)
        let west = -Double(hundredths)
        #expect(try finder.place(of: Self.box(west, west + 100)) == place)
    }

    @Test func `may be delivered in parts, and is none where a cell lies in too little of it`() throws {
        let parts = try Self.finder([("001", Self.box(-500, 0)), ("001", Self.box(0, 500))])
        #expect(try parts.place(of: Self.box(-50, 50)) == .area("001"))
        let alone = try Self.finder([("001", Self.box(-500, 0))])
        #expect(try alone.place(of: Self.box(-94, 6)) == .nowhere)
        #expect(try alone.place(of: Self.box(-96, 4)) == .area("001"))
        let nameless = try Self.finder([("12", Self.box(-500, 0))])
        #expect(try nameless.place(of: Self.box(-100, 0)) == .areaWithoutCode("12"))
    }
}
