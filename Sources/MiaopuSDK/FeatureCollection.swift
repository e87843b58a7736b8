// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A GeoJSON feature collection in the body of a request, with properties of a
/// known shape. Positions are longitude, latitude in OGC:CRS84; heights are
/// dropped.
public struct FeatureCollection<Properties: Decodable & Sendable>: Decodable, Sendable {
    /// One feature.
    public struct Member: Decodable, Sendable {
        /// Where it is.
        public var geometry: Geometry
        /// What it is.
        public var properties: Properties

        private enum CodingKeys: String, CodingKey { case geometry, properties }

        /// Reads a feature; a geometry that is null is refused.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            geometry = try container.decode(GeoJSONGeometry.self, forKey: .geometry).geometry
            properties = try container.decode(Properties.self, forKey: .properties)
        }
    }

    /// The features in their order.
    public var features: [Member]
}

/// A GeoJSON geometry other than a collection.
private struct GeoJSONGeometry: Decodable {
    let geometry: Geometry

    private enum CodingKeys: String, CodingKey { case type, coordinates }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func coordinates<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try container.decode(type, forKey: .coordinates)
        }
        func refuse(_ sentence: String) -> DecodingError {
            .dataCorruptedError(forKey: .coordinates, in: container, debugDescription: sentence)
        }
        func line(_ positions: [Position]) throws -> LineString {
            guard positions.count >= 2 else { throw refuse("A line has two positions or more.") }
            return LineString(positions.map(\.coordinate))
        }
        func polygon(_ rings: [[Position]]) throws -> Polygon {
            let rings = try rings.map { ring in
                guard ring.count >= 4, ring.first?.coordinate == ring.last?.coordinate else {
                    throw refuse("A ring has four positions or more, and its last is its first.")
                }
                return LinearRing(ring.map(\.coordinate))
            }
            guard let exterior = rings.first else { throw refuse("A polygon has one ring or more.") }
            return Polygon(exterior, interiorRings: Array(rings.dropFirst()))
        }
        switch try container.decode(String.self, forKey: .type) {
        case "Point": geometry = .point(Point(try coordinates(Position.self).coordinate))
        case "MultiPoint":
            geometry = .multiPoint(MultiPoint(try coordinates([Position].self).map { Point($0.coordinate) }))
        case "LineString": geometry = .lineString(try line(coordinates([Position].self)))
        case "MultiLineString":
            geometry = .multiLineString(MultiLineString(try coordinates([[Position]].self).map(line)))
        case "Polygon": geometry = .polygon(try polygon(coordinates([[Position]].self)))
        case "MultiPolygon":
            geometry = .multiPolygon(MultiPolygon(try coordinates([[[Position]]].self).map(polygon)))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container,
                debugDescription: "\(other) is not accepted; a Point, LineString, Polygon or their Multi forms are.")
        }
    }
}

private struct Position: Decodable {
    let coordinate: Coordinate

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        coordinate = Coordinate(x: try container.decode(Double.self), y: try container.decode(Double.self))
        guard abs(coordinate.x) <= 180, abs(coordinate.y) <= 90 else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(coordinate.x), \(coordinate.y) is no longitude and latitude in degrees.")
        }
    }
}
