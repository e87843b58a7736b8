// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// A colour for every pixel of a picture: what a shape is painted with when one
/// colour is not enough.
public protocol PixelSource {
    /// The colour of a pixel, premultiplied, as `PremultipliedColor.packed`.
    func pixel(x: Int, y: Int) -> UInt32
}

extension Rasterizer {
    /// Paints the shape that was added from a source of colours, and begins the
    /// next.
    ///
    /// The picture must have the rasteriser's size; on another size the shape is
    /// forgotten and nothing is painted.
    ///
    /// - Parameter clip: where is painted; nil for everywhere.
    public func paint(_ source: some PixelSource, onto pixmap: inout Pixmap, within clip: PixelRectangle? = nil) {
        guard pixmap.width == width, pixmap.height == height else { return discard() }
        let clip = clip ?? PixelRectangle(columns: 0..<width, rows: 0..<height)
        pixmap.withUnsafeMutablePixels { pixels in
            guard let base = pixels.baseAddress else { return }
            forEachSpan { row, columns, opacity in
                guard clip.rows.contains(row) else { return }
                let target = base + row * width
                for column in columns.clamped(to: clip.columns) {
                    let color = Paint.scaled(source.pixel(x: column, y: row), opacity)
                    target[column] = color &+ Paint.scaled(target[column], 255 &- color &>> 24)
                }
            }
        }
    }

    /// Paints the shape with one colour inside a rectangle.
    func paint(_ color: PremultipliedColor, onto pixmap: inout Pixmap, inside clip: PixelRectangle) {
        let paint = Paint(color)
        pixmap.withUnsafeMutablePixels { pixels in
            guard let base = pixels.baseAddress else { return }
            forEachSpan { row, columns, opacity in
                let seen = columns.clamped(to: clip.columns)
                guard clip.rows.contains(row), !seen.isEmpty else { return }
                paint.fillSpan(base + row * width + seen.lowerBound, seen.count, opacity)
            }
        }
    }

    /// Calls `body` with a row, columns of it, and the opacity that the shape
    /// has there, 1 … 255, and empties the cells.
    @inline(__always)
    private func forEachSpan(_ body: (Int, Range<Int>, UInt32) -> Void) {
        guard cells.firstRow <= cells.lastRow else { return }
        for row in cells.firstRow...cells.lastRow {
            let rowCells = cells.cells + row * cells.stride
            let rowMarks = cells.marks + row * cells.marksPerRow
            var sum: Int32 = 0
            var opacity: UInt32 = 0
            var next = 0
            for word in 0..<cells.marksPerRow {
                var bits = rowMarks[word]
                rowMarks[word] = 0
                while bits != 0 {
                    let column = (word * 64 + bits.trailingZeroBitCount) * CoverageCells.pixelsPerMark
                    bits &= bits - 1
                    if opacity != 0 && next < column { body(row, next..<min(column, width), opacity) }
                    next = column + CoverageCells.pixelsPerMark
                    for position in column..<next {
                        sum &+= rowCells[position]
                        rowCells[position] = 0
                        opacity = NonZeroCoverage.opacity(sum)
                        if opacity != 0 && position < width { body(row, position..<(position + 1), opacity) }
                    }
                }
            }
            if opacity != 0 && next < width { body(row, next..<width, opacity) }
        }
        cells.firstRow = height
        cells.lastRow = -1
    }
}
