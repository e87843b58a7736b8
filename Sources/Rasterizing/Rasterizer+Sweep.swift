// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// Turns the running sum of a row's cells into the opacity of a pixel, 0 … 255.
protocol CoverageRule {
    static func opacity(_ sum: Int32) -> UInt32
}

enum NonZeroCoverage: CoverageRule {
    @inline(__always)
    static func opacity(_ sum: Int32) -> UInt32 {
        let covered = min(sum.magnitude, UInt32(CoverageCells.full))
        return (covered &* 255 &+ 65_536) &>> 17
    }
}

enum EvenOddCoverage: CoverageRule {
    @inline(__always)
    static func opacity(_ sum: Int32) -> UInt32 {
        // A triangle wave: up to full and down to nothing again.
        let folded = sum & (2 &* CoverageCells.full &- 1)
        let covered = folded > CoverageCells.full ? 2 &* CoverageCells.full &- folded : folded
        return (UInt32(truncatingIfNeeded: covered) &* 255 &+ 65_536) &>> 17
    }
}

extension Rasterizer {
    /// Paints what the cells say, and empties them.
    ///
    /// A row is read from mark to mark: four pixels are summed one by one, and
    /// whatever lies between has one coverage and is filled as a span.
    @inline(__always)
    func sweep<Rule: CoverageRule>(
        _ rule: Rule.Type, _ color: PremultipliedColor, _ pixels: UnsafeMutablePointer<UInt32>
    ) {
        let paint = Paint(color)
        let (firstRow, lastRow) = (cells.firstRow, cells.lastRow)
        guard firstRow <= lastRow else { return }
        let width = self.width
        for row in firstRow...lastRow {
            let rowCells = cells.cells + row &* cells.stride
            let rowMarks = cells.marks + row &* cells.marksPerRow
            let target = pixels + row &* width
            var sum: Int32 = 0
            var opacity: UInt32 = 0
            var next = 0
            for word in 0..<cells.marksPerRow {
                var bits = rowMarks[word]
                if bits == 0 { continue }
                rowMarks[word] = 0
                repeat {
                    let column = (word &* 64 &+ bits.trailingZeroBitCount) &* CoverageCells.pixelsPerMark
                    bits &= bits &- 1
                    if opacity != 0 && next < column { paint.fillSpan(target + next, column &- next, opacity) }
                    next = column &+ CoverageCells.pixelsPerMark
                    for position in column..<next {
                        sum &+= rowCells[position]
                        rowCells[position] = 0
                        opacity = rule.opacity(sum)
                        if opacity != 0 && position < width { paint.fillPixel(target + position, opacity) }
                    }
                } while bits != 0
            }
            if opacity != 0 && next < width { paint.fillSpan(target + next, width &- next, opacity) }
        }
        cells.firstRow = height
        cells.lastRow = -1
    }
}
