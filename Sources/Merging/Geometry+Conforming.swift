// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What `Geometry.conformed` says when a geometry cannot go into a layer.
struct NonconformingGeometry: Error {
    let sentence: String
}

extension Geometry {
    /// The geometry as the type that a layer's column holds: single becomes
    /// multi, a multi of one becomes single, a collection of one kind becomes a
    /// multi of that kind.
    func conformed(to type: GeometryType) throws(NonconformingGeometry) -> Geometry {
        if type == .geometry || self.type == type { return self }
        if case .geometryCollection(let collection) = self, type != .geometryCollection {
            return try Self.gathered(collection, as: type)
        }
        switch (self, type) {
        case (.polygon(let polygon), .multiPolygon): return .multiPolygon(MultiPolygon([polygon]))
        case (.lineString(let line), .multiLineString): return .multiLineString(MultiLineString([line]))
        case (.point(let point), .multiPoint): return .multiPoint(MultiPoint([point]))
        case (.multiPolygon(let multi), .polygon) where multi.polygons.count == 1:
            return .polygon(multi.polygons[0])
        case (.multiLineString(let multi), .lineString) where multi.lineStrings.count == 1:
            return .lineString(multi.lineStrings[0])
        case (.multiPoint(let multi), .point) where multi.points.count == 1:
            return .point(multi.points[0])
        case (_, .geometryCollection):
            return .geometryCollection(GeometryCollection([self]))
        default:
            throw NonconformingGeometry(sentence: "is a \(self.type.rawValue), and the layer holds \(type.rawValue)")
        }
    }

    private static func gathered(
        _ collection: GeometryCollection, as type: GeometryType
    ) throws(NonconformingGeometry) -> Geometry {
        var polygons: [Polygon] = []
        var lines: [LineString] = []
        var points: [Point] = []
        func gather(_ geometry: Geometry) {
            switch geometry {
            case .polygon(let polygon): polygons.append(polygon)
            case .multiPolygon(let multi): polygons += multi.polygons
            case .lineString(let line): lines.append(line)
            case .multiLineString(let multi): lines += multi.lineStrings
            case .point(let point): points.append(point)
            case .multiPoint(let multi): points += multi.points
            case .geometryCollection(let inner): inner.geometries.forEach(gather)
            }
        }
        collection.geometries.forEach(gather)
        switch (polygons.isEmpty, lines.isEmpty, points.isEmpty) {
        case (false, true, true): return try Geometry.multiPolygon(MultiPolygon(polygons)).conformed(to: type)
        case (true, false, true): return try Geometry.multiLineString(MultiLineString(lines)).conformed(to: type)
        case (true, true, false): return try Geometry.multiPoint(MultiPoint(points)).conformed(to: type)
        default:
            throw NonconformingGeometry(
                sentence: "is a collection of several kinds of geometry, and the layer holds \(type.rawValue)")
        }
    }

    /// The area that a closed line goes round, for drawings that have no areas
    /// of their own; nil when this is no closed line.
    var areaOfClosedLine: Geometry? {
        func ring(_ line: LineString) -> Polygon? {
            guard line.coordinates.count >= 4, line.coordinates.first == line.coordinates.last else { return nil }
            return Polygon(LinearRing(line.coordinates))
        }
        switch self {
        case .lineString(let line): return ring(line).map { .polygon($0) }
        case .multiLineString(let multi):
            let polygons = multi.lineStrings.compactMap(ring)
            guard polygons.count == multi.lineStrings.count, !polygons.isEmpty else { return nil }
            return .multiPolygon(MultiPolygon(polygons))
        default: return nil
        }
    }
}
