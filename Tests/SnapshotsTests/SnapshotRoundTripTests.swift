// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Snapshots
import SpatialIndexing
import TestSupport
import Testing
import TileMatrixSets

@Suite struct SnapshotRoundTripTests {
    @Test func `every feature comes back with its place, identifier and attributes`() throws {
        let folder = try ScratchFolder()
        let features = houses(1000)
        let summary = try write(features, to: folder.file("a"))
        #expect(summary.featureCount == 1000)
        #expect(summary.levels[0].drawn == 1000)
        #expect(summary.levels[0].dropped == 0)

        let snapshot = try Snapshot(mapping: folder.file("a"))
        try snapshot.verify()
        #expect(snapshot.layer == "buildings")
        #expect(snapshot.schema == buildingSchema)
        #expect(snapshot.dataVersion == "7")
        #expect(snapshot.tileMatrixSet == .webMercatorQuad)
        #expect(snapshot.summary == summary)
        #expect(snapshot.rowCount == 1000)
        let level = snapshot.levels[0]
        var seen: Set<Int64> = []
        level.search(.everything) { feature in
            let row = level.row(of: feature)
            let id = snapshot.featureID(row: row)
            seen.insert(id)
            let original = features[Int(id) - 1]
            #expect(snapshot.columns.map { $0.value(row: row) } == original.values)
            let geometry = level.geometry(of: feature)
            #expect(geometry.kind == .polygons)
            #expect(geometry.runCount == 1)
            #expect(geometry.startsPart(0))
            let run = geometry.run(0)
            #expect(run.count == 8)
            let envelope = original.geometry?.envelope ?? .empty
            for index in stride(from: 0, to: run.count, by: 2) {
                let position = snapshot.grid.coordinate(x: run[index], y: run[index + 1])
                #expect(envelope.expanded(by: 0.01).contains(position))
            }
            return true
        }
        #expect(seen.count == 1000)
        let expected = features.reduce(into: Envelope.empty) { $0.expand(toContain: $1.geometry?.envelope ?? .empty) }
        #expect(snapshot.envelope.expanded(by: 0.01).contains(expected))
        #expect(expected.expanded(by: 0.01).contains(snapshot.envelope))
    }

    @Test func `the same features in another order make the same bytes`() throws {
        let folder = try ScratchFolder()
        let features = houses(700)
        var generator = SeededGenerator(seed: 11)
        try write(features, to: folder.file("a"))
        try write(features.shuffled(using: &generator), to: folder.file("b"))
        #expect(try Data(contentsOf: folder.file("a")) == Data(contentsOf: folder.file("b")))
        #expect(folder.names == ["a", "b"])
    }

    @Test func `a search finds what brute force finds, in rising order`() throws {
        let folder = try ScratchFolder()
        try write(houses(2000), to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        for (z, count) in [(18, 40), (16, 40), (14, 20), (11, 5)] {
            let set = TileMatrixSet.webMercatorQuad
            let envelope = snapshot.envelope
            let tiles = set.tiles(
                covering: TileEnvelope(
                    minX: envelope.minX, minY: envelope.minY, maxX: envelope.maxX, maxY: envelope.maxY),
                tileMatrix: z)
            let level = snapshot.level(forTileMatrix: z)
            for address in tiles.prefix(count) {
                let box = snapshot.grid.tile(address, in: set).box(marginInPixels: 2)
                var found: [Int] = []
                level.search(box) {
                    found.append($0)
                    return true
                }
                #expect(found == (0..<level.featureCount).filter { level.box(of: $0).intersects(box) })
                #expect(level.isEmpty(in: box) == found.isEmpty)
            }
        }
    }

    @Test func `points, lines, holes and collections keep their shape`() throws {
        let folder = try ScratchFolder()
        let line = LineString([
            middle, Coordinate(x: middle.x + 100, y: middle.y), Coordinate(x: middle.x + 50, y: middle.y),
        ])
        let holed = Polygon(rectangle(0, 0, 100, 100), interiorRings: [rectangle(10, 10, 20, 20)])
        let point = Point(middle)
        let collection = Geometry.geometryCollection(
            GeometryCollection([
                .polygon(holed), .point(point), .geometryCollection(GeometryCollection([.lineString(line)])),
            ]))
        let schema = Schema(geometryType: .geometry, fields: [])
        try write(
            [
                SnapshotFeature(id: 1, geometry: .multiPoint(MultiPoint([point, point])), values: []),
                SnapshotFeature(id: 2, geometry: .lineString(line), values: []),
                SnapshotFeature(id: 3, geometry: .multiPolygon(MultiPolygon([holed, holed])), values: []),
                SnapshotFeature(id: 4, geometry: collection, values: []),
                SnapshotFeature(id: 5, geometry: nil, values: []),
                SnapshotFeature(id: 6, geometry: .point(Point(nil)), values: []),
            ], schema: schema, to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        #expect(snapshot.summary.withoutGeometry == 2)
        #expect(snapshot.rowCount == 4)
        let level = snapshot.levels[0]
        var shapes: [Int64: [String]] = [:]
        for feature in 0..<level.featureCount {
            let geometry = level.geometry(of: feature)
            let runs = (0..<geometry.runCount).map {
                "\(geometry.run($0).count / 2)\(geometry.startsPart($0) ? "+" : "-")"
            }
            shapes[snapshot.featureID(row: level.row(of: feature)), default: []].append(
                "\(geometry.kind) \(runs.joined(separator: " "))")
        }
        #expect(shapes[1] == ["points 2+"])
        // The line turns back on itself, and keeps its turn.
        #expect(shapes[2] == ["lines 3+"])
        #expect(shapes[3] == ["polygons 4+ 4- 4+ 4-"])
        #expect(Set(shapes[4] ?? []) == ["points 1+", "lines 3+", "polygons 4+ 4-"])
    }

    @Test func `exterior rings run clockwise on the screen and holes against it`() throws {
        let folder = try ScratchFolder()
        let ring = rectangle(0, 0, 100, 100)
        let reversed = LinearRing(ring.coordinates.reversed())
        let hole = rectangle(10, 10, 20, 20)
        let reversedHole = LinearRing(hole.coordinates.reversed())
        let schema = Schema(geometryType: .polygon, fields: [])
        try write(
            [
                SnapshotFeature(id: 1, geometry: .polygon(Polygon(ring, interiorRings: [hole])), values: []),
                SnapshotFeature(
                    id: 2, geometry: .polygon(Polygon(reversed, interiorRings: [reversedHole])), values: []),
            ], schema: schema, to: folder.file("a"))
        let level = try Snapshot(mapping: folder.file("a")).levels[0]
        for feature in 0..<2 {
            let geometry = level.geometry(of: feature)
            #expect(shoelace(geometry.run(0)) > 0)
            #expect(shoelace(geometry.run(1)) < 0)
        }
    }

    private func shoelace(_ run: UnsafeBufferPointer<Int32>) -> Double {
        let count = run.count / 2
        return (0..<count).reduce(0) { sum, index in
            let next = (index + 1) % count
            return sum + Double(run[2 * index]) * Double(run[2 * next + 1])
                - Double(run[2 * next]) * Double(run[2 * index + 1])
        }
    }

    @Test func `no features make a snapshot that is empty`() throws {
        let folder = try ScratchFolder()
        try write([], to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        try snapshot.verify()
        #expect(snapshot.levels.count == 1)
        #expect(snapshot.envelope.isEmpty)
        #expect(snapshot.levels[0].isEmpty(in: .everything))
        #expect(snapshot.columns[0].value(row: 0) == .null)
    }

    @Test func `texts that only look alike stay apart`() throws {
        let folder = try ScratchFolder()
        let texts = ["é", "e\u{301}", "", "梅陇镇", "x"]
        let schema = Schema(geometryType: .point, fields: [Field("name", .text)])
        try write(
            texts.enumerated().map {
                SnapshotFeature(id: Int64($0.offset), geometry: .point(Point(middle)), values: [.text($0.element)])
            }, schema: schema, to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        let column = snapshot.columns[0]
        #expect(column.distinctCount == 5)
        for row in 0..<5 {
            let expected = Array(texts[Int(snapshot.featureID(row: row))].utf8)
            #expect(column.utf8(code: column.code(row: row)).map(Array.init) == expected)
        }
    }

    @Test func `more distinct values than a byte or two bytes can count`() throws {
        let folder = try ScratchFolder()
        let schema = Schema(geometryType: .point, fields: [Field("id", .integer), Field("id2", .text)])
        for count in [255, 256, 257, 65_535, 65_536, 66_000] {
            try write(
                (0..<count).map {
                    SnapshotFeature(
                        id: Int64($0), geometry: .point(Point(x: middle.x + Double($0), y: middle.y)),
                        values: [.integer(Int64($0)), .text("t\($0)")])
                }, schema: schema, to: folder.file("a"))
            let snapshot = try Snapshot(mapping: folder.file("a"))
            #expect(snapshot.columns.map(\.distinctCount) == [count, count])
            for row in stride(from: 0, to: count, by: 97) {
                let id = snapshot.featureID(row: row)
                #expect(snapshot.columns[0].value(row: row) == .integer(id))
                #expect(snapshot.columns[1].value(row: row) == .text("t\(id)"))
                #expect(snapshot.columns[0].number(code: snapshot.columns[0].code(row: row)) == Double(id))
            }
        }
    }

    @Test func `an identifier that occurs twice and a missing value are refused`() throws {
        let folder = try ScratchFolder()
        let feature = houses(1)[0]
        let twice = #expect(throws: SnapshotsError.self) { try write([feature, feature], to: folder.file("a")) }
        #expect(twice?.description == "buildings: the identifier 1 occurs twice; it must be unique.")
        var short = feature
        short.values.removeLast()
        #expect(throws: SnapshotsError.self) { try write([short], to: folder.file("a")) }
        #expect(folder.names == [])
    }

    @Test func `positions outside the world are put on its border and counted`() throws {
        let folder = try ScratchFolder()
        let schema = Schema(geometryType: .point, fields: [])
        let summary = try write(
            [
                SnapshotFeature(id: 1, geometry: .point(Point(x: 3e7, y: 0)), values: []),
                SnapshotFeature(id: 2, geometry: .point(Point(x: .nan, y: 0)), values: []),
                SnapshotFeature(id: 3, geometry: .point(Point(x: 20_037_508.342789244, y: 0)), values: []),
            ], schema: schema, to: folder.file("a"))
        #expect(summary.clamped == 1)
        #expect(summary.withoutGeometry == 1)
        let level = try Snapshot(mapping: folder.file("a")).levels[0]
        #expect(level.featureCount == 2)
        #expect(level.geometry(of: 0).run(0)[0] == .max)
    }

    @Test func `a folder that is not there is reported`() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: SnapshotsError.self) {
            try write(houses(3), to: folder.file("missing").appendingPathComponent("a"))
        }
        #expect(error?.kind == .system(errno: ENOENT))
    }
}
