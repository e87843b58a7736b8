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
    /// - Complexity: O(*n*) in positions; allocates nothing.
    public var envelope: Envelope {
        var envelope = Envelope.empty
        expand(&envelope)
        return envelope
    }

    private func expand(_ envelope: inout Envelope) {
        func expand(_ coordinates: [Coordinate]) {
            for coordinate in coordinates { envelope.expand(toContain: coordinate) }
        }
        switch self {
        case .point(let point): if let coordinate = point.coordinate { envelope.expand(toContain: coordinate) }
        case .lineString(let line): expand(line.coordinates)
        // Holes lie within the exterior ring, or make the polygon invalid; then
        // the envelope must still hold them.
        case .polygon(let polygon):
            expand(polygon.exteriorRing.coordinates)
            for ring in polygon.interiorRings { expand(ring.coordinates) }
        case .multiPoint(let multi):
            for case let coordinate? in multi.points.lazy.map(\.coordinate) { envelope.expand(toContain: coordinate) }
        case .multiLineString(let multi): for line in multi.lineStrings { expand(line.coordinates) }
        case .multiPolygon(let multi):
            for polygon in multi.polygons {
                expand(polygon.exteriorRing.coordinates)
                for ring in polygon.interiorRings { expand(ring.coordinates) }
            }
        case .geometryCollection(let collection): for member in collection.geometries { member.expand(&envelope) }
        }
    }

    /// How many positions there are, closing ones included.
    ///
    /// - Complexity: O(*n*) in rings and parts.
    public var coordinateCount: Int {
        func count(_ polygon: Polygon) -> Int {
            polygon.interiorRings.reduce(polygon.exteriorRing.coordinates.count) { $0 + $1.coordinates.count }
        }
        return switch self {
        case .point(let point): point.coordinate == nil ? 0 : 1
        case .lineString(let line): line.coordinates.count
        case .polygon(let polygon): count(polygon)
        case .multiPoint(let multi): multi.points.reduce(0) { $0 + ($1.coordinate == nil ? 0 : 1) }
        case .multiLineString(let multi): multi.lineStrings.reduce(0) { $0 + $1.coordinates.count }
        case .multiPolygon(let multi): multi.polygons.reduce(0) { $0 + count($1) }
        case .geometryCollection(let collection): collection.geometries.reduce(0) { $0 + $1.coordinateCount }
        }
    }

    /// Whether there is no position at all.
    public var isEmpty: Bool { coordinateCount == 0 }
}
