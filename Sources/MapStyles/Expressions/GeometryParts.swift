// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// The points, lines and polygons of a geometry, in degrees of longitude and
/// latitude or in a plane made from them.
struct GeometryParts: Sendable {
    var points: [Coordinate] = []
    var lines: [[Coordinate]] = []
    /// Rings, the exterior one first.
    var polygons: [[[Coordinate]]] = []

    var isEmpty: Bool { points.isEmpty && lines.isEmpty && polygons.isEmpty }

    init() {}

    init(_ geometry: Geometry) { append(geometry) }

    private mutating func append(_ geometry: Geometry) {
        switch geometry {
        case .point(let point): points += [point.coordinate].compactMap(\.self)
        case .multiPoint(let multi): points += multi.points.compactMap(\.coordinate)
        case .lineString(let line): lines.append(line.coordinates)
        case .multiLineString(let multi): lines += multi.lineStrings.map(\.coordinates)
        case .polygon(let polygon): polygons.append(polygon.rings.map(\.coordinates))
        case .multiPolygon(let multi): polygons += multi.polygons.map { $0.rings.map(\.coordinates) }
        case .geometryCollection(let collection): collection.geometries.forEach { append($0) }
        }
        lines.removeAll(where: \.isEmpty)
        polygons.removeAll(where: \.isEmpty)
    }

    /// Reads the GeoJSON that stands in an expression; nil when it is
    /// malformed or empty.
    init?(geoJSON json: JSONValue) {
        guard append(geoJSON: json), !isEmpty else { return nil }
    }

    private mutating func append(geoJSON json: JSONValue) -> Bool {
        func position(_ json: JSONValue) -> Coordinate? {
            guard let numbers = json.array?.prefix(2).compactMap(\.number), numbers.count == 2 else { return nil }
            return Coordinate(x: numbers[0], y: numbers[1])
        }
        func line(_ json: JSONValue) -> [Coordinate]? { json.array?.convertAll(position) }
        func polygon(_ json: JSONValue) -> [[Coordinate]]? { json.array?.convertAll(line) }
        func keep<T>(_ part: T?, _ list: WritableKeyPath<GeometryParts, [T]>) -> Bool {
            guard let part else { return false }
            self[keyPath: list].append(part)
            return true
        }
        switch json["type"]?.string {
        case "FeatureCollection":
            return json["features"]?.array.map { $0.allSatisfy { append(geoJSON: $0) } } ?? false
        case "Feature": return json["geometry"].map { append(geoJSON: $0) } ?? false
        case "GeometryCollection":
            return json["geometries"]?.array.map { $0.allSatisfy { append(geoJSON: $0) } } ?? false
        default: break
        }
        guard let coordinates = json["coordinates"] else { return false }
        switch json["type"]?.string {
        case "Point": return keep(position(coordinates), \.points)
        case "LineString": return keep(line(coordinates), \.lines)
        case "Polygon": return keep(polygon(coordinates), \.polygons)
        case "MultiPoint": return coordinates.array?.allSatisfy { keep(position($0), \.points) } ?? false
        case "MultiLineString": return coordinates.array?.allSatisfy { keep(line($0), \.lines) } ?? false
        case "MultiPolygon": return coordinates.array?.allSatisfy { keep(polygon($0), \.polygons) } ?? false
        default: return false
        }
    }

    /// The parts with every position moved.
    func mapped(_ transform: (Coordinate) -> Coordinate) -> GeometryParts {
        var parts = GeometryParts()
        parts.points = points.map(transform)
        parts.lines = lines.map { $0.map(transform) }
        parts.polygons = polygons.map { $0.map { $0.map(transform) } }
        return parts
    }
}

extension Array {
    /// The elements converted; nil when one cannot be.
    fileprivate func convertAll<T>(_ convert: (Element) -> T?) -> [T]? {
        let converted = compactMap(convert)
        return converted.count == count ? converted : nil
    }
}

/// Questions about points, segments and rings in a plane.
enum PlanarTests {
    /// Whether a point lies inside a polygon, by the even-odd rule.
    static func contains(_ polygon: [[Coordinate]], _ point: Coordinate, countsBoundary: Bool) -> Bool {
        var isInside = false
        for ring in polygon {
            for (a, b) in zip(ring, ring.dropFirst()) {
                if isOnSegment(point, a, b) { return countsBoundary }
                if (a.y > point.y) != (b.y > point.y),
                    point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
                {
                    isInside.toggle()
                }
            }
        }
        return isInside
    }

    static func isOnSegment(_ point: Coordinate, _ a: Coordinate, _ b: Coordinate) -> Bool {
        let (x1, y1, x2, y2) = (point.x - a.x, point.y - a.y, point.x - b.x, point.y - b.y)
        return x1 * y2 - x2 * y1 == 0 && x1 * x2 <= 0 && y1 * y2 <= 0
    }

    /// Whether two segments cross, touching ends left out.
    static func cross(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate, _ d: Coordinate) -> Bool {
        func areOnBothSides(_ p: Coordinate, _ q: Coordinate, of a: Coordinate, _ b: Coordinate) -> Bool {
            let first = (p.x - a.x) * (b.y - a.y) - (b.x - a.x) * (p.y - a.y)
            let second = (q.x - a.x) * (b.y - a.y) - (b.x - a.x) * (q.y - a.y)
            return first > 0 && second < 0 || first < 0 && second > 0
        }
        return areOnBothSides(a, b, of: c, d) && areOnBothSides(c, d, of: a, b)
    }

    /// Whether any segment of a line crosses a ring of a polygon.
    static func crosses(_ line: [Coordinate], _ polygon: [[Coordinate]]) -> Bool {
        zip(line, line.dropFirst()).contains { a, b in
            polygon.contains { ring in zip(ring, ring.dropFirst()).contains { cross(a, b, $0, $1) } }
        }
    }
}
