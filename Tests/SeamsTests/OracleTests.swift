// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Topology

@testable import Seams

/// What GEOS makes of the same areas, found on another way: overlaps by
/// intersecting pairs, gaps as holes of all together.
private struct SeamOracle {
    let engine: TopologyEngine

    init() throws { engine = try TopologyEngine() }

    func overlaps(_ features: [CoverageFeature]) throws -> [Geometry] {
        var parts: [Geometry] = []
        for (number, one) in features.enumerated() {
            for two in features[(number + 1)...] where one.owner != two.owner {
                parts += areas(of: try engine.intersection(one.geometry, two.geometry))
            }
        }
        return try areas(of: engine.unaryUnion(.geometryCollection(GeometryCollection(parts))))
    }

    func gaps(_ features: [CoverageFeature]) throws -> [Geometry] {
        let all = try engine.unaryUnion(.geometryCollection(GeometryCollection(features.map(\.geometry))))
        return areas(of: all).flatMap { part -> [Geometry] in
            guard case .polygon(let polygon) = part else { return [] }
            return polygon.interiorRings.map { .polygon(Polygon($0)) }
        }
    }

    private func areas(of geometry: Geometry) -> [Geometry] {
        switch geometry {
        case .polygon(let polygon): polygon.exteriorRing.coordinates.isEmpty ? [] : [geometry]
        case .multiPolygon(let multi): multi.polygons.map { .polygon($0) }
        case .geometryCollection(let collection): collection.geometries.flatMap(areas)
        default: []
        }
    }

    /// That defects are just these areas, each at its place and as wide as GEOS says.
    ///
    /// - Parameter rounding: how far a corner of a result may lie beside that of GEOS,
    ///   in metres: both round crossings to their grid.
    func expect(
        _ defects: [CoverageDefect], are expected: [Geometry], rounding: Double = 0.0015, _ comment: String
    ) throws {
        var left = defects
        for area in expected where try engine.width(of: area) > 2 * rounding {
            let mine = try left.filter { try engine.area(engine.intersection($0.geometry, area)) > 0 }
            left.removeAll { mine.contains($0) }
            let outline = try engine.length(engine.boundary(area))
            let sum = mine.reduce(0) { $0 + $1.area }
            #expect(abs(sum - (try engine.area(area))) <= rounding * outline, "\(comment): \(area.wkt)")
            for defect in mine {
                let place = Geometry.point(Point(defect.place))
                #expect(try engine.distance(place, area) <= rounding, "\(comment): \(defect.place)")
                // Ground of three owners is told apart from that of two.
                guard mine.count == 1 else { continue }
                let width = try engine.width(of: area)
                #expect(abs(defect.width - width) <= 0.02 * width + 2 * rounding, "\(comment): \(area.wkt)")
            }
        }
        let slivers = try left.filter { try engine.width(of: $0.geometry) > 2 * rounding }
        #expect(slivers.isEmpty, "\(comment): \(slivers.map(\.geometry.wkt))")
    }
}

@Suite("Seams that GEOS finds on another way")
struct OracleTests {
    private static let seeds: ClosedRange<UInt64> =
        ProcessInfo.processInfo.environment["MIAOPU_LONG"] == "1" ? 1...400 : 1...12

    /// Two neighbours with a bent border, drawn twice, from 1 cm to 3 m apart; it is
    /// one border again at both ends.
    private func neighbours(
        _ generator: inout SeededGenerator, overlapping: Bool
    ) -> (features: [CoverageFeature], largest: Double) {
        let count = Int.random(in: 4...12, using: &generator)
        let (west, south) = (631_000_000, 3_444_000_000) as (Int64, Int64)
        var (y, left, right) = (south, [GridPoint](), [GridPoint]())
        var largest: Int64 = 0
        let most: Int64 = [50, 400, 3_000].randomElement(using: &generator) ?? 400
        for index in 0...count {
            let x = west + 60_000 + Int64.random(in: -4_000...4_000, using: &generator)
            let isShared = index < 2 || index > count - 2
            let step = isShared ? 0 : Int64.random(in: 10...most, using: &generator)
            largest = max(largest, step)
            left.append(GridPoint(x, y))
            right.append(GridPoint(x + (overlapping ? -step : step), y))
            y += .random(in: 6_000...20_000, using: &generator)
        }
        let north = right[count].y
        let one = left + [GridPoint(west, north), GridPoint(west, south)]
        let two = right.reversed() + [GridPoint(west + 120_000, south), GridPoint(west + 120_000, north)]
        return (
            [
                CoverageFeature(id: 1, owner: 1, geometry: RandomCoverage.polygon(one)),
                CoverageFeature(id: 2, owner: 2, geometry: RandomCoverage.polygon(two)),
            ], Double(largest) / 1000
        )
    }

    @Test("Gaps and overlaps of random neighbours are as wide as GEOS says", arguments: seeds)
    func neighbours(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let oracle = try SeamOracle()
        for overlapping in [false, true] {
            let (features, largest) = neighbours(&generator, overlapping: overlapping)
            let defects = try CoverageSeams().repair(features).defects
            let expected = try overlapping ? oracle.overlaps(features) : oracle.gaps(features)
            #expect(!expected.isEmpty && defects.count == expected.count, "seed \(seed)")
            try oracle.expect(defects, are: expected, "seed \(seed)")
            // No circle is wider than the borders are apart.
            for defect in defects { #expect(defect.width <= largest + 0.002, "seed \(seed)") }
            for defect in defects where defect.outcome == .refused(.widerThanLimit) {
                #expect(defect.width > 1, "seed \(seed)")
            }
            for defect in defects where defect.outcome == .repaired { #expect(defect.width <= 1, "seed \(seed)") }
        }
    }

    /// The degrees of `polygon_layer` are taken as kilometres.
    @Test(
        "Gaps and overlaps of QGIS's own test layers are where GEOS has them",
        arguments: [
            ("gap_layer_point_in_poly", 1.0), ("overlap_layer_tolerance_bug", 1.0), ("polygon_layer", 1000.0),
        ])
    func layers(name: String, scale: Double) throws {
        let path = "data/formats/qgis-testdata/geometry_checker/\(name).shp"
        guard let url = SharedData.url(path) else { return }
        let oracle = try SeamOracle()
        var features: [CoverageFeature] = []
        // Some of what QGIS keeps there is no area: its tests are of validity, too.
        for rings in try Self.rings(ofShapefile: Data(contentsOf: url), scale: scale)
        where rings.allSatisfy({ $0.coordinates.count > 3 }) {
            let geometry = Geometry.polygon(Polygon(rings[0], interiorRings: Array(rings.dropFirst())))
            guard try oracle.engine.validityFault(of: geometry) == nil else { continue }
            features.append(
                CoverageFeature(id: Int64(features.count), owner: Int64(features.count), geometry: geometry))
        }
        #expect(features.count >= 2)
        let defects = try CoverageSeams().repair(features).defects.withoutRepeats()
        let overlaps = defects.filter { [.overlap, .duplicate, .enclave].contains($0.kind) }
        let (gaps, all) = (try oracle.gaps(features), try oracle.overlaps(features))
        print("\(name): \(features.count) areas, \(gaps.count) gaps, \(all.count) overlaps")
        #expect(!(gaps + all).isEmpty)
        try oracle.expect(overlaps, are: all, name)
        try oracle.expect(defects.filter { $0.kind == .gap }, are: gaps, name)
    }

    /// Polygons as the format has them, one exterior ring first, on the grid of a
    /// millimetre.
    private static func rings(ofShapefile bytes: Data, scale: Double) throws -> [[LinearRing]] {
        func number<T: FixedWidthInteger>(_ offset: Int, _ type: T.Type) -> T {
            bytes[offset..<offset + MemoryLayout<T>.size].reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
        }
        func ordinate(_ offset: Int) -> Double { Double(bitPattern: number(offset, UInt64.self)) * scale }
        var polygons: [[LinearRing]] = []
        var record = 100
        while record + 8 < bytes.count {
            let length = 2 * Int(number(record + 4, UInt32.self).byteSwapped)
            let start = record + 8
            record = start + length
            guard number(start, UInt32.self) == 5 else { continue }
            let (parts, points) = (Int(number(start + 36, UInt32.self)), Int(number(start + 40, UInt32.self)))
            let places = start + 44 + 4 * parts
            let firsts = (0..<parts).map { Int(number(start + 44 + 4 * $0, UInt32.self)) } + [points]
            polygons.append(
                zip(firsts, firsts.dropFirst()).map { first, end in
                    var ring: [GridPoint] = []
                    for index in first..<end {
                        let point = GridPoint(
                            Coordinate(x: ordinate(places + 16 * index), y: ordinate(places + 16 * index + 8)))
                        if ring.last != point { ring.append(point) }
                    }
                    return LinearRing(ring.map(\.coordinate))
                })
        }
        return polygons
    }
}
