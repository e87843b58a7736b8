// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@Suite struct WKTTests {
    @Test(arguments: [
        ("point(1 2)", "POINT (1 2)"), ("  Point Z ( 1   2 3 ) ", "POINT (1 2)"), ("POINTZ(1 2 3)", "POINT (1 2)"),
        ("POINT ZM (1 2 3 4)", "POINT (1 2)"), ("POINT M (1 2 3)", "POINT (1 2)"), ("POINT (1 2 3)", "POINT (1 2)"),
        ("SRID=4549;POINT (1 2)", "POINT (1 2)"), ("POINT Z EMPTY", "POINT EMPTY"),
        ("MULTIPOINT (1 2, 3 4)", "MULTIPOINT ((1 2),(3 4))"),
        ("LINESTRING(1e3 -2.5E-3,\n+1 .5)", "LINESTRING (1000 -0.0025,1 0.5)"),
        ("POLYGON((0 0,1 0,1 1,0 0),EMPTY)", "POLYGON ((0 0,1 0,1 1,0 0))"),
    ])
    func `other spellings are read`(text: String, wkt: String) throws {
        #expect(try Geometry(wkt: text).wkt == wkt)
    }

    @Test(arguments: [
        ("", SimpleFeaturesError.Kind.malformed), ("POINT", .truncated), ("POINT (1", .malformed),
        ("POINT (1 2", .truncated), ("POINT (1 2))", .trailing), ("POINT (a b)", .malformed),
        ("POINT (0x10 2)", .malformed), ("POINT (nan 2)", .notFinite), ("POINT (1e999 2)", .notFinite),
        ("CIRCULARSTRING (0 0,1 1,2 0)", .unsupportedType), ("GEOMETRY (1 2)", .unsupportedType),
        ("POLYGON ((0 0,1 0,1 1,0 1))", .ringNotClosed), ("POLYGON ((0 0,1 0,0 0))", .tooFewPositions),
        ("LINESTRING (1 2)", .tooFewPositions), ("POLYGON (EMPTY,(0 0,1 0,1 1,0 0))", .tooFewPositions),
        ("POINT (1 2 3 4 5)", .malformed),
    ])
    func `faults are told apart`(text: String, kind: SimpleFeaturesError.Kind) {
        let error = #expect(throws: SimpleFeaturesError.self) { try Geometry(wkt: text) }
        #expect(error?.kind == kind)
    }

    @Test func `nesting is limited`() {
        let text = String(repeating: "GEOMETRYCOLLECTION (", count: 100_000)
        let error = #expect(throws: SimpleFeaturesError.self) { try Geometry(wkt: text) }
        #expect(error?.kind == .limitExceeded)
    }

    @Test func `numbers come back to the last bit`() throws {
        let seed: UInt64 = 12
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let geometry = Geometry.point(
                Point(x: value, y: Double(Int64.random(in: -1_000_000...1_000_000, using: &generator)) / 1000))
            #expect(try Geometry(wkt: geometry.wkt) == geometry)
        }
    }
}
