// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Reads geometries from JSON that is known to be well-formed.
struct GeoJSONGeometryReader {
    private(set) var hadZ = false
    private(set) var wasOpen = false
    private(set) var droppedRings = false

    private let limits: DatasetLimits
    private var typeWord: JSONString?
    private var vertices = 0
    private var rings = 0

    init(limits: DatasetLimits) {
        self.limits = limits
    }

    /// What the geometry says it is, whether or not it could be read.
    var type: GeometryType? { typeWord.flatMap { GeometryType(rawValue: $0.text.uppercased()) } }

    /// The geometry at the cursor; nil for `null`.
    ///
    /// - Throws: `FeatureFault`, `JSONCursor.Fault`.
    mutating func read(_ cursor: inout JSONCursor) throws -> Geometry? {
        if cursor.current == 0x6E {
            try cursor.word("null")
            return nil
        }
        guard cursor.current == 0x7B else {
            throw FeatureFault("broken-geometry", "has a geometry that is not an object")
        }
        var type: JSONString?
        var content: Int?
        try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
            if key.isWord("type"), cursor.current == 0x22 {
                type = try cursor.string()
            } else {
                if key.isWord("coordinates") || key.isWord("geometries") { content = cursor.offset }
                try cursor.skipValue()
            }
        }
        guard let type else { throw FeatureFault("broken-geometry", "has a geometry without a type") }
        guard let content else { throw FeatureFault("broken-geometry", "has a geometry without coordinates") }
        // Members of collections come after the collection.
        if typeWord == nil { typeWord = type }
        let end = cursor.offset
        cursor.offset = content
        defer { cursor.offset = end }
        return try geometry(type, &cursor)
    }

    private mutating func geometry(_ type: JSONString, _ cursor: inout JSONCursor) throws -> Geometry {
        if type.isWord("Point") { return .point(try point(&cursor)) }
        if type.isWord("LineString") { return .lineString(try line(&cursor)) }
        if type.isWord("Polygon") {
            let polygon = try polygon(&cursor)
            try checkArea(polygon.exteriorRing.coordinates.isEmpty)
            return .polygon(polygon)
        }
        if type.isWord("MultiPoint") {
            return .multiPoint(MultiPoint(try list(&cursor) { try $0.point(&$1) }))
        }
        if type.isWord("MultiLineString") {
            return .multiLineString(MultiLineString(try list(&cursor) { try $0.line(&$1) }))
        }
        if type.isWord("MultiPolygon") {
            let polygons = try list(&cursor) { try $0.polygon(&$1) }.filter { !$0.exteriorRing.coordinates.isEmpty }
            try checkArea(polygons.isEmpty)
            return .multiPolygon(MultiPolygon(polygons))
        }
        if type.isWord("GeometryCollection") {
            let members = try list(&cursor) { reader, cursor in
                guard let member = try reader.read(&cursor) else {
                    throw FeatureFault("broken-geometry", "has null as a member of its geometry")
                }
                return member
            }
            return .geometryCollection(GeometryCollection(members))
        }
        throw FeatureFault(
            "unknown-geometry-type", "has a geometry of type “\(type.text.prefix(40))”, which GeoJSON does not have")
    }

    /// The elements of the array at the cursor. Nesting is bounded by the scan of
    /// the whole text.
    private mutating func list<Element>(
        _ cursor: inout JSONCursor, _ element: (inout Self, inout JSONCursor) throws -> Element
    ) throws -> [Element] {
        guard cursor.current == 0x5B else {
            throw FeatureFault("broken-geometry", "has coordinates that are not an array")
        }
        var elements: [Element] = []
        cursor.offset += 1
        cursor.skipSpace()
        while cursor.current != 0x5D {
            elements.append(try element(&self, &cursor))
            cursor.skipSpace()
            if cursor.take(0x2C) { cursor.skipSpace() }
        }
        cursor.offset += 1
        return elements
    }

    /// Nothing is left because nothing had an area, not because nothing was there.
    private func checkArea(_ isEmpty: Bool) throws(FeatureFault) {
        if isEmpty && droppedRings {
            throw FeatureFault("too-few-positions", "has a ring of fewer than four positions and no other")
        }
    }

    private mutating func point(_ cursor: inout JSONCursor) throws -> Point {
        Point(try position(&cursor))
    }

    private mutating func line(_ cursor: inout JSONCursor) throws -> LineString {
        let coordinates = try list(&cursor) { try $0.position(&$1) }
        if coordinates.count == 1 {
            throw FeatureFault("too-few-positions", "has a line of one position")
        }
        return LineString(coordinates)
    }

    /// An empty polygon for one whose outer ring has no area.
    private mutating func polygon(_ cursor: inout JSONCursor) throws -> Polygon {
        let rings = try list(&cursor) { try $0.ring(&$1) }
        guard let exterior = rings.first, exterior.coordinates.count >= 4 else {
            if rings.contains(where: { !$0.coordinates.isEmpty }) { droppedRings = true }
            return Polygon(LinearRing([]))
        }
        let holes = rings.dropFirst().filter { $0.coordinates.count >= 4 }
        if rings.dropFirst().contains(where: { (1..<4).contains($0.coordinates.count) }) { droppedRings = true }
        return Polygon(exterior, interiorRings: holes)
    }

    private mutating func ring(_ cursor: inout JSONCursor) throws -> LinearRing {
        rings += 1
        guard rings <= limits.ringsOfGeometry else {
            throw FeatureFault("too-large", "has more than \(limits.ringsOfGeometry) rings, the most allowed")
        }
        var coordinates = try list(&cursor) { try $0.position(&$1) }
        if let first = coordinates.first, first != coordinates.last {
            wasOpen = true
            coordinates.append(first)
        }
        return LinearRing(coordinates)
    }

    private mutating func position(_ cursor: inout JSONCursor) throws -> Coordinate {
        guard cursor.take(0x5B) else {
            throw FeatureFault("broken-coordinate", "has a coordinate that is not an array of numbers")
        }
        var ordinates = (0.0, 0.0)
        var count = 0
        cursor.skipSpace()
        while cursor.current != 0x5D {
            switch cursor.current {
            case 0x2D, 0x30...0x39, 0x4E, 0x49: break
            default:
                throw FeatureFault("broken-coordinate", "has a coordinate with something that is not a number")
            }
            let value = try cursor.number().double
            guard value.isFinite else {
                throw FeatureFault("not-finite", "has a coordinate that is not a finite number")
            }
            if count == 0 { ordinates.0 = value } else if count == 1 { ordinates.1 = value }
            count += 1
            cursor.skipSpace()
            if cursor.take(0x2C) { cursor.skipSpace() }
        }
        cursor.offset += 1
        guard count >= 2 else {
            throw FeatureFault("broken-coordinate", "has a coordinate of \(count == 0 ? "no numbers" : "one number")")
        }
        guard count <= 4 else {
            throw FeatureFault("broken-coordinate", "has a coordinate of \(count) numbers")
        }
        if count > 2 { hadZ = true }
        vertices += 1
        guard vertices <= limits.verticesOfGeometry else {
            throw FeatureFault("too-large", "has more than \(limits.verticesOfGeometry) vertices, the most allowed")
        }
        return Coordinate(x: ordinates.0, y: ordinates.1)
    }
}
