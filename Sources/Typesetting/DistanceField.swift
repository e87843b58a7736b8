// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A glyph as browsers want it: how far each pixel is from the outline.
///
/// At 24 pixels to the em, with three pixels around the glyph; 192 on the
/// outline, and 32 less for each pixel away from it, as MapLibre reads it.
struct DistanceField {
    /// Pixels of the glyph alone, without the border.
    let width: Int
    let height: Int
    /// Where the glyph's first pixel lies: from its origin to the right, and
    /// up from the baseline.
    let left: Int
    let top: Int
    /// `(width + 6) × (height + 6)` bytes, row by row.
    let pixels: [UInt8]

    static let em = 24.0
    static let border = 3
    private static let stepsPerPixel = 32.0
    private static let onOutline = 192.0

    /// Glyphs larger than these pixels are cut.
    private static let largest = 128.0

    /// Empty for glyphs without an outline.
    init(_ outline: GlyphOutline) {
        var edges: [(a: SIMD2<Double>, b: SIMD2<Double>)] = []
        var first = SIMD2<Double>.zero
        var last = SIMD2<Double>.zero
        var low = SIMD2(repeating: Double.infinity)
        var high = -low
        func edge(to end: SIMD2<Double>) {
            if end != last { edges.append((last, end)) }
            last = end
        }
        outline.flatten(
            tolerance: 0.05 / Self.em,
            move: {
                edge(to: first)
                first = $0 * Self.em
                last = first
            }, line: { edge(to: $0 * Self.em) })
        edge(to: first)
        for (a, b) in edges {
            low = pointwiseMin(low, pointwiseMin(a, b))
            high = pointwiseMax(high, pointwiseMax(a, b))
        }
        guard !edges.isEmpty else {
            (width, height, left, top, pixels) = (0, 0, 0, 0, [])
            return
        }
        let limit = SIMD2(repeating: Self.largest)
        low = pointwiseMax(low, -limit).rounded(.down)
        high = pointwiseMax(pointwiseMin(high, limit).rounded(.up), low)
        width = Int(high.x - low.x)
        height = Int(high.y - low.y)
        left = Int(low.x)
        top = Int(-low.y)
        pixels = DistancePlane(low: low, columns: width + 2 * Self.border, rows: height + 2 * Self.border, edges)
            .depths.map { UInt8(min(max((Self.onOutline + Self.stepsPerPixel * $0).rounded(), 0), 255)) }
    }
}

/// How deep the middles of pixels lie within a shape, as far as it shows.
private struct DistancePlane {
    /// In pixels; negative outside.
    var depths: [Double]

    /// Farther from the outline all is black or white.
    private static let reach = 6.0

    /// - Parameter low: the upper left corner of the pixel after the border.
    init(low: SIMD2<Double>, columns: Int, rows: Int, _ edges: [(a: SIMD2<Double>, b: SIMD2<Double>)]) {
        // The middle of the first pixel, from which all positions count.
        let first = low + 0.5 - Double(DistanceField.border)
        var squares = [Double](repeating: Self.reach * Self.reach, count: columns * rows)
        var windings = [Int](repeating: 0, count: columns * rows)
        func span(_ a: Double, _ b: Double, _ margin: Double, _ count: Int) -> Range<Int> {
            let start = max(0, Int((min(a, b) - margin).rounded(.up)))
            return start..<max(start, min(count, Int((max(a, b) + margin).rounded(.down)) + 1))
        }
        for edge in edges {
            let (ax, ay) = (edge.a.x - first.x, edge.a.y - first.y)
            let (bx, by) = (edge.b.x - first.x, edge.b.y - first.y)
            let (dx, dy) = (bx - ax, by - ay)
            let length = dx * dx + dy * dy
            guard length > 0 else { continue }
            for row in span(ay, by, Self.reach, rows) {
                let y = Double(row) - ay
                for column in span(ax, bx, Self.reach, columns) {
                    let x = Double(column) - ax
                    let t = min(max((x * dx + y * dy) / length, 0), 1)
                    let (gapX, gapY) = (x - t * dx, y - t * dy)
                    let index = row * columns + column
                    squares[index] = min(squares[index], gapX * gapX + gapY * gapY)
                }
            }
            for row in span(ay, by, 0, rows) where (ay > Double(row)) != (by > Double(row)) {
                // All that lies to the right of the edge is wound around once.
                let crossing = ax + (Double(row) - ay) / dy * dx
                for column in min(columns, max(0, Int(crossing.rounded(.up))))..<columns {
                    windings[row * columns + column] += dy > 0 ? 1 : -1
                }
            }
        }
        depths = zip(squares, windings).map { square, winding in (winding != 0 ? 1 : -1) * square.squareRoot() }
    }
}
