// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

@Suite("Operations on geometry")
struct OperationTests {
    private let left = "POLYGON((0 0,4 0,4 4,0 4,0 0))"
    private let right = "POLYGON((2 0,6 0,6 4,2 4,2 0))"

    @Test("Overlay of two squares")
    func overlay() throws {
        let engine = try TopologyEngine()
        let (a, b) = (try wkt(left), try wkt(right))
        #expect(try engine.area(engine.intersection(a, b)) == 8)
        #expect(try engine.area(engine.union(a, b)) == 24)
        #expect(try engine.area(engine.difference(a, b)) == 8)
        #expect(try engine.area(engine.symDifference(a, b)) == 16)
        let both = try wkt("MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((2 0,6 0,6 4,2 4,2 0)))")
        #expect(try engine.area(engine.unaryUnion(both)) == 24)
        #expect(try engine.equals(engine.unaryUnion(both), engine.union(a, b)))
    }

    @Test("Overlay is consistent: the parts add up, on the grid to the last bit")
    func overlayAddsUp() throws {
        let engine = try TopologyEngine()
        var generator = SeededGenerator(seed: 71)
        for _ in 0..<300 {
            let a = try engine.normalise(star(&generator)).geometry
            let b = try engine.normalise(star(&generator)).geometry
            let common = try engine.intersection(a, b, on: .millimetre)
            let rest = try engine.difference(a, b, on: .millimetre)
            let (areaA, areaCommon, areaRest) = (try engine.area(a), try engine.area(common), try engine.area(rest))
            // New vertices move by half a cell at most.
            #expect(abs(areaA - areaCommon - areaRest) < 0.5)
            #expect(try engine.area(engine.union(a, b)) >= areaA - 1e-6)
            for result in [common, rest, try engine.union(a, b, on: .millimetre)] {
                result.forEachCoordinates { #expect($0.allSatisfy { GridPrecision.millimetre.holds($0) }) }
            }
        }
    }

    private func star(_ generator: inout SeededGenerator) -> Geometry {
        let shift = Double.random(in: 0...40, using: &generator)
        let directions: [(Double, Double)] = [
            (1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7),
        ]
        var corners: [Coordinate] = []
        for (x, y) in directions {
            let radius = Double.random(in: 10...40, using: &generator)
            corners.append(Coordinate(x: 631_000 + shift + radius * x, y: 3_444_000 + radius * y))
        }
        return polygon(corners)
    }

    @Test("Measures")
    func measures() throws {
        let engine = try TopologyEngine()
        let holed = try wkt("POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 4,2 2))")
        #expect(try engine.area(holed) == 96)
        #expect(try engine.length(holed) == 48)
        #expect(try engine.length(wkt("LINESTRING(0 0,3 4)")) == 5)
        #expect(try engine.area(wkt("LINESTRING(0 0,3 4)")) == 0)
        #expect(try engine.distance(wkt("POINT(0 0)"), wkt("LINESTRING(3 -9,3 9)")) == 3)
        #expect(try engine.hausdorffDistance(wkt("LINESTRING(0 0,2 0)"), wkt("LINESTRING(0 1,2 3)")) == 3)
        #expect(try engine.centroid(wkt(left)) == Coordinate(x: 2, y: 2))
        #expect(try engine.centroid(wkt("POLYGON EMPTY")) == nil)
        let horseshoe = try wkt("POLYGON((0 0,9 0,9 1,1 1,1 8,9 8,9 9,0 9,0 0))")
        let inside = try #require(try engine.pointOnSurface(horseshoe))
        #expect(try engine.contains(horseshoe, .point(Point(inside))))
        #expect(try engine.pointOnSurface(wkt("MULTIPOLYGON EMPTY")) == nil)
    }

    @Test("Area agrees with the sum over our own rings")
    func areaAgrees() throws {
        let engine = try TopologyEngine()
        var generator = SeededGenerator(seed: 72)
        for _ in 0..<500 {
            let geometry = RandomPolygons.next(0, &generator)
            let area = try engine.area(geometry)
            #expect(abs(area - AreaNormalisation.area(geometry)) <= 1e-9 * max(area, 1))
        }
    }

    @Test("Predicates, both ways round")
    func predicates() throws {
        let engine = try TopologyEngine()
        let (a, b) = (try wkt(left), try wkt(right))
        let inner = try wkt("POLYGON((1 1,2 1,2 2,1 2,1 1))")
        let beside = try wkt("POLYGON((4 0,8 0,8 4,4 4,4 0))")
        #expect(try engine.intersects(a, b) && engine.intersects(b, a))
        #expect(try !engine.intersects(inner, beside))
        #expect(try engine.contains(a, inner) && !engine.contains(inner, a))
        #expect(try engine.covers(a, a) && !engine.covers(inner, a))
        #expect(try engine.touches(a, beside) && !engine.touches(a, b))
        #expect(try engine.equals(a, wkt("POLYGON((4 4,0 4,0 0,4 0,4 4))")) && !engine.equals(a, b))
        #expect(try !engine.contains(a, wkt("LINESTRING(0 0,4 0)")) && engine.covers(a, wkt("LINESTRING(0 0,4 0)")))
    }

    @Test("Boundary, hull and simplification")
    func derived() throws {
        let engine = try TopologyEngine()
        #expect(try engine.boundary(wkt(left)) == (try wkt("LINESTRING(0 0,4 0,4 4,0 4,0 0)")))
        #expect(try engine.boundary(wkt("LINESTRING(0 0,1 1)")) == (try wkt("MULTIPOINT((0 0),(1 1))")))
        #expect(throws: TopologyError.self) { try engine.boundary(wkt("GEOMETRYCOLLECTION(POINT(0 0))")) }
        let hull = try engine.convexHull(wkt("MULTIPOINT((0 0),(4 0),(4 4),(0 4),(2 2))"))
        #expect(try engine.equals(hull, wkt(left)))
        let wiggly = try wkt("LINESTRING(0 0,1 0.1,2 -0.1,3 0.05,4 0)")
        #expect(try engine.simplify(wiggly, tolerance: 0.5) == (try wkt("LINESTRING(0 0,4 0)")))
        #expect(try engine.simplify(wiggly, tolerance: 0, preservingTopology: false) == wiggly)
        #expect(throws: TopologyError.self) { try engine.simplify(wiggly, tolerance: .nan) }
    }

    @Test("Validity and repair")
    func validity() throws {
        let engine = try TopologyEngine()
        let fault = try #require(try engine.validityFault(of: wkt("POLYGON((0 0,4 4,4 0,0 4,0 0))")))
        #expect(fault.reason == "Self-intersection")
        #expect(fault.location == Coordinate(x: 2, y: 2))
        #expect(try engine.validityFault(of: wkt(left)) == nil)
        let outside = try wkt("POLYGON((0 0,4 0,4 4,0 4,0 0),(5 5,6 5,6 6,5 6,5 5))")
        #expect(try engine.validityFault(of: outside)?.reason == "Hole lies outside shell")
        let made = try engine.makeValid(outside)
        #expect(try engine.validityFault(of: made) == nil)
        #expect(try engine.makeValid(wkt(left)) == (try wkt(left)))
        let line = try wkt("LINESTRING(0 0,4 4,4 0,0 4)")
        #expect(try engine.makeValid(line) == line)
    }

    @Test("Empty members never reach GEOS, in any operation")
    func emptyMembers() throws {
        let engine = try TopologyEngine()
        let square = try wkt(left)
        let odd = [
            "MULTIPOINT(EMPTY,(1 1))", "MULTILINESTRING(EMPTY,(0 0,1 1))", "MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)))",
            "GEOMETRYCOLLECTION(POINT EMPTY,GEOMETRYCOLLECTION(POLYGON EMPTY),POINT(1 1))", "MULTIPOINT(EMPTY)",
            "MULTIPOLYGON(EMPTY,EMPTY)", "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION EMPTY)",
        ]
        for text in odd {
            let geometry = try wkt(text)
            #expect(geometry.hasEmptyParts)
            #expect(!geometry.withoutEmptyParts().geometry.hasEmptyParts)
            #expect(geometry.withoutEmptyParts().removed > 0)
            #expect(try engine.validityFault(of: geometry) == nil)
            _ = try engine.intersects(geometry, square)
            _ = try engine.distance(geometry, square)
            _ = try engine.centroid(geometry)
            _ = try engine.convexHull(geometry)
            _ = try engine.unaryUnion(geometry)
            _ = try engine.normalise(geometry)
            #expect(try engine.area(geometry) >= 0)
        }
        #expect(try !wkt("MULTIPOINT((1 1))").hasEmptyParts)
    }

    @Test("When GEOS gives up, the error says the operation and GEOS's words, and the engine goes on")
    func failures() throws {
        let engine = try TopologyEngine()
        let collection = try wkt("GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(0 0,1 1))")
        let error = #expect(throws: TopologyError.self) {
            // Past our own check, which spares GEOS this question.
            try engine.unary("boundary", collection) { GEOSBoundary_r($0, $1) }
        }
        #expect(error?.kind == .library)
        #expect(error?.description.contains("boundary") == true)
        #expect(error?.description.contains("GEOS:") == true)
        let nothing = #expect(throws: TopologyError.self) {
            _ = try engine.context.object("nothing") { _ in nil }
        }
        #expect(nothing?.kind == .library)
        #expect(try engine.area(wkt(left)) == 16)
        #expect(engine.libraryVersion.hasPrefix("GEOS 3."))
    }

    @Test("Every type survives the way to GEOS and back, bit for bit")
    func roundTrip() throws {
        let engine = try TopologyEngine()
        for text in [
            "POINT(1.1 2.2)", "POINT EMPTY", "LINESTRING(0 0,0.1 1)", "LINESTRING EMPTY", "POLYGON EMPTY",
            "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 2,1 1),(4 4,5 4,5 5,4 5,4 4))", "MULTIPOINT((0 0),(1 1))",
            "MULTILINESTRING((0 0,1 1),(2 2,3 3))", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
            "GEOMETRYCOLLECTION(POINT(1 1),GEOMETRYCOLLECTION(LINESTRING(0 0,1 1)))", "MULTIPOLYGON EMPTY",
        ] {
            let geometry = try wkt(text)
            let object = try engine.makeObject(geometry)
            #expect(try engine.makeGeometry(object.pointer) == geometry)
        }
    }
}
