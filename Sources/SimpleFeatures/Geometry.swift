// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A geometry of OGC Simple Features, in two dimensions.
///
/// Coordinates are x = east, y = north in the coordinate reference system that
/// the surrounding type names. Nothing here promises validity in the sense of
/// Simple Features: a ring may cross itself. `GeometryLimits` and the readers of
/// this module promise the shape only (closed rings, finite numbers).
public enum Geometry: Hashable, Sendable {
    case point(Point)
    case lineString(LineString)
    case polygon(Polygon)
    case multiPoint(MultiPoint)
    case multiLineString(MultiLineString)
    case multiPolygon(MultiPolygon)
    case geometryCollection(GeometryCollection)
}

/// A single position, or `POINT EMPTY` when `coordinate` is nil.
public struct Point: Hashable, Sendable {
    public var coordinate: Coordinate?

    public init(_ coordinate: Coordinate?) {
        self.coordinate = coordinate
    }

    public init(x: Double, y: Double) {
        coordinate = Coordinate(x: x, y: y)
    }
}

/// A polyline of two or more positions, or of none when empty.
public struct LineString: Hashable, Sendable {
    public var coordinates: [Coordinate]

    public init(_ coordinates: [Coordinate]) {
        self.coordinates = coordinates
    }
}

/// A closed polyline: the first position is repeated as the last, so there are
/// four or more, or none when empty.
public struct LinearRing: Hashable, Sendable {
    public var coordinates: [Coordinate]

    public init(_ coordinates: [Coordinate]) {
        self.coordinates = coordinates
    }

    /// Twice the planar area, positive when the ring runs anticlockwise.
    ///
    /// - Complexity: O(*n*) in positions.
    public var twiceSignedArea: Double {
        guard let origin = coordinates.first else { return 0 }
        var sum = 0.0
        var previous = Coordinate(x: 0, y: 0)
        for coordinate in coordinates.dropFirst() {
            // Relative to the first position: the products stay small, and with
            // them the rounding, far from the origin of the plane.
            let current = Coordinate(x: coordinate.x - origin.x, y: coordinate.y - origin.y)
            sum += previous.x * current.y - current.x * previous.y
            previous = current
        }
        return sum
    }
}

/// An area with one exterior ring and any number of holes. An empty polygon has
/// an empty exterior ring.
public struct Polygon: Hashable, Sendable {
    public var exteriorRing: LinearRing
    public var interiorRings: [LinearRing]

    public init(_ exteriorRing: LinearRing, interiorRings: [LinearRing] = []) {
        self.exteriorRing = exteriorRing
        self.interiorRings = interiorRings
    }

    /// All rings, the exterior one first; none when the polygon is empty.
    public var rings: [LinearRing] {
        exteriorRing.coordinates.isEmpty ? [] : [exteriorRing] + interiorRings
    }
}

/// Any number of points; some may be empty.
public struct MultiPoint: Hashable, Sendable {
    public var points: [Point]

    public init(_ points: [Point]) {
        self.points = points
    }
}

/// Any number of polylines.
public struct MultiLineString: Hashable, Sendable {
    public var lineStrings: [LineString]

    public init(_ lineStrings: [LineString]) {
        self.lineStrings = lineStrings
    }
}

/// Any number of areas. Those of a valid one do not overlap.
public struct MultiPolygon: Hashable, Sendable {
    public var polygons: [Polygon]

    public init(_ polygons: [Polygon]) {
        self.polygons = polygons
    }
}

/// Any number of geometries of any type, collections included.
public struct GeometryCollection: Hashable, Sendable {
    public var geometries: [Geometry]

    public init(_ geometries: [Geometry]) {
        self.geometries = geometries
    }
}
