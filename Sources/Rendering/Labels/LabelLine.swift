// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A line in pixels that a label may run along.
struct LabelLine {
    let points: [SIMD2<Double>]
    /// How far along the line each point is.
    private let distances: [Double]

    var length: Double { distances.last ?? 0 }

    /// The most labels on one line.
    private static let mostAnchors = 4096

    /// Nil for lines without length.
    init?(_ points: [SIMD2<Double>]) {
        var kept: [SIMD2<Double>] = []
        var distances: [Double] = []
        for point in points where point != kept.last {
            if let last = kept.last {
                let step = point - last
                distances.append((distances.last ?? 0) + (step * step).sum().squareRoot())
            } else {
                distances.append(0)
            }
            kept.append(point)
        }
        guard kept.count > 1 else { return nil }
        self.points = kept
        self.distances = distances
    }

    /// Where labels stand, evenly along the line: as many as the spacing
    /// allows, one at least. The line's direction does not matter.
    func anchors(spacing: Double) -> [Double] {
        let count = min(max(1, Int((length / max(spacing, 1)).rounded(.down))), Self.mostAnchors)
        return (0..<count).map { (Double($0) + 0.5) * length / Double(count) }
    }

    /// The place at a distance along the line, and the line's angle there in
    /// radians, clockwise on the screen from east.
    func place(at distance: Double) -> (point: SIMD2<Double>, angle: SIMD2<Double>) {
        var low = 0
        var high = distances.count - 2
        while low < high {
            let middle = (low + high + 1) / 2
            if distances[middle] <= distance { low = middle } else { high = middle - 1 }
        }
        let (a, b) = (points[low], points[low + 1])
        let step = b - a
        let length = distances[low + 1] - distances[low]
        return (a + step * ((distance - distances[low]) / length), step / length)
    }

    var reversed: LabelLine? { LabelLine(points.reversed()) }
}
