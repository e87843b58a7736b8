// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Snapshots
import SpatialIndexing
import TestSupport
import Testing
import TileMatrixSets

@Suite struct SnapshotLevelTests {
    @Test func `a tile is drawn from the coarsest level within a quarter of a pixel`() throws {
        let folder = try ScratchFolder()
        try write(towns(across: 8, wiggles: 400), schema: townSchema, to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        #expect(snapshot.levels.count >= 5)
        #expect(snapshot.levels[0].cellShift == 0)
        for z in 0...24 {
            for tileSize in [256, 512, 1024] {
                let level = snapshot.level(forTileMatrix: z, tileSize: tileSize)
                let pixel = Double(1 << (32 - z)) / Double(tileSize)
                let fitting = snapshot.levels.filter { Double(1 << $0.cellShift) <= pixel / 4 }
                #expect(level.cellShift == fitting.last?.cellShift ?? 0)
            }
        }
        #expect(snapshot.level(forTileMatrix: 17).cellShift == 0)
        #expect(snapshot.level(forTileMatrix: 99).cellShift == 0)
        #expect(snapshot.level(forTileMatrix: -1).cellShift == 0)
    }

    @Test func `neighbours share their border on every level`() throws {
        let folder = try ScratchFolder()
        try write(towns(across: 6, wiggles: 300), schema: townSchema, to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        #expect(snapshot.levels.count >= 5)
        for level in snapshot.levels {
            // Each edge within the district is there twice, once in each
            // direction; what is there once is the district's outline.
            var balance: [Edge: Int] = [:]
            for feature in 0..<level.featureCount {
                let run = level.geometry(of: feature).run(0)
                let count = run.count / 2
                for index in 0..<count {
                    let next = (index + 1) % count
                    for piece in unitPieces(
                        Edge(run[2 * index], run[2 * index + 1], run[2 * next], run[2 * next + 1]))
                    {
                        let isForward = (piece.x0, piece.y0) < (piece.x1, piece.y1)
                        balance[isForward ? piece : piece.reversed, default: 0] += isForward ? 1 : -1
                    }
                }
            }
            // The pieces that do not cancel make up one closed outline: as many
            // begin as end in each position.
            var degrees: [Int64: Int] = [:]
            var outline = 0
            for (edge, count) in balance where count != 0 {
                #expect(abs(count) == 1)
                outline += 1
                degrees[Int64(edge.x0) << 32 | Int64(UInt32(bitPattern: edge.y0)), default: 0] += count
                degrees[Int64(edge.x1) << 32 | Int64(UInt32(bitPattern: edge.y1)), default: 0] -= count
            }
            #expect(degrees.values.allSatisfy { $0 == 0 })
            #expect(outline > 0)
            // Areas are conserved: what one loses along a border another gains.
            let step = Double(1 << level.cellShift) * snapshot.grid.unit
            #expect(
                abs(level.ledger.drawnArea - level.ledger.sourceArea)
                    < 0.02 * level.ledger.sourceArea + 16 * step * step)
        }
    }

    @Test func `small houses keep their total area when they shrink to nothing`() throws {
        let folder = try ScratchFolder()
        var generator = SeededGenerator(seed: 3)
        let scattered = houses(10_000).map { house in
            var house = house
            let (x, y) = (Double.random(in: 0..<20, using: &generator), Double.random(in: 0..<20, using: &generator))
            house.geometry = house.geometry?.mapCoordinates { run in
                run.map { Coordinate(x: $0.x + x, y: $0.y + y) }
            }
            return house
        }
        let summary = try write(scattered, to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        #expect(summary.levels.count >= 3)
        for (level, ledger) in zip(snapshot.levels, summary.levels) {
            #expect(ledger.drawn == level.featureCount)
            #expect(ledger.drawn + ledger.dropped == 10_000)
            #expect(ledger.sourceArea > 10_000 * 8 * 10)
            let step = Double(1 << ledger.cellShift) * snapshot.grid.unit
            #expect(abs(ledger.drawnArea - ledger.sourceArea) <= 0.05 * ledger.sourceArea + 20 * step * step)
        }
        #expect(summary.levels.contains { $0.drawn > 0 && $0.dropped > 1000 })
    }

    @Test func `levels move no box by more than a step`() throws {
        let folder = try ScratchFolder()
        try write(towns(across: 3, wiggles: 100), schema: townSchema, to: folder.file("a"))
        let snapshot = try Snapshot(mapping: folder.file("a"))
        let finest = snapshot.levels[0]
        for level in snapshot.levels.dropFirst() {
            // Half a step for the position, the rest for tips that are too thin
            // to have an area.
            let step = Int64(1) << Int64(level.cellShift)
            for feature in 0..<level.featureCount {
                let row = level.row(of: feature)
                guard let original = (0..<finest.featureCount).first(where: { finest.row(of: $0) == row }) else {
                    Issue.record("row \(row) is missing in the finest level")
                    continue
                }
                let (box, fine) = (level.box(of: feature), finest.box(of: original))
                #expect(abs(Int64(box.minX) - Int64(fine.minX)) <= step)
                #expect(abs(Int64(box.maxX) - Int64(fine.maxX)) <= step)
                #expect(abs(Int64(box.minY) - Int64(fine.minY)) <= step)
                #expect(abs(Int64(box.maxY) - Int64(fine.maxY)) <= step)
            }
        }
    }

    @Test func `points have one level`() throws {
        let folder = try ScratchFolder()
        let schema = Schema(geometryType: .point, fields: [])
        let summary = try write(
            (0..<50).map {
                SnapshotFeature(id: Int64($0), geometry: .point(Point(x: middle.x, y: middle.y)), values: [])
            }, schema: schema, to: folder.file("a"))
        #expect(summary.levels.map(\.drawn) == [50])
    }

    @Test func `other tile matrix sets have their own grid`() throws {
        let folder = try ScratchFolder()
        let schema = Schema(geometryType: .point, fields: [])
        for set in [TileMatrixSet.worldCRS84Quad, .cgcs2000Quad] {
            try SnapshotWriter.write(
                features: [SnapshotFeature(id: 1, geometry: .point(Point(x: 121.3817, y: 31.1128)), values: [])],
                schema: schema, layer: "one", tileMatrixSet: set, dataVersion: "1", to: folder.file("a"))
            let snapshot = try Snapshot(mapping: folder.file("a"))
            guard let matrix = set.tileMatrix(id: "12") else {
                Issue.record("\(set.id) has no level 12")
                continue
            }
            let tile = set.tiles(
                covering: TileEnvelope(minX: 121.3817, minY: 31.1128, maxX: 121.3817, maxY: 31.1128),
                tileMatrix: matrix)
            #expect(tile.count == 1)
            for address in tile {
                #expect(!snapshot.levels[0].isEmpty(in: snapshot.grid.tile(address, in: set).box()))
                let next = TileAddress(
                    tileMatrix: matrix, tileRow: address.tileRow, tileColumn: address.tileColumn + 1)
                #expect(snapshot.levels[0].isEmpty(in: snapshot.grid.tile(next, in: set).box()))
            }
        }
    }
}

private let townSchema = Schema(geometryType: .polygon, fields: [])

private struct Edge: Hashable {
    var x0: Int32
    var y0: Int32
    var x1: Int32
    var y1: Int32

    init(_ x0: Int32, _ y0: Int32, _ x1: Int32, _ y1: Int32) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
    }

    var reversed: Edge { Edge(x1, y1, x0, y0) }
}

/// An edge cut at every grid position that it passes through: where three towns
/// meet, one of them may have no position of its own on the straight border.
private func unitPieces(_ edge: Edge) -> [Edge] {
    func divisor(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : divisor(b, a % b) }
    let (dx, dy) = (Int64(edge.x1) - Int64(edge.x0), Int64(edge.y1) - Int64(edge.y0))
    var steps = divisor(abs(dx), abs(dy))
    // Coordinates of one level are multiples of its step: whole multiples of a
    // large power of two need not be cut finer than that.
    let shared = (edge.x0 | edge.y0 | edge.x1 | edge.y1).trailingZeroBitCount
    steps = max(1, steps >> Int64(min(shared, 31)))
    return (0..<steps).map { step in
        Edge(
            Int32(Int64(edge.x0) + dx * step / steps), Int32(Int64(edge.y0) + dy * step / steps),
            Int32(Int64(edge.x0) + dx * (step + 1) / steps), Int32(Int64(edge.y0) + dy * (step + 1) / steps))
    }
}

/// A square district of towns that share wiggly borders to the bit.
private func towns(across count: Int, wiggles: Int) -> [SnapshotFeature] {
    let side = 3000.0
    func wiggle(_ a: Int, _ b: Int, _ step: Int) -> Double {
        if step == 0 || step == wiggles { return 0 }
        let t = Double(step) / Double(wiggles)
        let seed = Double(a &* 31 &+ b &* 17)
        return (t * (1 - t)) * (300 * sin(9 * t + seed) + 40 * sin(131 * t + 3 * seed) + 6 * sin(977 * t))
    }
    /// The border from grid corner (column, row) eastwards.
    func eastwards(_ column: Int, _ row: Int) -> [Coordinate] {
        (0...wiggles).map {
            Coordinate(
                x: middle.x + side * (Double(column) + Double($0) / Double(wiggles)),
                y: middle.y + side * Double(row) + wiggle(column, row, $0))
        }
    }
    func northwards(_ column: Int, _ row: Int) -> [Coordinate] {
        (0...wiggles).map {
            Coordinate(
                x: middle.x + side * Double(column) + wiggle(row &+ 50, column, $0),
                y: middle.y + side * (Double(row) + Double($0) / Double(wiggles)))
        }
    }
    return (0..<(count * count)).map { index in
        let (row, column) = (index / count, index % count)
        var ring = eastwards(column, row)
        ring += northwards(column + 1, row).dropFirst()
        ring += eastwards(column, row + 1).reversed().dropFirst()
        ring += northwards(column, row).reversed().dropFirst()
        return SnapshotFeature(
            id: Int64(index), geometry: .polygon(Polygon(LinearRing(ring))), values: [])
    }
}
