// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Moves a line sideways.
struct OffsetLine {
    /// At a sharp corner the moved line has two points where one would lie
    /// farther away than this many offsets.
    static let longestCorner = 2.0

    /// The line moved to the right of its direction by a distance in subpixels;
    /// negative distances move it to the left. Neighbouring points differ.
    func offset(_ points: [SubpixelPoint], isClosed: Bool, by distance: Double) -> [SubpixelPoint] {
        let count = points.count
        var result: [SubpixelPoint] = []
        result.reserveCapacity(count + 4)
        func append(_ point: SubpixelPoint) {
            if result.last != point { result.append(point) }
        }
        func side(_ from: Int, _ to: Int) -> Vector {
            let vector = Vector(from: points[from], to: points[to])
            return vector.right * (distance / max(vector.length, 1))
        }
        for index in 0..<count {
            let previous = index > 0 ? index - 1 : (isClosed ? count - 1 : nil)
            let next = index + 1 < count ? index + 1 : (isClosed ? 0 : nil)
            switch (previous, next) {
            case (let previous?, let next?):
                let (before, after) = (side(previous, index), side(index, next))
                let cosine = before.dot(after) / (distance * distance)
                // The corner's distance in offsets is √(2 / (1 + cosine)).
                if 2 <= (1 + cosine) * Self.longestCorner * Self.longestCorner {
                    append(points[index].moved(by: (before + after) * (1 / (1 + cosine))))
                } else {
                    append(points[index].moved(by: before))
                    append(points[index].moved(by: after))
                }
            case (let previous?, nil): append(points[index].moved(by: side(previous, index)))
            case (nil, let next?): append(points[index].moved(by: side(index, next)))
            case (nil, nil): append(points[index])
            }
        }
        return result
    }
}
