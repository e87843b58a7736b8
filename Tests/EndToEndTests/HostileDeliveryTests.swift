// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Files that were made to do harm, or look as if. Each is refused with one
/// sentence, the others go on, and nothing stays behind.
@Suite struct `Deliveries that are no maps` {
    static let endings = [
        "shp", "geojson", "json", "geojsonl", "gpkg", "kml", "kmz", "tab", "mif", "dxf", "csv", "xlsx", "fgb",
        "osm.pbf",
        "zip", "geojson.gz",
    ]

    @Test func `because they are empty, a byte, or noise`() throws {
        let kinds = ["empty", "byte", "noise"]
        let round = try DeliveryRound(
            Self.endings.flatMap { ending in
                kinds.map { Delivery.refused("\($0).\(ending)", "\($0).\(ending)", more: ", crs: \"EPSG:4326\"") }
            })
        var generator = RepeatableGenerator(seed: 20_261_124)
        let noise = Data((0..<125_000).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } })
        for ending in Self.endings {
            try round.write("", to: "empty.\(ending)")
            try round.write("x", to: "byte.\(ending)")
            try round.write(noise, to: "noise.\(ending)")
        }
        try round.run()
    }

    @Test func `because they are GeoJSON that is cut, too deep, or no GeoJSON`() throws {
        let good = DeliveryRound.good
        let lengths = [1, 20, 41, 60, 90, 120, 150, 180, 196, 197]
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        }
        func feature(coordinates: String, properties: String) -> String {
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":\#(properties)},"#
                + #""geometry":{"type":"Polygon","coordinates":\#(coordinates)}}]}"#
        }
        let square = "[[[121.38,31.11],[121.381,31.11],[121.381,31.111],[121.38,31.11]]]"
        let depths = [31, 1000, 100_000]
        var deliveries = lengths.map { Delivery.refused("cut\($0).geojson", "cut\($0).geojson", "line") }
        for depth in depths {
            if depth > 64 {
                deliveries += ["g", "p"].map {
                    Delivery.refused("\($0)\(depth).geojson", "\($0)\(depth).geojson", "64")
                }
            } else {
                deliveries.append(Delivery(path: "g\(depth).geojson", fate: .merged(rejected: 1, of: 1)))
                deliveries.append(Delivery(path: "p\(depth).geojson", fate: .merged(rejected: 0, of: 1)))
            }
        }
        deliveries.append(.refused("other.geojson", "other.geojson"))
        let round = try DeliveryRound(deliveries)
        for length in lengths { try round.write(String(good.prefix(length)), to: "cut\(length).geojson") }
        for depth in depths {
            try round.write(feature(coordinates: nested(depth), properties: "1"), to: "g\(depth).geojson")
            try round.write(feature(coordinates: square, properties: nested(depth)), to: "p\(depth).geojson")
        }
        try round.write(#"{"name":"package","version":"1.0.0"}"#, to: "other.geojson")
        try round.run()
    }

    @Test func `because they are bombs`() throws {
        let inMetres = ", crs: \"EPSG:4549\""
        let round = try DeliveryRound([
            .refused("insert.dxf", "insert.dxf", more: inMetres), .refused("blocks.dxf", "blocks.dxf", more: inMetres),
            .refused("self.dxf", "self.dxf", more: inMetres), .refused("ratio.zip", "a.geojson", "100 times"),
            .refused("ratio.geojson.gz", "ratio.geojson.gz"), .refused("members.zip", "members.zip"),
            .refused("nested.zip", "nested.zip"), .refused("lying.zip", "a.geojson"),
            .refused("laughs.kml", "laughs.kml"), .refused("entity.kml", "entity.kml"),
        ])
        func drawing(blocks: [(String, [String])], entity: [String]) -> String {
            var pairs = ["0", "SECTION", "2", "BLOCKS"]
            for (name, contents) in blocks {
                pairs += ["0", "BLOCK", "2", name, "10", "0", "20", "0"] + contents + ["0", "ENDBLK"]
            }
            pairs += ["0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"] + entity + ["0", "ENDSEC", "0", "EOF"]
            return pairs.joined(separator: "\n") + "\n"
        }
        func insert(_ name: String, _ count: Int) -> [String] {
            [
                "0", "INSERT", "8", "0", "2", name, "10", "0", "20", "0", "70", "\(count)", "71", "\(count)", "44", "1",
                "45", "1",
            ]
        }
        let point = ["0", "POINT", "8", "0", "10", "0", "20", "0"]
        try round.write(drawing(blocks: [("B", point)], entity: insert("B", 30_000)), to: "insert.dxf")
        let levels = (0..<11).map { level in
            ("B\(level)", level == 0 ? point : (0..<10).flatMap { _ in insert("B\(level - 1)", 1) })
        }
        try round.write(drawing(blocks: levels, entity: insert("B10", 1)), to: "blocks.dxf")
        try round.write(drawing(blocks: [("B", insert("B", 2))], entity: insert("B", 1)), to: "self.dxf")
        let laughs = (1..<10).map { level in
            "<!ENTITY l\(level) \"" + String(repeating: "&l\(level - 1);", count: 10) + "\">"
        }
        try round.write(
            "<?xml version=\"1.0\"?><!DOCTYPE kml [<!ENTITY l0 \"ha\">\(laughs.joined())]><kml><Document><name>&l9;</name>"
                + "</Document></kml>", to: "laughs.kml")
        try round.write(
            "<?xml version=\"1.0\"?><!DOCTYPE kml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><kml><Document>"
                + "<name>&e;</name></Document></kml>", to: "entity.kml")
        try Archives.write(Archives.bombs, into: round.file(""))
        try round.run()
    }

    @Test func `because they are archives that lead elsewhere`() throws {
        let names = ["up", "absolute", "backslash", "link", "twice", "case", "device"]
        let round = try DeliveryRound(names.map { .refused("\($0).zip", "\($0).zip") })
        let maps = round.file("")
        try Archives.write(Archives.misleading(good: DeliveryRound.good), into: maps)
        try round.run()
        for place in ["canary.geojson", "../canary.geojson", "../../canary.geojson", "../../../canary.geojson"] {
            #expect(!FileManager.default.fileExists(atPath: maps.appendingPathComponent(place).path))
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/miaopu-canary.geojson"))
    }

    @Test func `because they are databases that compute`() throws {
        let statements: [(String, [String])] = [
            (
                "endless",
                [
                    "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS fid, "
                        + "NULL AS geom FROM c"
                ]
            ),
            ("join", ["CREATE VIEW v AS SELECT a.fid AS fid, a.geom AS geom FROM sqlite_master b, ok a, ok c, ok d"]),
            (
                "check",
                [
                    "CREATE TABLE v (fid INTEGER PRIMARY KEY, geom BLOB, x TEXT CHECK (length(hex(zeroblob(500000000))) > 0))"
                ]
            ),
            (
                "generated",
                ["CREATE TABLE v (fid INTEGER PRIMARY KEY, geom BLOB, x TEXT AS (hex(zeroblob(500000000))))"]
            ),
            (
                "triggers",
                (0..<200).map {
                    "CREATE TRIGGER t\($0) AFTER INSERT ON ok BEGIN INSERT INTO ok SELECT * FROM ok; END"
                }
            ),
            ("extension", ["CREATE VIEW v AS SELECT 1 AS fid, load_extension('/tmp/x.so') AS geom"]),
            ("half", []),
        ]
        let round = try DeliveryRound(statements.map { .refused("\($0.0).gpkg", "\($0.0).gpkg") })
        let sound = round.fixture.directory.appendingPathComponent("maps/ok.gpkg")
        try SampleFiles.write(20, to: sound)
        let bytes = try Data(contentsOf: sound)
        for (name, sql) in statements {
            try round.write(sql.isEmpty ? bytes.prefix(bytes.count / 2) : bytes, to: "\(name).gpkg")
            guard !sql.isEmpty else { continue }
            try Archives.change(
                database: round.file("\(name).gpkg"), sql, registering: sql[0].contains(" v ") ? "v" : nil)
        }
        try round.run()
    }
}
