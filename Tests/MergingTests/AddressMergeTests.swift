// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats
@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Records with addresses alone` {
    private static let doors = """
        路名,门牌号,全称,东坐标,北坐标
        沪闵路,88弄12号,,631800.5,3444300.25
        沪闵路,100,,631900,3444310
        ,,上海市闵行区莘庄镇莲花路5号,632000,3444400
        莲花路,5,,632500,3444400
        七莘路,见附图,,632600,3444400

        """

    /// - Parameter entry: what follows the path of the table.
    private func district(
        _ rows: String, name: String = "名单.csv", entry: String = "", layer: String = "points", addressEntry: String = "",
        more: String = ""
    ) throws -> TestDistrict {
        let district = try TestDistrict(
            yaml: """
                name: 闵行区
                grid: { crs: "EPSG:4549" }
                towns: [{ code: "1", name: 梅陇镇 }, { code: "2", name: 莘庄镇 }]
                sources:
                  - { id: shops, town: "1", layer: \(layer), path: maps/\(name), from: { address: 地址 }, fields: { name: 名称 }\(entry) }
                  - id: zz-doors
                    town: "1"
                    layer: addresses
                    path: maps/doors.csv
                    crs: "EPSG:4549"
                    fields: { road: 路名, number: 门牌号, full: 全称 }
                \(addressEntry)
                \(more)
                """)
        try district.deliver(Array(Self.doors.utf8), as: "doors.csv")
        try district.deliver(Array(rows.utf8), as: name)
        return district
    }

    private func places(_ district: TestDistrict) throws -> [String: Coordinate] {
        var places: [String: Coordinate] = [:]
        let store = try DistrictStore(opening: Merger.store(of: District.load(from: district.directory)))
        try store.forEachFeature(in: "points") { feature in
            if case .point(let point) = try GeoPackageGeometry.decode(feature.geometry).geometry {
                places[feature.value(at: 0).description] = point.coordinate
            }
        }
        return places
    }

    private static let rows = """
        名称,地址
        甲,上海市闵行区沪闵路八十八弄１２号301室
        乙,沪闵路100号
        丙,沪闵路98号
        丁,莲花路5号
        戊,沪闵路100号对面
        己,
        庚,沪敏路100号

        """

    @Test func `lie where the layer of addresses has the same one, else they are rejected with candidates`() throws {
        let district = try district(Self.rows)
        let report = try district.merge()
        let source = try #require(report.sources.first { $0.id == "shops" })
        #expect(source.outcome == .merged, "\(source.needs)")
        #expect(source.counts.read == 7 && source.counts.accepted == 2 && source.counts.rejected == 5)
        #expect(source.crsOrigin == "address match")
        #expect(
            source.steps == [
                "Text read as UTF-8, found by its bytes.",
                "address match: each record at the place of the same address in the layer addresses",
            ])
        let places = try places(district)
        #expect(
            places == [
                "甲": Coordinate(x: 631_800.5, y: 3_444_300.25), "乙": Coordinate(x: 631_900, y: 3_444_310),
            ], "\(places)")
        let text = report.text
        for words in [
            "Record 3 has an address that is not among the 4 addresses of the district; the nearest are 沪闵路100号, 沪闵路88弄12号.",
            "Record 4 has an address that stands 2 times among the addresses of the district; could be 莲花路5号 (1), ",
            "Record 5 has an address that only says what it is near to.", "Record 6 has no address.",
            "Of 1 feature of that layer no address could be read.", "5 records of 7 rejected",
        ] {
            #expect(text.contains(words), "\(words) is missing in\n\(text)")
        }
        #expect(!text.contains("301") && !text.contains("No column is known to hold coordinates"))
        #expect(try district.merge().changeSet == nil)
    }

    @Test func `come to lie elsewhere when the addresses change, and only then are read again`() throws {
        let district = try district("名称,地址\n乙,沪闵路100号\n")
        try district.merge()
        let moved = Self.doors.replacingOccurrences(of: "631900,", with: "631950,")
        try district.deliver(Array(moved.utf8), as: "doors.csv")
        try district.merge()
        #expect(try places(district) == ["乙": Coordinate(x: 631_950, y: 3_444_310)])

        // One source alone is placed by the files as they are, whatever was merged before.
        let alone = try TestDistrict(copying: district)
        try alone.merge(only: ["shops"])
        #expect(try places(alone) == places(district))
    }

    @Test func `come to lie elsewhere when other fields are said to hold the addresses`() throws {
        let district = try district("名称,地址\n丁,莲花路5号\n乙,沪闵路100号\n")
        try district.merge()
        let yaml = district.directory.appendingPathComponent("district.yaml")
        let text = try String(contentsOf: yaml, encoding: .utf8)
        // Without the field of whole addresses the second 莲花路5号 is gone.
        try (text + "addresses: { layer: addresses, road: road, number: number }\n")
            .write(to: yaml, atomically: true, encoding: .utf8)
        try district.merge()
        #expect(try Set(places(district).keys) == ["丁", "乙"])
        let fresh = try TestDistrict(copying: district)
        try fresh.merge()
        #expect(try places(fresh) == places(district))
    }

    @Test func `go back to the town with the reasons`() throws {
        let district = try district(Self.rows)
        try district.merge()
        let slip = try district.slip(of: "1")
        let part = try #require(slip.parts.first { $0.source == "shops" }, "\(slip.needs)")
        #expect(slip.needs.isEmpty && part.rejected == 5)
        let file = try #require(part.files.first { $0.name.hasSuffix(".csv") }?.name)
        let text = try String(contentsOfFile: "\(slip.folder)/\(file)", encoding: .utf8)
        for reason in [
            "丙,沪闵路98号,\"Record 3 has an address that is not among the 4 addresses of the district; the nearest are",
            "丁,莲花路5号,\"Record 4 has an address that stands 2 times among",
            "戊,沪闵路100号对面,Record 5 has an address that only says what it is near to.", "己,,Record 6 has no address.",
        ] {
            #expect(text.contains(reason), "\(text)")
        }
    }

    @Test func `may come as a workbook, with the fields of addresses declared`() throws {
        let district = try district(
            "名称,地址\n乙,沪闵路100号\n", more: "addresses: { layer: addresses, road: road, number: number }")
        let writer = try DatasetWriter(
            creating: district.directory.appendingPathComponent("maps/名单.xlsx"),
            schema: Schema(geometryType: .geometry, fields: [Field("名称", .text), Field("地址", .text)]),
            options: WritingOptions(.xlsx))
        try writer.write(FeatureRecord(id: 1, geometry: nil, values: [.text("乙"), .text("沪闵路100号")]))
        try writer.close()
        let yaml = district.directory.appendingPathComponent("district.yaml")
        let text = try String(contentsOf: yaml, encoding: .utf8)
        try text.replacingOccurrences(of: "名单.csv", with: "名单.xlsx").write(to: yaml, atomically: true, encoding: .utf8)
        let source = try #require(try district.merge().sources.first { $0.id == "shops" })
        #expect(source.counts.accepted == 1, "\(source.needs)")
    }

    @Test func `are quarantined when nothing can be matched`() throws {
        let unnamed = try district("名称,地点\n乙,沪闵路100号\n").merge().sources[0]
        #expect(unnamed.needs == ["The file has no field “地址” with addresses; it has 名称, 地点."])

        let withoutDoors = try district("名称,地址\n乙,沪闵路100号\n", addressEntry: "    from: { where: \"路名 = '无'\" }")
        let source = try withoutDoors.merge().sources[0]
        #expect(source.needs.first?.contains("holds no address that could be matched") == true, "\(source.needs)")
    }

    @Test func `contradictions in district yaml are told`() throws {
        func mistakes(_ entry: String, layer: String = "points", more: String = "") throws -> [String] {
            let district = try district("", entry: entry, layer: layer, more: more)
            do {
                _ = try District.load(from: district.directory)
                return []
            } catch {
                return error.mistakes.map(\.sentence)
            }
        }
        #expect(try mistakes(", crs: \"EPSG:4549\"").contains { $0.contains("no reference system of their own") })
        #expect(try mistakes("", layer: "buildings").contains { $0.contains("a place by an address is a point") })
        #expect(try mistakes("", layer: "addresses").contains { $0.contains("its sources need coordinates") })
        #expect(try mistakes("", more: "addresses: { layer: adresses }").contains { $0.contains("did you mean") })
        #expect(try mistakes("", more: "addresses: { full: fulll }").contains { $0.contains("is not a field of addresses") })
        #expect(try mistakes("", more: "addresses: { road: road }").contains { $0.contains("is missing") })
    }
}
