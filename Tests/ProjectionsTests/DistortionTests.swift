// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

@Suite("GCJ-02 and BD-09")
struct DistortionTests {
    struct Vector: Sendable {
        let wgs, gcj: Coordinate
        /// The decimals that the source prints.
        let tolerance: Double

        init(
            _ wgsLatitude: Double, _ wgsLongitude: Double, _ gcjLatitude: Double, _ gcjLongitude: Double,
            _ tolerance: Double
        ) {
            wgs = Coordinate(x: wgsLongitude, y: wgsLatitude)
            gcj = Coordinate(x: gcjLongitude, y: gcjLatitude)
            self.tolerance = tolerance
        }
    }

    static let vectors = [
        Vector(31.1774276, 121.5272106, 31.17530398364597, 121.531541859215, 1e-12),
        Vector(22.543847, 113.912316, 22.540796131694766, 113.9171764808363, 1e-12),
        Vector(39.911954, 116.377817, 39.91334545536069, 116.38404722455657, 1e-12),
        Vector(31.1128, 121.3817, 31.110895972, 121.386330892, 6e-10),
        Vector(31.0250, 121.3620, 31.023022830, 121.366596143, 6e-10),
    ]

    @Test("The published vectors come out to their last decimal", arguments: vectors)
    func publishedVectors(vector: Vector) {
        let gcj = GCJ02.fromWGS84(vector.wgs)
        #expect(abs(gcj.x - vector.gcj.x) <= vector.tolerance)
        #expect(abs(gcj.y - vector.gcj.y) <= vector.tolerance)
        let wgs = GCJ02.toWGS84(vector.gcj)
        #expect(abs(wgs.x - vector.wgs.x) <= 2 * vector.tolerance)
        #expect(abs(wgs.y - vector.wgs.y) <= 2 * vector.tolerance)
    }

    @Test(
        "BD-09 of the local vectors",
        arguments: [
            (Coordinate(x: 121.3817, y: 31.1128), Coordinate(x: 121.392938495, y: 31.116556597)),
            (Coordinate(x: 121.3620, y: 31.0250), Coordinate(x: 121.373164162, y: 31.028743999)),
        ])
    func baiduVectors(wgs: Coordinate, bd: Coordinate) {
        let image = BD09.fromWGS84(wgs)
        #expect(abs(image.x - bd.x) < 6e-10)
        #expect(abs(image.y - bd.y) < 6e-10)
    }

    @Test("The inverse returns to a ten-millionth of a metre over the district and the country")
    func inverses() {
        var generator = SeededGenerator(seed: 17)
        let country = Envelope(minX: 73.5, minY: 18, maxX: 135, maxY: 53.5)
        for area in [minhang, country] {
            var worst = 0.0
            for _ in 0..<20_000 {
                let wgs = Coordinate(
                    x: .random(in: area.minX...area.maxX, using: &generator),
                    y: .random(in: area.minY...area.maxY, using: &generator))
                for back in [GCJ02.toWGS84(GCJ02.fromWGS84(wgs)), BD09.toWGS84(BD09.fromWGS84(wgs))] {
                    worst = max(worst, metres(back, wgs))
                }
            }
            #expect(worst < 1e-7)
        }
    }

    @Test("The formula with fewer sines is the published one")
    func sameAsPublished() {
        var generator = SeededGenerator(seed: 18)
        for _ in 0..<20_000 {
            let wgs = Coordinate(
                x: .random(in: 73...136, using: &generator), y: .random(in: 3...54, using: &generator))
            let published = Self.published(wgs)
            let mine = GCJ02.fromWGS84(wgs)
            #expect(abs(published.x - mine.x) < 1e-12)
            #expect(abs(published.y - mine.y) < 1e-12)
        }
    }

    @Test("As source and target they are composed with the way to and from WGS 84")
    func asReferenceSystems() throws {
        let toGrid = try transform("GCJ-02", "EPSG:4549")
        #expect(toGrid.accuracyInMeters.map { $0 >= 1 } == true)
        #expect(toGrid.usesNullDatumShift)
        let fromGCJ = try toGrid.transform(GCJ02.fromWGS84(xinzhuang))
        #expect(fromGCJ.distance(to: Coordinate(x: 631808.653888, y: 3444301.836415)) < 1e-5)
        let fromBD = try transform("bd09", "EPSG:4549").transform(BD09.fromWGS84(xinzhuang))
        #expect(fromBD.distance(to: fromGCJ) < 1e-5)
        let back = try toGrid.inverted().transform(fromGCJ)
        #expect(metres(back, GCJ02.fromWGS84(xinzhuang)) < 1e-6)
        let display = try transform("EPSG:4549", "BD-09").transform(fromGCJ)
        #expect(metres(display, BD09.fromWGS84(xinzhuang)) < 1e-6)
        let between = try transform("GCJ-02", "BD-09")
        #expect(between.steps.count == 1)
        #expect(try transform("GCJ-02", "GCJ-02").isIdentity)
        #expect(throws: ProjectionsError.self) { try toGrid.transform(Coordinate(x: .nan, y: 31)) }
    }

    @Test("A suite of peers: exact points", .enabled(if: SharedData.url(suite + "eviltransform_vectors.csv") != nil))
    func exactPoints() throws {
        let text = String(
            decoding: try Data(contentsOf: SharedData.folder.appending(path: Self.suite + "eviltransform_vectors.csv")),
            as: UTF8.self)
        var count = 0
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let numbers = line.split(separator: ",").dropFirst().compactMap { Double($0) }
            try #require(numbers.count == 4)
            let wgs = Coordinate(x: numbers[1], y: numbers[0])
            let gcj = Coordinate(x: numbers[3], y: numbers[2])
            #expect(metres(GCJ02.fromWGS84(wgs), gcj) < 0.01)
            #expect(metres(GCJ02.toWGS84(gcj), wgs) < 0.01)
            count += 1
        }
        #expect(count == 3)
    }

    static let suite = "data/suites/gcj-bd/"

    private struct City: Decodable {
        let coords: [String: [Double]]
    }

    @Test("A suite of peers: 342 cities", .enabled(if: SharedData.url(suite + "china_cities_5crs.json") != nil))
    func cities() throws {
        let cities = try JSONDecoder().decode(
            [City].self,
            from: Data(contentsOf: SharedData.folder.appending(path: Self.suite + "china_cities_5crs.json")))
        #expect(cities.count == 342)
        for city in cities {
            let position = { (name: String) throws -> Coordinate in
                let pair = try #require(city.coords[name])
                return Coordinate(x: pair[0], y: pair[1])
            }
            let (wgs, gcj, bd) = (try position("WGS84"), try position("GCJ02"), try position("BD09"))
            #expect(metres(GCJ02.fromWGS84(wgs), gcj) < 1)
            #expect(metres(GCJ02.toWGS84(gcj), wgs) < 1)
            #expect(metres(BD09.toGCJ02(bd), gcj) < 1)
            #expect(metres(BD09.fromGCJ02(gcj), bd) < 1)
            let mercator = try transform("EPSG:4326", "EPSG:3857").transform(wgs)
            #expect(mercator.distance(to: try position("EPSG3857")) < 0.02)
        }
    }

    @Test("Real outlines in both systems agree to a decimetre", .enabled(if: SharedData.url(pairs) != nil))
    func realOutlines() throws {
        let parsed = try JSONSerialization.jsonObject(
            with: Data(contentsOf: SharedData.folder.appending(path: Self.pairs)))
        let drafts = try #require(parsed as? [[String: Any]])
        #expect(drafts.count == 11)
        for draft in drafts {
            let feature = try #require(draft["wgs84_feature"] as? [String: Any])
            let text = try JSONSerialization.data(withJSONObject: feature)
            var truth: [Coordinate] = []
            try GeoJSON.read([UInt8](text)).features.first?.geometry?.forEachCoordinates { truth += $0 }
            let outline = try #require(draft["gcj02_draft"] as? [String: Any])
            var worst = 0.0
            for pair in try #require(outline["ring"] as? [[Double]]) {
                let mine = GCJ02.toWGS84(Coordinate(x: pair[0], y: pair[1]))
                worst = max(worst, truth.map { metres(mine, $0) }.min() ?? .infinity)
            }
            #expect(worst < 0.1)
        }
    }

    static let pairs = "data/boundaries/sector_gcj02_wgs84_pairs.json"

    private func metres(_ a: Coordinate, _ b: Coordinate) -> Double {
        let dx = (a.x - b.x) * 111_319.49 * cos(a.y * .pi / 180)
        let dy = (a.y - b.y) * 111_319.49
        return (dx * dx + dy * dy).squareRoot()
    }

    /// The formula as published, sine by sine.
    private static func published(_ wgs: Coordinate) -> Coordinate {
        let (x, y) = (wgs.x - 105, wgs.y - 35)
        let ripple = 20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)
        var north = ripple + 20 * sin(y * .pi) + 40 * sin(y * .pi / 3)
        north += 160 * sin(y * .pi / 12) + 320 * sin(y * .pi / 30)
        var east = ripple + 20 * sin(x * .pi) + 40 * sin(x * .pi / 3)
        east += 150 * sin(x * .pi / 12) + 300 * sin(x * .pi / 30)
        north = north * 2 / 3 - 100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot()
        east = east * 2 / 3 + 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot()
        let (axis, ee) = (6_378_245.0, 0.006_693_421_622_965_943_23)
        let latitude = wgs.y / 180 * .pi
        let magic = 1 - ee * sin(latitude) * sin(latitude)
        return Coordinate(
            x: wgs.x + east * 180 / (axis / magic.squareRoot() * cos(latitude) * .pi),
            y: wgs.y + north * 180 / ((axis * (1 - ee)) / (magic * magic.squareRoot()) * .pi))
    }
}
