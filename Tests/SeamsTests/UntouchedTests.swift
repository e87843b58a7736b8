// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing
import Topology

@testable import Seams

/// What a repair must not touch, in the numbers of the input.
@Suite("What stays as it was")
struct UntouchedTests {
    private func coverage(_ seed: UInt64, protecting share: Double = 0) throws -> [CoverageFeature]? {
        var generator = SeededGenerator(seed: seed &+ 9000)
        var features = RandomCoverage(
            size: 5, owners: Int.random(in: 2...5, using: &generator), damage: 0.5,
            authorities: Bool.random(using: &generator), &generator
        ).features
        for number in features.indices where Double.random(in: 0..<1, using: &generator) < share {
            features[number].isProtected = true
        }
        return try CoverageOracle().areValid(features) ? features : nil
    }

    private func positions(_ geometry: Geometry) -> [Coordinate] {
        var all: [Coordinate] = []
        geometry.forEachCoordinates { all += $0.dropLast() }
        return all
    }

    /// An edge that bends at a repaired place gets its other crossings as
    /// vertices too, rounded to the grid: these lie on the border that was there.
    @Test("Vertices away from what was repaired are equal to the last bit, no border moves there", arguments: UInt64(1)...25)
    func bits(seed: UInt64) throws {
        guard let features = try coverage(seed) else { return }
        let result = try CoverageSeams().repair(features)
        let engine = try TopologyEngine()
        let repaired = result.defects.filter { $0.outcome == .repaired }.map(\.geometry)
        func isAtRepair(_ place: Coordinate, _ distance: Double) throws -> Bool {
            for area in repaired where try engine.distance(.point(Point(place)), area) <= distance { return true }
            return false
        }
        for (before, after) in zip(features, result.applied(to: features)) where before != after {
            let (old, new) = (positions(before.geometry), positions(after.geometry))
            let (oldSet, newSet) = (Set(old), Set(new))
            for place in old where !newSet.contains(place) {
                #expect(try isAtRepair(place, 0.01), "seed \(seed), feature \(before.id): \(place) went")
            }
            let border = try engine.boundary(before.geometry)
            for place in new where !oldSet.contains(place) {
                let isOnBorder = try engine.distance(.point(Point(place)), border) <= 0.00075
                let isAtRepair = try isAtRepair(place, 0.01)
                #expect(isOnBorder || isAtRepair, "seed \(seed), feature \(before.id): \(place) came")
            }
            let kept = old.filter(newSet.contains)
            let found = new.filter(oldSet.contains)
            #expect(kept == found, "seed \(seed), feature \(before.id): the order of vertices changed")
        }
    }

    @Test("A protected border keeps every vertex, and bends by no more than a rounding", arguments: UInt64(1)...25)
    func protection(seed: UInt64) throws {
        guard let features = try coverage(seed, protecting: 0.3) else { return }
        let result = try CoverageSeams().repair(features)
        let engine = try TopologyEngine()
        for (before, after) in zip(features, result.applied(to: features)) where before.isProtected && before != after {
            let kept = Set(positions(after.geometry))
            #expect(positions(before.geometry).allSatisfy(kept.contains), "seed \(seed), feature \(before.id)")
            let border = try engine.boundary(before.geometry)
            for place in kept {
                let distance = try engine.distance(.point(Point(place)), border)
                #expect(distance <= 0.00075, "seed \(seed), feature \(before.id): \(distance) m at \(place)")
            }
        }
        for movement in result.movements where features[Int(movement.feature) - 1].isProtected {
            #expect(movement.largestShift <= 0.00075)
        }
    }
}
