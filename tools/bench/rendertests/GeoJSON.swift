// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import SimpleFeatures

/// The features of a GeoJSON document that a style holds; what is malformed is
/// left out, as browsers do.
func features(_ json: JSONValue) -> [Feature] {
    switch json["type"]?.string {
    case "FeatureCollection": (json["features"]?.array ?? []).enumerated().compactMap { feature($1, number: $0) }
    case "Feature": [feature(json, number: 0)].compactMap { $0 }
    default: geometry(json).map { [Feature(id: 0, geometry: $0)] } ?? []
    }
}

private func feature(_ json: JSONValue, number: Int) -> Feature? {
    guard let geometry = json["geometry"].flatMap(geometry) else { return nil }
    var properties: [String: AttributeValue] = [:]
    for member in json["properties"]?.object ?? [] {
        switch member.value.content {
        case .boolean(let flag): properties[member.key] = .boolean(flag)
        case .number(let number): properties[member.key] = .real(number)
        case .string(let text): properties[member.key] = .text(text)
        case .null, .array, .object: break
        }
    }
    let id = json["id"]?.number ?? json["id"]?.string.flatMap(Double.init)
    return Feature(id: id.flatMap { Int64(exactly: $0) } ?? Int64(number), geometry: geometry, properties: properties)
}

private func geometry(_ json: JSONValue) -> Geometry? {
    let coordinates = json["coordinates"]
    func list<Part>(_ value: JSONValue?, _ part: (JSONValue) -> Part?) -> [Part] {
        (value?.array ?? []).compactMap(part)
    }
    func line(_ value: JSONValue) -> LineString { LineString(list(value, position)) }
    func polygon(_ value: JSONValue) -> Polygon? {
        let rings = list(value) { ring -> LinearRing? in
            var open = list(ring, position)
            if let first = open.first, open.last != first { open.append(first) }
            return open.count > 3 ? LinearRing(open) : nil
        }
        return rings.first.map { Polygon($0, interiorRings: Array(rings.dropFirst())) }
    }
    switch json["type"]?.string {
    case "Point": return coordinates.flatMap(position).map { .point(Point($0)) }
    case "MultiPoint": return .multiPoint(MultiPoint(list(coordinates) { position($0).map { Point($0) } }))
    case "LineString": return coordinates.map { .lineString(line($0)) }
    case "MultiLineString": return .multiLineString(MultiLineString(list(coordinates, line)))
    case "Polygon": return coordinates.flatMap(polygon).map { .polygon($0) }
    case "MultiPolygon": return .multiPolygon(MultiPolygon(list(coordinates, polygon)))
    case "GeometryCollection":
        return .geometryCollection(GeometryCollection(list(json["geometries"], geometry)))
    default: return nil
    }
}

private func position(_ json: JSONValue) -> Coordinate? {
    guard let array = json.array, array.count > 1, let x = array[0].number, let y = array[1].number else { return nil }
    return Coordinate(x: x, y: y)
}
