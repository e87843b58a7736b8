// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport

/// A shapefile of points whose table is written byte by byte, as no honest writer
/// would.
struct RawShapefile {
    var columns: [(name: String, width: Int)]
    /// Bytes of each cell, without the spaces that fill it.
    var rows: [[[UInt8]]]
    var languageByte: UInt8 = 0
    /// Raw names in place of those of `columns`, at most ten bytes each.
    var rawNames: [[UInt8]]?

    private func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }

    private func big(_ value: Int) -> [UInt8] { little(value, 4).reversed() }

    var table: [UInt8] {
        let width = 1 + columns.reduce(0) { $0 + $1.width }
        var bytes: [UInt8] =
            [3, 126, 1, 1] + little(rows.count, 4) + little(33 + 32 * columns.count, 2) + little(width, 2)
        bytes += [UInt8](repeating: 0, count: 17) + [languageByte, 0, 0]
        for (index, column) in columns.enumerated() {
            let name = Array((rawNames?[index] ?? Array(column.name.utf8)).prefix(10))
            bytes += name + [UInt8](repeating: 0, count: 11 - name.count) + [0x43, 0, 0, 0, 0, UInt8(column.width), 0]
            bytes += [UInt8](repeating: 0, count: 14)
        }
        bytes.append(0x0D)
        for row in rows {
            bytes.append(0x20)
            for (cell, column) in zip(row, columns) {
                bytes += cell.prefix(column.width) + [UInt8](repeating: 0x20, count: max(0, column.width - cell.count))
            }
        }
        return bytes + [0x1A]
    }

    private func header(_ words: Int) -> [UInt8] {
        big(9994) + [UInt8](repeating: 0, count: 20) + big(words) + little(1000, 4) + little(1, 4)
            + [121.0, 31.0, 122.0, 32.0, 0, 0, 0, 0].flatMap {
                withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init)
            }
    }

    /// - Returns: the `.shp`.
    func write(to folder: TemporaryFolder, _ name: String, codePage: String? = nil) throws -> URL {
        var shapes = header(50 + 14 * rows.count)
        var index = header(50 + 4 * rows.count)
        for row in rows.indices {
            let position = [121.0 + Double(row) * 0.001, 31.1]
            shapes += big(row + 1) + big(10) + little(1, 4)
            shapes += position.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
            index += big(50 + 14 * row) + big(10)
        }
        let stem = String(name.dropLast(4))
        try folder.write(table, to: "\(stem).dbf")
        try folder.write(index, to: "\(stem).shx")
        if let codePage { try folder.write(codePage, to: "\(stem).cpg") }
        return try folder.write(shapes, to: name)
    }
}
