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

/// Door numbers, shops: things that lie on no line that anybody knows.
@Suite struct `Points of a town` {
    private static let town = 5
    private let code = towns.ground.areas[Self.town].town

    /// Places all over a town, or over a part of its envelope and beyond.
    private func places(
        _ count: Int, seed: UInt64, west: Double = 0, east: Double = 0, all: Double = 0
    ) -> [Coordinate] {
        var generator = SeededGenerator(seed: seed)
        let ring = towns.ground.areas[Self.town].rings[0]
        var envelope = Envelope.empty
        for place in ring { envelope.expand(toContain: place) }
        var places: [Coordinate] = []
        while places.count < count {
            let place = Coordinate(
                x: .random(in: envelope.minX - all + west...envelope.maxX + all + east, using: &generator),
                y: .random(in: envelope.minY - all...envelope.maxY + all, using: &generator))
            // Beyond the town only where the test wants it.
            if isInside(place, ring) || all > 0 || place.x > envelope.maxX { places.append(place) }
        }
        return places
    }

    private func isInside(_ place: Coordinate, _ ring: [Coordinate]) -> Bool {
        var odd = false
        for (a, b) in zip(ring, ring.dropFirst()) where (a.y > place.y) != (b.y > place.y) {
            if a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x) > place.x { odd.toggle() }
        }
        return odd
    }

    private func sample(
        _ places: [Coordinate], in system: String, moved: Coordinate = Coordinate(x: 0, y: 0)
    ) throws -> PositionSample {
        var drawn = places.map { Coordinate(x: $0.x + moved.x, y: $0.y + moved.y) }
        try transform("EPSG:4549", system).transform(&drawn)
        var sampler = PositionSampler()
        for place in drawn { sampler.take(.point(Point(place))) }
        return sampler.sample
    }

    private func verdict(
        _ sample: PositionSample, _ claim: String, isQuick: Bool = true
    ) throws -> ReferenceVerdict {
        try #require(judge).verdict(
            on: sample, claim: ReferenceClaim(.district, claim), town: code, isQuick: isQuick)
    }

    @Test(arguments: ["GCJ-02", "BD-09"], [1, 2, 3] as [UInt64])
    func `are known for what they are when they are called WGS 84`(system: String, seed: UInt64) throws {
        for isQuick in [true, false] {
            let found = try verdict(sample(places(400, seed: seed), in: system), "OGC:CRS84", isQuick: isQuick)
            let contradiction = try #require(found.contradiction, "seed \(seed)")
            #expect(contradiction.suggestion == system && contradiction.mustBeQuarantined, "\(contradiction), seed \(seed)")
            #expect(contradiction.sentence.contains("outside of the town that delivers it"))
        }
    }

    @Test(arguments: ["OGC:CRS84", "EPSG:4490", "EPSG:4549", "GCJ-02", "BD-09"], [1, 2, 3] as [UInt64])
    func `in the system that is said are let in`(system: String, seed: UInt64) throws {
        let found = try verdict(sample(places(400, seed: seed), in: system), system)
        #expect(found.contradiction == nil && found.conclusion == .known(system), "seed \(seed): \(found)")
    }

    @Test(arguments: [Coordinate(x: 260, y: 0), Coordinate(x: -195, y: 117)], [1, 2, 3] as [UInt64])
    func `that another datum moved wait for control points`(moved: Coordinate, seed: UInt64) throws {
        let found = try verdict(sample(places(600, seed: seed), in: "EPSG:4549", moved: moved), "EPSG:4549")
        let contradiction = try #require(found.contradiction, "seed \(seed)")
        #expect(contradiction.suggestion == nil)
        #expect(contradiction.sentence.contains("control points are needed"))
        // Points do not reach the border everywhere.
        let shift = try #require(found.constantShift)
        #expect(hypot(shift.east + moved.x, shift.north + moved.y) < 80, "seed \(seed): \(shift)")
    }

    @Test func `that reach beyond the border on purpose are no other system`() throws {
        // A strip of the neighbour to the east; and a margin all around.
        for places in [places(500, seed: 4, east: 250), places(500, seed: 5, all: 120)] {
            let found = try verdict(sample(places, in: "EPSG:4549"), "EPSG:4549")
            #expect(found.contradiction == nil, "\(found)")
        }
    }

    @Test func `that lie in one corner of it cannot tell`() throws {
        let all = places(3_000, seed: 6).sorted { $0.x > $1.x }.prefix(300)
        let found = try verdict(
            sample(Array(all), in: "EPSG:4549", moved: Coordinate(x: 150, y: 0)), "EPSG:4549")
        #expect(found.contradiction == nil, "\(found)")
    }

    @Test func `of a town that nobody has drawn are believed`() throws {
        let found = try #require(judge).verdict(
            on: sample(places(400, seed: 7), in: "GCJ-02"), claim: ReferenceClaim(.district, "OGC:CRS84"), town: "999999",
            isQuick: true)
        #expect(found.contradiction == nil)
    }
}

/// Parcels that are drawn along the border of their town on three sides; on the
/// fourth is a river, and nothing reaches it.
@Suite struct `Land that does not fill its town` {
    private static let town = 5

    /// - Parameter drawn: where a place of the border with its side (south, east,
    ///   north, west) is drawn.
    private func verdict(
        in towns: CrookedTowns, sides: Set<Int> = [0, 2, 3], drawn: (Coordinate, Int) -> Coordinate,
        moved: Coordinate = Coordinate(x: 0, y: 0)
    ) throws -> ReferenceVerdict {
        let ring = towns.ground.areas[Self.town].rings[0]
        let middle = Coordinate(x: ring.map(\.x).median ?? 0, y: ring.map(\.y).median ?? 0)
        let side = ring.count / 4
        var sampler = PositionSampler()
        func take(_ run: [Coordinate]) {
            sampler.take(
                .lineString(LineString(run.map { Coordinate(x: $0.x + moved.x, y: $0.y + moved.y) })))
        }
        for (index, (a, b)) in zip(ring, ring.dropFirst()).enumerated() where sides.contains(index / side) {
            for part in 1...4 {
                let t = Double(part) / 5
                let place = Coordinate(x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y))
                guard place.x < middle.x + 1_200 else { continue }
                // Most of it lies far inside, on no line that is known.
                let inner = [0.2, 0.3, 0.4, 0.5].map {
                    Coordinate(x: place.x + (middle.x - place.x) * $0, y: place.y + (middle.y - place.y) * $0)
                }
                take([drawn(place, index / side)] + inner)
            }
        }
        return try ReferenceJudge(towns.ground).verdict(
            on: sampler.sample, claim: ReferenceClaim(.district, "EPSG:4549"), town: towns.ground.areas[Self.town].town,
            isQuick: true)
    }

    @Test(arguments: [7, 8, 9] as [UInt64])
    func `shows a shift where its outermost lines fit the border afterwards`(seed: UInt64) throws {
        let towns = CrookedTowns(seed: seed)
        let found = try verdict(in: towns, drawn: { place, _ in place }, moved: Coordinate(x: -65.1, y: 39))
        let shift = try #require(found.constantShift, "seed \(seed): \(found)")
        #expect(hypot(shift.east - 65.1, shift.north + 39) < 1, "seed \(seed): \(shift)")
        #expect(found.contradiction?.mustBeQuarantined == true)
        #expect(try verdict(in: towns, drawn: { place, _ in place }).contradiction == nil, "seed \(seed)")
    }

    @Test(arguments: [7, 9] as [UInt64])
    func `is no shift where houses stand close together in a corner of the town`(seed: UInt64) throws {
        let towns = CrookedTowns(swing: 0, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let corner = towns.ground.areas[Self.town].rings[0][0]
        /// - Parameter strays: houses of the neighbour that the town draws, too.
        func houses(strays: Int = 0) -> PositionSample {
            var sampler = PositionSampler()
            for number in 0..<40 + strays {
                let side: Double = number < 40 ? 1 : -1
                let place = Coordinate(
                    x: corner.x + side * .random(in: 15...150, using: &generator),
                    y: corner.y + side * .random(in: 15...150, using: &generator))
                let ring = [(0.0, 0.0), (10, 0), (10, 8), (0, 8), (0, 0)].map {
                    Coordinate(x: place.x + $0.0, y: place.y + $0.1)
                }
                sampler.take(.lineString(LineString(ring)))
            }
            return sampler.sample
        }
        func verdict(_ sample: PositionSample, town: String?) throws -> ReferenceVerdict {
            try ReferenceJudge(towns.ground).verdict(
                on: sample, claim: ReferenceClaim(.file, "EPSG:4549"), town: town, isQuick: true)
        }
        let town = towns.ground.areas[Self.town].town
        for strays in [0, 5] {
            let found = try verdict(houses(strays: strays), town: town)
            #expect(found.contradiction == nil, "seed \(seed), \(strays): \(found)")
        }
        // Of nobody's ground nothing says that they are at home.
        #expect(try verdict(houses(), town: nil).constantShift != nil, "seed \(seed)")
    }

    @Test(arguments: [0, 7] as [UInt64])
    func `may be drawn too far out on two sides`(seed: UInt64) throws {
        let towns = seed == 0 ? CrookedTowns(swing: 0) : CrookedTowns(seed: seed)
        let found = try verdict(in: towns, sides: [2, 3]) { place, side in
            Coordinate(x: place.x - (side == 3 ? 60 : 0), y: place.y + (side == 2 ? 60 : 0))
        }
        #expect(found.contradiction == nil, "seed \(seed): \(found)")
    }
}
