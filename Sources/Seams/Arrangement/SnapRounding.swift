// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Cuts segments where they meet, on the millimetre grid.
///
/// Snap rounding with hot pixels (J. D. Hobby, "Practical segment intersection
/// with finite precision output", Computational Geometry 13, 1999): every end
/// and every rounded crossing owns the cell around it, and a segment is led
/// through the middle of each owned cell that it passes. The pieces then meet
/// at ends only, or are equal. No end moves; a piece lies within 0.71 mm of its
/// segment. All tests are exact, so the result does not depend on order or
/// direction.
enum SnapRounding {
    struct Segment: Hashable {
        var start: GridPoint
        var end: GridPoint

        init(_ start: GridPoint, _ end: GridPoint) {
            self.start = start
            self.end = end
        }
    }

    /// The positions that each segment is led through, both ends included.
    ///
    /// - Parameter segments: none of no length.
    /// - Complexity: O((*n* + *k*) log *n*) for *k* pairs with meeting boxes.
    static func chains(of segments: [Segment]) -> [[GridPoint]] {
        var numbers: [Segment: Int32] = [:]
        numbers.reserveCapacity(segments.count)
        var unique: [Segment] = []
        var numberOf: [Int32] = []
        numberOf.reserveCapacity(segments.count)
        for segment in segments {
            let key = segment.start < segment.end ? segment : Segment(segment.end, segment.start)
            if let number = numbers[key] {
                numberOf.append(number)
            } else {
                numbers[key] = Int32(unique.count)
                numberOf.append(Int32(unique.count))
                unique.append(key)
            }
        }
        let chains = chains(unique: unique)
        return zip(segments, numberOf).map { segment, number in
            let chain = chains[Int(number)]
            return segment.start < segment.end ? chain : chain.reversed()
        }
    }

    private static func chains(unique: [Segment]) -> [[GridPoint]] {
        let ranges = unique.map { GridRange($0.start, $0.end) }
        let index = RangeIndex(ranges)
        var hot: Set<GridPoint> = []
        for segment in unique {
            hot.insert(segment.start)
            hot.insert(segment.end)
        }
        for (number, segment) in unique.enumerated() {
            index.search(ranges[number]) { other in
                if other > number, let crossing = crossing(segment, unique[other]) { hot.insert(crossing) }
            }
        }
        let pixels = hot.sorted()
        let pixelIndex = RangeIndex(pixels.map { GridRange($0, $0) })
        return unique.enumerated().map { number, segment in
            var passed: [(along: Int64, pixel: GridPoint)] = []
            let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
            pixelIndex.search(ranges[number].expanded(by: 1)) { item in
                let pixel = pixels[item]
                guard pixel != segment.start, pixel != segment.end, passes(segment, pixel) else { return }
                passed.append(((pixel.x - segment.start.x) * dx + (pixel.y - segment.start.y) * dy, pixel))
            }
            if passed.isEmpty { return [segment.start, segment.end] }
            passed.sort { ($0.along, $0.pixel) < ($1.along, $1.pixel) }
            return [segment.start] + passed.map(\.pixel) + [segment.end]
        }
    }

    /// Where two segments cross in their insides, rounded.
    static func crossing(_ first: Segment, _ second: Segment) -> GridPoint? {
        let a = GridPoint.turn(first.start, first.end, second.start)
        let b = GridPoint.turn(first.start, first.end, second.end)
        guard (a > 0 && b < 0) || (a < 0 && b > 0) else { return nil }
        let c = GridPoint.turn(second.start, second.end, first.start)
        let d = GridPoint.turn(second.start, second.end, first.end)
        guard (c > 0 && d < 0) || (c < 0 && d > 0) else { return nil }
        // first.start + (first.end - first.start) · c / (c - d)
        var numerator = Int128(c)
        var denominator = Int128(c) - Int128(d)
        if denominator < 0 { (numerator, denominator) = (-numerator, -denominator) }
        func ordinate(_ start: Int64, _ end: Int64) -> Int64 {
            let twice = 2 * (Int128(end - start) * numerator) + denominator
            let divisor = 2 * denominator
            var quotient = twice / divisor
            if twice % divisor < 0 { quotient -= 1 }
            return start + Int64(quotient)
        }
        return GridPoint(ordinate(first.start.x, first.end.x), ordinate(first.start.y, first.end.y))
    }

    /// Whether a segment meets the cell around a position: closed to the left
    /// and below, open to the right and above.
    ///
    /// The test by the corners' sides is that of `HotPixel` in JTS.
    static func passes(_ segment: Segment, _ pixel: GridPoint) -> Bool {
        // Doubled, and relative to the pixel: its corners are at -1 and 1.
        var p = GridPoint(2 * (segment.start.x - pixel.x), 2 * (segment.start.y - pixel.y))
        var q = GridPoint(2 * (segment.end.x - pixel.x), 2 * (segment.end.y - pixel.y))
        if p.x > q.x { swap(&p, &q) }
        if p.x >= 1 || q.x < -1 || min(p.y, q.y) >= 1 || max(p.y, q.y) < -1 { return false }
        if p.x == q.x || p.y == q.y { return true }
        let upperLeft = GridPoint.turn(p, q, GridPoint(-1, 1)).signum()
        if upperLeft == 0 { return p.y > q.y }
        let upperRight = GridPoint.turn(p, q, GridPoint(1, 1)).signum()
        if upperRight == 0 { return p.y < q.y }
        if upperLeft != upperRight { return true }
        let lowerLeft = GridPoint.turn(p, q, GridPoint(-1, -1)).signum()
        if lowerLeft == 0 || lowerLeft != upperLeft { return true }
        let lowerRight = GridPoint.turn(p, q, GridPoint(1, -1)).signum()
        if lowerRight == 0 { return p.y > q.y }
        return lowerLeft != lowerRight
    }
}
