// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

@testable import Verdicts

/// Real outlines and points of Shanghai, each in the state in which somebody
/// published it, against 127 towns of OpenStreetMap.
@Suite(.enabled(if: SharedData.url("data/boundaries") != nil)) struct `Real ground` {
    static func text(_ path: String) throws -> String {
        try String(contentsOf: #require(SharedData.url("data/\(path)")), encoding: .utf8)
    }

    static func geometries(_ text: String) throws -> [Geometry] {
        try GeoJSON.read(Array(text.utf8), limits: .trusted).features.compactMap(\.geometry)
    }

    static func rings(of geometry: Geometry, _ transform: CoordinateTransform) throws -> [[Coordinate]] {
        var rings: [[Coordinate]] = []
        try geometry.forEachCoordinates { run in
            var run = run
            try transform.transform(&run)
            rings.append(run)
        }
        return rings
    }

    /// Of the towns; and of the towns and the true halves of the pairs.
    static let towns = Result { try judge(withPairs: false) }
    static let townsAndPairs = Result { try judge(withPairs: true) }

    private static func judge(withPairs: Bool) throws -> ReferenceJudge {
        let toGrid = try transform("OGC:CRS84", "EPSG:4549")
        var areas = try geometries(text("boundaries/shanghai_towns_osm_127.geojson")).map {
            ReferenceGround.Area(town: nil, rings: try rings(of: $0, toGrid))
        }
        if withPairs {
            for pair in try pairs() { areas.append(.init(town: nil, rings: try rings(of: pair.wgs84, toGrid))) }
        }
        return try ReferenceJudge(ReferenceGround(gridCRS: "EPSG:4549", areas: areas))
    }

    static func sample(_ geometries: [Geometry]) -> PositionSample {
        var sampler = PositionSampler()
        for geometry in geometries { sampler.take(geometry) }
        return sampler.sample
    }

    struct Pair {
        var name: String
        var gcj02, wgs84: Geometry
    }

    static func pairs() throws -> [Pair] {
        let data = Data(try text("boundaries/sector_gcj02_wgs84_pairs.json").utf8)
        let list = try #require(JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        return try list.map { entry in
            let draft = try #require(entry["gcj02_draft"] as? [String: Any])
            let ring = try #require(draft["ring"] as? [[Double]])
            let feature = try #require(entry["wgs84_feature"] as? [String: Any])
            let collection: [String: Any] = ["type": "FeatureCollection", "features": [feature]]
            let text = String(decoding: try JSONSerialization.data(withJSONObject: collection), as: UTF8.self)
            var run = ring.map { Coordinate(x: $0[0], y: $0[1]) }
            if let first = run.first, run.last != first { run.append(first) }
            return Pair(
                name: entry["name"] as? String ?? "", gcj02: .polygon(Polygon(LinearRing(run))),
                wgs84: try #require(geometries(text).first))
        }
    }

    private func median(_ verdict: ReferenceVerdict) -> String {
        let best = verdict.candidates.first
        return best?.evidence.last { $0.sentence.hasPrefix("Half of them") }?.sentence ?? "no agreement"
    }

    @Test func `outlines of AMap are GCJ-02, whatever their format implies`() throws {
        let outlines = try Self.geometries(Self.text("boundaries/shanghai_districts_amap.geojson"))
        #expect(outlines.count == 16)
        let verdict = try Self.towns.get().verdict(
            on: Self.sample(outlines), claim: ReferenceClaim(.format, "OGC:CRS84"))
        print("AMap: \(verdict.contradiction?.sentence ?? "none") \(median(verdict))")
        let contradiction = try #require(verdict.contradiction)
        #expect(contradiction.mustBeQuarantined && contradiction.suggestion == "GCJ-02")
        #expect((400...600).contains(contradiction.metres))
        let silent = try Self.towns.get().verdict(on: Self.sample(outlines), claim: .none)
        #expect(silent.decisiveDefinition == "GCJ-02")
    }

    @Test func `the same outlines are told apart, sector by sector`() throws {
        let judge = try Self.townsAndPairs.get()
        let claim = ReferenceClaim(.format, "OGC:CRS84")
        for pair in try Self.pairs() {
            let drawn = judge.verdict(on: Self.sample([pair.gcj02]), claim: claim)
            #expect(drawn.contradiction?.suggestion == "GCJ-02", "\(pair.name): \(drawn.conclusion)")
            #expect(drawn.contradiction?.mustBeQuarantined == true)
            let kept = judge.verdict(on: Self.sample([pair.wgs84]), claim: claim)
            #expect(kept.contradiction == nil, "\(pair.name): \(kept.contradiction as Any)")
            #expect(kept.conclusion == .known("OGC:CRS84"))
        }
    }

    @Test func `against towns alone sectors are told apart or left open, and never wrong`() throws {
        let judge = try Self.towns.get()
        let claim = ReferenceClaim(.format, "OGC:CRS84")
        var found: [String] = []
        for pair in try Self.pairs() {
            let drawn = judge.verdict(on: Self.sample([pair.gcj02]), claim: claim)
            if let contradiction = drawn.contradiction {
                #expect(contradiction.suggestion == "GCJ-02", "\(pair.name): \(contradiction)")
                found.append("\(pair.name) (\(median(drawn)))")
            }
            let kept = judge.verdict(on: Self.sample([pair.wgs84]), claim: claim)
            #expect(kept.contradiction == nil, "\(pair.name): \(kept.contradiction as Any)")
        }
        print("sectors in GCJ-02 found by towns alone: \(found.count) of 11: \(found.joined(separator: ", "))")
        #expect(found.count >= 5)
    }

    @Test(arguments: ["shanghai_bus", "shanghai_school", "shanghai_urban", "shanghai_food"])
    func `points that look like AMap's are not called GCJ-02`(file: String) throws {
        let text = try Self.text("poi/\(file).csv")
        let rows = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = try #require(rows.first).map { $0.lowercased() }
        let lon = try #require(header.firstIndex { ["lon", "lng", "longitude"].contains($0) })
        let lat = try #require(header.firstIndex { ["lat", "latitude"].contains($0) })
        let points = rows.dropFirst().compactMap { row -> Geometry? in
            guard row.count == header.count, let x = Double(row[lon]), let y = Double(row[lat]) else { return nil }
            return .point(Point(x: x, y: y))
        }
        #expect(points.count > 100)
        for origin in [ReferenceClaim.Origin.format, .district] {
            let verdict = try Self.towns.get().verdict(
                on: Self.sample(points), claim: ReferenceClaim(origin, "EPSG:4326"))
            #expect(verdict.contradiction == nil)
            #expect(verdict.conclusion == .known("EPSG:4326"))
        }
        let silent = try Self.towns.get().verdict(on: Self.sample(points), claim: .none)
        #expect(silent.conclusion == .unknown && silent.decisiveDefinition == nil)
    }

    @Test func `outlines that say what they are agree with it`() throws {
        let outlines = try Self.geometries(Self.text("boundaries/shanghai_districts_epsg4490.geojson"))
        let verdict = try Self.towns.get().verdict(on: Self.sample(outlines), claim: ReferenceClaim(.file, "EPSG:4490"))
        print("EPSG:4490: \(verdict.conclusion), \(median(verdict))")
        #expect(verdict.contradiction == nil && verdict.conclusion == .known("EPSG:4490"))
        let edited = try Self.geometries(Self.text("boundaries/minhang_sectors_user_edited_wgs84.geojson"))
        let kept = try Self.towns.get().verdict(on: Self.sample(edited), claim: ReferenceClaim(.format, "OGC:CRS84"))
        print("edited sectors: \(kept.conclusion), \(median(kept))")
        #expect(kept.contradiction == nil)
    }
}
