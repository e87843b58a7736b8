// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

@Suite("Geometries as the store keeps them")
struct NormaliseTests {
    @Test("Any polygon comes out valid, on the grid, wound right, and stays so", arguments: 0..<RandomPolygons.kinds)
    func randomPolygons(kind: Int) throws {
        let engine = try TopologyEngine()
        var generator = SeededGenerator(seed: 60 + UInt64(kind))
        var collapsed = 0
        var repaired = 0
        for _ in 0..<1500 {
            let raw = RandomPolygons.next(kind, &generator)
            guard let once = try normalised(raw, engine) else {
                collapsed += 1
                continue
            }
            if !once.repairs.isEmpty { repaired += 1 }
            #expect(once.geometry.type.dimension == 2)
            try expectStored(once.geometry, engine, "\(raw.wkt)")
            let twice = try engine.normalise(once.geometry)
            #expect(twice.geometry == once.geometry, "\(raw.wkt)")
            #expect(twice.repairs.isEmpty)
            let other = try TopologyEngine().normalise(raw)
            #expect(other == once)
        }
        print("kind \(kind): \(repaired) repaired, \(collapsed) collapsed of 1500")
        #expect(collapsed < 1500)
    }

    /// Nil when nothing is left of it on the grid.
    private func normalised(_ raw: Geometry, _ engine: TopologyEngine) throws -> NormalisedGeometry? {
        do {
            return try engine.normalise(raw)
        } catch {
            guard error.kind == .collapsed else { throw error }
            return nil
        }
    }

    private func expectStored(_ geometry: Geometry, _ engine: TopologyEngine, _ comment: String) throws {
        #expect(try engine.faultByGEOS(of: geometry) == nil, "\(comment)")
        guard case .multiPolygon(let multi) = asMulti(geometry) else { return }
        geometry.forEachCoordinates { run in
            #expect(run.first == run.last)
            #expect(run.allSatisfy { GridPrecision.millimetre.holds($0) })
        }
        for polygon in multi.polygons {
            #expect(polygon.exteriorRing.twiceSignedArea > 0)
            #expect(polygon.interiorRings.allSatisfy { $0.twiceSignedArea < 0 })
        }
    }

    private func asMulti(_ geometry: Geometry) -> Geometry {
        guard case .polygon(let polygon) = geometry else { return geometry }
        return .multiPolygon(MultiPolygon([polygon]))
    }

    @Test("A sound building is only rounded: start and corners stay, no repair is noted")
    func soundBuilding() throws {
        let raw = polygon([(631_808.65388, 3_444_301.83641), (631_828.1, 3_444_301.9), (631_828.00049, 3_444_320.2)])
        let result = try TopologyEngine().normalise(raw)
        #expect(result.repairs.isEmpty)
        #expect(
            result.geometry
                == polygon([(631_808.654, 3_444_301.836), (631_828.1, 3_444_301.9), (631_828.0, 3_444_320.2)]))
    }

    @Test("A clockwise exterior is turned round from its own start")
    func winding() throws {
        let result = try TopologyEngine().normalise(wkt("POLYGON((0 0,0 9,9 9,9 0,0 0),(2 2,4 2,4 4,2 4,2 2))"))
        #expect(result.geometry == (try wkt("POLYGON((0 0,9 0,9 9,0 9,0 0),(2 2,2 4,4 4,4 2,2 2))")))
        #expect(result.repairs.isEmpty)
    }

    @Test("A bow-tie becomes two triangles, with reason, place and areas")
    func bowTie() throws {
        let result = try TopologyEngine().normalise(wkt("POLYGON((0 0,10 10,10 0,0 10,0 0))"))
        #expect(result.geometry.type == .multiPolygon)
        let repair = try #require(result.repairs.first)
        #expect(result.repairs.count == 1)
        #expect(repair.kind == .madeValid)
        #expect(repair.isFaultOfDelivery)
        #expect(repair.reason == "Self-intersection")
        #expect(repair.location == Coordinate(x: 5, y: 5))
        #expect(repair.areaBefore == 0)
        #expect(repair.areaAfter == 50)
    }

    @Test("A neck that rounding would close is our fault, not the town's")
    func closingNeck() throws {
        // Two squares joined by a corridor a third of a millimetre wide.
        let raw = polygon([
            (0, 0), (10, 0), (10, 4.9999), (20, 4.9999), (20, 0), (30, 0), (30, 10), (20, 10), (20, 5.0002),
            (10, 5.0002), (10, 10), (0, 10),
        ])
        let engine = try TopologyEngine()
        #expect(try engine.validityFault(of: raw) == nil)
        let result = try engine.normalise(raw)
        #expect(result.repairs.map(\.kind) == [.roundedWithTopology])
        #expect(result.repairs.first?.isFaultOfDelivery == false)
        #expect(try engine.area(result.geometry) == 200)
        #expect(result.geometry.type == .multiPolygon)
    }

    @Test("Empty parts and repeated positions go, and are counted")
    func emptyParts() throws {
        let engine = try TopologyEngine()
        let square = try wkt("POLYGON((0 0,1 0,1 0,1 1,0 1,0 0))")
        guard case .polygon(let full) = square else { return }
        let empty = Polygon(LinearRing([]))
        let result = try engine.normalise(.multiPolygon(MultiPolygon([empty, full, empty])))
        #expect(result.emptyPartsRemoved == 2)
        #expect(result.repeatedPositionsRemoved == 1)
        #expect(result.geometry == (try wkt("MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)))")))
        for text in ["POINT EMPTY", "POLYGON EMPTY", "MULTIPOLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY"] {
            #expect(try engine.normalise(wkt(text)).geometry == (try wkt(text)))
        }
    }

    @Test("What is thinner than the grid collapses, with a sentence")
    func collapsing() throws {
        let engine = try TopologyEngine()
        for text in [
            "POLYGON((0 0,10 0,10 0.0002,0 0.0002,0 0))", "POLYGON((0 0,0.0001 0,0.0001 0.0001,0 0))",
            "POLYGON((0 0,1 1,2 2,0 0))", "LINESTRING(5 5,5.0001 5)",
        ] {
            let error = #expect(throws: TopologyError.self) { try engine.normalise(wkt(text)) }
            #expect(error?.kind == .collapsed)
        }
        let lines = try engine.normalise(wkt("MULTILINESTRING((0 0,1 1),(5 5,5.0001 5))"))
        #expect(lines.geometry == (try wkt("MULTILINESTRING((0 0,1 1))")))
        #expect(lines.repairs.map(\.kind) == [.droppedCollapsed])
    }

    @Test("Points and lines are rounded, collections member by member")
    func otherTypes() throws {
        let engine = try TopologyEngine()
        let raw = try wkt(
            "GEOMETRYCOLLECTION(POINT(1.00049 2),LINESTRING(0 0,0 0.0001,1 1),POLYGON((0 0,9 9,9 0,0 9,0 0)))")
        let result = try engine.normalise(raw)
        guard case .geometryCollection(let members) = result.geometry else { return }
        #expect(members.geometries[0] == .point(Point(x: 1, y: 2)))
        #expect(members.geometries[1] == (try wkt("LINESTRING(0 0,1 1)")))
        #expect(members.geometries[2].type == .multiPolygon)
        #expect(result.repairs.count == 1)
        // A line may cross itself: that is no fault.
        let crossing = try wkt("LINESTRING(0 0,9 9,9 0,0 9)")
        #expect(try engine.normalise(crossing).geometry == crossing)
    }

    @Test("What is no geometry is refused before GEOS sees it")
    func malformed() throws {
        let engine = try TopologyEngine()
        let position = Coordinate(x: 0, y: 0)
        let broken: [Geometry] = [
            .point(Point(x: .nan, y: 0)), .lineString(LineString([position])),
            .polygon(Polygon(LinearRing([position, position, position]))),
            .polygon(Polygon(LinearRing([position, Coordinate(x: 1, y: 0), Coordinate(x: 1, y: 1), position.moved]))),
            .multiPoint(MultiPoint([Point(x: 0, y: .infinity)])),
        ]
        for geometry in broken {
            let error = #expect(throws: TopologyError.self) { try engine.normalise(geometry) }
            #expect(error?.kind == .malformed)
            #expect(throws: TopologyError.self) { try engine.area(geometry) }
        }
    }

    @Test(
        "Real town borders are sound, and the one ring that is not is named",
        .enabled(if: SharedData.url(borders) != nil))
    func realBorders() throws {
        let engine = try TopologyEngine()
        // A hundred-millionth of a degree is a millimetre.
        let grid = try #require(GridPrecision(1e-8))
        for (file, count, faulty) in [
            ("shanghai_towns_osm_127", 127, 0), ("minhang_sectors_user_edited_wgs84", 11, 1),
        ] {
            let data = try Data(contentsOf: SharedData.folder.appending(path: "\(Self.borders)/\(file).geojson"))
            let document = try GeoJSON.read([UInt8](data))
            #expect(document.features.count == count)
            var repairs: [Repair] = []
            for geometry in document.features.compactMap(\.geometry) {
                let result = try engine.normalise(geometry, on: grid)
                repairs += result.repairs
                #expect(try engine.faultByGEOS(of: result.geometry) == nil)
                #expect(try engine.normalise(result.geometry, on: grid).geometry == result.geometry)
            }
            #expect(repairs.count { $0.isFaultOfDelivery } == faulty)
        }
    }

    static let borders = "data/boundaries"

    @Test("A ring of a hundred thousand positions is no matter of recursion")
    func largeRing() throws {
        let count = 100_000
        var corners: [(Double, Double)] = []
        for index in 0..<count {
            let x = Double(index) / 10
            corners.append((x, index % 2 == 0 ? 0 : 0.05))
        }
        corners += [(Double(count) / 10, 100), (0, 100)]
        let result = try TopologyEngine().normalise(polygon(corners))
        #expect(result.repairs.isEmpty)
        #expect(result.geometry.coordinateCount == count + 3)
    }
}

extension Coordinate {
    fileprivate var moved: Coordinate { Coordinate(x: x, y: y + 1) }
}
