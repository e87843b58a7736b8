// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Adds the strokes along lines to a shape, to be painted non-zero.
///
/// The outline runs along the right side of the line and back along the left,
/// so that one stroke never covers a pixel twice. At the inner side of a corner
/// the two edges are cut where they meet; where the line is too short for that
/// the outline runs through the corner itself, which keeps every part of it
/// running the same way round.
///
/// Outlines depend on differences of positions only: a line moved by whole
/// pixels has the same outline, moved. Buffers are kept between lines.
public struct Stroker {
    /// The part of the plane that matters, with the stroke's reach around it
    /// not yet included; segments that cannot be seen are left out.
    public var visible: SubpixelRectangle

    /// Lines without repeated points, offset, and cut at what is seen.
    private var cleaned: [SubpixelPoint] = []
    private var dash: [SubpixelPoint] = []
    private var outline = StrokeOutline()

    public init(visible: SubpixelRectangle = .everything) {
        self.visible = visible
    }

    /// Adds a stroke along a line to the shape that a rasteriser gathers.
    ///
    /// - Parameters:
    ///   - points: the line; points that repeat their predecessor are skipped.
    ///   - isClosed: whether the last point is joined to the first.
    /// - Complexity: O(*n*) in points and visible dashes.
    public mutating func stroke(
        _ points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool, style: StrokeStyle, onto rasterizer: Rasterizer
    ) {
        guard style.width > 0, style.width.isFinite, !points.isEmpty else { return }
        cleaned.removeAll(keepingCapacity: true)
        for point in points where point != cleaned.last { cleaned.append(point) }
        var isClosed = isClosed
        if isClosed {
            while cleaned.count > 1 && cleaned.first == cleaned.last { cleaned.removeLast() }
            if cleaned.count < 3 {
                // There and back again: a line.
                if cleaned.count == 2 { cleaned.append(cleaned[0]) }
                isClosed = false
            }
        }
        if style.offset != 0, style.offset.isFinite, cleaned.count > 1 {
            cleaned = OffsetLine().offset(cleaned, isClosed: isClosed, by: style.offset * Double(Subpixels.perPixel))
        }
        let area = visible.expanded(by: style.reach)
        outline.begin(style)
        let pattern = DashPattern(style.dashes)
        if let pattern, cleaned.count > 1 {
            strokeDashes(pattern, isClosed: isClosed, area: area, to: &rasterizer.cells)
        } else {
            strokeSolid(isClosed: isClosed, area: area, to: &rasterizer.cells)
        }
    }

    /// Strokes all contours of a path.
    public mutating func stroke(_ source: Path, style: StrokeStyle, onto rasterizer: Rasterizer) {
        source.points.withUnsafeBufferPointer { points in
            for (index, contour) in source.contours.enumerated() {
                let end = index + 1 < source.contours.count ? source.contours[index + 1].start : points.count
                stroke(
                    UnsafeBufferPointer(rebasing: points[contour.start..<end]), isClosed: contour.isClosed,
                    style: style, onto: rasterizer)
            }
        }
    }

    private mutating func strokeSolid(isClosed: Bool, area: SubpixelRectangle, to cells: inout CoverageCells) {
        let count = cleaned.count
        cleaned.withUnsafeBufferPointer { points in
            guard count > 1 else {
                if area.contains(points[0]) { outline.addDot(points[0], to: &cells) }
                return
            }
            let segmentCount = isClosed ? count : count - 1
            func isSeen(_ segment: Int) -> Bool {
                area.mayTouch(points[segment], points[segment + 1 < count ? segment + 1 : 0])
            }
            // The whole line at once when all of it is near; the usual case.
            var firstHidden = 0
            while firstHidden < segmentCount && isSeen(firstHidden) { firstHidden += 1 }
            if firstHidden == segmentCount {
                return outline.add(points, isClosed: isClosed, to: &cells)
            }
            strokeSeenRuns(
                points, isClosed: isClosed, firstHidden: firstHidden, segmentCount: segmentCount, isSeen: isSeen,
                to: &cells)
        }
    }

    /// Strokes runs of seen segments, each with one hidden neighbour at either
    /// end so that its corners are those of the whole line.
    private mutating func strokeSeenRuns(
        _ points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool, firstHidden: Int, segmentCount: Int,
        isSeen: (Int) -> Bool, to cells: inout CoverageCells
    ) {
        let count = points.count
        // A ring is read from a hidden segment round to the same one again.
        let start = isClosed ? firstHidden : 0
        let end = start + segmentCount
        var segment = start
        while segment < end {
            guard isSeen(segment % segmentCount) else {
                segment += 1
                continue
            }
            let runStart = segment
            while segment < end && isSeen(segment % segmentCount) { segment += 1 }
            let first = isClosed ? runStart - 1 : max(0, runStart - 1)
            let last = isClosed ? segment + 1 : min(segmentCount, segment + 1)
            dash.removeAll(keepingCapacity: true)
            for position in first...last { dash.append(points[position % count]) }
            dash.withUnsafeBufferPointer { outline.add($0, isClosed: false, to: &cells) }
        }
    }

    private mutating func strokeDashes(
        _ pattern: DashPattern, isClosed: Bool, area: SubpixelRectangle, to cells: inout CoverageCells
    ) {
        if isClosed { cleaned.append(cleaned[0]) }
        cleaned.withUnsafeBufferPointer { points in
            pattern.forEachDash(of: points, visible: area, scratch: &dash) { dash in
                if dash.count > 1 {
                    outline.add(dash, isClosed: false, to: &cells)
                } else {
                    outline.addDot(dash[0], to: &cells)
                }
            }
        }
    }
}
