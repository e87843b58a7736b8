// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Makes features of a JSON document. The tree has lost its places in the text,
/// so faults name the feature instead.
struct GeoJSONReader {
    private let limits: GeometryLimits
    private var hadZ = false
    /// Which feature is read, from 1 on; 0 outside of any.
    private var place = 0
    private var tally: GeometryTally

    init(limits: GeometryLimits) {
        self.limits = limits
        tally = GeometryTally(limits: limits, format: .geoJSON)
    }

    mutating func document(_ root: JSONNode) throws(SimpleFeaturesError) -> GeoJSON.Document {
        var features: [Feature] = []
        switch root["type"]?.text {
        case "FeatureCollection":
            guard case .array(let members)? = root["features"] else {
                throw fault(.malformed, "a FeatureCollection without an array “features”")
            }
            features.reserveCapacity(members.count)
            for member in members { features.append(try feature(member)) }
        case "Feature": features = [try feature(root)]
        default:
            place = 1
            features = [Feature(id: 1, geometry: try geometry(root))]
        }
        return GeoJSON.Document(features: features, crs: root["crs"]?["properties"]?["name"]?.text, hadZ: hadZ)
    }

    private mutating func feature(_ node: JSONNode) throws(SimpleFeaturesError) -> Feature {
        place += 1
        guard node["type"]?.text == "Feature" else { throw fault(.malformed, "its type is not “Feature”") }
        var feature = Feature(id: Int64(place), geometry: nil)
        switch node["id"] {
        case .integer(let id)?: if (0..<(1 << 53)).contains(id) { feature.id = id }
        case .text(let text)?: if let id = Int64(text), (0..<(1 << 53)).contains(id) { feature.id = id }
        default: break
        }
        switch node["geometry"] {
        case nil, .null?: break
        case let member?: feature.geometry = try geometry(member)
        }
        if case .object(let members)? = node["properties"] {
            for (name, value) in members { feature.properties[name] = Self.attribute(value) }
        }
        return feature
    }

    private static func attribute(_ node: JSONNode) -> AttributeValue {
        switch node {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .real(let value): return .real(value)
        case .text(let value): return .text(value)
        case .array, .object: return .text(json(node))
        }
    }

    /// A nested value as JSON text again.
    private static func json(_ node: JSONNode) -> String {
        switch node {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .real(let value): DecimalText.shortest(value)
        case .text(let value): GeoJSON.quoted(value)
        case .array(let elements): "[" + elements.map(json).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { GeoJSON.quoted($0.name) + ":" + json($0.value) }.joined(separator: ",") + "}"
        }
    }

    // MARK: Geometry

    private mutating func geometry(_ node: JSONNode) throws(SimpleFeaturesError) -> Geometry {
        tally = GeometryTally(limits: limits, format: .geoJSON)
        return try geometry(node, depth: 1)
    }

    private mutating func geometry(_ node: JSONNode, depth: Int) throws(SimpleFeaturesError) -> Geometry {
        try tally.check(depth: depth, offset: -1)
        let type = node["type"]?.text ?? ""
        if type == "GeometryCollection" {
            let members = try elements(node["geometries"])
            try tally.add(parts: members.count, offset: -1)
            var geometries: [Geometry] = []
            for member in members { geometries.append(try geometry(member, depth: depth + 1)) }
            return .geometryCollection(GeometryCollection(geometries))
        }
        let coordinates = node["coordinates"]
        switch type {
        case "Point":
            let numbers = try elements(coordinates)
            return .point(Point(numbers.isEmpty ? nil : try position(numbers)))
        case "LineString": return .lineString(try line(coordinates))
        case "Polygon": return .polygon(try polygon(coordinates))
        case "MultiPoint": return .multiPoint(MultiPoint(try positions(coordinates).map { Point($0) }))
        case "MultiLineString":
            var lines: [LineString] = []
            for member in try parts(coordinates) { lines.append(try line(member)) }
            return .multiLineString(MultiLineString(lines))
        case "MultiPolygon":
            var polygons: [Polygon] = []
            for member in try parts(coordinates) { polygons.append(try polygon(member)) }
            return .multiPolygon(MultiPolygon(polygons))
        default:
            throw fault(.unsupportedType, "“\(type.prefix(40))” is no type of geometry that GeoJSON has")
        }
    }

    private mutating func line(_ node: JSONNode?) throws(SimpleFeaturesError) -> LineString {
        let coordinates = try positions(node)
        if coordinates.count == 1 { throw fault(.tooFewPositions, "a line of one position; two are the fewest") }
        return LineString(coordinates)
    }

    private mutating func polygon(_ node: JSONNode?) throws(SimpleFeaturesError) -> Polygon {
        var rings: [LinearRing] = []
        let members = try elements(node)
        try tally.add(rings: members.count, offset: -1)
        for member in members {
            let coordinates = try positions(member)
            if coordinates.count < 4 {
                throw fault(.tooFewPositions, "a ring of \(coordinates.count) positions; four are the fewest")
            }
            if coordinates.first != coordinates.last {
                throw fault(.ringNotClosed, "a ring whose last position is not its first")
            }
            rings.append(LinearRing(coordinates))
        }
        guard let exterior = rings.first else { return Polygon(LinearRing([])) }
        return Polygon(exterior, interiorRings: Array(rings.dropFirst()))
    }

    private mutating func parts(_ node: JSONNode?) throws(SimpleFeaturesError) -> [JSONNode] {
        let members = try elements(node)
        try tally.add(parts: members.count, offset: -1)
        return members
    }

    private mutating func positions(_ node: JSONNode?) throws(SimpleFeaturesError) -> [Coordinate] {
        let members = try elements(node)
        var coordinates: [Coordinate] = []
        coordinates.reserveCapacity(members.count)
        for member in members { coordinates.append(try position(try elements(member))) }
        return coordinates
    }

    private mutating func position(_ numbers: [JSONNode]) throws(SimpleFeaturesError) -> Coordinate {
        guard numbers.count >= 2, let x = numbers[0].number, let y = numbers[1].number else {
            throw fault(.malformed, "a position must be two numbers or more")
        }
        try tally.add(coordinates: 1, offset: -1)
        if numbers.count > 2 { hadZ = true }
        return Coordinate(x: x, y: y)
    }

    private func elements(_ node: JSONNode?) throws(SimpleFeaturesError) -> [JSONNode] {
        guard case .array(let elements)? = node else {
            throw fault(.malformed, "an array of coordinates is expected")
        }
        return elements
    }

    private func fault(_ kind: SimpleFeaturesError.Kind, _ detail: String) -> SimpleFeaturesError {
        SimpleFeaturesError(kind, .geoJSON, offset: nil, place > 0 ? "feature \(place): \(detail)" : detail)
    }
}
