// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import Seams

@Suite("Overlaps between owners")
struct OverlapTests {
    private func strips(_ authorities: (Int, Int), isProtected: (Bool, Bool) = (false, false)) throws
        -> [CoverageFeature]
    {
        [
            try area(
                1, owner: 1, "POLYGON((0 0,10.3 0,10.3 10,0 10,0 0))", authority: authorities.0,
                isProtected: isProtected.0),
            try area(
                2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))", authority: authorities.1,
                isProtected: isProtected.1),
        ]
    }

    @Test("The loser gives up the overlap")
    func authority() throws {
        let first = try CoverageSeams().repair(try strips((2, 1)))
        #expect(first.changed[2] == (try Geometry(wkt: "POLYGON((20 0,20 10,10.3 10,10.3 0,20 0))")))
        #expect(abs((first.movements.first { $0.feature == 2 }?.areaGiven ?? 0) - 3) < 1e-9)
        let second = try CoverageSeams().repair(try strips((1, 2)))
        #expect(second.changed[1] == (try Geometry(wkt: "POLYGON((0 0,10 0,10 10,0 10,0 0))")))
        #expect(second.changed[2] == nil)
    }

    @Test("Equal authority divides it along the middle")
    func middle() throws {
        let features = try strips((1, 1))
        let result = try CoverageSeams().repair(features)
        let after = result.applied(to: features)
        #expect(try CoverageOracle().overlap(after) < 1e-9)
        #expect(abs(try CoverageOracle().covered(after) - 200) < 0.01)
        for movement in result.movements { #expect(abs(movement.areaGiven - 1.5) < 0.1) }
    }

    @Test("An overlap beside another seam is on record once")
    func besideAnotherSeam() throws {
        // C and D have a slit between them; A and B, below C, overlap each other and face neither.
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10 4,10 6,10 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 6,9.7 6,9.7 4,10 4,10 0))"),
            try area(3, owner: 3, "POLYGON((0 10,10 10,20 10,20 20,0 20,0 10))"),
            try area(4, owner: 4, "POLYGON((0 20.5,20 20.5,20 30,0 30,0 20.5))"),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.defects.map(\.kind) == [.slit, .overlap])
        #expect(result.defects.map(\.outcome) == [.repaired, .repaired])
        #expect(result.defects.map(\.features) == [[3, 4], [1, 2]])
        #expect(result.totals.map(\.count) == [1, 1])
    }

    @Test("Protected ground stays; two protected ones are left in conflict")
    func protection() throws {
        #expect(try CoverageSeams().repair(try strips((0, 5), isProtected: (true, false))).changed[1] == nil)
        let both = try CoverageSeams().repair(try strips((0, 5), isProtected: (true, true)))
        #expect(both.changed.isEmpty)
        #expect(both.defects.map(\.outcome) == [.refused(.protectedConflict)])
    }

    @Test("Inner borders of the loser end on the winner's border, exactly")
    func innerBorders() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,10.4 0,10.2 5.1,0 5,0 0))"),
            try area(2, owner: 1, "POLYGON((0 5,10.2 5.1,10.3 10,0 10,0 5))"),
            try area(3, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))", authority: 1),
        ]
        let result = try CoverageSeams().repair(features)
        let meeting = "10 5.098"
        #expect(
            result.changed == [
                1: try Geometry(wkt: "POLYGON((0 0,10 0,\(meeting),0 5,0 0))"),
                2: try Geometry(wkt: "POLYGON((0 5,\(meeting),10 10,0 10,0 5))"),
                3: try Geometry(wkt: "POLYGON((10 0,20 0,20 10,10 10,\(meeting),10 0))"),
            ])
    }

    @Test("Real overlaps, duplicates and enclaves are reported and left alone")
    func refusals() throws {
        let wide = [
            try area(1, owner: 1, "POLYGON((0 0,13 0,13 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))"),
        ]
        let same = [
            try area(1, owner: 1, "POLYGON((0 0,13 0,13 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((0 0,13 0,13 10,0 10,0 0))"),
        ]
        let inside = [
            try area(1, owner: 1, "POLYGON((0 0,30 0,30 30,0 30,0 0))"),
            try area(2, owner: 2, "POLYGON((10 10,15 10,15 15,10 15,10 10))"),
        ]
        for (features, kind) in [(wide, CoverageDefect.Kind.overlap), (same, .duplicate), (inside, .enclave)] {
            let result = try CoverageSeams().repair(features)
            #expect(result.defects.map(\.kind) == [kind])
            #expect(result.defects.map(\.outcome) == [.refused(.widerThanLimit)])
            #expect(result.changed.isEmpty)
        }
    }

    @Test("An exclave that fits its hole is silent")
    func exclave() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,30 0,30 30,0 30,0 0),(10 10,10 15,15 15,15 10,10 10))"),
            try area(2, owner: 2, "POLYGON((10 10,15 10,15 15,10 15,10 10))"),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.defects.isEmpty)
        #expect(result.changed.isEmpty)
    }

    @Test("Vertices that only one side has on a shared edge are no defect")
    func tJunctions() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,13.001 9.999,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 9.999,13.001 9.999,12.1 6.998,11.2 4,10 0))"),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.defects.isEmpty, "\(result.defects)")
        #expect(result.changed.isEmpty)
    }

    @Test("Records are bounded, totals count all")
    func bounds() throws {
        // A saw along a straight border: a gap and an overlap for every tooth.
        var saw: [GridPoint] = []
        for tooth in 0...400 { saw.append(GridPoint(Int64(tooth) * 1000, tooth % 2 == 0 ? 10_020 : 9980)) }
        let top = RandomCoverage.polygon(saw + [GridPoint(400_000, 30_000), GridPoint(0, 30_000)])
        let bottom = RandomCoverage.polygon(
            [GridPoint(0, 10_000), GridPoint(0, 0), GridPoint(400_000, 0), GridPoint(400_000, 10_000)].reversed())
        var rules = CoverageRules()
        rules.mostRecords = 10
        let features = [
            CoverageFeature(id: 1, owner: 1, authority: 1, geometry: top),
            CoverageFeature(id: 2, owner: 2, geometry: bottom),
        ]
        let result = try CoverageSeams(rules: rules).repair(features)
        #expect(result.defects.count == 10)
        #expect(result.totals.reduce(0) { $0 + $1.count } > 390)
        let after = result.applied(to: features)
        #expect(try CoverageOracle().overlap(after) == 0)
        #expect(try CoverageOracle().holes(after) == 0)
    }
}
