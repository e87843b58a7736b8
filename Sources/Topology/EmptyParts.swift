// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension Geometry {
    /// Whether some part, at any depth, has no position: an empty polygon among
    /// others, an empty hole, an empty member of a collection. A geometry that
    /// is empty as a whole has no parts.
    ///
    /// - Complexity: O(*n*) in parts.
    public var hasEmptyParts: Bool {
        switch self {
        case .point, .lineString: false
        case .polygon(let polygon):
            polygon.interiorRings.contains(where: \.coordinates.isEmpty)
                || (polygon.exteriorRing.coordinates.isEmpty && !polygon.interiorRings.isEmpty)
        case .multiPoint(let multi): multi.points.contains { $0.coordinate == nil }
        case .multiLineString(let multi): multi.lineStrings.contains(where: \.coordinates.isEmpty)
        case .multiPolygon(let multi):
            multi.polygons.contains {
                $0.exteriorRing.coordinates.isEmpty || $0.interiorRings.contains(where: \.coordinates.isEmpty)
            }
        case .geometryCollection(let collection):
            collection.geometries.contains { $0.hasNoParts || $0.hasEmptyParts }
        }
    }

    /// The geometry without its empty parts, and how many there were. What was
    /// a multipart stays one, even with one part or none left.
    ///
    /// - Complexity: O(*n*) in parts.
    public func withoutEmptyParts() -> (geometry: Geometry, removed: Int) {
        guard hasEmptyParts else { return (self, 0) }
        var removed = 0
        func kept<Part>(_ parts: [Part], _ isEmpty: (Part) -> Bool) -> [Part] {
            let kept = parts.filter { !isEmpty($0) }
            removed += parts.count - kept.count
            return kept
        }
        func full(_ polygon: Polygon) -> Polygon {
            guard !polygon.exteriorRing.coordinates.isEmpty else {
                removed += polygon.interiorRings.count
                return Polygon(LinearRing([]))
            }
            return Polygon(
                polygon.exteriorRing, interiorRings: kept(polygon.interiorRings, \.coordinates.isEmpty))
        }
        let geometry: Geometry
        switch self {
        case .point, .lineString: geometry = self
        case .polygon(let polygon): geometry = .polygon(full(polygon))
        case .multiPoint(let multi): geometry = .multiPoint(MultiPoint(kept(multi.points) { $0.coordinate == nil }))
        case .multiLineString(let multi):
            geometry = .multiLineString(MultiLineString(kept(multi.lineStrings, \.coordinates.isEmpty)))
        case .multiPolygon(let multi):
            geometry = .multiPolygon(
                MultiPolygon(kept(multi.polygons, \.exteriorRing.coordinates.isEmpty).map(full)))
        case .geometryCollection(let collection):
            let members = collection.geometries.map { member in
                let result = member.withoutEmptyParts()
                removed += result.removed
                return result.geometry
            }
            geometry = .geometryCollection(GeometryCollection(kept(members, \.hasNoParts)))
        }
        return (geometry, removed)
    }

    /// Whether there is nothing in it, seen from its top.
    var hasNoParts: Bool {
        switch self {
        case .point(let point): point.coordinate == nil
        case .lineString(let line): line.coordinates.isEmpty
        case .polygon(let polygon): polygon.exteriorRing.coordinates.isEmpty
        case .multiPoint(let multi): multi.points.isEmpty
        case .multiLineString(let multi): multi.lineStrings.isEmpty
        case .multiPolygon(let multi): multi.polygons.isEmpty
        case .geometryCollection(let collection): collection.geometries.isEmpty
        }
    }
}
