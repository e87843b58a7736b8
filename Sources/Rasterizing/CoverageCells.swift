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
    /// The picture's sides in subpixels.
    private let right: Int32
    private let bottom: Int32

    /// Room for a picture; its sides are at most 16,384 pixels.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        right = Int32(width << 8)
        bottom = Int32(height << 8)
        stride = (width / Self.pixelsPerMark + 1) * Self.pixelsPerMark
        // A mark is written together with its right neighbour, in two bytes.
        marksPerRow = (stride / Self.pixelsPerMark + 16 + 63) / 64
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

    /// Empties all cells.
    mutating func clear() {
        guard firstRow <= lastRow else { return }
        let rows = lastRow - firstRow + 1
        (cells + firstRow * stride).update(repeating: 0, count: rows * stride)
        (marks + firstRow * marksPerRow).update(repeating: 0, count: rows * marksPerRow)
        firstRow = height
        lastRow = -1
    }

    /// Adds one edge. `winding` is 1, or −1 to count it the other way round.
    @inline(__always)
    mutating func addEdge(_ from: SubpixelPoint, _ to: SubpixelPoint, winding: Int32 = 1) {
        if from.y < to.y {
            addDownwards(from, to, winding)
        } else if from.y > to.y {
            addDownwards(to, from, 0 &- winding)
        }
    }

    @inline(__always)
    private mutating func addDownwards(_ top: SubpixelPoint, _ low: SubpixelPoint, _ winding: Int32) {
        guard low.y > 0, top.y < bottom else { return }
        let (minX, maxX) = top.x < low.x ? (top.x, low.x) : (low.x, top.x)
        if minX >= right { return }
        let topRow = top.y >> 8
        let lowRow = (low.y &- 1) >> 8
        firstRow = min(firstRow, Int(max(topRow, 0)))
        lastRow = max(lastRow, min(Int(lowRow), height &- 1))
        // Lines are at most 2^30 long, so the lengths do not wrap around.
        let isShort = low.y &- top.y < CoverageCells.shortLength && maxX &- minX < CoverageCells.shortLength
        if isShort && minX >= 0 && maxX < right && topRow >= 0 && low.y <= bottom {
            addShort(top, low, topRow, lowRow, winding)
        } else {
            addLong(top, low, Int(topRow), Int(lowRow), winding)
        }
    }

    /// Adds to one pixel's cells and marks them. `fractions` is the sum of the
    /// distances of an edge's ends from the pixel's left side; the edge goes
    /// down by `dy`. The column lies inside the picture.
    @inline(__always)
    static func addCell(
        _ rowCells: UnsafeMutablePointer<Int32>, _ rowMarks: UnsafeMutableRawPointer, _ column: Int,
        _ fractions: Int32, _ dy: Int32
    ) {
        let area = fractions &* dy
        rowCells[column] &+= dy &* 512 &- area
        rowCells[column &+ 1] &+= area
        // One mark, and the next where the second cell is that one's. On
        // big-endian machines two bytes would have to be swapped.
        let mark = column &>> 2
        let both: UInt16 = 1 | UInt16(truncatingIfNeeded: (column &+ 1) &>> 2 &- mark) &<< 1
        let address = rowMarks + mark &>> 3
        let old = address.loadUnaligned(as: UInt16.self)
        address.storeBytes(of: old | both &<< UInt16(truncatingIfNeeded: mark & 7), as: UInt16.self)
    }
}
