// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import SpatialIndexing

/// All geometry of a layer on the integer grid, in flat arrays, nothing removed:
/// each level of detail is cut from every position that was given, so that
/// neighbours are treated alike.
///
/// An *item* is what a feature has of one dimension; only collections make more
/// than one. A *run* is a line, a ring without its closing position, or the
/// points of an item.
struct QuantisedGeometry {
    enum Placement {
        /// There was no position, or one that is no number.
        case nothing
        case placed
        /// Some positions were outside the grid.
        case clamped
    }

    let grid: SnapshotGrid

    // For each item.
    private(set) var rows: [UInt32] = []
    private(set) var dimensions: [UInt8] = []
    private(set) var boxes: [GridBox] = []
    /// In square cells.
    private(set) var areas: [Double] = []
    /// One more than there are items.
    private(set) var runStarts: [UInt32] = [0]

    // For each run; one more than there are.
    private(set) var positionStarts: [UInt32] = [0]
    private(set) var partFlags: [UInt8] = []

    /// x and y of each position.
    private(set) var positions: [Int32] = []
    /// Whether there is anything but points.
    private(set) var hasRuns = false

    private var box = GridBox.empty
    private var area = 0.0
    private var isOutside = false
    private var isBroken = false

    init(grid: SnapshotGrid) {
        self.grid = grid
    }

    /// The same geometry with its items in another order, so that each level of
    /// detail is cut in one pass from the front to the back.
    ///
    /// - Parameters:
    ///   - order: The items, each once.
    ///   - rowNumbers: What each row is called from now on.
    func reordered(_ order: [UInt32], rowNumbers: [UInt32]) -> QuantisedGeometry {
        var result = QuantisedGeometry(grid: grid)
        result.hasRuns = hasRuns
        result.rows.reserveCapacity(rows.count)
        result.dimensions.reserveCapacity(rows.count)
        result.boxes.reserveCapacity(rows.count)
        result.areas.reserveCapacity(rows.count)
        result.runStarts.reserveCapacity(runStarts.count)
        result.positionStarts.reserveCapacity(positionStarts.count)
        result.partFlags.reserveCapacity(partFlags.count)
        result.positions.reserveCapacity(positions.count)
        positions.withUnsafeBufferPointer { positions in
            for item in order.lazy.map({ Int($0) }) {
                result.rows.append(rowNumbers[Int(rows[item])])
                result.dimensions.append(dimensions[item])
                result.boxes.append(boxes[item])
                result.areas.append(areas[item])
                let runs = Int(runStarts[item])..<Int(runStarts[item + 1])
                let moved = result.positions.count / 2 - Int(positionStarts[runs.lowerBound])
                for run in runs {
                    result.positionStarts.append(UInt32(truncatingIfNeeded: Int(positionStarts[run + 1]) + moved))
                    result.partFlags.append(partFlags[run])
                }
                result.runStarts.append(UInt32(truncatingIfNeeded: result.partFlags.count))
                let (start, end) = (positionStarts[runs.lowerBound], positionStarts[runs.upperBound])
                result.positions.append(
                    contentsOf: UnsafeBufferPointer(rebasing: positions[(2 * Int(start))..<(2 * Int(end))]))
            }
        }
        return result
    }

    var positionCount: Int { positions.count / 2 }
    var itemCount: Int { rows.count }

    /// Takes the geometry of a feature, or nothing of it.
    mutating func append(_ geometry: Geometry, row: UInt32) -> Placement {
        let mark = (items: rows.count, runs: partFlags.count, positions: positions.count)
        isOutside = false
        isBroken = false
        if case .geometryCollection = geometry {
            // All points of the collection first, then all lines, then areas.
            for dimension: UInt8 in 0...2 {
                append(geometry, only: dimension)
                closeItem(dimension, row: row)
            }
        } else {
            append(geometry, only: nil)
            closeItem(UInt8(geometry.type.dimension ?? 0), row: row)
        }
        if isBroken {
            rows.removeLast(rows.count - mark.items)
            dimensions.removeLast(dimensions.count - mark.items)
            boxes.removeLast(boxes.count - mark.items)
            areas.removeLast(areas.count - mark.items)
            runStarts.removeLast(runStarts.count - 1 - mark.items)
            partFlags.removeLast(partFlags.count - mark.runs)
            positionStarts.removeLast(positionStarts.count - 1 - mark.runs)
            positions.removeLast(positions.count - mark.positions)
            return .nothing
        }
        if rows.count == mark.items { return .nothing }
        return isOutside ? .clamped : .placed
    }

    private mutating func append(_ geometry: Geometry, only dimension: UInt8?) {
        func wants(_ other: UInt8) -> Bool { dimension == nil || dimension == other }
        switch geometry {
        case .point(let point): if wants(0) { append(point) }
        case .lineString(let line): if wants(1) { append(line) }
        case .polygon(let polygon): if wants(2) { append(polygon) }
        case .multiPoint(let multi): if wants(0) { for point in multi.points { append(point) } }
        case .multiLineString(let multi): if wants(1) { for line in multi.lineStrings { append(line) } }
        case .multiPolygon(let multi): if wants(2) { for polygon in multi.polygons { append(polygon) } }
        case .geometryCollection(let collection):
            for member in collection.geometries { append(member, only: dimension) }
        }
    }

    private mutating func append(_ point: Point) {
        guard let coordinate = point.coordinate else { return }
        append(CollectionOfOne(coordinate))
    }

    private mutating func append(_ line: LineString) {
        guard line.coordinates.count >= 2 else { return }
        append(line.coordinates)
        closeRun(isPart: true)
        hasRuns = true
    }

    private mutating func append(_ polygon: Polygon) {
        guard polygon.exteriorRing.coordinates.count >= 4 else { return }
        append(polygon.exteriorRing.coordinates.dropLast())
        closeRun(isPart: true)
        area += abs(polygon.exteriorRing.twiceSignedArea) / 2
        for ring in polygon.interiorRings where ring.coordinates.count >= 4 {
            append(ring.coordinates.dropLast())
            closeRun(isPart: false)
            area -= abs(ring.twiceSignedArea) / 2
        }
        hasRuns = true
    }

    private mutating func append(_ coordinates: some RandomAccessCollection<Coordinate>) {
        for coordinate in coordinates {
            let x = (coordinate.x - grid.originX) / grid.unit - 2_147_483_648
            let y = (grid.originY - coordinate.y) / grid.unit - 2_147_483_648
            // One cell beyond is rounding. NaN fails every comparison.
            if !(abs(x) <= 2_147_483_649 && abs(y) <= 2_147_483_649) {
                isOutside = true
                if !coordinate.isFinite { isBroken = true }
            }
            let cellX = SnapshotGrid.clamped(x)
            let cellY = SnapshotGrid.clamped(y)
            box.expand(x: cellX, y: cellY)
            positions.append(cellX)
            positions.append(cellY)
        }
    }

    private mutating func closeRun(isPart: Bool) {
        positionStarts.append(UInt32(truncatingIfNeeded: positions.count / 2))
        partFlags.append(isPart ? 1 : 0)
    }

    private mutating func closeItem(_ dimension: UInt8, row: UInt32) {
        if let last = positionStarts.last, Int(last) < positions.count / 2 { closeRun(isPart: true) }
        if let last = runStarts.last, Int(last) < partFlags.count {
            rows.append(row)
            dimensions.append(dimension)
            boxes.append(box)
            areas.append(area / (grid.unit * grid.unit))
            runStarts.append(UInt32(truncatingIfNeeded: partFlags.count))
        }
        box = .empty
        area = 0
    }
}
