// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import Foundation
import SimpleFeatures
import Testing

/// What `miaopu slip` writes, read back with GDAL's own tools, and what becomes
/// of it when it comes back.
@Suite struct `A slip` {
    private struct Slip: Decodable {
        struct Part: Decodable {
            struct File: Decodable {
                var name: String
            }
            var source: String
            var files: [File]
            var rejected: Int
            var altered: Int
            var notes: [String]
        }
        var folder: String
        var parts: [Part]
        var needs: [String]
    }

    private static let towns = ["310112108": "梅陇镇", "310112101": "莘庄镇"]

    private static func source(_ id: String, _ path: String, town: String = "310112108", _ more: String = "") -> String
    {
        "  - { id: \(id), town: \"\(town)\", layer: buildings, path: maps/\(path), fields: { name: 名称 }\(more) }\n"
    }

    /// On the plane of EPSG:4549, with digits that no rounding leaves as they are.
    private static func house(_ number: Int) -> Geometry {
        let (x, y) = (630_000.123_456_7 + Double(number) * 30, 3_440_000.765_432_1)
        return polygon([(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10), (x, y)])
    }

    /// The sides cross each other.
    private static func bow(_ number: Int) -> Geometry {
        let (x, y) = (630_000.123_456_7 + Double(number) * 30, 3_440_000.765_432_1)
        return polygon([(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10), (x, y)])
    }

    private static func polygon(_ corners: [(Double, Double)]) -> Geometry {
        .polygon(Polygon(LinearRing(corners.map { Coordinate(x: $0.0, y: $0.1) })))
    }

    /// Writes houses, of which the second has no shape and the third is a bow.
    private static func deliver(
        _ fixture: DistrictFixture, _ path: String, _ options: WritingOptions, bow: Geometry = bow(3),
        names: [String] = ["静安里", "无图房", "蝴蝶楼", "完好楼"], isGlobal: Bool = false, hasGaps: Bool = true
    ) throws {
        let url = fixture.directory.appendingPathComponent("maps/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let schema = Schema(geometryType: .polygon, fields: [Field("名称", .text), Field("层数", .integer)])
        let shapes: [Geometry?] = [house(1), hasGaps ? nil : house(2), bow, house(4)]
        let records = zip(names, shapes).enumerated().map { index, pair in
            FeatureRecord(
                id: Int64(index + 1), geometry: isGlobal ? pair.1.map(onTheGlobe) : pair.1,
                values: [.text(pair.0), .integer(Int64(index + 3))])
        }
        try DatasetWriter.write(records, schema: schema, to: url, options: options)
    }

    /// Some degrees near by; shapes stay what they are.
    private static func onTheGlobe(_ shape: Geometry) -> Geometry {
        shape.mapCoordinates { coordinates in
            coordinates.map {
                Coordinate(x: 121.36 + ($0.x - 630_000) / 95_000, y: 31.08 + ($0.y - 3_440_000) / 111_000)
            }
        }
    }

    private func slip(_ fixture: DistrictFixture, _ arguments: [String] = ["310112108"]) throws -> (Slip, Int32) {
        let result = try Program.run(["slip", "--district", fixture.directory.path, "--json"] + arguments)
        do {
            return (try JSONDecoder().decode(Slip.self, from: Data(result.output.utf8)), result.status)
        } catch {
            Issue.record("no slip: exit \(result.status) \(result.errors)")
            throw error
        }
    }

    /// Each feature of a file as GDAL tells it: attributes, and coordinates with
    /// all their digits.
    private func features(_ url: URL, where condition: String? = nil) throws -> [[String]] {
        let result = try #require(
            try Program.tool(
                "ogrinfo",
                ["--config", "OGR_WKT_PRECISION", "18", "-al", "-q", url.path]
                    + (condition.map { ["-where", $0] } ?? [])))
        #expect(result.status == 0, "\(result.errors)")
        return result.output.components(separatedBy: "OGRFeature").dropFirst().map { text in
            text.split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                !$0.isEmpty
            }
        }
    }

    private func shape(_ feature: [String]) -> String? {
        feature.first { $0.hasPrefix("POLYGON") || $0.hasPrefix("MULTIPOLYGON") }
    }

    private func shapefile(_ fixture: DistrictFixture, bow: Geometry = bow(3)) throws {
        try Self.deliver(
            fixture, "meilong/房屋.shp", WritingOptions(.shapefile, crs: "EPSG:4549", encoding: "GBK"), bow: bow)
        // As another program would have written them.
        let stem = fixture.directory.appendingPathComponent("maps/meilong/房屋")
        let text = try String(contentsOf: stem.appendingPathExtension("prj"), encoding: .utf8)
        try Data(text.replacing("CGCS2000_3_Degree_GK_CM_120E", with: "CGCS2000 3 Degree GK CM 120E").utf8)
            .write(to: stem.appendingPathExtension("prj"))
        try Data("GBK\r\n".utf8).write(to: stem.appendingPathExtension("cpg"))
    }

    @Test func `has a town's own format, encoding, system, fields and coordinates`() throws {
        let fixture = try DistrictFixture(sources: Self.source("houses", "meilong/房屋.shp"), towns: Self.towns)
        try shapefile(fixture)
        let report = try fixture.report()
        #expect(try report.source("houses").counts == .init(read: 4, accepted: 2, repaired: 1, rejected: 1, skipped: 0))
        let (slip, status) = try slip(fixture)
        #expect(status == 0 && slip.parts.map(\.rejected) == [1] && slip.parts.map(\.altered) == [1])
        let stem = URL(fileURLWithPath: slip.folder).appendingPathComponent("houses/房屋")
        let delivered = fixture.directory.appendingPathComponent("maps/meilong/房屋")
        for ending in ["prj", "cpg"] {
            let (one, other) = (stem.appendingPathExtension(ending), delivered.appendingPathExtension(ending))
            #expect(try Data(contentsOf: one) == Data(contentsOf: other), "\(ending)")
        }
        let found = try features(stem.appendingPathExtension("shp"))
        let originals = try features(delivered.appendingPathExtension("shp"))
        #expect(found.count == 2)
        #expect(found[0].contains("名称 (String) = 无图房") && found[0].contains { $0.hasPrefix("mp_reason") })
        #expect(shape(found[0]) == nil)
        #expect(found[1].contains("名称 (String) = 蝴蝶楼") && found[1].contains { $0.contains("Self-intersection") })
        #expect(shape(found[1]) != nil && shape(found[1]) == shape(originals[2]))
        // Names in GBK, as bytes.
        let table = try Data(contentsOf: stem.appendingPathExtension("dbf"))
        #expect(table.firstRange(of: Data([0xC3, 0xFB, 0xB3, 0xC6])) != nil)
        #expect(try !fixture.files().contains { $0.contains(".new") || $0.contains(".old") })

        // Made anew while nobody has touched it, and left alone when somebody has.
        #expect(try self.slip(fixture).1 == 0)
        try Data("x".utf8).write(to: stem.appendingPathExtension("dbf"))
        let refused = try Program.run(["slip", "--district", fixture.directory.path, "310112108"])
        #expect(
            refused.status == 2 && refused.errors.contains("somebody has worked on (houses/房屋.dbf)"),
            "\(refused.errors)")
    }

    @Test func `that is corrected takes the place of its records, and of no others`() throws {
        let fixture = try DistrictFixture(sources: Self.source("houses", "meilong/房屋.shp"), towns: Self.towns)
        try shapefile(fixture)
        try fixture.merge()
        let others = "SELECT fid, miaopu_row FROM buildings WHERE miaopu_row <> 3 ORDER BY fid"
        let ids = try fixture.query(others)
        let (slip, _) = try slip(fixture)
        let made = URL(fileURLWithPath: slip.folder).appendingPathComponent("houses/房屋.shp")
        let returned = fixture.directory.appendingPathComponent("maps/meilong/回单.shp")
        let sql = #"SELECT * FROM "房屋" WHERE "名称" = '蝴蝶楼'"#
        let corrected = try #require(
            try Program.tool(
                "ogr2ogr",
                ["-makevalid", "-nlt", "MULTIPOLYGON", "-lco", "ENCODING=GBK", "-sql", sql, returned.path, made.path]))
        #expect(corrected.status == 0, "\(corrected.errors)")
        let yaml = try String(contentsOf: fixture.directory.appendingPathComponent("district.yaml"), encoding: .utf8)
        func list(_ slip: String) throws {
            try fixture.write(
                yaml.replacing("fields:", with: "corrections: [\(slip)], fields:"), to: "district.yaml")
        }
        try list("maps/meilong/回单.shp")
        let report = try fixture.report()
        let source = try report.source("houses")
        // The bow was replaced, so five records were read; the one without a shape still waits.
        #expect(source.counts == .init(read: 5, accepted: 3, repaired: 0, rejected: 1, skipped: 1))
        // Buildings without a key are known by their content.
        #expect(report.layers.filter { $0.id == "buildings" }.map { $0.inserted + $0.deleted } == [2])
        #expect(try ids.count == 2 && fixture.query(others) == ids)
        #expect(source.notes.contains { $0.contains("“回单.shp” was handed back: 1 record") }, "\(source.notes)")
        #expect(try fixture.report().changeSet == nil)
        // A fresh merge of the same files gives the same district.
        let dump = try fixture.query("SELECT miaopu_row, miaopu_repair, hex(geom) FROM buildings ORDER BY miaopu_row")
        try FileManager.default.removeItem(at: fixture.store)
        try fixture.merge()
        #expect(
            try fixture.query("SELECT miaopu_row, miaopu_repair, hex(geom) FROM buildings ORDER BY miaopu_row") == dump)
        // What is left to correct goes onto the next slip.
        let (next, _) = try self.slip(fixture)
        #expect(next.parts.map(\.rejected) == [1] && next.parts.map(\.altered) == [0])

        // A slip in the delivery's own place.
        try fixture.write(yaml.replacing("房屋.shp", with: "回单.shp"), to: "district.yaml")
        let inPlace = try fixture.report().source("houses")
        #expect(inPlace.outcome == "quarantined" && inPlace.needs[0].contains("is a slip and no delivery"))
        // A file that is no slip.
        try list("maps/meilong/房屋.shp")
        let foreign = try fixture.report().source("houses")
        #expect(foreign.outcome == "quarantined" && foreign.needs[0].contains("is no slip: it has no column mp_slip"))
        // Another delivery than the one that was corrected.
        try list("maps/meilong/回单.shp")
        try shapefile(fixture, bow: Self.house(3))
        let outdated = try fixture.report().source("houses")
        #expect(outdated.outcome == "quarantined" && outdated.needs[0].contains("is a slip of another delivery"))
        #expect(outdated.notes.contains("The features of its last good delivery stay in the district."))
    }

    @Test func `of another town is refused`() throws {
        let fixture = try DistrictFixture(
            sources: Self.source("houses", "meilong/a.gpkg")
                + Self.source("others", "xinzhuang/b.gpkg", town: "310112101"),
            towns: Self.towns)
        let options = WritingOptions(.geoPackage, crs: "EPSG:4549")
        try Self.deliver(fixture, "meilong/a.gpkg", options)
        try Self.deliver(fixture, "xinzhuang/b.gpkg", options)
        try fixture.merge()
        let (slip, _) = try slip(fixture, ["莘庄镇"])
        #expect(slip.parts.map(\.source) == ["others"])
        try fixture.copy(
            URL(fileURLWithPath: slip.folder).appendingPathComponent("others/b.gpkg"), to: "maps/back.gpkg")
        let yaml = try String(contentsOf: fixture.directory.appendingPathComponent("district.yaml"), encoding: .utf8)
        try fixture.write(
            yaml.replacing(
                "path: maps/meilong/a.gpkg", with: "path: maps/meilong/a.gpkg, corrections: [maps/back.gpkg]"),
            to: "district.yaml")
        let source = try fixture.report().source("houses")
        #expect(
            source.outcome == "quarantined"
                && source.needs[0].contains("“back.gpkg” is a slip of the town 310112101 (source others)"),
            "\(source.needs)")
    }

    /// The formats that a town may deliver in, and whether GDAL tells the same
    /// coordinates to the last bit. MapInfo's own format keeps whole numbers on a
    /// grid that follows from the file's extent.
    @Test(arguments: [
        ("geojson", FileFormat.geoJSON, true), ("geojsonl", .geoJSONSeq, true), ("gpkg", .geoPackage, true),
        ("mif", .mapInfo, true), ("tab", .mapInfo, false), ("kml", .kml, true), ("fgb", .flatGeobuf, true),
    ])
    func `can be written as`(ending: String, format: FileFormat, isExact: Bool) throws {
        let isGlobal = format == .kml || format == .geoJSONSeq
        let fixture = try DistrictFixture(
            sources: Self.source("houses", "房屋.\(ending)", ", from: { where: \"名称 <> '无图房'\" }"), towns: Self.towns)
        try Self.deliver(
            fixture, "房屋.\(ending)",
            WritingOptions(
                format, crs: isGlobal ? "EPSG:4326" : "EPSG:4549", isMIF: ending == "mif", coordinateDigits: 12),
            isGlobal: isGlobal, hasGaps: format != .kml)
        let merged = try fixture.report().source("houses")
        #expect(merged.counts.repaired == 1, "\(merged)")
        let (slip, status) = try slip(fixture)
        #expect(status == 0, "\(slip)")
        let part = try #require(slip.parts.first)
        let name = format == .flatGeobuf ? "houses/房屋.gpkg" : "houses/房屋.\(ending)"
        #expect(part.files.map(\.name).contains(name), "\(part.files)")
        #expect(part.notes.isEmpty == (format != .flatGeobuf))
        let found = try features(URL(fileURLWithPath: slip.folder).appendingPathComponent(name))
        let originals = try features(fixture.directory.appendingPathComponent("maps/房屋.\(ending)"))
        let bowFound = try #require(found.first { $0.contains { $0.contains("蝴蝶楼") } })
        let bowDelivered = try #require(originals.first { $0.contains { $0.contains("蝴蝶楼") } })
        #expect(bowFound.contains { $0.hasPrefix("mp_slip") && $0.contains("houses/") }, "\(bowFound)")
        if isExact { #expect(shape(bowFound) == shape(bowDelivered)) }
    }

    @Test(arguments: ["csv", "xlsx"])
    func `of a table has its columns and its cells`(ending: String) throws {
        let fixture = try DistrictFixture(
            sources:
                "  - { id: dots, town: \"310112108\", layer: points, path: maps/点.\(ending), crs: \"EPSG:4326\" }\n",
            towns: Self.towns)
        let schema = Schema(geometryType: .point, fields: [Field("名称", .text)])
        let points = [(121.4012345678912, 31.1), (21.4, 31.1)].enumerated().map {
            FeatureRecord(
                id: Int64($0.offset), geometry: .point(Point(x: $0.element.0, y: $0.element.1)),
                values: [.text("点\($0.offset)")])
        }
        try DatasetWriter.write(
            points, schema: schema, to: fixture.directory.appendingPathComponent("maps/点.\(ending)"),
            options: WritingOptions(
                ending == "csv" ? .csv : .xlsx, encoding: ending == "csv" ? "GBK" : "UTF-8", coordinateDigits: 15,
                xColumn: "经度", yColumn: "纬度"))
        let merged = try fixture.report().source("dots")
        #expect(merged.counts.rejected == 1, "\(merged)")
        let (slip, _) = try slip(fixture)
        let file = URL(fileURLWithPath: slip.folder).appendingPathComponent("dots/点.\(ending)")
        if ending == "csv" {
            let bytes = try Data(contentsOf: file)
            // 经度 in GBK.
            #expect(bytes.starts(with: [0xBE, 0xAD, 0xB6, 0xC8, 0x2C]))
            #expect(bytes.firstRange(of: Data("21.4,31.1,".utf8)) != nil)
        } else {
            let found = try features(file)
            #expect(found.count == 1 && found[0].contains("经度 (Real) = 21.4"), "\(found)")
        }
    }

    @Test func `of a drawing is a copy with the reasons on a layer, and a table`() throws {
        let fixture = try DistrictFixture(
            sources: "  - { id: plan, town: \"310112108\", layer: buildings, path: maps/图.dxf, crs: \"EPSG:4549\" }\n",
            towns: Self.towns)
        try Self.deliver(fixture, "图.dxf", WritingOptions(.dxf), names: ["a", "b", "c", "d"], hasGaps: false)
        let original = fixture.directory.appendingPathComponent("maps/图.dxf")
        let before = try fixture.report().source("plan")
        #expect(before.counts.repaired > 0, "\(before)")
        let (slip, _) = try slip(fixture)
        let folder = URL(fileURLWithPath: slip.folder).appendingPathComponent("plan")
        let copy = folder.appendingPathComponent("图.dxf")
        let added = try features(copy, where: "Layer = 'MIAOPU_REASON'")
        #expect(added.contains { $0.contains { $0.contains("Self-intersection") } }, "\(added)")
        #expect(added.contains { $0.contains { $0.contains("plan/0/") } })
        let rest = try features(copy, where: "Layer <> 'MIAOPU_REASON'")
        #expect(try rest.map(shape) == features(original).map(shape))
        #expect(
            try features(folder.appendingPathComponent("图.xlsx")).count == slip.parts[0].altered
                + slip.parts[0].rejected)
        // Delivered as it is, it gives what the drawing gave.
        try Data(contentsOf: copy).write(to: original)
        let again = try fixture.report().source("plan")
        #expect(again.counts.accepted == before.counts.accepted && again.counts.repaired == before.counts.repaired)
        #expect(again.counts.skipped == added.count)
    }

    @Test func `needs the delivery that was merged`() throws {
        let fixture = try DistrictFixture(sources: Self.source("houses", "a.gpkg"), towns: Self.towns)
        let options = WritingOptions(.geoPackage, crs: "EPSG:4549")
        try Self.deliver(fixture, "a.gpkg", options)
        try fixture.merge()
        try Self.deliver(fixture, "a.gpkg", options, bow: Self.house(3))
        let (changed, status) = try slip(fixture)
        #expect(status == 1 && changed.parts.isEmpty)
        #expect(
            changed.needs == [
                "houses: the delivery is no longer the one that was merged; merge it, then make the slip."
            ])
        try FileManager.default.removeItem(at: fixture.directory.appendingPathComponent("maps/a.gpkg"))
        let (gone, _) = try slip(fixture)
        #expect(gone.needs.count == 1 && gone.needs[0].contains("There is no file “maps/a.gpkg”"))
        #expect(try !fixture.files().contains { $0.hasPrefix(".miaopu/slips/") })
        let unknown = try Program.run(["slip", "--district", fixture.directory.path, "松江"])
        #expect(unknown.status == 2 && unknown.errors.contains("no town “松江”; it has"), "\(unknown.errors)")
        let taken = try Program.run([
            "slip", "--district", fixture.directory.path, "310112108", "-o", fixture.directory.path,
        ])
        #expect(taken.status == 2 && taken.errors.contains("is there and no slip"))
    }

    /// Faults at random places of several deliveries of two towns.
    @Test func `has every rejected record, and each on one slip`() throws {
        let fixture = try DistrictFixture(
            sources: Self.source("a", "a.gpkg") + Self.source("b", "b.gpkg")
                + Self.source("c", "c.gpkg", town: "310112101"),
            towns: Self.towns)
        let seed = UInt64.random(in: 1...UInt64.max)
        print("seed \(seed)")
        var state = seed
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        let schema = Schema(geometryType: .polygon, fields: [Field("名称", .text)])
        for name in ["a", "b", "c"] {
            let records = (1...1500).map { number -> FeatureRecord in
                // More of one kind than the store keeps in full.
                let kind = name == "a" ? next(5) : next(20)
                let shape: Geometry? = kind < 4 ? nil : kind == 4 ? Self.bow(number) : Self.house(number)
                return FeatureRecord(id: Int64(number), geometry: shape, values: [.text("\(number)")])
            }
            try DatasetWriter.write(
                records, schema: schema, to: fixture.directory.appendingPathComponent("maps/\(name).gpkg"),
                options: WritingOptions(.geoPackage, crs: "EPSG:4549"))
        }
        let report = try fixture.report()
        var marks: [String] = []
        for town in Self.towns.keys.sorted() {
            let (slip, _) = try slip(fixture, [town])
            for part in slip.parts {
                let file = try #require(part.files.first { $0.name.hasSuffix(".gpkg") })
                let found = try features(URL(fileURLWithPath: slip.folder).appendingPathComponent(file.name))
                #expect(found.count == part.rejected + part.altered, "seed \(seed)")
                marks += found.flatMap { $0 }.filter { $0.hasPrefix("mp_slip") }
            }
        }
        let wanted = report.sources.reduce(0) { $0 + $1.counts.rejected + $1.counts.repaired }
        #expect(marks.count == wanted && Set(marks).count == wanted, "seed \(seed)")
        for source in report.sources { #expect(source.counts.rejected > 100, "seed \(seed)") }
    }
}
