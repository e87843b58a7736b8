// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing
import Topology

@testable import Seams

@Suite("Seams on other grids than a millimetre")
struct GridTests {
    private static let precisions = [0.0001, 0.01, 0.1, 1]

    /// The same cells on another grid.
    private func moved(_ geometry: Geometry, to grid: GridPrecision) -> Geometry {
        geometry.mapCoordinates { run in
            run.map { position in
                Coordinate(
                    x: grid.ordinate(ofCell: (position.x * 1000).rounded()),
                    y: grid.ordinate(ofCell: (position.y * 1000).rounded()))
            }
        }
    }

    @Test("Equal cells are decided equally, whatever their size", arguments: precisions)
    func cells(precision: Double) throws {
        let grid = try #require(GridPrecision(precision))
        let scale = precision * 1000
        for seed in UInt64(1)...4 {
            var generator = SeededGenerator(seed: seed &+ 300)
            let features = RandomCoverage(size: 4, owners: 3, damage: 0.7, &generator).features
            guard try CoverageOracle().areValid(features) else { continue }
            let known = try CoverageSeams().repair(features)
            var rules = CoverageRules()
            rules.gapWidth *= scale
            rules.overlapWidth *= scale
            rules.gapArea *= scale * scale
            rules.overlapArea *= scale * scale
            rules.smallestWidth *= scale
            rules.spikeLength *= scale
            let scaled = features.map { feature in
                var feature = feature
                feature.geometry = moved(feature.geometry, to: grid)
                return feature
            }
            let result = try CoverageSeams(rules: rules, precision: grid).repair(scaled)
            #expect(!known.changed.isEmpty)
            #expect(result.changed == known.changed.mapValues { moved($0, to: grid) }, "seed \(seed)")
            #expect(result.defects.map(\.outcome) == known.defects.map(\.outcome), "seed \(seed)")
            #expect(result.defects.map(\.geometry) == known.defects.map { moved($0.geometry, to: grid) })
            for (one, two) in zip(result.defects, known.defects) {
                #expect(abs(one.width - two.width * scale) <= 1e-9 * max(1, one.width))
                #expect(abs(one.area - two.area * scale * scale) <= 1e-9 * max(1, one.area))
            }
            #expect(result.considered == known.considered)
            let dirty = scaled[0].geometry.envelope
            let around = try CoverageSeams(rules: rules, precision: grid).repair(around: [dirty]) { envelope in
                scaled.filter { $0.geometry.envelope.intersects(envelope) }
            }
            for (id, geometry) in around.changed { #expect(result.changed[id] == geometry, "seed \(seed)") }
        }
    }

    @Test(
        "Equals meet in the middle, on the grid", arguments: [(0.0001, "9.7001", 9.85), (0.01, "9.7", 9.85), (0.1, "9.7", 9.85)])
    func middle(precision: Double, border: String, middle: Double) throws {
        let grid = try #require(GridPrecision(precision))
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,\(border) 0,\(border) 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))"),
        ]
        let result = try CoverageSeams(precision: grid).repair(features)
        #expect(result.defects.map(\.outcome) == [.repaired])
        #expect(abs(result.defects[0].width - 0.3) < 0.001)
        let after = result.applied(to: features)
        #expect(abs(after[0].geometry.envelope.maxX - middle) <= precision)
        #expect(after[0].geometry.envelope.maxX == after[1].geometry.envelope.minX)
        for feature in after {
            feature.geometry.forEachCoordinates { run in #expect(run.allSatisfy(grid.holds)) }
        }
        #expect(abs(try CoverageOracle().covered(after) - 200) < 1e-9)
    }

    @Test("What rounding to a coarse grid makes is no defect, a cell's width is")
    func smallest() throws {
        let grid = try #require(GridPrecision(0.01))
        // 2 has a vertex on the edge of 1, half a cell off it at most.
        let rounded = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10.01 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10.01 10,10 4,10 0))"),
        ]
        #expect(try CoverageSeams(precision: grid).repair(rounded).defects.isEmpty)
        #expect(try CoverageSeams().repair(rounded).defects.count == 1)
        let apart = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10.02 0,20 0,20 10,10.02 10,10.02 0))"),
        ]
        #expect(try CoverageSeams(precision: grid).repair(apart).defects.map(\.outcome) == [.repaired])
    }

    @Test("Ends of lines and the parts of a building meet on the grid", arguments: [0.0001, 0.01])
    func linesAndTwins(precision: Double) throws {
        let grid = try #require(GridPrecision(precision))
        let x = grid.snap(10.4 + precision)
        let lines = [
            SeamLine(id: 1, owner: 1, geometry: try Geometry(wkt: "LINESTRING(0 0,10 0)")),
            SeamLine(id: 2, owner: 2, geometry: try Geometry(wkt: "LINESTRING(\(x) 0,20 0)")),
        ]
        let joined = LineSeams(precision: grid).join(lines)
        #expect(joined.records.map(\.outcome) == [.joined])
        #expect(abs(joined.records[0].distance - (x - 10)) < 1e-9)
        let ends = joined.changed.keys.sorted().compactMap { joined.changed[$0]?.envelope }
        #expect(ends.count == 2 && ends[0].maxX == ends[1].minX && grid.snap(ends[0].maxX) == ends[0].maxX)
        #expect(abs(ends[0].maxX - 10.2) <= precision)
        #expect(
            LineSeams(precision: grid).join(around: [lines[0].geometry.envelope], source: { _ in lines }) == joined)

        let parts = [
            TwinFeature(id: 1, owner: 1, authority: 1, geometry: try Geometry(wkt: "POLYGON((0 0,10 0,10 10,0 10,0 0))")),
            TwinFeature(
                id: 2, owner: 2, geometry: try Geometry(wkt: "POLYGON((10.02 0.01,15 0,15 10,10.02 10,10.02 0.01))")),
        ]
        let decisions = try TwinSeams(precision: grid).decisions(on: parts) { $0.name == $1.name }.decisions
        guard case .joined(let whole, kept: 1, dropped: 2) = try #require(decisions.first).verdict else {
            Issue.record("\(decisions)")
            return
        }
        #expect(abs(try TopologyEngine().area(whole) - 150) < 1e-6)
        whole.forEachCoordinates { run in #expect(run.allSatisfy(grid.holds)) }
        #expect(abs(decisions[0].distance - 0.02) < 0.005)
    }
}
