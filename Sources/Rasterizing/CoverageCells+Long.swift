// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension CoverageCells {
    /// Adds an edge of any length that may leave the picture on any side: the
    /// same arithmetic as for short ones, in 64 bits, begun at the first row and
    /// at the first column that can be seen.
    func addLong(_ top: SubpixelPoint, _ low: SubpixelPoint, _ topRow: Int, _ lowRow: Int, _ winding: Int32) {
        if topRow == lowRow {
            return addInRow(
                topRow, Int(top.x), Int32(Int(top.y) - topRow << 8), Int(low.x), Int32(Int(low.y) - topRow << 8),
                winding)
        }
        let (x0, y0, x1, y1) = (Int(top.x), Int(top.y), Int(low.x), Int(low.y))
        let dx = x1 - x0
        let dy = y1 - y0
        var row = max(topRow, 0)
        let lastVisible = min(lowRow, height - 1)
        // Where the line meets the lower side of a row, as a quotient and its
        // remainder by dy, and how both grow from row to row.
        var (crossing, remainder) = flooredDivision(((row + 1) << 8 - y0) * dx, dy)
        crossing += x0
        let (step, stepRemainder) = flooredDivision(dx << 8, dy)
        var x = topRow < 0 ? x0 + flooredDivision(-y0 * dx, dy).quotient : x0
        var top = topRow < 0 ? 0 : Int32(y0 & 255)
        while row < lowRow && row <= lastVisible {
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
        if row == lowRow && row <= lastVisible {
            addInRow(row, x, top, x1, Int32(y1 - lowRow << 8), winding)
        }
    }

    private func addInRow(_ row: Int, _ x0: Int, _ top: Int32, _ x1: Int, _ bottom: Int32, _ winding: Int32) {
        let column = x0 >> 8
        if column == x1 >> 8 {
            let fractions = Int32(truncatingIfNeeded: x0 & 255 + x1 & 255)
            addCell(row, column, fractions, (bottom - top) &* winding)
        } else if x0 < x1 {
            addAcrossColumns(row, x0, top, x1, bottom, winding)
        } else {
            addAcrossColumns(row, x1, bottom, x0, top, 0 &- winding)
        }
    }

    /// Adds an edge inside one row and over several pixels, from left to right.
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

    /// As the static function; a negative column stands for everything left of
    /// the picture, and columns beyond its right side are passed over.
    private func addCell(_ row: Int, _ column: Int, _ fractions: Int32, _ dy: Int32) {
        guard column < width else { return }
        Self.addCell(
            cells + row * stride, UnsafeMutableRawPointer(marks + row * marksPerRow), max(column, 0),
            column < 0 ? 0 : fractions, dy)
    }
}

/// The quotient rounded down, and the remainder, which is never negative.
/// `divisor` must be positive.
private func flooredDivision(_ dividend: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
