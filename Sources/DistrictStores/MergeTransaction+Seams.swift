// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
public import SimpleFeatures

/// A feature as it was delivered and normalised, before seams were repaired.
public struct OriginalFeature: Sendable, Hashable {
    public var id: Int64
    public var source: String
    public var identity: Int64
    public var contentHash: Int64
    public var row: Int64
    /// On the district grid.
    public var geometry: Geometry
}

extension MergeTransaction {
    /// Around every feature of a layer that this merge has written or removed so
    /// far, as it was and as it is, in metres on the grid. Brings the layer's
    /// spatial index up to date, so that `originals` can be asked.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func touchedEnvelopes(of layer: LayerDefinition) throws -> [Envelope] {
        try table(layer).flushIndex()
    }

    /// The originals of a layer whose envelopes meet the given one, or all of
    /// them, in the order of ids.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a geometry that is
    ///   none.
    public func originals(of layer: LayerDefinition, meeting envelope: Envelope? = nil) throws -> [OriginalFeature] {
        try table(layer).originals(meeting: envelope)
    }

    /// How many features a layer has now.
    ///
    /// - Throws: SQLite's error.
    public func featureCount(of layer: LayerDefinition) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(try SQLIdentifier(layer.id).quoted)") ?? 0
    }

    /// The features of a layer that this merge had removed when `touchedEnvelopes`
    /// was asked, in order.
    ///
    /// - Throws: SQLite's error.
    public func removedFeatures(of layer: LayerDefinition) throws -> [Int64] {
        try table(layer).gone.sorted()
    }

    /// The features of a layer whose border is no longer the one that was
    /// delivered.
    public func alteredFeatures(of layer: LayerDefinition) throws -> Set<Int64> {
        Set(try Int64.fetchAll(db, sql: "SELECT id FROM miaopu_originals WHERE layer = ?", arguments: [layer.id]))
    }

    /// Gives a feature another border; the delivered one is kept.
    ///
    /// - Parameter geometry: on the district grid.
    /// - Throws: SQLite's error.
    public func alter(_ id: Int64, of layer: LayerDefinition, to geometry: Geometry) throws {
        try table(layer).alter(id, to: geometry)
    }

    /// Gives a feature back the border that was delivered.
    ///
    /// - Throws: SQLite's error.
    public func restore(_ id: Int64, of layer: LayerDefinition) throws {
        try table(layer).restore(id)
    }

    /// What the store remembers under a name; nil when nothing.
    public func note(named key: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM miaopu_district WHERE key = ?", arguments: [key])
    }

    /// Remembers a text under a name.
    public func setNote(_ value: String, named key: String) throws {
        guard try note(named: key) != value else { return }
        try db.execute(
            sql: """
                INSERT INTO miaopu_district (key, value) VALUES (?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """, arguments: [key, value])
    }
}

extension LayerTable {
    static let originalsTable = """
        CREATE TABLE miaopu_originals (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            geometry BLOB NOT NULL
        );
        CREATE INDEX miaopu_originals_layer ON miaopu_originals (layer);
        """

    func originals(meeting envelope: Envelope?) throws -> [OriginalFeature] {
        let columns = [
            ProvenanceColumn.source, ProvenanceColumn.identity, ProvenanceColumn.hash, ProvenanceColumn.row,
        ].joined(separator: ", ")
        var sql = """
            SELECT fid, \(columns), coalesce(o.geometry, f.geom) FROM \(name.quoted) f
            LEFT JOIN miaopu_originals o ON o.id = f.fid
            """
        var arguments: StatementArguments = []
        if let envelope {
            // A border may have been moved, so the index has it near its original.
            let box = envelope.expanded(by: Self.largestMove)
            sql += " WHERE fid IN (SELECT id FROM \(index.quoted) WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)"
            arguments = [box.minX, box.maxX, box.minY, box.maxY]
        }
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql + " ORDER BY fid"), arguments: arguments)
        var originals: [OriginalFeature] = []
        while let row = try rows.next() {
            let id: Int64 = try row.decode(atIndex: 0)
            let bytes: Data = try row.decode(atIndex: 5)
            guard let geometry = try? GeoPackageGeometry.decode(Array(bytes), limits: .trusted).geometry else {
                throw DistrictStoresError(
                    .unusable, "Feature \(id) of “\(definition.id)” has no geometry that can be read.")
            }
            if let envelope, !geometry.envelope.intersects(envelope) { continue }
            originals.append(
                OriginalFeature(
                    id: id, source: try row.decode(atIndex: 1), identity: try row.decode(atIndex: 2),
                    contentHash: try row.decode(atIndex: 3), row: try row.decode(atIndex: 4), geometry: geometry))
        }
        return originals
    }

    /// Borders are moved by less than this, in metres.
    private static let largestMove = 100.0

    func alter(_ id: Int64, to geometry: Geometry) throws {
        var bytes: [UInt8] = []
        GeoPackageGeometry.encode(geometry, srsID: gridID, into: &bytes)
        let present = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT geom FROM \(name.quoted) WHERE fid = ?"), arguments: [id])
        guard present != Data(bytes) else { return }
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO miaopu_originals (id, layer, geometry) VALUES (?, ?, ?)"
        ).execute(arguments: [id, definition.id, present])
        try put(Data(bytes), envelope: geometry.envelope, of: id)
    }

    func restore(_ id: Int64) throws {
        let original = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT geometry FROM miaopu_originals WHERE id = ?"), arguments: [id])
        guard let original else { return }
        try forgetOriginal(of: id)
        try put(original, envelope: GeoPackageGeometry.envelope(of: Array(original)) ?? .empty, of: id)
    }

    /// For a feature that is delivered anew, or gone.
    func forgetOriginal(of id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM miaopu_originals WHERE id = ?").execute(arguments: [id])
    }

    private func put(_ geometry: Data, envelope: Envelope, of id: Int64) throws {
        try db.cachedStatement(sql: "UPDATE \(name.quoted) SET geom = ? WHERE fid = ?").execute(
            arguments: [geometry, id])
        noteAltered(id, envelope: envelope)
    }
}
