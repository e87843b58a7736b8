// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// Which parts of a plane a shape covers, by how often its contours run around
/// them.
public enum FillRule: Hashable, Sendable {
    /// Everything that the contours run around, other than equally often in
    /// both directions.
    case nonZero
    /// Everything that the contours run around an odd number of times.
    case evenOdd
}

/// Draws antialiased shapes onto pictures of one size.
///
/// Coverage is the exact area, to 1/256 of a pixel in each direction, that a
/// shape takes of each pixel. Shapes may lie anywhere: what is outside the
/// picture costs little and changes nothing inside.
///
/// A shape is added contour by contour and then painted as one; inside one shape
/// overlaps count once (non-zero) or cancel (even-odd). Nothing is allocated
/// between shapes.
///
/// - Thread: one worker's own; not to be shared.
public final class Rasterizer {
    public let width: Int
    public let height: Int
    var cells: CoverageCells

    /// A rasteriser for pictures of a size in pixels, at most 16,384 each way;
    /// larger sizes are cut to that.
    public init(width: Int, height: Int) {
        self.width = min(max(0, width), 16_384)
        self.height = min(max(0, height), 16_384)
        cells = CoverageCells(width: self.width, height: self.height)
    }

    deinit { cells.deallocate() }

    /// Adds a contour to the shape, closed by a line from its last point to its
    /// first. Fewer than three points add nothing.
    ///
    /// - Parameter reversed: counts the contour as if it ran the other way.
    @inline(__always)
    public func add(_ points: UnsafeBufferPointer<SubpixelPoint>, reversed: Bool = false) {
        guard points.count > 2, var previous = points.last else { return }
        let winding: Int32 = reversed ? -1 : 1
        for point in points {
            cells.addEdge(previous, point, winding: winding)
            previous = point
        }
    }

    /// Adds all contours of a path to the shape.
    public func add(_ path: Path) {
        path.forEachContour { points, _ in add(points) }
    }

    /// Paints the shape that was added, and begins the next.
    ///
    /// The picture must have the rasteriser's size; on another size the shape is
    /// forgotten and nothing is painted.
    ///
    /// - Parameter clip: where is painted, by the rule `nonZero`; nil for
    ///   everywhere.
    public func paint(
        _ color: PremultipliedColor, rule: FillRule = .nonZero, onto pixmap: inout Pixmap,
        within clip: PixelRectangle? = nil
    ) {
        guard pixmap.width == width, pixmap.height == height, !color.isTransparent else { return discard() }
        if let clip { return paint(color, onto: &pixmap, inside: clip) }
        pixmap.withUnsafeMutablePixels { pixels in
            guard let base = pixels.baseAddress else { return }
            switch rule {
            case .nonZero: sweep(NonZeroCoverage.self, color, base)
            case .evenOdd: sweep(EvenOddCoverage.self, color, base)
            }
        }
    }

    /// Paints one path, together with what was added before it.
    ///
    /// - Complexity: O(*n*) in the pixels that its edges cross, and in the rows
    ///   that it covers.
    public func fill(
        _ path: Path, rule: FillRule = .nonZero, color: PremultipliedColor, onto pixmap: inout Pixmap
    ) {
        add(path)
        paint(color, rule: rule, onto: &pixmap)
    }

    /// Forgets the shape that was added.
    public func discard() { cells.clear() }
}
