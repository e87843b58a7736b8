// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Geometry {
    /// Calls `body` with every run of positions: each point alone, each line,
    /// each ring. Order is that of the geometry.
    ///
    /// - Complexity: O(*n*) in positions.
    public func forEachCoordinates(_ body: ([Coordinate]) throws -> Void) rethrows {
        switch self {
        case .point(let point):
            if let coordinate = point.coordinate { try body([coordinate]) }
        case .lineString(let line): try body(line.coordinates)
        case .polygon(let polygon): try polygon.rings.forEach { try body($0.coordinates) }
        case .multiPoint(let multi):
            for case let coordinate? in multi.points.map(\.coordinate) { try body([coordinate]) }
        case .multiLineString(let multi): try multi.lineStrings.forEach { try body($0.coordinates) }
        case .multiPolygon(let multi):
            for polygon in multi.polygons { try polygon.rings.forEach { try body($0.coordinates) } }
        case .geometryCollection(let collection):
            for geometry in collection.geometries { try geometry.forEachCoordinates(body) }
        }
    }

    /// The same geometry with each run of positions replaced: every line, every
    /// ring and every point as a run of one. A transform must return as many
    /// positions for a point as it was given: one.
    ///
    /// - Complexity: O(*n*) in positions.
    public func mapCoordinates(_ transform: ([Coordinate]) throws -> [Coordinate]) rethrows -> Geometry {
        func ring(_ ring: LinearRing) throws -> LinearRing { LinearRing(try transform(ring.coordinates)) }
        func line(_ line: LineString) throws -> LineString { LineString(try transform(line.coordinates)) }
        func point(_ point: Point) throws -> Point {
            guard let coordinate = point.coordinate else { return point }
            return Point(try transform([coordinate]).first)
        }
        func polygon(_ polygon: Polygon) throws -> Polygon {
            Polygon(try ring(polygon.exteriorRing), interiorRings: try polygon.interiorRings.map(ring))
        }
        return switch self {
        case .point(let value): .point(try point(value))
        case .lineString(let value): .lineString(try line(value))
        case .polygon(let value): .polygon(try polygon(value))
        case .multiPoint(let value): .multiPoint(MultiPoint(try value.points.map(point)))
        case .multiLineString(let value):
            .multiLineString(MultiLineString(try value.lineStrings.map(line)))
        case .multiPolygon(let value): .multiPolygon(MultiPolygon(try value.polygons.map(polygon)))
        case .geometryCollection(let value):
            .geometryCollection(GeometryCollection(try value.geometries.map { try $0.mapCoordinates(transform) }))
        }
    }

    /// The smallest envelope around all positions; empty for an empty geometry.
    ///
    /// - Complexity: O(*n*) in positions.
    public var envelope: Envelope {
        var envelope = Envelope.empty
        forEachCoordinates { for coordinate in $0 { envelope.expand(toContain: coordinate) } }
        return envelope
    }

    /// How many positions there are, closing ones included.
    public var coordinateCount: Int {
        var count = 0
        forEachCoordinates { count += $0.count }
        return count
    }

    /// Whether there is no position at all.
    public var isEmpty: Bool { coordinateCount == 0 }
}
