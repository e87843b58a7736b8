// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing
import Topology

@testable import Seams

@Suite("Exclaves and necks")
struct ExclaveTests {
    /// Town 1 has a part of its own within town 2, whose hole is 20 to 40 m in
    /// both directions, 100 m east of the towns' common border.
    private func towns(exclave: String, authorities: (Int, Int) = (0, 0)) throws -> [CoverageFeature] {
        [
            try area(1, owner: 1, "MULTIPOLYGON(((0 0,100 0,100 60,0 60,0 0)),((\(exclave))))", authority: authorities.0),
            try area(
                2, owner: 2, "POLYGON((100 0,300 0,300 60,100 60,100 0),(220 20,220 40,240 40,240 20,220 20))",
                authority: authorities.1),
        ]
    }

    @Test("An exclave that fits is no defect")
    func fits() throws {
        let result = try CoverageSeams().repair(try towns(exclave: "220 20,240 20,240 40,220 40,220 20"))
        #expect(result.changed.isEmpty)
        #expect(result.defects.isEmpty)
    }

    @Test("An exclave that is a little out of place is repaired where it is, and stays one")
    func shifted() throws {
        let features = try towns(exclave: "220.3 20,240.3 20,240.3 40,220.3 40,220.3 20", authorities: (0, 1))
        let result = try CoverageSeams().repair(features)
        // The border of 2 may have got a vertex where a corner of 1 was, no more.
        #expect(Set(result.changed.keys).isSubset(of: [1, 2]))
        guard case .multiPolygon(let parts) = try #require(result.changed[1]) else {
            Issue.record("it is one part")
            return
        }
        #expect(parts.polygons.count == 2)
        #expect(parts.polygons[0] == Polygon(
            LinearRing([(0, 0), (100, 0), (100, 60), (0, 60), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) })))
        let oracle = try CoverageOracle()
        let after = result.applied(to: features)
        #expect(try oracle.overlap(after) < 1e-9)
        #expect(try oracle.holes(after) < 1e-9)
        #expect(try oracle.engine.equals(after[1].geometry, features[1].geometry))
        #expect(Set(result.defects.map(\.kind)) == [.gap, .overlap])
    }

    @Test("An exclave that is smaller than its hole is filled by who gives way", arguments: [(0, 1), (1, 0), (0, 0)])
    func smaller(_ one: Int, _ two: Int) throws {
        let features = try towns(exclave: "220.2 20.2,239.8 20.2,239.8 39.8,220.2 39.8,220.2 20.2", authorities: (one, two))
        let result = try CoverageSeams().repair(features)
        #expect(result.defects.map(\.outcome) == [.repaired])
        #expect(result.changed.keys.sorted() == (one == two ? [1, 2] : one < two ? [1] : [2]))
        let after = result.applied(to: features)
        #expect(try CoverageOracle().holes(after) < 1e-9)
        #expect(try CoverageOracle().overlap(after) < 1e-9)
        #expect(after.map { RepairCheck.parts($0.geometry).polygons } == [2, 1])
        #expect(after.map { RepairCheck.parts($0.geometry).holes } == [0, 1])
    }

    @Test("An exclave for which no room was left is reported, never removed")
    func noRoom() throws {
        var features = try towns(exclave: "220 20,240 20,240 40,220 40,220 20")
        features[1].geometry = try Geometry(wkt: "POLYGON((100 0,300 0,300 60,100 60,100 0))")
        let result = try CoverageSeams().repair(features)
        #expect(result.changed.isEmpty)
        #expect(result.defects.map(\.outcome) == [.refused(.widerThanLimit)])
    }

    @Test("Parcels of an exclave come to the parcels around it, none of them elsewhere")
    func parcels() throws {
        // Three by three parcels of 10 m; the one in the middle is another town's, and 0.4 m too far east.
        var features: [CoverageFeature] = []
        for row in 0..<3 {
            for column in 0..<3 {
                let isMiddle = row == 1 && column == 1
                let (x, y) = (Double(column) * 10 + (isMiddle ? 0.4 : 0), Double(row) * 10)
                features.append(
                    try area(
                        Int64(row * 3 + column + 1), owner: isMiddle ? 1 : 2,
                        "POLYGON((\(x) \(y),\(x + 10) \(y),\(x + 10) \(y + 10),\(x) \(y + 10),\(x) \(y)))",
                        authority: isMiddle ? 0 : 1))
            }
        }
        let result = try CoverageSeams().repair(features)
        #expect(Set(result.changed.keys).isSubset(of: [2, 5, 8]))
        let after = result.applied(to: features)
        #expect(try CoverageOracle().overlap(after) < 1e-9)
        #expect(abs(try CoverageOracle().covered(after) - 900) < 1e-6)
        #expect(after[4].geometry.envelope == Envelope(minX: 10, minY: 10, maxX: 20, maxY: 20))
        // 2 and 8 got a vertex at most where the corners of 5 had been.
        for number in [1, 7] {
            #expect(try CoverageOracle().engine.equals(after[number].geometry, features[number].geometry))
        }
    }

    /// GEOS 3.14 closes gaps of a width within one polygon too (its issue 1476).
    @Test(
        "Necks and inlets of one feature stay at a seam that is repaired, whatever their width",
        arguments: [0.5, 0.8, 1, 1.5, 2])
    func necks(width: Double) throws {
        let (low, high) = (5 - width / 2, 5 + width / 2)
        let (west, east) = (10 - width / 2, 10 + width / 2)
        // Two halves with an inlet from above and below, and the neck between these; the seam is at x = 20.
        let inner =
            "0 0,\(west) 0,\(west) \(low),\(east) \(low),\(east) 0,20 0"
        let outer = "20 10,\(east) 10,\(east) \(high),\(west) \(high),\(west) 10,0 10,0 0"
        let features = [
            try area(1, owner: 1, "POLYGON((\(inner),\(outer)))"),
            try area(2, owner: 2, "POLYGON((20.2 0,30 0,30 10,20.2 10,20.2 0))", authority: 1),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.changed == [1: try Geometry(wkt: "POLYGON((\(inner),20.2 0,20.2 10,\(outer)))")])
    }

    @Test("An inlet along a seam belongs to who has it", arguments: [0.5, 0.8, 1, 1.5, 2])
    func inlets(width: Double) throws {
        // The inlet opens to the south, one metre west of the seam, which fits.
        let east = 19.0
        let west = east - width
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,\(west) 0,\(west) 8,\(east) 8,\(east) 0,20 0,20 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((20 0,30 0,30 10,20 10,20 0))", authority: 1),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.changed.isEmpty)
        #expect(result.defects.isEmpty)
    }
}
