// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Cuts a line into dashes.
///
/// Where a dash begins and ends is computed from its number and from the
/// distance along the whole line, so leaving out what cannot be seen moves no
/// dash.
struct DashPattern {
    /// Shorter patterns are drawn solid: no pixel could show them.
    private static let shortestTotal = 64.0

    /// The distance of each boundary from the pattern's beginning, in subpixels.
    /// Dashes begin at even boundaries and end at odd ones.
    private let starts: [Double]
    private let total: Double

    /// Nil for a solid line: no lengths, lengths that are no lengths, or a
    /// pattern too short to be seen.
    init?(_ lengths: [Double]) {
        guard !lengths.isEmpty, lengths.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
        let all = lengths.count % 2 == 0 ? lengths : lengths + lengths
        var starts: [Double] = []
        var distance = 0.0
        for length in all {
            starts.append(distance)
            distance += length * Double(Subpixels.perPixel)
        }
        let gaps = stride(from: 1, to: all.count, by: 2).reduce(0) { $0 + all[$1] }
        guard distance >= Self.shortestTotal, gaps > 0 else { return nil }
        self.starts = starts
        total = distance
    }

    private func boundary(_ number: Int) -> Double {
        Double(number / starts.count) * total + starts[number % starts.count]
    }

    private func firstBoundary(from distance: Double) -> Int {
        var number = Int(distance / total) * starts.count
        while number > 0 && boundary(number - 1) >= distance { number -= 1 }
        while boundary(number) < distance { number += 1 }
        return number
    }

    /// Calls `body` with the points of each dash of which a part may be seen; a
    /// single point for a dash without length.
    ///
    /// - Complexity: O(*n*) in points and visible dashes.
    func forEachDash(
        of points: UnsafeBufferPointer<SubpixelPoint>, visible: SubpixelRectangle,
        scratch: inout [SubpixelPoint], _ body: (UnsafeBufferPointer<SubpixelPoint>) -> Void
    ) {
        var walk = DashWalk(visible: visible, points: scratch)
        var start = 0.0
        for index in 1..<max(1, points.count) {
            let segment = DashSegment(points[index - 1], points[index], start: start)
            let end = start + segment.length
            if let (low, high) = segment.distances(inside: visible) {
                skip(to: low, segment, &walk, body)
                while boundary(walk.next) < high { step(segment, &walk, body) }
            }
            skip(to: end, segment, &walk, body)
            if walk.isDrawing { walk.append(segment.end) }
            start = end
        }
        if walk.isDrawing { walk.finish(body) }
        scratch = walk.points
    }

    /// Passes the next boundary.
    private func step(
        _ segment: DashSegment, _ walk: inout DashWalk, _ body: (UnsafeBufferPointer<SubpixelPoint>) -> Void
    ) {
        let point = segment.point(at: boundary(walk.next))
        if walk.isDrawing {
            walk.append(point)
            walk.finish(body)
        } else {
            walk.begin(at: point)
        }
        walk.next += 1
    }

    /// Passes all boundaries before a distance, drawing only the dash that is
    /// open now and the one that is open then.
    private func skip(
        to distance: Double, _ segment: DashSegment, _ walk: inout DashWalk,
        _ body: (UnsafeBufferPointer<SubpixelPoint>) -> Void
    ) {
        guard boundary(walk.next) < distance else { return }
        if walk.isDrawing { step(segment, &walk, body) }
        walk.next = max(walk.next, firstBoundary(from: distance))
        guard walk.next % 2 == 1 else { return }
        let begin = boundary(walk.next - 1)
        walk.begin(at: begin >= segment.start ? segment.point(at: begin) : segment.origin)
    }
}

/// A segment of a line and its place along it. Distances are in subpixels.
private struct DashSegment {
    let origin: SubpixelPoint
    let end: SubpixelPoint
    let vector: Vector
    let length: Double
    let start: Double

    init(_ origin: SubpixelPoint, _ end: SubpixelPoint, start: Double) {
        self.origin = origin
        self.end = end
        self.start = start
        vector = Vector(from: origin, to: end)
        length = vector.length
    }

    func point(at distance: Double) -> SubpixelPoint {
        guard length > 0 else { return origin }
        return origin.moved(by: vector * ((distance - start) / length))
    }

    /// The distances between which the segment lies in a rectangle.
    func distances(inside area: SubpixelRectangle) -> (Double, Double)? {
        var (low, high) = (0.0, 1.0)
        func cut(_ from: Int32, _ delta: Double, _ minimum: Int32, _ maximum: Int32) {
            let (below, above) = (Double(Int(minimum) - Int(from)), Double(Int(maximum) - Int(from)))
            if delta == 0 {
                if below > 0 || above < 0 { high = -1 }
                return
            }
            let (a, b) = (below / delta, above / delta)
            low = max(low, min(a, b))
            high = min(high, max(a, b))
        }
        cut(origin.x, vector.x, area.minX, area.maxX)
        cut(origin.y, vector.y, area.minY, area.maxY)
        return low <= high ? (start + low * length, start + high * length) : nil
    }
}

/// Where along the pattern a walk stands, and the dash that it is gathering.
private struct DashWalk {
    let visible: SubpixelRectangle
    /// The number of the next boundary.
    var next = 0
    var points: [SubpixelPoint]
    var isDrawing = false

    init(visible: SubpixelRectangle, points: [SubpixelPoint]) {
        self.visible = visible
        self.points = points
    }

    mutating func begin(at point: SubpixelPoint) {
        points.removeAll(keepingCapacity: true)
        points.append(point)
        isDrawing = true
    }

    mutating func append(_ point: SubpixelPoint) {
        if points.last != point { points.append(point) }
    }

    mutating func finish(_ body: (UnsafeBufferPointer<SubpixelPoint>) -> Void) {
        isDrawing = false
        points.withUnsafeBufferPointer { buffer in
            let isSeen =
                buffer.count == 1
                ? visible.contains(buffer[0])
                : (1..<buffer.count).contains { visible.mayTouch(buffer[$0 - 1], buffer[$0]) }
            if isSeen { body(buffer) }
        }
    }
}
