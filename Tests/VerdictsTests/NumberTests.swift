// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures
import Testing

@testable import Verdicts

/// Minhang, 30.97–31.25° N, 121.25–121.60° E, as an outline on the grid.
private let minhang: ReferenceJudge? = try? {
    let toGrid = try transform("OGC:CRS84", "EPSG:4549")
    let ring = try [(121.25, 30.97), (121.60, 30.97), (121.60, 31.25), (121.25, 31.25), (121.25, 30.97)].map {
        try toGrid.transform(Coordinate(x: $0.0, y: $0.1))
    }
    return try ReferenceJudge(
        ReferenceGround(gridCRS: "EPSG:4549", areas: [.init(town: "310112", rings: [ring])]))
}()

/// Points spread over a range of numbers.
private func points(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> PositionSample {
    PositionSample(
        kind: .points,
        positions: (0..<25).map { index in
            Coordinate(
                x: x.lowerBound + (x.upperBound - x.lowerBound) * Double(index % 5) / 4,
                y: y.lowerBound + (y.upperBound - y.lowerBound) * Double(index / 5) / 4)
        })
}

@Suite struct `Numbers alone` {
    /// The table “recognising a CRS from numbers”, with what fits it.
    static let table: [(x: ClosedRange<Double>, y: ClosedRange<Double>, fits: [String])] = [
        (121.25...121.60, 30.97...31.25, ["BD-09", "EPSG:4490", "GCJ-02"]),
        (619_070...652_870, 3_428_310...3_459_800, ["EPSG:4549"]),
        (40_619_070...40_652_870, 3_428_310...3_459_800, ["EPSG:4528"]),
        (332_800...366_640, 3_428_480...3_460_020, ["EPSG:32651", "EPSG:4550"]),
        (41_332_800...41_366_640, 3_428_480...3_460_020, ["EPSG:4529"]),
        (21_332_800...21_366_640, 3_428_480...3_460_020, ["EPSG:4499"]),
        (905_000...939_680, 3_435_400...3_467_840, ["EPSG:4509"]),
        (20_905_000...20_939_680, 3_435_400...3_467_840, ["EPSG:4498"]),
        (332_860...366_700, 3_427_110...3_458_640, ["EPSG:32651", "EPSG:4550"]),
        (-20_730...12_720, -29_410...1_660, ["Shanghai 2000 (approximate)", "old Shanghai plane (approximate)"]),
        (13_497_480...13_536_460, 3_628_850...3_665_260, ["EPSG:3857"]),
    ]

    @Test(arguments: table.indices) func `fit the systems of the table and no other`(row: Int) throws {
        let judge = try #require(minhang)
        let (x, y, fits) = Self.table[row]
        let verdict = judge.verdict(on: points(x, y), claim: .none)
        #expect(verdict.candidates.map(\.name).sorted() == fits, "\(verdict.ranking)")
        #expect(verdict.decisiveDefinition == nil)
        if fits.count > 1 {
            #expect(verdict.conclusion == .unknown)
            #expect(verdict.notes.contains { $0.hasPrefix("The numbers alone cannot tell ") }, "\(verdict.notes)")
        } else if case .inferred(let inference) = verdict.conclusion {
            #expect(inference.definition == fits[0] && !inference.isDecisive)
        } else {
            Issue.record("\(verdict.conclusion)")
        }
        // The same numbers the other way round.
        let swapped = judge.verdict(on: points(y, x), claim: .none)
        let expected = fits.filter { $0 != "BD-09" && $0 != "GCJ-02" }.map { $0 + ", north first" }
        #expect(swapped.candidates.map(\.name).sorted().filter { $0.hasSuffix("first") } == expected)
        #expect(swapped.decisiveDefinition == nil)
    }

    @Test func `that fit nothing stay unknown, and are never taken for WGS 84`() throws {
        let judge = try #require(minhang)
        for sample in [points(5_000_000...5_010_000, 100...200), points(2.2...2.4, 48.8...48.9), points(0...0, 0...0)] {
            let verdict = judge.verdict(on: sample, claim: .none)
            #expect(verdict.conclusion == .unknown)
            #expect(verdict.candidates.isEmpty)
        }
        let empty = judge.verdict(on: PositionSample(kind: .points, positions: []), claim: .none)
        #expect(empty.conclusion == .unknown)
    }

    @Test(
        arguments: [
            ("EPSG:4549", 40_619_070.0...40_652_870.0, 3_428_310.0...3_459_800.0, "EPSG:4528"),
            ("EPSG:4549", 905_000...939_680, 3_435_400...3_467_840, "EPSG:4509"),
            ("EPSG:4508", 619_070...652_870, 3_428_310...3_459_800, "EPSG:4549"),
            ("EPSG:4490", 619_070...652_870, 3_428_310...3_459_800, "EPSG:4549"),
        ])
    func `contradict a system that puts all of it elsewhere`(
        said: String, x: ClosedRange<Double>, y: ClosedRange<Double>, fits: String
    ) throws {
        let judge = try #require(minhang)
        let verdict = judge.verdict(on: points(x, y), claim: ReferenceClaim(.file, said))
        let contradiction = try #require(verdict.contradiction)
        #expect(contradiction.mustBeQuarantined && contradiction.suggestion == fits, "\(contradiction)")
        #expect(contradiction.metres > 100_000)
        #expect(contradiction.sentence.contains("outside of the district and 5 km around it"))
    }

    @Test func `outside of the area of use are a remark and no more`() throws {
        let judge = try #require(minhang)
        let verdict = judge.verdict(
            on: points(640_000...652_870, 3_428_310...3_459_800), claim: ReferenceClaim(.file, "EPSG:4549"))
        #expect(verdict.conclusion == .known("EPSG:4549"))
        #expect(verdict.contradiction == nil)
        let evidence = try #require(verdict.candidates.first).evidence
        #expect(evidence.contains { $0.kind == .areaOfUse && $0.weight > -0.05 })
    }

    @Test func `without any ground are held against the area of the grid`() throws {
        let judge = try ReferenceJudge(ReferenceGround(gridCRS: "EPSG:4549"))
        let verdict = judge.verdict(on: points(619_070...652_870, 3_428_310...3_459_800), claim: .none)
        #expect(verdict.candidates.contains { $0.name == "EPSG:4549" })
        #expect(verdict.decisiveDefinition == nil)
        #expect(verdict.candidates.allSatisfy { $0.evidence.contains { $0.sentence.contains("the grid's area of use") } })
    }
}

@Suite struct `The text of a prj` {
    static let esri = """
        PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",\
        DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],\
        UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],\
        PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],\
        PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]
        """
    static let shanghaiCity = """
        PROJCS["shanghaicity",GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954",\
        SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],\
        PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",-3457147.81],PARAMETER["False_Northing",0.0],\
        PARAMETER["Central_Meridian",121.2751921],PARAMETER["Scale_Factor",1.0],\
        PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]
        """

    @Test func `of ESRI means an entry of the register`() throws {
        let judge = try #require(minhang)
        let verdict = judge.verdict(
            on: points(619_070...652_870, 3_428_310...3_459_800), claim: ReferenceClaim(.file, Self.esri))
        #expect(verdict.conclusion == .known("EPSG:4549"), "\(verdict.conclusion)")
        #expect(verdict.notes.contains { $0.hasPrefix("Its text “CGCS2000_3_Degree_GK_CM_120E” means EPSG:4549") })
    }

    @Test func `that is the mistyped one of Shanghai is no use`() throws {
        let judge = try #require(minhang)
        let verdict = judge.verdict(
            on: points(-20_730...12_720, -29_410...1_660), claim: ReferenceClaim(.file, Self.shanghaiCity))
        #expect(verdict.conclusion == .unknown)
        #expect(verdict.notes.contains { $0.contains("mistyped “shanghaicity”") }, "\(verdict.notes)")
        #expect(verdict.candidates.allSatisfy { $0.definition == nil })
    }
}
