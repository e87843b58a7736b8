// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Topology

@testable import Seams

@Suite("Positions in areas")
struct ContainmentTests {
    /// A star of whole metres around a centre, of few or many corners, and
    /// sometimes with a hole: half metres between its corners are exact.
    private func star(_ generator: inout SeededGenerator) -> Geometry {
        let center = (x: 631_000.0, y: 3_444_000.0)
        func ring(_ count: Int, _ radii: ClosedRange<Double>) -> LinearRing {
            var points: [Coordinate] = []
            for number in 0..<count {
                let angle = 2 * .pi * Double(number) / Double(count)
                let radius = Double.random(in: radii, using: &generator)
                let point = Coordinate(
                    x: (center.x + radius * cos(angle)).rounded(), y: (center.y + radius * sin(angle)).rounded())
                if points.last != point { points.append(point) }
            }
            if points.first != points.last { points.append(points[0]) }
            return LinearRing(points)
        }
        let count = [5, 12, 31, 33, 80].randomElement(using: &generator) ?? 5
        let shell = ring(count, 40...120)
        let holes = Bool.random(using: &generator) ? [ring(8, 8...25)] : []
        return .polygon(Polygon(shell, interiorRings: holes))
    }

    @Test("Inside, outside and on the border are what GEOS says", arguments: UInt64(1)...40)
    func positions(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let engine = try TopologyEngine()
        let geometry = star(&generator)
        guard try engine.validityFault(of: geometry) == nil else { return }
        let prepared = try #require(PreparedFeature(CoverageFeature(id: 1, owner: 1, geometry: geometry)))
        var doubled: [GridPoint] = []
        for edge in prepared.edges {
            doubled.append(GridPoint(2 * edge.start.x, 2 * edge.start.y))
            doubled.append(GridPoint(edge.start.x + edge.end.x, edge.start.y + edge.end.y))
        }
        for _ in 0..<100 {
            doubled.append(
                GridPoint(
                    1_262_000_000 + 1000 * Int64.random(in: -130...130, using: &generator),
                    6_888_000_000 + 1000 * Int64.random(in: -130...130, using: &generator)))
        }
        for point in doubled {
            let place = Coordinate(x: Double(point.x) / 2000, y: Double(point.y) / 2000)
            let wanted = try engine.contains(geometry, .point(Point(place)))
            #expect(prepared.strictlyContains(doubled: point) == wanted, "seed \(seed): \(place) in \(geometry.wkt)")
        }
    }

    @Test("Two areas overlap where GEOS finds common ground", arguments: UInt64(1)...40)
    func overlaps(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 500)
        let engine = try TopologyEngine()
        let one = star(&generator)
        let shift = (
            x: Double(Int.random(in: -260...260, using: &generator)),
            y: Double(Int.random(in: -60...60, using: &generator))
        )
        let two = star(&generator).mapCoordinates { $0.map { Coordinate(x: $0.x + shift.x, y: $0.y + shift.y) } }
        for geometry in [one, two] { guard try engine.validityFault(of: geometry) == nil else { return } }
        let first = try #require(PreparedFeature(CoverageFeature(id: 1, owner: 1, geometry: one)))
        let second = try #require(PreparedFeature(CoverageFeature(id: 2, owner: 2, geometry: two)))
        let common = try engine.area(engine.intersection(one, two))
        #expect(first.overlaps(second) == (common > 0), "seed \(seed): \(common) m²")
        #expect(second.overlaps(first) == (common > 0), "seed \(seed)")
        #expect(first.overlaps(first))
    }
}
