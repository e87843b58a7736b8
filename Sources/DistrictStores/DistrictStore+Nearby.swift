// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
public import SimpleFeatures

/// A feature near a place, as it is and as it was delivered.
public struct NearbyFeature: Sendable, Hashable {
    public var id: Int64
    public var source: String
    /// The record's number in the source's file.
    public var row: Int64
    /// On the district grid.
    public var geometry: Geometry
    /// As it was delivered and normalised; nil when its border was not moved.
    public var original: Geometry?
}

extension DistrictStore {
    /// The features of a layer whose envelopes meet the given one, in the order
    /// of ids.
    ///
    /// - Parameters:
    ///   - envelope: on the district grid.
    ///   - limit: how many at most.
    /// - Throws: `DistrictStoresError`, of kind `.unknown` for a layer that cannot
    ///   be one.
    public func features(of layer: String, meeting envelope: Envelope, limit: Int) throws -> [NearbyFeature] {
        let name = try SQLIdentifier(layer).quoted
        let index = try SQLIdentifier("rtree_\(layer)_geom").quoted
        return try reading { db in
            guard try LayerDefinition.fetch(db, id: layer) != nil else { return [] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT fid, \(ProvenanceColumn.source), \(ProvenanceColumn.row), f.geom, o.geometry FROM \(name) f
                    LEFT JOIN miaopu_originals o ON o.id = f.fid
                    WHERE fid IN (SELECT id FROM \(index) WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)
                    ORDER BY fid LIMIT ?
                    """, arguments: [envelope.minX, envelope.maxX, envelope.minY, envelope.maxY, limit]
            ).compactMap { row in
                guard let geometry = try Self.geometry(row, 3) else { return nil }
                return NearbyFeature(
                    id: try row.decode(atIndex: 0), source: try row.decode(atIndex: 1), row: try row.decode(atIndex: 2),
                    geometry: geometry, original: try Self.geometry(row, 4))
            }
        }
    }

    private static func geometry(_ row: Row, _ column: Int) throws -> Geometry? {
        let bytes: Data? = try row.decode(atIndex: column)
        return bytes.flatMap { try? GeoPackageGeometry.decode(Array($0), limits: .trusted).geometry }
    }
}
