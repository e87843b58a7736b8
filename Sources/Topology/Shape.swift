// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What GEOS takes for granted about a geometry and must never see broken.
enum Shape {
    /// - Throws: `.malformed` for a number that is not finite, a ring that is
    ///   not closed or has fewer than four positions, a line of one.
    /// - Complexity: O(*n*) in positions.
    static func check(_ geometry: Geometry) throws(TopologyError) {
        switch geometry {
        case .point(let point): try check(point)
        case .lineString(let line): try check(line: line.coordinates)
        case .polygon(let polygon): try check(polygon)
        case .multiPoint(let multi): for point in multi.points { try check(point) }
        case .multiLineString(let multi): for line in multi.lineStrings { try check(line: line.coordinates) }
        case .multiPolygon(let multi): for polygon in multi.polygons { try check(polygon) }
        case .geometryCollection(let collection): for member in collection.geometries { try check(member) }
        }
    }

    private static func check(_ point: Point) throws(TopologyError) {
        guard let coordinate = point.coordinate, !coordinate.isFinite else { return }
        throw notFinite(coordinate)
    }

    private static func check(_ polygon: Polygon) throws(TopologyError) {
        try check(ring: polygon.exteriorRing.coordinates)
        for ring in polygon.interiorRings { try check(ring: ring.coordinates) }
    }

    private static func check(line: [Coordinate]) throws(TopologyError) {
        for coordinate in line where !coordinate.isFinite { throw notFinite(coordinate) }
        guard line.count == 1 else { return }
        throw TopologyError(
            .malformed, "check", at: line[0],
            "A line has the one position (\(line[0].x), \(line[0].y)); it needs two or more.")
    }

    private static func check(ring: [Coordinate]) throws(TopologyError) {
        for coordinate in ring where !coordinate.isFinite { throw notFinite(coordinate) }
        guard let first = ring.first else { return }
        guard ring.count >= 4, first == ring[ring.count - 1] else {
            throw TopologyError(
                .malformed, "check", at: first,
                "The ring that starts at (\(first.x), \(first.y)) "
                    + (ring.count < 4 ? "has \(ring.count) positions; it needs four or more." : "is not closed."))
        }
    }

    private static func notFinite(_ coordinate: Coordinate) -> TopologyError {
        TopologyError(
            .malformed, "check", "The position (\(coordinate.x), \(coordinate.y)) is not a pair of finite numbers.")
    }
}
