// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Testing

@testable import DistrictStores

@Suite struct `The store's spatial index` {
    typealias House = StoreFixture.House

    static func field(of count: Int, from first: Int = 1) -> [House] {
        (first..<first + count).map { number -> House in
            let x = 620_000 + Double(number * 7919 % 30_000)
            let y = 3_430_000 + Double(number * 104_729 % 25_000)
            return House(row: Int64(number), x: x, y: y, name: "楼\(number)")
        }
    }

    @Test(arguments: [1, 51, 52, 3000]) func `is sound after a first merge`(count: Int) throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.field(of: count))
        try fixture.checkIndex()
    }

    @Test func `is sound after a small change and after a large one`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.field(of: 5000))
        try fixture.merge(Self.field(of: 4990, from: 5))
        try fixture.checkIndex()
        try fixture.merge(Self.field(of: 4000, from: 3000))
        try fixture.checkIndex()
        try fixture.merge([])
        try fixture.checkIndex()
        try fixture.merge(Self.field(of: 20))
        try fixture.checkIndex()
    }

    @Test func `and its file are read and edited by GDAL`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.field(of: 2000))
        guard let info = try run("ogrinfo", ["-so", fixture.store.path, "buildings"]) else {
            print("skipped: there is no ogrinfo on this machine")
            return
        }
        #expect(info.output.contains("Feature Count: 2000"))
        #expect(info.output.contains("Geometry: Multi Polygon"))
        #expect(!info.output.contains("Warning"), "\(info.output)")
        #expect(!info.output.contains("ERROR"), "\(info.output)")
        let edit = try #require(
            try run("ogrinfo", [fixture.store.path, "-sql", "DELETE FROM buildings WHERE miaopu_row <= 10"]))
        #expect(!edit.output.contains("ERROR"), "\(edit.output)")
        try fixture.checkIndex()
    }
}
