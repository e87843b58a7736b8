// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Files that were sound once: what is gone is counted, never passed over.
@Suite struct `Deliveries that are damaged` {
    @Test func `shapefiles, wherever they are cut`() throws {
        let lengths = [0, 50, 99, 100, 120, 200, -1]
        var deliveries = lengths.map { Delivery(path: "cut\($0).shp", fate: $0 == 0 ? .refused([]) : .any) }
        deliveries += [
            Delivery(path: "half.shp", fate: .merged(rejected: 5, of: 10)),
            Delivery(path: "claims.shp", fate: .merged(rejected: 1, of: 10)),
            Delivery(path: "parts.shp", fate: .merged(rejected: 1, of: 10)),
            Delivery(path: "noshx.shp", fate: .merged(rejected: 0, of: 10)),
            Delivery(path: "nodbf.shp", fate: .merged(rejected: 0, of: 10)),
        ]
        let round = try DeliveryRound(deliveries)
        try SampleFiles.write(10, to: round.file("ok/ok.shp"))
        let sound = try Data(contentsOf: round.file("ok/ok.shp"))
        for delivery in deliveries {
            let stem = String(delivery.path.dropLast(4))
            for part in SampleFiles.parts(of: "shp") where !(stem == "no" + part) {
                let source = round.file("ok/ok.\(part)")
                guard FileManager.default.fileExists(atPath: source.path) else { continue }
                try round.write(try Data(contentsOf: source), to: "\(stem).\(part)")
            }
        }
        for length in lengths {
            try round.write(sound.prefix(length < 0 ? sound.count + length : length), to: "cut\(length).shp")
        }
        // Ten records of equal size follow the header.
        try round.write(sound.prefix(100 + (sound.count - 100) / 2), to: "half.shp")
        for (name, offset) in [("claims", 148), ("parts", 144)] {
            var bytes = sound
            bytes.replaceSubrange(offset..<offset + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
            try round.write(bytes, to: "\(name).shp")
        }
        let report = try round.run()
        for (number, length) in lengths.enumerated() where length != 0 {
            let source = try report.source("d\(number)")
            let told = "\(length) bytes: \(source.outcome) \(source.counts) \(source.needs)"
            if source.outcome == "merged" {
                #expect(source.counts.read == 10 && source.counts.rejected == (length < 0 ? 1 : 10), "\(told)")
            }
        }
        let notes = try report.source("d11").notes
        #expect(notes.contains { $0.contains(".dbf") }, "\(notes)")
    }

    @Test func `coordinates that are none`() throws {
        let square = "[121.38,31.11],[121.381,31.11],[121.381,31.111],[121.38,31.11]"
        let bad = [
            "[121.38,31.11],[1e400,31.11],[121.381,31.111],[121.38,31.11]",
            "[121.38,31.11],[null,31],[121.3,31.1],[121.38,31.11]", "",
            "[121.38,31.11],[\"121.381\",31.11],[121.381,31.111],[121.38,31.11]",
            "[121.38],[121.381],[121.382],[121.38]", "[],[],[],[]",
            "[121.38,31.11],[\((0..<1000).map(String.init).joined(separator: ","))],[121.381,31.111],[121.38,31.11]",
        ]
        func collection(_ rings: [String]) -> String {
            let features = rings.map {
                #"{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[\#($0)]]}}"#
            }
            return #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
        }
        let round = try DeliveryRound([
            Delivery(path: "numbers.geojson", fate: .merged(rejected: bad.count, of: bad.count + 1)),
            Delivery(path: "nan.geojson", fate: .merged(rejected: 1, of: 1)),
            Delivery(path: "infinity.geojson", fate: .merged(rejected: 1, of: 1)),
            Delivery(
                path: "table.csv", more: ", crs: \"EPSG:4326\"", layer: "points", fate: .merged(rejected: 3, of: 4)),
        ])
        try round.write(collection(bad + [square]), to: "numbers.geojson")
        for word in ["NaN", "Infinity"] {
            try round.write(
                collection([square.replacingOccurrences(of: "121.381", with: word)]), to: "\(word.lowercased()).geojson"
            )
        }
        try round.write("name,lon,lat\n甲,NaN,31.1\n乙,inf,31.1\n丙,1e400,31.1\n丁,121.38,31.1\n", to: "table.csv")
        try round.run()
        let extent = try round.fixture.query(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name IN ('buildings', 'points')")
        let numbers = extent.flatMap { $0.split(separator: "|") }.compactMap { Double($0) }
        #expect(numbers.count == 8 && numbers.allSatisfy { $0.isFinite && abs($0) < 4e6 }, "\(extent)")
    }

    @Test func `places outside of the area that a reference system is for`() throws {
        // EPSG:4549 ends at 121.5° E; the other source says metres of degrees.
        let round = try DeliveryRound([
            Delivery(
                path: "near.csv", more: ", crs: \"EPSG:4326\"", layer: "points", fate: .merged(rejected: 0, of: 1)),
            Delivery(path: "far.csv", more: ", crs: \"EPSG:4326\"", layer: "points", fate: .merged(rejected: 1, of: 1)),
            Delivery(
                path: "degrees.csv", more: ", crs: \"EPSG:4549\"", layer: "points", fate: .merged(rejected: 1, of: 1)),
        ])
        try round.write("name,lon,lat\n近,124.4,31.1\n", to: "near.csv")
        try round.write("name,lon,lat\n远,124.6,31.1\n", to: "far.csv")
        try round.write("name,x,y\n度,121.38,31.1\n", to: "degrees.csv")
        let report = try round.run()
        #expect(try report.source("d0").notes.contains { $0.contains("outside of the area") && $0.contains("2.9") })
        for (id, name) in [("d1", "outside-grid-area"), ("d2", "outside-area-of-use")] {
            let issues = try report.source(id).issues
            #expect(issues.map(\.name) == [name], "\(id): \(issues)")
        }
    }

    /// Files of which a few bytes were changed; `MIAOPU_LONG=1` tries a thousand
    /// of each format.
    @Test func `whatever was changed in them, every record is accounted for`() throws {
        let seed: UInt64 = 20_261_124
        var generator = RepeatableGenerator(seed: seed)
        let endings = ["shp", "geojson", "gpkg", "kml", "dxf"]
        let most = Program.isLong ? 1000 : 8
        print("mutants of seed \(seed), \(most) of each format")
        var died = 0
        for start in stride(from: 0, to: most, by: 50) {
            let numbers = start..<min(most, start + 50)
            let deliveries = endings.flatMap { ending in
                numbers.map { number in
                    Delivery(
                        path: "\(ending)\(number).\(ending)",
                        more: ending == "dxf" || ending == "shp" ? ", crs: \"EPSG:4326\"" : "",
                        layer: ending == "dxf" ? "boundaries" : "buildings", fate: .any)
                }
            }
            let round = try DeliveryRound(deliveries, limits: "{ cpu_seconds: 20 }")
            for ending in endings {
                try SampleFiles.write(20, to: round.file("ok/ok.\(ending)"))
                let parts = SampleFiles.parts(of: ending).filter {
                    FileManager.default.fileExists(atPath: round.file("ok/ok.\($0)").path)
                }
                for number in numbers {
                    let changed = ending == "shp" ? ["shp", "dbf", "shx"][number % 3] : ending
                    for part in parts {
                        var bytes = try Data(contentsOf: round.file("ok/ok.\(part)"))
                        if part == changed {
                            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                                    in: 0...255, using: &generator)
                            }
                        }
                        try round.write(bytes, to: "\(ending)\(number).\(part)")
                    }
                }
            }
            let report = try round.run()
            died += report.sources.filter { $0.needs.contains { $0.contains("crashed") } }.count
        }
        // GDAL may fall over one in a hundred; nobody but its child notices.
        #expect(died * 100 <= max(100, most * endings.count), "\(died) readers died")
    }

    @Test(.enabled(if: Program.isLong)) func `nothing: a polygon of a million vertices`() throws {
        let round = try DeliveryRound([Delivery(path: "round.geojson", fate: .merged(rejected: 0, of: 1))])
        var text = #"{"type":"Polygon","coordinates":[["#
        for number in 0..<999_999 {
            let angle = Double(number) / 999_999 * 2 * Double.pi
            text += "[\(121 + cos(angle) / 10),\(31 + sin(angle) / 10)],"
        }
        try round.write(text + "[121.1,31.0]]]}", to: "round.geojson")
        try round.run()
    }
}
