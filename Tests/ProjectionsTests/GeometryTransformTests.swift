// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import TestSupport
import Testing

@Suite("Geometries keep their edges in place")
struct GeometryTransformTests {
    @Test("A long edge in degrees is densified to a millimetre on the grid")
    func longEdge() throws {
        let toGrid = try transform("EPSG:4326", "EPSG:4549")
        var geometries = GeometryTransform(toGrid)
        let ends = [Coordinate(x: 121.25, y: 31.0), Coordinate(x: 121.60, y: 31.2)]
        let result = try geometries.apply(.lineString(LineString(ends)))
        guard case .lineString(let line) = result.geometry else { throw Unexpected() }
        #expect(result.addedVertices == line.coordinates.count - 2)
        #expect(result.addedVertices > 30)
        #expect(result.addedVertices < 1000)
        // Every point of the true curve lies within the tolerance of the line.
        for step in 0...5000 {
            let t = Double(step) / 5000
            let image = try toGrid.transform(
                Coordinate(x: ends[0].x + t * (ends[1].x - ends[0].x), y: ends[0].y + t * (ends[1].y - ends[0].y)))
            #expect(distance(from: image, to: line.coordinates) < 0.0011)
        }
    }

    @Test("A building gets no vertices, and each of its corners is where PROJ puts it")
    func building() throws {
        let toGrid = try transform("EPSG:4326", "EPSG:4549")
        var geometries = GeometryTransform(toGrid)
        let ring = [(0, 0), (30, 0), (30, 20), (0, 20), (0, 0)].map { east, north in
            Coordinate(x: 121.4 + Double(east) * 1e-5, y: 31.1 + Double(north) * 1e-5)
        }
        let result = try geometries.apply(.polygon(Polygon(LinearRing(ring))))
        #expect(result.addedVertices == 0)
        let corners = try ring.map { try toGrid.transform($0) }
        #expect(result.geometry == .polygon(Polygon(LinearRing(corners))))
    }

    @Test(
        "Neighbours get the same vertices on a shared edge, whichever way it runs and whatever came before",
        arguments: ["EPSG:4326", "GCJ-02", "EPSG:4510"])
    func sharedEdges(source: String) throws {
        var generator = SeededGenerator(seed: 23)
        let toGrid = try transform(source, "EPSG:4549")
        let start = try transform("EPSG:4326", source)
        var warm = GeometryTransform(toGrid)
        for _ in 0..<50 {
            var ends = (0..<2).map { _ in
                Coordinate(
                    x: .random(in: 121.2...121.7, using: &generator), y: .random(in: 30.9...31.3, using: &generator))
            }
            try start.transform(&ends)
            var cold = GeometryTransform(toGrid)
            let there = try cold.apply(.lineString(LineString(ends)))
            let back = try warm.apply(.lineString(LineString(ends.reversed())))
            guard case .lineString(let first) = there.geometry, case .lineString(let second) = back.geometry else {
                throw Unexpected()
            }
            #expect(first.coordinates == second.coordinates.reversed())
            #expect(there.addedVertices == back.addedVertices)
        }
    }

    @Test("No short edge that needed a vertex is missed")
    func certainLengthIsSafe() throws {
        var generator = SeededGenerator(seed: 24)
        for source in ["EPSG:4326", "GCJ-02", "BD-09"] {
            let toGrid = try transform(source, "EPSG:4549")
            var geometries = GeometryTransform(toGrid)
            var worst = 0.0
            for _ in 0..<3000 {
                let a = Coordinate(
                    x: .random(in: 121.2...121.7, using: &generator), y: .random(in: 30.9...31.3, using: &generator))
                let b = Coordinate(
                    x: a.x + .random(in: -0.004...0.004, using: &generator),
                    y: a.y + .random(in: -0.004...0.004, using: &generator))
                guard case .lineString(let line) = try geometries.apply(.lineString(LineString([a, b]))).geometry else {
                    throw Unexpected()
                }
                for t in [0.2, 0.4, 0.5, 0.7] {
                    let image = try toGrid.transform(Coordinate(x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y)))
                    worst = max(worst, distance(from: image, to: line.coordinates))
                }
            }
            #expect(worst < 0.0011)
        }
    }

    @Test("Every kind of geometry passes through, rings stay closed")
    func everyKind() throws {
        var geometries = GeometryTransform(try transform("EPSG:4326", "EPSG:4549"))
        let ring = LinearRing(
            [(121.3, 31.0), (121.5, 31.0), (121.5, 31.2), (121.3, 31.2), (121.3, 31.0)].map {
                Coordinate(x: $0.0, y: $0.1)
            })
        let hole = LinearRing(ring.coordinates.reversed().map { Coordinate(x: 121.4 + ($0.x - 121.4) / 2, y: $0.y) })
        let polygon = Polygon(ring, interiorRings: [hole])
        let all = Geometry.geometryCollection(
            GeometryCollection([
                .point(Point(xinzhuang)), .point(Point(nil)), .multiPoint(MultiPoint([Point(xinzhuang)])),
                .lineString(LineString(ring.coordinates)),
                .multiLineString(MultiLineString([LineString(ring.coordinates)])), .polygon(polygon),
                .multiPolygon(MultiPolygon([polygon])),
            ]))
        let result = try geometries.apply(all)
        #expect(result.geometry.type == .geometryCollection)
        #expect(result.geometry.coordinateCount == all.coordinateCount + result.addedVertices)
        result.geometry.forEachCoordinates { if $0.count > 1 { #expect($0.first == $0.last) } }
    }

    @Test("A position without an image is named in the error")
    func failingPosition() throws {
        var geometries = GeometryTransform(try transform("EPSG:4326", "EPSG:4549"))
        let line = Geometry.lineString(LineString([xinzhuang, Coordinate(x: 31.1128, y: 121.3817)]))
        let error = #expect(throws: ProjectionsError.self) { try geometries.apply(line) }
        #expect(error?.kind == .notTransformable)
        #expect(error?.description.contains("(31.1128, 121.3817)") == true)
        #expect(throws: ProjectionsError.self) {
            try geometries.apply(.point(Point(x: .infinity, y: 31)))
        }
    }

    @Test("An edge across a tear of the projection is refused, not followed forever")
    func tear() throws {
        var geometries = GeometryTransform(try transform("EPSG:4326", "EPSG:3857"))
        let line = Geometry.lineString(LineString([Coordinate(x: 170, y: 10), Coordinate(x: 190, y: 40)]))
        let error = #expect(throws: ProjectionsError.self) { try geometries.apply(line) }
        #expect(error?.kind == .tooManyVertices)
    }

    @Test("The identity changes nothing")
    func identity() throws {
        var geometries = GeometryTransform(try transform("EPSG:4549", "EPSG:4549"))
        let line = Geometry.lineString(LineString([Coordinate(x: 0, y: 0), Coordinate(x: 1e6, y: 3e6)]))
        let result = try geometries.apply(line)
        #expect(result.geometry == line)
        #expect(result.addedVertices == 0)
    }

    private struct Unexpected: Error {}

    private func distance(from p: Coordinate, to line: [Coordinate]) -> Double {
        var nearest = Double.infinity
        for (a, b) in zip(line, line.dropFirst()) {
            let (dx, dy) = (b.x - a.x, b.y - a.y)
            let square = dx * dx + dy * dy
            let t = square > 0 ? min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1) : 0
            nearest = min(nearest, p.distance(to: Coordinate(x: a.x + t * dx, y: a.y + t * dy)))
        }
        return nearest
    }
}
