// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

@testable import Verdicts

private let towns = CrookedTowns()
private let judge = try? ReferenceJudge(towns.ground)

@Suite struct `Known ground` {
    @Test(
        arguments: [
            ("EPSG:4490", "EPSG:4490"), ("GCJ-02", "GCJ-02"), ("BD-09", "BD-09"), ("EPSG:4549", "EPSG:4549"),
            ("EPSG:4528", "EPSG:4528"), ("EPSG:4550", "EPSG:4550"), ("EPSG:32651", "EPSG:32651"),
            ("EPSG:3857", "EPSG:3857"), ("EPSG:4509", "EPSG:4509"),
        ])
    func `tells systems apart when nobody says anything`(system: String, found: String) throws {
        let judge = try #require(judge)
        for delivery in [[5], [5, 6, 9], Array(0..<16)] {
            let verdict = judge.verdict(on: try towns.delivered(delivery, in: system, noise: 4), claim: .none)
            #expect(verdict.decisiveDefinition == found, "\(delivery): \(verdict.conclusion) \(verdict.ranking)")
            #expect(verdict.contradiction == nil)
        }
    }

    @Test(arguments: [("GCJ-02", 450.0...520.0), ("BD-09", 1_000.0...1_300.0)])
    func `contradicts degrees that a format implies`(system: String, metres: ClosedRange<Double>) throws {
        let judge = try #require(judge)
        let verdict = judge.verdict(
            on: try towns.delivered([5, 10], in: system, noise: 10), claim: ReferenceClaim(.format, "OGC:CRS84"))
        let contradiction = try #require(verdict.contradiction)
        #expect(contradiction.suggestion == system && contradiction.mustBeQuarantined)
        #expect(metres.contains(contradiction.metres), "\(contradiction)")
        let agreed = judge.verdict(
            on: try towns.delivered([5, 10], in: system), claim: ReferenceClaim(.district, system))
        #expect(agreed.contradiction == nil && agreed.conclusion == .known(system))
        let mistaken = judge.verdict(
            on: try towns.delivered([5, 10], in: "EPSG:4490"), claim: ReferenceClaim(.district, system))
        #expect(mistaken.contradiction?.suggestion == "EPSG:4490", "\(mistaken)")
    }

    @Test(arguments: [Coordinate(x: 0, y: 0), Coordinate(x: 634_000, y: 3_440_000)])
    func `is not hidden by one stray vertex`(stray: Coordinate) throws {
        let judge = try #require(judge)
        var run = towns.ground.areas[5].rings[0]
        try transform("EPSG:4549", "GCJ-02").transform(&run)
        var sampler = PositionSampler()
        sampler.take(.lineString(LineString(run)))
        sampler.take(.lineString(LineString([run[0], stray, run[1]])))
        let verdict = judge.verdict(on: sampler.sample, claim: ReferenceClaim(.format, "OGC:CRS84"))
        #expect(verdict.contradiction?.suggestion == "GCJ-02", "\(verdict)")
    }

    @Test func `can be written down when what is said has no place for it`() throws {
        let verdict = try #require(judge).verdict(
            on: try towns.delivered([5], in: "EPSG:4549"), claim: ReferenceClaim(.format, "OGC:CRS84"))
        #expect(verdict.contradiction?.suggestion == "EPSG:4549")
        _ = try JSONEncoder().encode(verdict)
    }

    @Test(arguments: [0.3, 1, 5, 20, 40, 76, 100])
    func `measures a constant shift and never calls it GCJ-02`(length: Double) throws {
        let judge = try #require(judge)
        for (origin, system) in [(ReferenceClaim.Origin.file, "EPSG:4549"), (.format, "OGC:CRS84")] {
            let claim = ReferenceClaim(origin, system)
            let moved = Coordinate(x: -0.8 * length, y: 0.6 * length)
            let verdict = judge.verdict(on: try towns.delivered([5, 6], in: system, moved: moved), claim: claim)
            let shift = try #require(verdict.constantShift, "\(verdict)")
            #expect(abs(shift.east - 0.8 * length) < 0.02 && abs(shift.north + 0.6 * length) < 0.02, "\(shift)")
            #expect(try #require(shift.spread) < 0.02)
            let contradiction = try #require(verdict.contradiction)
            #expect(contradiction.suggestion == nil)
            #expect(contradiction.mustBeQuarantined == (length > 50))
            #expect(contradiction.sentence.contains("control points are needed"))
            #expect(verdict.decisiveDefinition == nil)
        }
    }

    @Test func `names Beijing 1954 by its shift`() throws {
        let judge = try #require(judge)
        // EPSG:15919, as it is in the register.
        let projected = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +ellps=krass "
            + "+towgs84=15.53,-113.82,-41.38,0,0,0.814,-0.38 +units=m"
        let verdict = judge.verdict(
            on: try towns.delivered([5, 6], in: projected), claim: ReferenceClaim(.file, "EPSG:4549"))
        let shift = try #require(verdict.constantShift)
        #expect(abs(shift.east - 65.1) < 0.2 && abs(shift.north + 39) < 0.2, "\(shift)")
        #expect(shift.resembles.first?.hasPrefix("Beijing 1954") == true, "\(shift.resembles)")
        #expect(shift.resembles.first?.hasSuffix(" 0 m from the measured one") == true)
        #expect(verdict.contradiction?.mustBeQuarantined == true)
        let degrees = "+proj=longlat +ellps=krass +towgs84=15.53,-113.82,-41.38,0,0,0.814,-0.38"
        let inDegrees = judge.verdict(
            on: try towns.delivered([5, 6], in: degrees), claim: ReferenceClaim(.format, "OGC:CRS84"))
        #expect(inDegrees.constantShift?.resembles.first?.hasPrefix("Beijing 1954") == true)
        #expect(try #require(inDegrees.constantShift).metres > 60)
    }

    @Test func `keeps a shift of GCJ-02's size apart from GCJ-02`() throws {
        let judge = try #require(judge)
        let (true0, gcj) = (try transform("EPSG:4549", "OGC:CRS84"), try transform("OGC:CRS84", "EPSG:4549"))
        let middle = Coordinate(x: 632_000, y: 3_444_000)
        let image = try gcj.transform(GCJ02.fromWGS84(true0.transform(middle)))
        let moved = Coordinate(x: image.x - middle.x, y: image.y - middle.y)
        let verdict = judge.verdict(
            on: try towns.delivered(Array(0..<16), in: "OGC:CRS84", moved: moved),
            claim: ReferenceClaim(.format, "OGC:CRS84"))
        #expect(verdict.constantShift != nil, "\(verdict.contradiction as Any)")
        #expect(verdict.contradiction?.suggestion == nil)
        let real = judge.verdict(
            on: try towns.delivered(Array(0..<16), in: "GCJ-02"), claim: ReferenceClaim(.format, "OGC:CRS84"))
        #expect(real.constantShift == nil && real.contradiction?.suggestion == "GCJ-02")
    }

    @Test(arguments: ["EPSG:4549", "EPSG:4490", "EPSG:32651"])
    func `sees swapped axes`(system: String) throws {
        let judge = try #require(judge)
        let sample = try towns.delivered([5, 6], in: system, swapped: true)
        let silent = judge.verdict(on: sample, claim: .none)
        #expect(silent.candidates.first?.name == "\(system), north first", "\(silent.ranking)")
        #expect(silent.decisiveDefinition == nil)
        let said = judge.verdict(on: sample, claim: ReferenceClaim(.file, system))
        #expect(said.contradiction?.mustBeQuarantined == true)
        #expect(said.contradiction?.sentence.contains("north first") == true, "\(said.contradiction as Any)")
    }

    @Test func `sees a mixture`() throws {
        let judge = try #require(judge)
        let (one, other) = (try towns.delivered([5], in: "OGC:CRS84"), try towns.delivered([6], in: "GCJ-02"))
        let sample = PositionSample(kind: .lines, positions: one.positions + other.positions)
        let verdict = judge.verdict(on: sample, claim: ReferenceClaim(.format, "OGC:CRS84"))
        #expect(verdict.contradiction?.mustBeQuarantined == true)
        #expect(verdict.contradiction?.sentence.contains("mixture") == true, "\(verdict)")
        #expect(judge.verdict(on: sample, claim: .none).decisiveDefinition == nil)
    }

    @Test func `says nothing about lines that lie on no known ones`() throws {
        let judge = try #require(judge)
        var generator = SeededGenerator(seed: 3)
        var sampler = PositionSampler()
        let toDegrees = try transform("EPSG:4549", "OGC:CRS84")
        for _ in 0..<500 {
            let corner = Coordinate(
                x: .random(in: 628_000...636_000, using: &generator),
                y: .random(in: 3_440_000...3_448_000, using: &generator))
            var ring = [(0, 0), (30, 0), (30, 20), (0, 20), (0, 0)].map {
                Coordinate(x: corner.x + Double($0.0), y: corner.y + Double($0.1))
            }
            try toDegrees.transform(&ring)
            sampler.take(.lineString(LineString(ring)))
        }
        for claim in [ReferenceClaim(.format, "OGC:CRS84"), ReferenceClaim(.district, "GCJ-02"), .none] {
            let verdict = judge.verdict(on: sampler.sample, claim: claim)
            #expect(verdict.contradiction == nil)
            #expect(verdict.decisiveDefinition == nil)
        }
    }

    @Test func `gives the same verdict whatever the order of areas and records`() throws {
        let judge = try #require(judge)
        let reversed = try ReferenceJudge(
            ReferenceGround(gridCRS: "EPSG:4549", areas: towns.ground.areas.reversed()))
        let toDegrees = try transform("EPSG:4549", "GCJ-02")
        var forward = PositionSampler()
        var backward = PositionSampler()
        let lines = try (0..<16).map { town -> Geometry in
            var run = towns.ground.areas[town].rings[0]
            try toDegrees.transform(&run)
            return .lineString(LineString(run))
        }
        for line in lines { forward.take(line) }
        for line in lines.reversed() { backward.take(line) }
        #expect(forward.sample == backward.sample)
        #expect(forward.sample.positions.count <= PositionSampler.size)
        let claim = ReferenceClaim(.format, "OGC:CRS84")
        let verdict = judge.verdict(on: forward.sample, claim: claim)
        #expect(verdict == judge.verdict(on: backward.sample, claim: claim))
        #expect(verdict == reversed.verdict(on: forward.sample, claim: claim))
        let copy = try JSONDecoder().decode(ReferenceVerdict.self, from: JSONEncoder().encode(verdict))
        #expect(copy == verdict)
    }

    @Test func `says how much lies in the town that delivers`() throws {
        let judge = try #require(judge)
        let verdict = judge.verdict(
            on: try towns.delivered([5], in: "EPSG:4549", moved: Coordinate(x: 3, y: 3)),
            claim: ReferenceClaim(.district, "EPSG:4549"), town: "3101111")
        let sentences = verdict.candidates.first?.evidence.map(\.sentence) ?? []
        #expect(sentences.contains { $0.hasSuffix("inside of the town that delivers it.") }, "\(sentences)")
        #expect(sentences.contains { $0.hasSuffix("lies inside of known towns.") })
    }
}
