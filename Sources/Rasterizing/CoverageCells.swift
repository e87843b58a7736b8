// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The edges of a shape as the change of coverage that they cause, pixel by
/// pixel: the running sum along a row is the coverage.
///
/// An edge that goes down by `dy` subpixels inside one pixel, at a mean distance
/// `m` from the pixel's left side, adds `dy * (256 - m)` to the coverage of this
/// pixel and `dy * 256` to all pixels to its right. The cells hold twice these
/// numbers, so that they are whole: `full` is a pixel covered once.
///
/// Where a line crosses from row to row and from pixel to pixel is the floor of
/// an exact quotient of the line's own ends, always taken downwards and to the
/// right. So the result does not depend on where the picture ends, nor on the
/// direction of the line: neighbours that share an edge share its rounding.
///
/// A mask of one bit for four pixels remembers which cells were written; rows
/// are read by jumping from bit to bit. (The layout is that of Blend2D.)
struct CoverageCells {
    static let full: Int32 = 2 * 256 * 256
    static let pixelsPerMark = 4

    let width: Int
    let height: Int
    /// Cells in a row, with room for the one beyond the last pixel.
    let stride: Int
    let marksPerRow: Int
    let cells: UnsafeMutablePointer<Int32>
    let marks: UnsafeMutablePointer<UInt64>
    /// The rows that were written, empty when `firstRow > lastRow`.
    var firstRow: Int
    var lastRow: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        stride = (width / Self.pixelsPerMark + 1) * Self.pixelsPerMark
        marksPerRow = (stride / Self.pixelsPerMark + 63) / 64
        cells = .allocate(capacity: max(1, stride * height))
        cells.initialize(repeating: 0, count: stride * height)
        marks = .allocate(capacity: max(1, marksPerRow * height))
        marks.initialize(repeating: 0, count: marksPerRow * height)
        firstRow = height
        lastRow = -1
    }

    func deallocate() {
        cells.deallocate()
        marks.deallocate()
    }

    /// Adds one edge. `winding` is 1, or −1 to count it the other way round.
    @inline(__always)
    mutating func addEdge(_ from: SubpixelPoint, _ to: SubpixelPoint, winding: Int32) {
        if from.y < to.y {
            addDownwards(from, to, winding)
        } else if from.y > to.y {
            addDownwards(to, from, 0 &- winding)
        }
    }

    @inline(__always)
    private mutating func addDownwards(_ top: SubpixelPoint, _ bottom: SubpixelPoint, _ winding: Int32) {
        let topRow = Int(top.y) >> 8
        let bottomRow = (Int(bottom.y) - 1) >> 8
        guard bottomRow >= 0, topRow < height else { return }
        let right = Int32(truncatingIfNeeded: width << 8)
        if top.x >= right && bottom.x >= right { return }
        firstRow = min(firstRow, max(topRow, 0))
        lastRow = max(lastRow, min(bottomRow, height - 1))
        if topRow == bottomRow {
            addInRow(topRow, Int(top.x), Int32(top.y & 255), Int(bottom.x), bottom.y - (top.y & ~255), winding)
        } else {
            addAcrossRows(top, bottom, topRow, bottomRow, winding)
        }
    }

    /// An edge over two rows or more, of which at least one is in the picture.
    private func addAcrossRows(
        _ top: SubpixelPoint, _ bottom: SubpixelPoint, _ topRow: Int, _ bottomRow: Int, _ winding: Int32
    ) {
        let (x0, y0, x1, y1) = (Int(top.x), Int(top.y), Int(bottom.x), Int(bottom.y))
        let dx = x1 - x0
        let dy = y1 - y0
        var row = max(topRow, 0)
        let lastVisible = min(bottomRow, height - 1)
        // Where the line meets the lower side of a row, as a quotient and its
        // remainder by dy, and how both grow from row to row.
        var (crossing, remainder) = flooredDivision(((row + 1) << 8 - y0) * dx, dy)
        crossing += x0
        let (step, stepRemainder) = flooredDivision(dx << 8, dy)
        var x: Int
        var top: Int32
        if topRow < 0 {
            x = x0 + flooredDivision(-y0 * dx, dy).quotient
            top = 0
        } else {
            x = x0
            top = Int32(y0 & 255)
        }
        while row < bottomRow && row <= lastVisible {
            addInRow(row, x, top, crossing, 256, winding)
            x = crossing
            top = 0
            crossing += step
            remainder += stepRemainder
            if remainder >= dy {
                crossing += 1
                remainder -= dy
            }
            row += 1
        }
        if row == bottomRow && row <= lastVisible {
            addInRow(row, x, top, x1, Int32(y1 - bottomRow << 8), winding)
        }
    }

    /// An edge inside one row of pixels, from `top` to `bottom`, which count
    /// from 0 to 256 within the row, at least one apart.
    @inline(__always)
    private func addInRow(_ row: Int, _ x0: Int, _ top: Int32, _ x1: Int, _ bottom: Int32, _ winding: Int32) {
        let column = x0 >> 8
        if column == x1 >> 8 {
            let fractions = Int32(truncatingIfNeeded: (x0 & 255) + (x1 & 255))
            addCell(row, column, fractions, (bottom - top) &* winding)
        } else if x0 < x1 {
            addAcrossColumns(row, x0, top, x1, bottom, winding)
        } else {
            addAcrossColumns(row, x1, bottom, x0, top, 0 &- winding)
        }
    }

    /// An edge inside one row and over several pixels, from left to right.
    private func addAcrossColumns(
        _ row: Int, _ x0: Int, _ y0: Int32, _ x1: Int, _ y1: Int32, _ winding: Int32
    ) {
        let dx = x1 - x0
        let dy = Int(y1) - Int(y0)
        var column = x0 >> 8
        var y = y0
        var fraction = Int32(truncatingIfNeeded: x0 & 255)
        if column >= width { return }
        if column < 0 {
            // All that happens left of the picture counts in full from its first
            // pixel on.
            let end = x1 < 0 ? y1 : y0 + Int32(truncatingIfNeeded: flooredDivision(-x0 * dy, dx).quotient)
            addCell(row, -1, 0, (end - y) &* winding)
            if x1 < 0 { return }
            column = 0
            y = end
            fraction = 0
        }
        let lastColumn = x1 >> 8
        if column < lastColumn {
            var (crossing, remainder) = flooredDivision(((column + 1) << 8 - x0) * dy, dx)
            crossing += Int(y0)
            let (step, stepRemainder) = flooredDivision(dy << 8, dx)
            let end = min(lastColumn, width)
            while column < end {
                let next = Int32(truncatingIfNeeded: crossing)
                addCell(row, column, fraction + 256, (next - y) &* winding)
                y = next
                fraction = 0
                crossing += step
                remainder += stepRemainder
                if remainder >= dx {
                    crossing += 1
                    remainder -= dx
                }
                column += 1
            }
        }
        if column == lastColumn {
            addCell(row, column, fraction + Int32(truncatingIfNeeded: x1 & 255), (y1 - y) &* winding)
        }
    }

    /// An edge inside one pixel that goes down by `dy`; `fractions` is the sum
    /// of the distances of its ends from the pixel's left side. A negative
    /// column stands for everything left of the picture.
    @inline(__always)
    private func addCell(_ row: Int, _ column: Int, _ fractions: Int32, _ dy: Int32) {
        guard column < width else { return }
        let rowCells = cells + row &* stride
        let rowMarks = marks + row &* marksPerRow
        if column < 0 {
            rowCells[0] &+= dy &* 512
            rowMarks[0] |= 1
            return
        }
        let area = fractions &* dy
        rowCells[column] &+= dy &* 512 &- area
        rowCells[column &+ 1] &+= area
        let mark = column &>> 2
        rowMarks[mark &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: mark & 63)
        let next = (column &+ 1) &>> 2
        rowMarks[next &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: next & 63)
    }
}

/// The quotient rounded down, and the remainder, which is never negative.
/// `divisor` must be positive.
@inline(__always)
private func flooredDivision(_ dividend: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    var quotient: Int
    var remainder: Int
    if let small = Int32(exactly: dividend), let by = Int32(exactly: divisor) {
        // Half the time of the 64-bit instruction on many machines.
        quotient = Int(small / by)
        remainder = Int(small % by)
    } else {
        quotient = dividend / divisor
        remainder = dividend % divisor
    }
    if remainder < 0 {
        quotient -= 1
        remainder += divisor
    }
    return (quotient, remainder)
}
