// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures

extension TopologyEngine {
    /// The area, in square units of the plane; 0 for points and lines.
    public func area(_ geometry: Geometry) throws(TopologyError) -> Double {
        let object = try makeObject(geometry)
        return try context.number("area") { GEOSArea_r($0, object.pointer, $1) }
    }

    /// The length of lines and of the rings of areas, in units of the plane.
    public func length(_ geometry: Geometry) throws(TopologyError) -> Double {
        let object = try makeObject(geometry)
        return try context.number("length") { GEOSLength_r($0, object.pointer, $1) }
    }

    /// The least distance between two geometries; 0 where they meet, or when
    /// one is empty.
    public func distance(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Double {
        let one = try makeObject(first)
        let two = try makeObject(second)
        return try context.number("distance") { GEOSDistance_r($0, one.pointer, two.pointer, $1) }
    }

    /// The largest distance of a vertex of either geometry from the other one:
    /// the discrete Hausdorff distance.
    public func hausdorffDistance(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Double {
        let one = try makeObject(first)
        let two = try makeObject(second)
        return try context.number("hausdorffDistance") { GEOSHausdorffDistance_r($0, one.pointer, two.pointer, $1) }
    }

    /// The centre of gravity; nil for an empty geometry. It may lie outside.
    public func centroid(_ geometry: Geometry) throws(TopologyError) -> Coordinate? {
        guard case .point(let point) = try unary("centroid", geometry, { GEOSGetCentroid_r($0, $1) }) else {
            return nil
        }
        return point.coordinate
    }

    /// A position that lies on the geometry, inside of an area; nil for an
    /// empty geometry.
    public func pointOnSurface(_ geometry: Geometry) throws(TopologyError) -> Coordinate? {
        guard case .point(let point) = try unary("pointOnSurface", geometry, { GEOSPointOnSurface_r($0, $1) }) else {
            return nil
        }
        return point.coordinate
    }

    // MARK: Predicates

    /// Whether the two share at least one position.
    public func intersects(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Bool {
        try predicate("intersects", first, second) { GEOSIntersects_r($0, $1, $2) }
    }

    /// Whether the second lies in the first and not on its boundary alone.
    public func contains(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Bool {
        try predicate("contains", first, second) { GEOSContains_r($0, $1, $2) }
    }

    /// Whether no position of the second lies outside of the first.
    public func covers(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Bool {
        try predicate("covers", first, second) { GEOSCovers_r($0, $1, $2) }
    }

    /// Whether the two share boundary and no interior.
    public func touches(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Bool {
        try predicate("touches", first, second) { GEOSTouches_r($0, $1, $2) }
    }

    /// Whether the two are the same set of positions.
    public func equals(_ first: Geometry, _ second: Geometry) throws(TopologyError) -> Bool {
        try predicate("equals", first, second) { GEOSEquals_r($0, $1, $2) }
    }
}
