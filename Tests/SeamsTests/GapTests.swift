// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import Seams

@Suite("Gaps between owners")
struct GapTests {
    /// Two squares with a lens between them that is `width` wide.
    private func lens(
        _ width: Double, authorities: (Int, Int) = (0, 0), isProtected: (Bool, Bool) = (false, false)
    ) throws -> [CoverageFeature] {
        let x = GridPrecision.millimetre.snap(10 - width)
        return [
            try area(
                1, owner: 1, "POLYGON((0 0,10 0,10 3,\(x) 5,10 7,10 10,0 10,0 0))", authority: authorities.0,
                isProtected: isProtected.0),
            try area(
                2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 7,10 3,10 0))", authority: authorities.1,
                isProtected: isProtected.1),
        ]
    }

    @Test("The loser comes to the winner's border, which keeps its vertices")
    func authority() throws {
        let result = try CoverageSeams().repair(try lens(0.4, authorities: (1, 2)))
        #expect(result.changed == [1: try Geometry(wkt: "POLYGON((0 0,10 0,10 3,10 7,10 10,0 10,0 0))")])
        #expect(result.defects.map(\.kind) == [.gap])
        #expect(result.defects[0].outcome == .repaired)
        #expect(abs(result.defects[0].area - 0.8) < 1e-9)
        #expect(abs(result.defects[0].width - 0.39) < 0.01)
        #expect(result.defects[0].features == [1, 2])
        #expect(result.movements.map(\.feature) == [1])
        #expect(abs(result.movements[0].areaTaken - 0.8) < 1e-9)
        #expect(abs(result.movements[0].largestShift - 0.4) < 1e-9)
        #expect(result.movements[0].areaGiven == 0)
        #expect(result.movements[0].with == [2])
        #expect(result.considered == [1, 2])
    }

    @Test("The winner's border stays when it is the bent one")
    func otherAuthority() throws {
        let result = try CoverageSeams().repair(try lens(0.4, authorities: (2, 1)))
        #expect(result.changed == [2: try Geometry(wkt: "POLYGON((10 0,20 0,20 10,10 10,10 7,9.6 5,10 3,10 0))")])
    }

    @Test("Equal authority meets in the middle")
    func middle() throws {
        let features = try lens(0.4)
        let result = try CoverageSeams().repair(features)
        let after = result.applied(to: features)
        let oracle = try CoverageOracle()
        #expect(try oracle.holes(after) == 0)
        #expect(try oracle.overlap(after) < 1e-9)
        #expect(result.movements.count == 2)
        for movement in result.movements { #expect(abs(movement.areaTaken - 0.4) < 0.06) }
    }

    @Test("A protected border stays, whatever its authority")
    func protection() throws {
        let one = try CoverageSeams().repair(try lens(0.4, authorities: (0, 9), isProtected: (true, false)))
        #expect(one.changed.keys.sorted() == [2])
        let both = try CoverageSeams().repair(try lens(0.4, isProtected: (true, true)))
        #expect(both.changed.isEmpty)
        #expect(both.defects.map(\.outcome) == [.refused(.protectedConflict)])
    }

    @Test("Width and area have limits", arguments: [(0.5, true), (1.0, true), (3.0, false)])
    func limits(width: Double, isRepaired: Bool) throws {
        let result = try CoverageSeams().repair(try lens(width))
        #expect(result.defects.map(\.outcome) == [isRepaired ? .repaired : .refused(.widerThanLimit)])
        #expect(result.changed.isEmpty != isRepaired)
        var rules = CoverageRules()
        rules.gapArea = 0.5
        let small = try CoverageSeams(rules: rules).repair(try lens(width))
        #expect(small.changed.isEmpty)
    }

    @Test("The share of a gap goes to each loser up to where their border leads")
    func twoLosers() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,9.8 0,9.8 5,0 5,0 0))"),
            try area(2, owner: 1, "POLYGON((0 5,9.8 5,9.8 10,0 10,0 5))"),
            try area(3, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))", authority: 1),
            try area(4, owner: 2, "POLYGON((0 -5,20 -5,20 0,10 0,9.8 0,0 0,0 -5))", authority: 1),
            try area(5, owner: 2, "POLYGON((0 10,9.8 10,10 10,20 10,20 15,0 15,0 10))", authority: 1),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(
            result.changed == [
                1: try Geometry(wkt: "POLYGON((0 0,9.8 0,10 0,10 5,9.8 5,0 5,0 0))"),
                2: try Geometry(wkt: "POLYGON((0 5,9.8 5,10 5,10 10,9.8 10,0 10,0 5))"),
                3: try Geometry(wkt: "POLYGON((10 0,20 0,20 10,10 10,10 5,10 0))"),
            ])
    }

    @Test("A slit that is open to the outside is closed; corners of the outer border are not")
    func slits() throws {
        let slit = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,9.9 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))", authority: 1),
        ]
        let result = try CoverageSeams().repair(slit)
        #expect(result.defects.map(\.kind) == [.slit])
        #expect(result.changed == [1: try Geometry(wkt: "POLYGON((0 0,10 0,10 10,9.9 10,0 10,0 0))")])
        let corner = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10 10,9.8 10.2,0 20,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 20,10.2 10.2,10 10,10 0))"),
        ]
        #expect(try CoverageSeams().repair(corner).defects.isEmpty)
    }

    @Test("Two that do not touch at all are joined over a narrow strip")
    func strip() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,9.7 0,9.7 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))"),
        ]
        let result = try CoverageSeams().repair(features)
        let after = result.applied(to: features)
        #expect(abs(try CoverageOracle().covered(after) - 200) < 0.01)
        #expect(
            result.changed[1]?.wkt == "POLYGON ((0 0,9.7 0,9.85 0,9.85 10,9.7 10,0 10,0 0))")
    }

    @Test("Ground within one owner, necks and inlets are that owner's own")
    func ownMatters() throws {
        let neck = "POLYGON((0 0,10 0,10 4.9,10.05 4.9,10.05 0,20 0,20 10,10.05 10,10.05 5.1,10 5.1,10 10,0 10,0 0))"
        let features = [
            try area(1, owner: 1, neck),
            try area(2, owner: 1, "POLYGON((0 10.2,20 10.2,20 20,0 20,0 10.2))"),
            try area(3, owner: 2, "POLYGON((20 0,30 0,30 10,20 10,20 0))"),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.changed.isEmpty)
        #expect(result.defects.isEmpty)
    }

    @Test("A narrow neck beside a repaired seam stays one")
    func neckAtASeam() throws {
        // The neck between the two halves of 1 is 4 cm wide.
        let features = [
            try area(
                1, owner: 1,
                "POLYGON((0 0,10 0,10 4.98,10.5 4.98,10.5 0,20 0,20 10,10.5 10,10.5 5.02,10 5.02,10 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((20.2 0,30 0,30 10,20.2 10,20.2 0))", authority: 1),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(
            result.changed == [
                1: try Geometry(
                    wkt: "POLYGON((0 0,10 0,10 4.98,10.5 4.98,10.5 0,20 0,20.2 0,20.2 10,20 10,10.5 10,10.5 5.02,"
                        + "10 5.02,10 10,0 10,0 0))")
            ])
    }

    @Test("Three owners share a gap at their corner")
    func threeOwners() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10 9.8,9.7 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10.3 10,10 9.8,10 0))"),
            try area(3, owner: 3, "POLYGON((0 10,9.7 10,10 10.2,10.3 10,20 10,20 20,0 20,0 10))"),
        ]
        let result = try CoverageSeams().repair(features)
        let after = result.applied(to: features)
        let oracle = try CoverageOracle()
        #expect(result.changed.keys.sorted() == [1, 2, 3])
        #expect(abs(try oracle.covered(after) - 400) < 1e-6)
        #expect(try oracle.overlap(after) < 1e-9)
    }
}
