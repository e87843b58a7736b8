// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Turns outlines of a drawing into areas, the nearly closed ones among them.
struct OutlineClosing {
    /// An outline that became an area.
    struct Area {
        var geometry: Geometry
        /// The largest distance of ends that were joined, in metres; 0 when all
        /// were closed.
        var gap: Double
        /// Where, in units of the drawing.
        var place: Coordinate
    }

    /// An outline that stays open.
    struct OpenEnd {
        var gap: Double
        var place: Coordinate
    }

    /// In metres.
    let limit: Double
    let metresPerUnit: Double

    /// A gap is small beside its outline as well: a line that goes to and fro is
    /// none.
    private static let smallestRatio = 10.0

    /// Nil for what is no outline, or one that stays open.
    func area(of geometry: Geometry) -> Area? {
        switch geometry {
        case .polygon, .multiPolygon: return Area(geometry: geometry, gap: 0, place: Coordinate(x: 0, y: 0))
        case .lineString(let line):
            guard let (ring, gap) = ring(line) else { return nil }
            return Area(geometry: .polygon(Polygon(ring)), gap: gap, place: line.coordinates[0])
        case .multiLineString(let multi):
            var polygons: [Polygon] = []
            var largest = (gap: 0.0, place: Coordinate(x: 0, y: 0))
            for line in multi.lineStrings {
                guard let (ring, gap) = ring(line) else { return nil }
                if gap > largest.gap { largest = (gap, line.coordinates[0]) }
                polygons.append(Polygon(ring))
            }
            guard !polygons.isEmpty else { return nil }
            return Area(geometry: .multiPolygon(MultiPolygon(polygons)), gap: largest.gap, place: largest.place)
        default: return nil
        }
    }

    private func ring(_ line: LineString) -> (LinearRing, gap: Double)? {
        var coordinates = line.coordinates
        guard let first = coordinates.first, let last = coordinates.last else { return nil }
        let gap = first.distance(to: last) * metresPerUnit
        if gap > 0 {
            let length = zip(coordinates, coordinates.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
            guard gap <= limit, length * metresPerUnit >= gap * Self.smallestRatio else { return nil }
            coordinates.append(first)
        }
        guard coordinates.count >= 4 else { return nil }
        return (LinearRing(coordinates), gap)
    }

    /// The widest open end of what is made of lines; nil for anything else.
    func openEnd(of geometry: Geometry) -> OpenEnd? {
        let lines: [LineString]
        switch geometry {
        case .lineString(let line): lines = [line]
        case .multiLineString(let multi): lines = multi.lineStrings
        default: return nil
        }
        return lines.compactMap { line in
            guard let first = line.coordinates.first, let last = line.coordinates.last else { return nil }
            return OpenEnd(gap: first.distance(to: last) * metresPerUnit, place: first)
        }.max { $0.gap < $1.gap }
    }
}
