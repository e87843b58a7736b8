// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The contents of the three shadow tables of an SQLite R*Tree over two
/// dimensions, packed along the Hilbert curve: far faster than one insertion for
/// each row, and the nodes are fuller.
///
/// The tables of `CREATE VIRTUAL TABLE t USING rtree(id, minx, maxx, miny, maxy)`
/// are `t_node(nodeno, data)`, `t_rowid(rowid, nodeno)` and `t_parent(nodeno,
/// parentnode)`; SQLite makes the root, node 1, when it makes the table, so it
/// must be replaced.
public struct SQLiteRTreePacking: Sendable {
    /// Rows of `t_node`, by rising number; the root is number 1.
    public private(set) var nodes: [(number: Int64, data: [UInt8])] = []
    /// Rows of `t_rowid`: the leaf that each entry lies in.
    public private(set) var rowids: [(rowid: Int64, node: Int64)] = []
    /// Rows of `t_parent`: for each node but the root the node above it.
    public private(set) var parents: [(node: Int64, parent: Int64)] = []

    private struct Cell {
        var id: Int64
        var minX: Float
        var maxX: Float
        var minY: Float
        var maxY: Float

        init(id: Int64, envelope: Envelope) {
            self.id = id
            minX = Self.down(envelope.minX)
            maxX = Self.up(envelope.maxX)
            minY = Self.down(envelope.minY)
            maxY = Self.up(envelope.maxY)
        }

        init(id: Int64, around cells: ArraySlice<Cell>) {
            self.id = id
            minX = .infinity
            maxX = -.infinity
            minY = .infinity
            maxY = -.infinity
            for cell in cells {
                minX = min(minX, cell.minX)
                maxX = max(maxX, cell.maxX)
                minY = min(minY, cell.minY)
                maxY = max(maxY, cell.maxY)
            }
        }

        private static func down(_ value: Double) -> Float {
            let rounded = Float(value)
            return Double(rounded) > value ? rounded.nextDown : rounded
        }

        private static func up(_ value: Double) -> Float {
            let rounded = Float(value)
            return Double(rounded) < value ? rounded.nextUp : rounded
        }
    }

    /// Packs entries; those with an empty envelope are left out, as GeoPackage
    /// asks.
    ///
    /// - Parameters:
    ///   - entries: Each rowid once.
    ///   - pageSize: That of the database, in bytes: 512 to 65,536. It decides
    ///     how large a node is.
    /// - Complexity: O(*n*).
    public init(entries: [(id: Int64, envelope: Envelope)], pageSize: Int = 4096) {
        // SQLite's own rule: 51 cells of 24 bytes, or what a page can hold.
        let nodeCount = min(max(pageSize, 512) - 64, 4 + 24 * 51)
        let capacity = (nodeCount - 4) / 24
        var level = Self.sorted(entries)
        rowids.reserveCapacity(level.count)

        // The number of nodes of each level, leaves first, to number them from
        // the root down.
        var counts = [max(1, (level.count + capacity - 1) / capacity)]
        while let last = counts.last, last > 1 { counts.append((last + capacity - 1) / capacity) }
        var firstNumbers: [Int64] = []
        var number: Int64 = 1
        for count in counts.reversed() {
            firstNumbers.insert(number, at: 0)
            number += Int64(count)
        }

        var packed: [[(number: Int64, data: [UInt8])]] = []
        for (height, count) in counts.enumerated() {
            var next: [Cell] = []
            next.reserveCapacity(count)
            var nodesOfLevel: [(number: Int64, data: [UInt8])] = []
            nodesOfLevel.reserveCapacity(count)
            for index in 0..<count {
                // Evenly filled: no node is left with a single cell.
                let cells = level[(level.count * index / count)..<(level.count * (index + 1) / count)]
                let node = firstNumbers[height] + Int64(index)
                for cell in cells {
                    if height == 0 {
                        rowids.append((cell.id, node))
                    } else {
                        parents.append((cell.id, node))
                    }
                }
                let depth = height == counts.count - 1 ? height : 0
                nodesOfLevel.append((node, Self.data(cells, depth: depth, count: nodeCount)))
                next.append(Cell(id: node, around: cells))
            }
            packed.append(nodesOfLevel)
            level = next
        }
        for nodesOfLevel in packed.reversed() { nodes += nodesOfLevel }
    }

    private static func sorted(_ entries: [(id: Int64, envelope: Envelope)]) -> [Cell] {
        let present = entries.filter { !$0.envelope.isEmpty }
        var all = Envelope.empty
        for entry in present { all.expand(toContain: entry.envelope) }
        let side = max(all.width, all.height)
        let scale = side > 0 && side.isFinite ? Double(UInt32.max) / side : 0
        let keys = present.map { entry in
            let center = entry.envelope.center
            func cell(_ value: Double) -> Int32 {
                let scaled = value * scale
                let clamped = scaled > 0 ? min(scaled, Double(UInt32.max)) : 0
                return Int32(truncatingIfNeeded: Int64(clamped) + Int64(Int32.min))
            }
            return HilbertOrder.index(x: cell(center.x - all.minX), y: cell(center.y - all.minY))
        }
        return HilbertOrder.permutation(sorting: keys).map { number in
            let entry = present[Int(number)]
            return Cell(id: entry.id, envelope: entry.envelope)
        }
    }

    /// A node as SQLite stores it: the depth of the tree (root only) and the
    /// number of cells in two bytes each, then the cells, all big endian.
    private static func data(_ cells: ArraySlice<Cell>, depth: Int, count: Int) -> [UInt8] {
        var data = [UInt8](repeating: 0, count: count)
        data.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: UInt16(depth).bigEndian, toByteOffset: 0, as: UInt16.self)
            bytes.storeBytes(of: UInt16(cells.count).bigEndian, toByteOffset: 2, as: UInt16.self)
            var offset = 4
            for cell in cells {
                bytes.storeBytes(of: cell.id.bigEndian, toByteOffset: offset, as: Int64.self)
                offset += 8
                for value in [cell.minX, cell.maxX, cell.minY, cell.maxY] {
                    bytes.storeBytes(of: value.bitPattern.bigEndian, toByteOffset: offset, as: UInt32.self)
                    offset += 4
                }
            }
        }
        return data
    }
}
