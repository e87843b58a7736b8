// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

@Suite("Rings proven simple without GEOS")
struct CertificateTests {
    private func ring(_ geometry: Geometry) -> [Coordinate] {
        guard case .polygon(let polygon) = geometry else { return [] }
        return polygon.exteriorRing.coordinates
    }

    private func isValid(_ geometry: Geometry, _ engine: TopologyEngine) throws -> Bool {
        try engine.faultByGEOS(of: geometry) == nil
    }

    @Test("Whatever is proven simple is valid to GEOS, on and off the grid")
    func agreesWithGEOS() throws {
        let engine = try TopologyEngine()
        var generator = SeededGenerator(seed: 51)
        var proven = 0
        var valid = 0
        for round in 0..<12_000 {
            let raw = ring(RandomPolygons.next(round % 6, &generator)).withoutRepeats()
            for candidate in [raw, raw.snapped(to: .millimetre)]
            where candidate.count >= 4 {
                let geometry = Geometry.polygon(Polygon(LinearRing(candidate)))
                let isValid = try isValid(geometry, engine)
                if isValid { valid += 1 }
                guard SimpleRingCertificate.holds(for: candidate) else { continue }
                proven += 1
                #expect(isValid, "\(geometry.wkt)")
            }
        }
        // And the proof comes off nearly always, else it would be no use.
        #expect(proven > valid * 99 / 100)
        #expect(proven > 3000)
    }

    @Test("On a grid of few cells, where everything touches, it never claims too much")
    func tinyGrid() throws {
        let engine = try TopologyEngine()
        var generator = SeededGenerator(seed: 52)
        var proven = 0
        var valid = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 3...8, using: &generator)
            let corners = (0..<count).map { _ in
                Coordinate(
                    x: Double(Int.random(in: 0...4, using: &generator)),
                    y: Double(Int.random(in: 0...4, using: &generator)))
            }
            let candidate = (corners + [corners[0]]).withoutRepeats()
            guard candidate.count >= 4 else { continue }
            let isValid = try isValid(.polygon(Polygon(LinearRing(candidate))), engine)
            if isValid { valid += 1 }
            if SimpleRingCertificate.holds(for: candidate) {
                proven += 1
                #expect(isValid)
            } else if isValid {
                // On small whole numbers all signs are certain: nothing simple
                // is missed but a collinear touch of bounding boxes.
                #expect(candidate.count > 4)
            }
        }
        #expect(proven > valid * 9 / 10)
    }

    @Test("Rings of many edges, sound and with one crossing, agree with GEOS")
    func largeRings() throws {
        let engine = try TopologyEngine()
        var generator = SeededGenerator(seed: 53)
        for round in 0..<400 {
            let count = Int.random(in: 41...600, using: &generator)
            var corners: [Coordinate] = []
            for index in 0..<count {
                let angle = 6.28 * Double(index) / Double(count)
                let radius = Double.random(in: 50...100, using: &generator)
                corners.append(Coordinate(x: 6e5 + radius * cos(angle), y: 3.4e6 + radius * sin(angle)))
            }
            if round.isMultiple(of: 2) {
                corners.swapAt(.random(in: 0..<count, using: &generator), .random(in: 0..<count, using: &generator))
            }
            let ring = corners + [corners[0]]
            let isValid = try isValid(.polygon(Polygon(LinearRing(ring))), engine)
            #expect(SimpleRingCertificate.holds(for: ring) == isValid)
        }
    }

    @Test("Too many edges, or too few, are left to GEOS")
    func limits() {
        // A parabola, closed by its chord.
        var ring = (0...3000).map { Coordinate(x: Double($0), y: Double($0 * $0)) }
        ring.append(ring[0])
        #expect(!SimpleRingCertificate.holds(for: ring))
        #expect(SimpleRingCertificate.holds(for: Array(ring.prefix(1500)) + [ring[0]]))
        #expect(SimpleRingCertificate.holds(for: Array(ring.prefix(20)) + [ring[0]]))
        #expect(!SimpleRingCertificate.holds(for: Array(ring.prefix(3))))
    }
}
