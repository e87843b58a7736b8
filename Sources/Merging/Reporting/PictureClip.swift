// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Cuts geometries to a rectangle for a picture: what is drawn inside is right,
/// what lies along the rectangle's own edges is not.
struct PictureClip {
    let box: Envelope

    /// A ring cut at the four sides one after the other, after Sutherland and
    /// Hodgman.
    func ring(_ coordinates: [Coordinate]) -> [Coordinate] {
        var ring = coordinates
        if ring.count > 1, ring.first == ring.last { ring.removeLast() }
        ring = Self.cut(ring, isInside: { $0.x >= box.minX }) { Self.crossing($0, $1, x: box.minX) }
        ring = Self.cut(ring, isInside: { $0.x <= box.maxX }) { Self.crossing($0, $1, x: box.maxX) }
        ring = Self.cut(ring, isInside: { $0.y >= box.minY }) { Self.crossing($0, $1, y: box.minY) }
        return Self.cut(ring, isInside: { $0.y <= box.maxY }) { Self.crossing($0, $1, y: box.maxY) }
    }

    /// The runs of segments whose rectangles meet the box.
    func runs(_ coordinates: [Coordinate]) -> [[Coordinate]] {
        var runs: [[Coordinate]] = []
        var isOpen = false
        for (from, to) in zip(coordinates, coordinates.dropFirst()) {
            var segment = Envelope.empty
            segment.expand(toContain: from)
            segment.expand(toContain: to)
            guard segment.intersects(box) else {
                isOpen = false
                continue
            }
            if isOpen { runs[runs.count - 1].append(to) } else { runs.append([from, to]) }
            isOpen = true
        }
        return runs
    }

    private static func cut(
        _ ring: [Coordinate], isInside: (Coordinate) -> Bool, crossing: (Coordinate, Coordinate) -> Coordinate
    ) -> [Coordinate] {
        guard var before = ring.last else { return [] }
        var kept: [Coordinate] = []
        for now in ring {
            if isInside(now) != isInside(before) { kept.append(crossing(before, now)) }
            if isInside(now) { kept.append(now) }
            before = now
        }
        return kept
    }

    private static func crossing(_ a: Coordinate, _ b: Coordinate, x: Double) -> Coordinate {
        Coordinate(x: x, y: a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x))
    }

    private static func crossing(_ a: Coordinate, _ b: Coordinate, y: Double) -> Coordinate {
        Coordinate(x: a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y: y)
    }
}
