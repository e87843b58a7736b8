// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

@Suite("The reference point in every system of the region")
struct ReferencePointTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let source, target: String
        let east, north: String
        var testDescription: String { "\(source) → \(target)" }
    }

    /// As printed in tables that were made with PROJ's own programs. Beijing 54
    /// and Xian 80 start from degrees on their own datum.
    static let table = [
        Row(source: "EPSG:4490", target: "EPSG:4549", east: "631808.653888", north: "3444301.836415"),
        Row(source: "EPSG:4326", target: "EPSG:4549", east: "631808.653888", north: "3444301.836415"),
        Row(source: "OGC:CRS84", target: "EPSG:4528", east: "40631808.653888", north: "3444301.836415"),
        Row(source: "EPSG:4490", target: "EPSG:4510", east: "345618.040243", north: "3444607.275190"),
        Row(source: "EPSG:4490", target: "EPSG:4509", east: "918168.866554", north: "3451752.853193"),
        Row(source: "EPSG:4610", target: "EPSG:2385", east: "631808.715973", north: "3444303.441600"),
        Row(source: "EPSG:4214", target: "EPSG:2437", east: "631810.868881", north: "3444363.021161"),
        Row(source: "EPSG:4326", target: "EPSG:32651", east: "345679.793027", north: "3443229.432378"),
        Row(source: "EPSG:4490", target: "EPSG:32651", east: "345679.793027", north: "3443229.432378"),
        Row(source: "EPSG:4326", target: "EPSG:3857", east: "13512149.035622", north: "3647407.051458"),
        Row(source: "EPSG:4490", target: "EPSG:3857", east: "13512149.035622", north: "3647407.051458"),
    ]

    @Test("Each system gives the printed decimals", arguments: table)
    func printedDecimals(row: Row) throws {
        let result = try transform(row.source, row.target).transform(xinzhuang)
        #expect(String(format: "%.6f", result.x) == row.east)
        #expect(String(format: "%.6f", result.y) == row.north)
    }

    @Test("The way back returns to the start", arguments: table)
    func roundTrip(row: Row) throws {
        let forward = try transform(row.source, row.target)
        let back = try forward.inverted().transform(forward.transform(xinzhuang))
        #expect(abs(back.x - xinzhuang.x) < 1e-11)
        #expect(abs(back.y - xinzhuang.y) < 1e-11)
    }

    @Test("From grid to grid goes through one datum and is exact")
    func gridToGrid() throws {
        let toGrid = try transform("EPSG:4490", "EPSG:4549").transform(xinzhuang)
        let other = try transform("EPSG:4549", "EPSG:4510")
        #expect(other.accuracyInMeters == 0)
        #expect(!other.usesNullDatumShift)
        let result = try other.transform(toGrid)
        #expect(abs(result.x - 345618.040243) < 1e-6)
        #expect(abs(result.y - 3444607.275190) < 1e-6)
    }

    @Test("A swapped position is refused with its index")
    func swappedAxes() throws {
        let toGrid = try transform("EPSG:4490", "EPSG:4549")
        let swapped = Coordinate(x: xinzhuang.y, y: xinzhuang.x)
        var positions = [xinzhuang, xinzhuang, swapped, xinzhuang]
        let error = #expect(throws: ProjectionsError.self) { try toGrid.transform(&positions) }
        #expect(error?.kind == .notTransformable)
        #expect(error?.index == 2)
        var again = [swapped, xinzhuang, swapped]
        let failed = again.withUnsafeMutableBufferPointer { toGrid.transformReportingFailures($0) }
        #expect(failed == [0, 2])
        #expect(abs(again[1].x - 631808.653888) < 1e-6)
    }

    @Test("Bulk and single transforms agree to the last bit")
    func bulkEqualsSingle() throws {
        var generator = SeededGenerator(seed: 11)
        let toGrid = try transform("EPSG:4326", "EPSG:4549")
        let positions = (0..<2000).map { _ in
            Coordinate(x: .random(in: 121...122, using: &generator), y: .random(in: 30...32, using: &generator))
        }
        var bulk = positions
        try toGrid.transform(&bulk)
        let other = try transform("EPSG:4326", "EPSG:4549")
        for (position, image) in zip(positions, bulk) {
            #expect(try other.transform(position) == image)
        }
    }

    @Test("Web Mercator in closed form is PROJ's to a micrometre")
    func webMercatorAgreesWithPROJ() throws {
        var generator = SeededGenerator(seed: 12)
        let closed = try transform("EPSG:4326", "EPSG:3857")
        // The text of the same system takes the way through PROJ.
        let wkt = try CoordinateReferenceSystem.named("EPSG:3857").text(as: .wkt2)
        let proj = try transform("EPSG:4326", wkt)
        #expect(proj.steps != closed.steps)
        for _ in 0..<20_000 {
            let position = Coordinate(
                x: .random(in: -180...180, using: &generator), y: .random(in: -89...89, using: &generator))
            let mine = try closed.transform(position)
            let theirs = try proj.transform(position)
            #expect(mine.distance(to: theirs) < 1e-6)
            let back = try closed.inverted().transform(mine)
            let theirBack = try proj.inverted().transform(mine)
            #expect(back.distance(to: theirBack) < 1e-11)
        }
        #expect(throws: ProjectionsError.self) { try closed.transform(Coordinate(x: 0, y: 90)) }
    }
}
