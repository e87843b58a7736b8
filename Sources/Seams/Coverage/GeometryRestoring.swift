// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Rings as a geometry that differs from the original where it must only:
/// parts, rings and their first positions in the original's order, wound its
/// way.
enum GeometryRestoring {
    static func geometry(
        _ polygons: [(shell: [GridPoint], holes: [[GridPoint]])], like original: Geometry
    ) -> Geometry {
        var order: [GridPoint: Int] = [:]
        original.forEachCoordinates { run in
            for point in run.map({ GridPoint($0) }) where order[point] == nil { order[point] = order.count }
        }
        let isReversed = isClockwise(original)
        /// A ring from its earliest position on, and where that stood.
        func arranged(_ ring: [GridPoint]) -> (place: (Int, GridPoint), ring: LinearRing) {
            let points = isReversed ? ring.reversed() : ring
            var start = 0
            var best = (Int.max, GridPoint(.max, .max))
            for (number, point) in points.enumerated() {
                let place = (order[point] ?? .max, point)
                if place < best { (start, best) = (number, place) }
            }
            let turned = Array(points[start...] + points[..<start])
            return (best, LinearRing((turned + turned.prefix(1)).map(\.coordinate)))
        }
        let arrangedPolygons = polygons.map { polygon in
            let shell = arranged(polygon.shell)
            let holes = polygon.holes.map(arranged).sorted { $0.place < $1.place }
            return (place: shell.place, polygon: Polygon(shell.ring, interiorRings: holes.map(\.ring)))
        }
        let parts = arrangedPolygons.sorted { $0.place < $1.place }.map(\.polygon)
        if case .polygon = original, parts.count == 1 { return .polygon(parts[0]) }
        return .multiPolygon(MultiPolygon(parts))
    }

    private static func isClockwise(_ geometry: Geometry) -> Bool {
        switch geometry {
        case .polygon(let polygon): polygon.exteriorRing.twiceSignedArea < 0
        case .multiPolygon(let multi): (multi.polygons.first?.exteriorRing.twiceSignedArea ?? 0) < 0
        default: false
        }
    }
}
