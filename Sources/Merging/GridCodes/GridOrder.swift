// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures

/// The order in which cells of one area are numbered.
///
/// A row begins with the northernmost cell that is left, by the middle of its
/// envelope, and takes every cell whose middle is not south of that cell's
/// southern edge; within the row cells go from west to east. So a row is as high
/// as its first cell, wherever a map has its rows. Columns are the same, turned.
enum GridOrder {
    static func sorted(_ cells: [GridCell], _ order: GridCodeRule.Order) -> [GridCell] {
        var spans = cells.map { Span($0, order) }
        spans.sort {
            ($0.middle, $0.along) < ($1.middle, $1.along) || ($0.isLevel(with: $1) && $0.cell.precedes($1.cell))
        }
        var sorted: [GridCell] = []
        sorted.reserveCapacity(cells.count)
        var start = 0
        while start < spans.count {
            let edge = spans[start].end
            let end = spans[start...].firstIndex { $0.middle > edge } ?? spans.count
            let row = spans[start..<end].sorted {
                ($0.along, $0.middle) < ($1.along, $1.middle) || ($0.isLevel(with: $1) && $0.cell.precedes($1.cell))
            }
            sorted += row.map(\.cell)
            start = end
        }
        return sorted
    }

    /// A cell across the rows and along them, both rising in the order's direction,
    /// in halves of a metre: the middle of two ordinates is their sum.
    private struct Span {
        let cell: GridCell
        let middle: Double
        let end: Double
        let along: Double

        init(_ cell: GridCell, _ order: GridCodeRule.Order) {
            self.cell = cell
            let box = cell.envelope
            switch order {
            case .rows: (middle, end, along) = (-(box.minY + box.maxY), -2 * box.minY, box.minX + box.maxX)
            case .columns: (middle, end, along) = (box.minX + box.maxX, 2 * box.maxX, -(box.minY + box.maxY))
            }
        }

        func isLevel(with other: Span) -> Bool { middle == other.middle && along == other.along }
    }
}

extension GridCell {
    /// An order that depends on nothing but the cells; it decides between those in
    /// one place.
    func precedes(_ other: GridCell) -> Bool {
        (holder, content, row, id) < (other.holder, other.content, other.row, other.id)
    }
}
