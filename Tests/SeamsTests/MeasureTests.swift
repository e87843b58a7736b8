// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Topology

@testable import Seams

@Suite("Measures of small areas")
struct MeasureTests {
    /// Corners on a circle or an ellipse, anticlockwise: convex but for rounding.
    private func convex(_ generator: inout SeededGenerator) -> [GridPoint] {
        let count = Int.random(in: 3...8, using: &generator)
        let width = Double.random(in: 200...90_000, using: &generator)
        let height = Double.random(in: 200...9000, using: &generator)
        let turn = Double.random(in: 0...6, using: &generator)
        return (0..<count).map { _ in Double.random(in: 0..<(2 * .pi), using: &generator) }.sorted().map { angle in
            let (x, y) = (width * cos(angle), height * sin(angle))
            return GridPoint(
                Int64((x * cos(turn) - y * sin(turn)).rounded()), Int64((x * sin(turn) + y * cos(turn)).rounded()))
        }
    }

    @Test("The widest place of a convex area is the one that GEOS finds", arguments: UInt64(1)...40)
    func widths(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let engine = try TopologyEngine()
        let ring = convex(&generator)
        guard GridRing.twiceArea(ring) > 100_000, let width = ConvexWidth.width(of: ring) else { return }
        let polygon = RandomCoverage.polygon(ring)
        let found = try engine.width(of: polygon)
        #expect(abs(width - found) <= 0.02 * width + 0.0005, "seed \(seed): \(width) and \(found)")
    }

    @Test("Known widths, with corners that are none; what is not convex is left to GEOS")
    func known() {
        func width(_ points: [(Int64, Int64)]) -> Double? {
            ConvexWidth.width(of: points.map { GridPoint($0.0, $0.1) })
        }
        #expect(width([(0, 0), (10_000, 0), (10_000, 1000), (0, 1000)]).map { abs($0 - 1) < 1e-9 } == true)
        #expect(width([(0, 0), (5000, 0), (10_000, 0), (10_000, 1000), (0, 1000)]).map { abs($0 - 1) < 1e-9 } == true)
        #expect(width([(0, 0), (3000, 0), (0, 4000)]).map { abs($0 - 2) < 1e-9 } == true)
        #expect(width([(0, 0), (3000, 0), (1000, 1000), (0, 4000)]) == nil)
    }
}
