// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import Seams

@Suite("Coverages at random")
struct CoveragePropertyTests {
    private static let seeds: [UInt64] = Array(1...80)

    private func coverage(_ seed: UInt64, size: Int = 5) -> RandomCoverage {
        var generator = SeededGenerator(seed: seed)
        return RandomCoverage(
            size: size, owners: Int.random(in: 2...5, using: &generator),
            damage: [0.1, 0.4, 1].randomElement(using: &generator) ?? 1,
            authorities: Bool.random(using: &generator), &generator)
    }

    @Test("What was repaired tiles, what was refused is as it was", arguments: seeds)
    func repairs(seed: UInt64) throws {
        let features = coverage(seed).features
        let oracle = try CoverageOracle()
        guard try oracle.areValid(features) else { return }
        let result = try CoverageSeams().repair(features)
        let after = result.applied(to: features)
        #expect(try oracle.areValid(after), "seed \(seed)")
        let refused = result.defects.filter { $0.outcome != .repaired }
        let overlaps = refused.filter { $0.kind != .gap && $0.kind != .slit }.reduce(0) { $0 + $1.area }
        let gaps = refused.filter { $0.kind == .gap }.reduce(0) { $0 + $1.area }
        // Vertices that are rounded off an edge: half a millimetre along the seams.
        let rounding = 0.0008 * 20 * Double(features.count)
        let overlap = try oracle.overlap(after)
        let holes = try oracle.holes(after)
        #expect(overlap <= overlaps + rounding, "seed \(seed): \(overlap) m² of overlap, \(overlaps) refused")
        #expect(holes <= gaps + rounding, "seed \(seed): \(holes) m² of gaps, \(gaps) refused")
        let before = try oracle.covered(features)
        let closed = result.defects.filter { $0.outcome == .repaired && [.gap, .slit].contains($0.kind) }
        let taken = closed.reduce(0) { $0 + $1.area }
        #expect(abs(try oracle.covered(after) - before - taken) < rounding, "seed \(seed): the outer border moved")
        let failed = refused.filter { $0.outcome == .refused(.failedCheck) }
        #expect(failed.count == 0, "seed \(seed): \(failed.map { ($0.kind, $0.area, $0.width, $0.place, $0.detail) })")
    }

    @Test("Order of input changes nothing", arguments: seeds.prefix(8))
    func order(seed: UInt64) throws {
        var features = coverage(seed).features
        let first = try CoverageSeams().repair(features)
        var generator = SeededGenerator(seed: seed &+ 1000)
        features.shuffle(using: &generator)
        #expect(try CoverageSeams().repair(features) == first, "seed \(seed)")
    }

    @Test("Repairing a second time changes nothing", arguments: seeds.prefix(8))
    func idempotence(seed: UInt64) throws {
        let features = coverage(seed).features
        let result = try CoverageSeams().repair(features)
        let again = try CoverageSeams().repair(result.applied(to: features))
        #expect(!again.defects.contains { $0.outcome == .repaired && $0.width > 0.002 }, "seed \(seed)")
    }
}
