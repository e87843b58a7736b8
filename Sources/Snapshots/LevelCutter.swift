// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SpatialIndexing

/// One level of detail in memory, as it goes into the file.
struct CutLevel {
    var ledger: SnapshotLevelLedger
    var rows: [UInt32] = []
    var dimensions: [UInt8] = []
    var boxes: [GridBox] = []
    var runStarts: [UInt32] = [0]
    var positionStarts: [UInt32] = [0]
    var partFlags: [UInt8] = []
    var positions: [Int32] = []

    init(shift: Int) {
        ledger = SnapshotLevelLedger(cellShift: shift)
    }

    func write(to file: SnapshotFileWriter, number: Int) throws(SnapshotsError) {
        try file.section(.tree, number, PackedHilbertTree.build(sorted: boxes))
        try file.section(.rows, number, rows)
        try file.section(.dimensions, number, dimensions)
        try file.section(.runStarts, number, runStarts)
        try file.section(.positionStarts, number, positionStarts)
        try file.section(.partFlags, number, partFlags)
        try file.section(.positions, number, positions)
    }
}

/// Cuts a level of detail out of all geometry.
///
/// Small areas are not thinned out by size. Rounding every position by itself
/// makes the area drawn right on average: of houses a third of a step wide and
/// high, one in nine is drawn as a whole square of the grid, and a district of
/// small houses is as dark from afar as it should be.
enum LevelCutter {
    /// - Parameters:
    ///   - geometry: The items, in the order of the level.
    ///   - shift: Positions are put on multiples of 2^`shift`.
    static func cut(_ geometry: QuantisedGeometry, shift: Int) -> CutLevel {
        var level = CutLevel(shift: shift)
        let simplifier = RunSimplifier(shift: shift)
        var sourceArea = 0.0
        var drawnArea = 0.0
        if shift == 0 {
            level.rows.reserveCapacity(geometry.itemCount)
            level.dimensions.reserveCapacity(geometry.itemCount)
            level.boxes.reserveCapacity(geometry.itemCount)
            level.runStarts.reserveCapacity(geometry.itemCount + 1)
            level.positionStarts.reserveCapacity(geometry.partFlags.count + 1)
            level.partFlags.reserveCapacity(geometry.partFlags.count)
            level.positions.reserveCapacity(geometry.positions.count)
        }
        geometry.positions.withUnsafeBufferPointer { positions in
            for item in 0..<geometry.itemCount {
                let dimension = geometry.dimensions[item]
                let runs = Int(geometry.runStarts[item])..<Int(geometry.runStarts[item + 1])
                sourceArea += geometry.areas[item]
                if simplifier.collapses(geometry.boxes[item], dimension: dimension) {
                    level.ledger.collapsedRuns += runs.count
                    level.ledger.dropped += 1
                    continue
                }
                let firstRun = level.partFlags.count
                let firstPosition = level.positions.count
                var exteriorCollapsed = false
                for run in runs {
                    let start = 2 * Int(geometry.positionStarts[run])
                    let end = 2 * Int(geometry.positionStarts[run + 1])
                    let source = UnsafeBufferPointer(rebasing: positions[start..<end])
                    let isPart = geometry.partFlags[run] != 0
                    let simplified: UnsafeBufferPointer<Int32>?
                    if dimension == 2 {
                        // Holes go with their exterior ring.
                        if isPart { exteriorCollapsed = false }
                        let ring = exteriorCollapsed ? nil : simplifier.ring(source, isExterior: isPart)
                        simplified = ring?.run
                        drawnArea += isPart ? ring?.area ?? 0 : -(ring?.area ?? 0)
                        exteriorCollapsed = exteriorCollapsed || isPart && ring == nil
                    } else {
                        simplified = dimension == 1 ? simplifier.line(source) : simplifier.points(source)
                    }
                    guard let simplified else {
                        level.ledger.collapsedRuns += 1
                        continue
                    }
                    level.positions.append(contentsOf: simplified)
                    level.positionStarts.append(UInt32(truncatingIfNeeded: level.positions.count / 2))
                    level.partFlags.append(isPart ? 1 : 0)
                }
                if level.partFlags.count == firstRun {
                    level.ledger.dropped += 1
                } else {
                    level.closeItem(row: geometry.rows[item], dimension: dimension, from: firstPosition)
                }
            }
        }
        let squareUnit = geometry.grid.unit * geometry.grid.unit
        level.ledger.sourceArea = sourceArea * squareUnit
        level.ledger.drawnArea = drawnArea * squareUnit
        level.ledger.drawn = level.rows.count
        level.ledger.positions = level.positions.count / 2
        return level
    }
}

extension CutLevel {
    fileprivate mutating func closeItem(row: UInt32, dimension: UInt8, from firstPosition: Int) {
        var box = GridBox.empty
        positions.withUnsafeBufferPointer { positions in
            for index in stride(from: firstPosition, to: positions.count - 1, by: 2) {
                box.expand(x: positions[index], y: positions[index + 1])
            }
        }
        rows.append(row)
        dimensions.append(dimension)
        boxes.append(box)
        runStarts.append(UInt32(truncatingIfNeeded: partFlags.count))
    }
}
