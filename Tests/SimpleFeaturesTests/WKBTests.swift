// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

/// Bytes from hexadecimal digits; spaces are left out.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// One of each type, with holes, empty members and nesting.
let samples = [
    "POINT (30 10.5)", "POINT EMPTY", "LINESTRING (30 10,10 30,-40 4e-07)", "LINESTRING EMPTY",
    "POLYGON ((0 0,10 0,10 10,0 10,0 0))", "POLYGON ((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 2))", "POLYGON EMPTY",
    "MULTIPOINT ((1 2),(3 4))", "MULTIPOINT ((1 2),EMPTY)", "MULTIPOINT EMPTY",
    "MULTILINESTRING ((1 2,3 4),(5 6,7 8,9 10))", "MULTILINESTRING (EMPTY,(1 2,3 4))",
    "MULTIPOLYGON (((0 0,1 0,1 1,0 0)),((5 5,9 5,9 9,5 5),(6 6,7 6,7 7,6 6)))", "MULTIPOLYGON EMPTY",
    "GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (1 2,3 4),GEOMETRYCOLLECTION (POLYGON ((0 0,1 0,1 1,0 0))))",
    "GEOMETRYCOLLECTION EMPTY",
]

private func fault(_ input: [UInt8], limits: GeometryLimits = .default) -> SimpleFeaturesError.Kind? {
    do {
        _ = try Geometry(wkb: input, limits: limits)
        return nil
    } catch { return error.kind }
}

@Suite struct WKBTests {
    @Test(arguments: samples) func `what is written is read again`(wkt: String) throws {
        let geometry = try Geometry(wkt: wkt)
        #expect(geometry.wkt == wkt)
        let wkb = geometry.wkb
        #expect(wkb.count == geometry.wkbCount)
        #expect(try Geometry(wkb: wkb) == geometry)
        var appended: [UInt8] = [1, 2, 3]
        geometry.appendWKB(to: &appended)
        #expect(appended == [1, 2, 3] + wkb)
    }

    @Test(
        arguments: [
            ("0101000000000000000000F03F0000000000000040", "POINT (1 2)", false, false),
            ("00000000013FF00000000000004000000000000000", "POINT (1 2)", false, false),
            // ISO and EWKB codes for heights and measures.
            ("01E9030000000000000000F03F00000000000000400000000000000840", "POINT (1 2)", true, false),
            ("0101000080000000000000F03F00000000000000400000000000000840", "POINT (1 2)", true, false),
            ("01D1070000000000000000F03F00000000000000400000000000000840", "POINT (1 2)", false, true),
            ("0101000040000000000000F03F00000000000000400000000000000840", "POINT (1 2)", false, true),
            ("01B90B0000000000000000F03F000000000000004000000000000008400000000000001040", "POINT (1 2)", true, true),
            ("01010000C0000000000000F03F000000000000004000000000000008400000000000001040", "POINT (1 2)", true, true),
            // A big-endian member within a little-endian parent.
            ("0104000000 01000000 00000000013FF00000000000004000000000000000", "MULTIPOINT ((1 2))", false, false),
            (
                "0000000002 00000002 3FF00000000000004000000000000000 40080000000000004010000000000000",
                "LINESTRING (1 2,3 4)", false, false
            ),
            (
                "01EA030000 02000000 000000000000F03F00000000000000400000000000000840 000000000000084000000000000010400000000000000840",
                "LINESTRING (1 2,3 4)", true, false
            ),
        ] as [(String, String, Bool, Bool)])
    func `other spellings are read`(hex: String, wkt: String, hadZ: Bool, hadM: Bool) throws {
        let reading = try WKBReading.read(bytes(hex))
        #expect(reading.geometry.wkt == wkt)
        #expect(reading.hadZ == hadZ && reading.hadM == hadM)
        #expect(reading.srid == nil)
    }

    @Test func `the reference system of EWKB is reported`() throws {
        let reading = try WKBReading.read(bytes("0101000020 C5110000 000000000000F03F0000000000000040"))
        #expect(reading.srid == 4549)
        #expect(reading.geometry == .point(Point(x: 1, y: 2)))
    }

    @Test func `faults are told apart`() throws {
        #expect(fault([]) == .truncated)
        #expect(fault(bytes("02")) == .truncated)
        #expect(fault(bytes("0201000000000000000000F03F0000000000000040")) == .malformed)
        #expect(fault(bytes("0109000000000000000000F03F0000000000000040")) == .unsupportedType)
        #expect(fault(bytes("01A10F0000000000000000F03F0000000000000040")) == .unsupportedType)
        #expect(fault(bytes("0101000000000000000000F03F000000000000004000")) == .trailing)
        #expect(fault(bytes("0101000000000000000000F03F000000000000F07F")) == .notFinite)
        #expect(fault(bytes("0101000000000000000000F87F0000000000000040")) == .notFinite)
        #expect(fault(bytes("0102000000 01000000 000000000000F03F0000000000000040")) == .tooFewPositions)
        // A member of the wrong type.
        #expect(fault(bytes("0104000000 01000000 0102000000 00000000 000000000000000000000000")) == .malformed)
        let open = Geometry.polygon(
            Polygon(LinearRing([(0, 0), (1, 0), (1, 1), (0, 1)].map { Coordinate(x: $0.0, y: $0.1) })))
        #expect(fault(open.wkb) == .ringNotClosed)
        let thin = Geometry.polygon(Polygon(LinearRing([(0, 0), (1, 0), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) })))
        #expect(fault(thin.wkb) == .tooFewPositions)
    }

    @Test func `a sentence says what is wrong and where`() throws {
        let error = #expect(throws: SimpleFeaturesError.self) { try Geometry(wkb: bytes("0102000000 FFFFFFFF 00")) }
        #expect(error?.description == "WKB at byte 9: 4294967295 parts are announced, which 1 bytes cannot hold.")
        let curve = #expect(throws: SimpleFeaturesError.self) { try Geometry(wkb: bytes("010A000000 00000000")) }
        #expect(curve?.description == "WKB at byte 5: geometry type 10 (CurvePolygon); types 1 to 7 are read.")
    }

    @Test(arguments: samples) func `every cut is noticed`(wkt: String) throws {
        let wkb = try Geometry(wkt: wkt).wkb
        for count in 0..<wkb.count { #expect(fault(Array(wkb.prefix(count))) == .truncated) }
    }

    @Test func `no damage does harm`() throws {
        let seed: UInt64 = 77
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for wkt in samples {
            let wkb = try Geometry(wkt: wkt).wkb
            for _ in 0..<500 {
                var damaged = wkb
                for _ in 0..<3 {
                    damaged[Int.random(in: 0..<wkb.count, using: &generator)] = .random(
                        in: 0 ... .max, using: &generator)
                }
                if let geometry = try? Geometry(wkb: damaged) {
                    #expect(try Geometry(wkb: geometry.wkb) == geometry)
                }
            }
        }
    }

    @Test func `limits hold`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            (1..<depth).reduce(Geometry.point(Point(x: 1, y: 2))) { inner, _ in
                .geometryCollection(GeometryCollection([inner]))
            }.wkb
        }
        #expect(fault(nested(16)) == nil)
        #expect(fault(nested(17)) == .limitExceeded)
        #expect(fault(nested(64), limits: .trusted) == nil)
        #expect(fault(nested(65), limits: .trusted) == .limitExceeded)
        // Nested so deep that no recursion could follow.
        let header = bytes("0107000000 01000000")
        #expect(fault((0..<100_000).flatMap { _ in header }) == .limitExceeded)

        let line = Geometry.lineString(LineString((0..<101).map { Coordinate(x: Double($0), y: 0) }))
        #expect(fault(line.wkb, limits: GeometryLimits(maxCoordinates: 101)) == nil)
        #expect(fault(line.wkb, limits: GeometryLimits(maxCoordinates: 100)) == .limitExceeded)
        let lines = try Geometry(wkt: samples[10]).wkb
        #expect(fault(lines, limits: GeometryLimits(maxParts: 1)) == .limitExceeded)
        let rings = try Geometry(wkt: samples[5]).wkb
        #expect(fault(rings, limits: GeometryLimits(maxRings: 1)) == .limitExceeded)
    }

    @Test func `a count that the bytes cannot hold allocates nothing`() {
        for code in ["02", "03", "04", "05", "06", "07"] {
            #expect(fault(bytes("01\(code)000000 FFFFFF7F 0000000000000000"), limits: .trusted) == .truncated)
        }
    }
}

@Suite struct GeoPackageGeometryTests {
    @Test(arguments: samples) func `what is written is read again, with its reference system`(wkt: String) throws {
        let geometry = try Geometry(wkt: wkt)
        var blob: [UInt8] = []
        GeoPackageGeometry.encode(geometry, srsID: 4549, into: &blob)
        let (decoded, srsID) = try GeoPackageGeometry.decode(blob)
        #expect(decoded == geometry)
        #expect(srsID == 4549)
        #expect(GeoPackageGeometry.envelope(of: blob) == (geometry.envelope.isEmpty ? nil : geometry.envelope))
        for count in 0..<blob.count {
            #expect(throws: SimpleFeaturesError.self) { try GeoPackageGeometry.decode(Array(blob.prefix(count))) }
        }
    }

    @Test func `the header is that of the standard`() throws {
        var blob: [UInt8] = []
        GeoPackageGeometry.encode(try Geometry(wkt: "LINESTRING (1 2,3 4)"), srsID: -1, into: &blob)
        // "GP", version 0, little endian with an envelope of x and y, -1; then
        // minimum and maximum of x, of y.
        #expect(
            Array(blob.prefix(40))
                == bytes("4750 00 03 FFFFFFFF 000000000000F03F 0000000000000840 0000000000000040 0000000000001040"))
        blob = []
        GeoPackageGeometry.encode(.point(Point(nil)), srsID: 0, into: &blob)
        #expect(Array(blob.prefix(8)) == bytes("4750 00 11 00000000"))
    }

    @Test func `big-endian headers and larger envelopes are read`() throws {
        let point = bytes("0101000000000000000000F03F0000000000000040")
        let (geometry, srsID) = try GeoPackageGeometry.decode(bytes("4750 00 00 000011C5") + point)
        #expect(geometry == .point(Point(x: 1, y: 2)) && srsID == 4549)
        let withZ = bytes("4750 00 05 00000000") + [UInt8](repeating: 0, count: 48) + point
        #expect(try GeoPackageGeometry.decode(withZ).geometry == geometry)
        for header in ["4751 0001 00000000", "4750 000B 00000000", "4750 0021 00000000"] {
            #expect(throws: SimpleFeaturesError.self) { try GeoPackageGeometry.decode(bytes(header) + point) }
        }
        #expect(GeoPackageGeometry.envelope(of: [1, 2, 3]) == nil)
    }
}
