// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension CoverageCells {
    /// Edges that extend less than this in both directions, in subpixels, are
    /// added in 32-bit arithmetic: nearly all edges of a map.
    static let shortLength: Int32 = 1 << 14

    /// Adds a short edge that lies inside the picture.
    @inline(__always)
    func addShort(
        _ top: SubpixelPoint, _ low: SubpixelPoint, _ topRow: Int32, _ lowRow: Int32, _ winding: Int32
    ) {
        let rowCells = cells + Int(topRow) &* stride
        let rowMarks = marks + Int(topRow) &* marksPerRow
        if topRow == lowRow {
            Self.addInRow(rowCells, rowMarks, top.x, top.y & 255, low.x, low.y &- topRow &<< 8, winding)
        } else {
            addAcrossRows(rowCells, rowMarks, top, low, lowRow &- topRow, winding)
        }
    }

    /// Adds a short edge that goes down over more rows than one.
    private func addAcrossRows(
        _ firstCells: UnsafeMutablePointer<Int32>, _ firstMarks: UnsafeMutablePointer<UInt64>,
        _ top: SubpixelPoint, _ low: SubpixelPoint, _ rows: Int32, _ winding: Int32
    ) {
        let dx = low.x &- top.x
        let dy = low.y &- top.y
        var (crossing, remainder) = flooredDivision((256 &- top.y & 255) &* dx, dy)
        crossing &+= top.x
        var rowCells = firstCells
        var rowMarks = firstMarks
        Self.addInRow(rowCells, rowMarks, top.x, top.y & 255, crossing, 256, winding)
        rowCells += stride
        rowMarks += marksPerRow
        if rows > 1 {
            let (step, stepRemainder) = flooredDivision(dx &<< 8, dy)
            for _ in 1..<rows {
                let x = crossing
                crossing &+= step
                remainder &+= stepRemainder
                if remainder >= dy {
                    crossing &+= 1
                    remainder &-= dy
                }
                Self.addInRow(rowCells, rowMarks, x, 0, crossing, 256, winding)
                rowCells += stride
                rowMarks += marksPerRow
            }
        }
        Self.addInRow(rowCells, rowMarks, crossing, 0, low.x, (low.y &- 1) & 255 &+ 1, winding)
    }

    /// Adds an edge inside one row of pixels, from `top` to `bottom`, which
    /// count from 0 to 256 within the row, at least one apart.
    @inline(__always)
    private static func addInRow(
        _ rowCells: UnsafeMutablePointer<Int32>, _ rowMarks: UnsafeMutablePointer<UInt64>, _ x0: Int32,
        _ top: Int32, _ x1: Int32, _ bottom: Int32, _ winding: Int32
    ) {
        let column = x0 &>> 8
        if column == x1 &>> 8 {
            addCell(
                rowCells, UnsafeMutableRawPointer(rowMarks), Int(column), x0 & 255 &+ x1 & 255,
                (bottom &- top) &* winding)
        } else if x0 < x1 {
            addAcrossColumns(rowCells, rowMarks, x0, top, x1, bottom, winding)
        } else {
            addAcrossColumns(rowCells, rowMarks, x1, bottom, x0, top, 0 &- winding)
        }
    }

    /// Adds an edge inside one row and over several pixels, from left to right.
    private static func addAcrossColumns(
        _ rowCells: UnsafeMutablePointer<Int32>, _ rowMarks: UnsafeMutablePointer<UInt64>, _ x0: Int32,
        _ y0: Int32, _ x1: Int32, _ y1: Int32, _ winding: Int32
    ) {
        let rowMarks = UnsafeMutableRawPointer(rowMarks)
        let dx = x1 &- x0
        let dy = y1 &- y0
        var column = Int(x0 &>> 8)
        let lastColumn = Int(x1 &>> 8)
        var (crossing, remainder) = flooredDivision((256 &- x0 & 255) &* dy, dx)
        crossing &+= y0
        addCell(rowCells, rowMarks, column, x0 & 255 &+ 256, (crossing &- y0) &* winding)
        column &+= 1
        if column < lastColumn {
            let (step, stepRemainder) = flooredDivision(dy &<< 8, dx)
            while column < lastColumn {
                let y = crossing
                crossing &+= step
                remainder &+= stepRemainder
                if remainder >= dx {
                    crossing &+= 1
                    remainder &-= dx
                }
                addCell(rowCells, rowMarks, column, 256, (crossing &- y) &* winding)
                column &+= 1
            }
        }
        addCell(rowCells, rowMarks, column, x1 & 255, (y1 &- crossing) &* winding)
    }
}

/// The quotient rounded down, and the remainder, which is never negative.
/// `divisor` must be positive.
@inline(__always)
private func flooredDivision(_ dividend: Int32, _ divisor: Int32) -> (quotient: Int32, remainder: Int32) {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient &- 1, remainder &+ divisor) : (quotient, remainder)
}
