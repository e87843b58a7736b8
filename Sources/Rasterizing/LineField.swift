// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// How far each pixel lies from a line, and how far along it: what lines with
/// soft edges, gradients and patterns are coloured by.
///
/// Corners and ends are drawn in the ways of a pen's, without a shape: a pixel
/// belongs to the nearest segment.
public final class LineField {
    /// A pixel that a line reaches. All lengths are in pixels.
    public struct Place {
        public var x: Int
        public var y: Int
        /// From the middle of the stroke, positive to the right of its direction.
        public var across: Double
        /// From the beginning of the line.
        public var along: Double
    }

    private let width: Int
    private let height: Int
    /// NaN where the line does not reach.
    private var across: [Float]
    private var along: [Float]
    private var columns = 0..<0
    private var rows = 0..<0

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
        across = [Float](repeating: .nan, count: width * height)
        along = across
    }

    /// Measures one line and calls `body` with each pixel that it reaches.
    ///
    /// - Parameters:
    ///   - style: its cap, join, limits and offset; dashes count for nothing.
    ///   - reach: the farthest that a pixel may lie from the stroke's middle.
    /// - Complexity: O(*n*) in segments and in the pixels that they reach.
    public func forEachPlace(
        of points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool, style: StrokeStyle, reach: Double,
        _ body: (Place) -> Void
    ) {
        var segments: [FieldSegment] = []
        var start = 0.0
        func add(_ from: SubpixelPoint, _ to: SubpixelPoint) {
            guard from != to else { return }
            let segment = FieldSegment(from, to, start: start)
            segments.append(segment)
            start += segment.length
        }
        for index in 1..<max(1, points.count) { add(points[index - 1], points[index]) }
        if isClosed, points.count > 2 { add(points[points.count - 1], points[0]) }
        guard !segments.isEmpty else { return }
        for (index, segment) in segments.enumerated() {
            let previous = index > 0 ? segments[index - 1] : isClosed ? segments.last : nil
            let isLast = index == segments.count - 1 && !isClosed
            measure(segment, after: previous, isLast: isLast, style, reach)
        }
        report(body)
    }

    /// Hands over what was measured, and empties it.
    private func report(_ body: (Place) -> Void) {
        for y in rows {
            for x in columns {
                let index = y * width + x
                if across[index].isNaN { continue }
                body(Place(x: x, y: y, across: Double(across[index]), along: Double(along[index])))
                across[index] = .nan
            }
        }
        (rows, columns) = (0..<0, 0..<0)
    }

    private func measure(
        _ segment: FieldSegment, after previous: FieldSegment?, isLast: Bool, _ style: StrokeStyle, _ reach: Double
    ) {
        let far = reach + abs(style.offset)
        // Miters and square caps reach farther than the sides.
        let margin = far * max(1.5, min(style.miterLimit, 8))
        func clamped(_ value: Double, _ limit: Int) -> Int { Int(min(max(value, 0), Double(limit))) }
        let (minY, maxY) = (min(segment.y, segment.endY) - margin, max(segment.y, segment.endY) + margin)
        let (minX, maxX) = (min(segment.x, segment.endX) - margin, max(segment.x, segment.endX) + margin)
        let seenRows = clamped(minY, height)..<clamped(maxY + 1, height)
        let seenColumns = clamped(minX, width)..<clamped(maxX + 1, width)
        guard !seenRows.isEmpty, !seenColumns.isEmpty else { return }
        rows = Self.hull(rows, seenRows)
        columns = Self.hull(columns, seenColumns)
        let corner = previous.map { FieldCorner($0, segment, style) }
        for y in seenRows {
            for x in segment.columns(in: seenColumns, row: y, within: margin) {
                let (t, s) = segment.place(x, y)
                var distance = s
                if t < 0 {
                    if let corner, let previous {
                        guard let value = corner.distance(previous, segment, x, y) else { continue }
                        distance = value
                    } else {
                        guard let value = Self.cap(style, s, beyond: -t, reach) else { continue }
                        distance = value
                    }
                } else if t > segment.length {
                    guard isLast, let value = Self.cap(style, s, beyond: t - segment.length, reach) else { continue }
                    distance = value
                }
                distance -= style.offset
                let index = y * width + x
                guard abs(distance) <= reach, !(abs(distance) >= Double(abs(across[index]))) else { continue }
                across[index] = Float(distance)
                along[index] = Float(segment.start + min(max(t, 0), segment.length))
            }
        }
    }

    private static func hull(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
        a.isEmpty ? b : min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }

    /// The distance beyond an end of the line; nil where nothing is drawn.
    private static func cap(_ style: StrokeStyle, _ side: Double, beyond: Double, _ reach: Double) -> Double? {
        switch style.cap {
        case .butt: return nil
        case .square: return beyond <= reach ? side : nil
        case .round:
            let fromMiddle = side - style.offset
            let distance = (fromMiddle * fromMiddle + beyond * beyond).squareRoot()
            return (fromMiddle < 0 ? -distance : distance) + style.offset
        }
    }
}

/// One segment of a line, in pixels.
private struct FieldSegment {
    private let origin: SubpixelPoint
    let x: Double
    let y: Double
    let endX: Double
    let endY: Double
    let length: Double
    /// Its place along the line.
    let start: Double
    /// Of length 1.
    let directionX: Double
    let directionY: Double

    init(_ from: SubpixelPoint, _ to: SubpixelPoint, start: Double) {
        origin = from
        let unit = Double(Subpixels.perPixel)
        (x, y) = (Double(from.x) / unit, Double(from.y) / unit)
        (endX, endY) = (Double(to.x) / unit, Double(to.y) / unit)
        self.start = start
        let vector = Vector(from: from, to: to)
        length = vector.length / unit
        directionX = vector.x / vector.length
        directionY = vector.y / vector.length
    }

    /// From the segment's beginning to the middle of a pixel. Differences of
    /// whole numbers are exact: pictures of neighbours fit together.
    @inline(__always)
    func vector(_ column: Int, _ row: Int) -> (Double, Double) {
        let unit = Subpixels.perPixel
        return (
            Double(column * unit + unit / 2 - Int(origin.x)) / Double(unit),
            Double(row * unit + unit / 2 - Int(origin.y)) / Double(unit)
        )
    }

    /// How far along and how far to the right of the segment the middle of a
    /// pixel lies.
    @inline(__always)
    func place(_ column: Int, _ row: Int) -> (Double, Double) {
        let (dx, dy) = vector(column, row)
        return (dx * directionX + dy * directionY, dy * directionX - dx * directionY)
    }

    /// The columns of a row that lie within a distance of the endless line.
    func columns(in all: Range<Int>, row: Int, within reach: Double) -> Range<Int> {
        guard abs(directionY) > 1e-6 else { return all }
        let dy = Double(row) + 0.5 - y
        let middle = x + dy * directionX / directionY
        let half = reach / abs(directionY) + 1
        let low = Int(min(max(middle - half, Double(all.lowerBound)), Double(all.upperBound)))
        let high = Int(min(max(middle + half + 1, Double(low)), Double(all.upperBound)))
        return low..<high
    }
}

/// Where two segments meet.
private struct FieldCorner {
    private let join: LineJoin
    /// The bisector of the outer sides, and what it is longer by.
    private let bisectorX: Double
    private let bisectorY: Double
    private let cosine: Double

    init(_ before: FieldSegment, _ after: FieldSegment, _ style: StrokeStyle) {
        let turn = before.directionX * after.directionY - before.directionY * after.directionX
        // The outer side lies left of a turn to the right.
        let side = turn > 0 ? -1.0 : 1.0
        let normal = (
            -(before.directionY + after.directionY) * side, (before.directionX + after.directionX) * side
        )
        let length = (normal.0 * normal.0 + normal.1 * normal.1).squareRoot()
        cosine = length / 2
        bisectorX = length > 1e-9 ? normal.0 / length : before.directionX
        bisectorY = length > 1e-9 ? normal.1 / length : before.directionY
        let isLong = cosine * style.miterLimit < 1
        join = style.join == .miter && isLong ? .bevel : style.join
    }

    /// The distance of a pixel before the second segment; nil where it is not
    /// beyond the first one, which has measured it then.
    func distance(_ previous: FieldSegment, _ segment: FieldSegment, _ x: Int, _ y: Int) -> Double? {
        let (t, side) = segment.place(x, y)
        let (before, beforeSide) = previous.place(x, y)
        guard before >= previous.length else { return nil }
        let sign = side < 0 ? -1.0 : 1.0
        switch join {
        case .miter: return sign * max(abs(side), abs(beforeSide))
        case .round: return sign * (side * side + t * t).squareRoot()
        case .bevel:
            let (dx, dy) = segment.vector(x, y)
            let along = dx * bisectorX + dy * bisectorY
            return sign * abs(along) / max(cosine, 1e-3)
        }
    }
}
