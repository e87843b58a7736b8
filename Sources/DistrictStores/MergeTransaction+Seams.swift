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
    /// Of the fields that were asked for, as text; nil for an empty one.
    public var values: [String?] = []
}

/// Around a feature that was delivered.
public struct FeatureBox: Sendable, Hashable {
    public var id: Int64
    public var source: String
    /// In metres on the grid, rounded outwards to single precision; of the
    /// feature as it is now.
    public var envelope: Envelope
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
    /// them, in the order of ids; those that are on the map.
    ///
    /// - Parameters:
    ///   - shift: farther than this, in metres, no border lies from its original.
    ///   - fields: whose values are wanted too.
    /// - Throws: SQLite's error, or `DistrictStoresError` for a geometry that is
    ///   none.
    public func originals(
        of layer: LayerDefinition, meeting envelope: Envelope? = nil, shift: Double = 100, fields: [String] = []
    ) throws -> [OriginalFeature] {
        try table(layer).originals(envelope.map { .meeting($0, shift: shift) } ?? .all, fields: fields)
    }

    /// Some originals of a layer by id, without those that are suppressed.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a geometry that is
    ///   none.
    public func originals(of layer: LayerDefinition, ids: [Int64], fields: [String]) throws -> [OriginalFeature] {
        let table = try table(layer)
        return try ids.flatMap { try table.originals(.feature($0), fields: fields) }
    }

    /// The features of a layer for which others stand, as they were delivered, in
    /// the order of ids.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a damaged row.
    public func suppressedOriginals(of layer: LayerDefinition, fields: [String]) throws -> [OriginalFeature] {
        try table(layer).suppressedOriginals(fields: fields)
    }

    /// Around each feature that is on the map, in the order of ids. The spatial
    /// index must be up to date.
    ///
    /// - Throws: SQLite's error.
    public func boxes(of layer: LayerDefinition) throws -> [FeatureBox] {
        try table(layer).boxes()
    }

    /// Around everything in a layer that this merge has written or removed, seams
    /// included, in metres on the grid; empty for a layer that the store does not
    /// have. Brings the layer's spatial index up to date.
    ///
    /// - Throws: SQLite's error.
    public func everTouched(of layer: LayerDefinition) throws -> [Envelope] {
        let table = try table(layer)
        _ = try table.flushIndex()
        return table.everTouched
    }

    /// The features of a layer for which others stand.
    ///
    /// - Throws: SQLite's error.
    public func suppressedFeatures(of layer: LayerDefinition) throws -> [Int64: Suppression] {
        try table(layer).suppressedFeatures()
    }

    /// How many features of each source others stand for.
    ///
    /// - Throws: SQLite's error.
    public func suppressedCounts() throws -> [String: Int] {
        let rows = try Row.fetchAll(db, sql: "SELECT source, count(*) FROM miaopu_suppressed GROUP BY source")
        return try Dictionary(
            rows.map { (try $0.decode(String.self, atIndex: 0), try $0.decode(Int.self, atIndex: 1)) }
        ) { first, _ in first }
    }

    /// Takes a feature off the map because another one stands for it. One that is
    /// off the map already is only told which.
    ///
    /// - Throws: SQLite's error.
    public func suppress(_ id: Int64, of layer: LayerDefinition, _ suppression: Suppression) throws {
        try table(layer).suppress(id, suppression)
    }

    /// Puts a feature back onto the map as it was delivered.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a damaged row.
    public func reinstate(_ id: Int64, of layer: LayerDefinition) throws {
        try table(layer).reinstate(id)
    }

    /// The features of a layer as they are on the map, or those whose envelopes
    /// meet the given one, in the order of ids.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a geometry that is
    ///   none.
    public func present(
        of layer: LayerDefinition, meeting envelope: Envelope? = nil, fields: [String] = []
    ) throws -> [OriginalFeature] {
        try table(layer).originals(
            envelope.map { .meeting($0, shift: 0) } ?? .all, fields: fields, asDelivered: false)
    }

    /// Some features of a layer as they are on the map.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a geometry that is
    ///   none.
    public func present(of layer: LayerDefinition, ids: [Int64], fields: [String]) throws -> [OriginalFeature] {
        let table = try table(layer)
        return try ids.flatMap { try table.originals(.feature($0), fields: fields, asDelivered: false) }
    }

    /// Whether this merge has written or removed anything in a layer.
    public func hasTouched(_ layer: String) -> Bool {
        guard let table = layers[layer] else { return false }
        return !table.changes.isEmpty || !table.everTouched.isEmpty
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

    /// Forgets what is remembered under a name.
    public func removeNote(named key: String) throws {
        try db.execute(sql: "DELETE FROM miaopu_district WHERE key = ?", arguments: [key])
        settingsChanged = true
    }

    /// Remembers a text under a name.
    public func setNote(_ value: String, named key: String) throws {
        guard try note(named: key) != value else { return }
        settingsChanged = true
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

    enum Selection {
        case all
        case meeting(Envelope, shift: Double)
        case feature(Int64)
    }

    func boxes() throws -> [FeatureBox] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT f.fid, f.\(ProvenanceColumn.source), r.minx, r.miny, r.maxx, r.maxy FROM \(name.quoted) f
                JOIN \(index.quoted) r ON r.id = f.fid ORDER BY f.fid
                """)
        var boxes: [FeatureBox] = []
        while let row = try rows.next() {
            let envelope = Envelope(minX: row[2], minY: row[3], maxX: row[4], maxY: row[5])
            boxes.append(
                FeatureBox(id: try row.decode(atIndex: 0), source: try row.decode(atIndex: 1), envelope: envelope))
        }
        return boxes
    }

    static func text(_ value: DatabaseValue) -> String? {
        switch value.storage {
        case .null, .blob: nil
        case .int64(let number): String(number)
        case .double(let number): String(number)
        case .string(let text): text
        }
    }

    func geometry(_ bytes: Data, of id: Int64) throws -> Geometry {
        guard let geometry = try? GeoPackageGeometry.decode(Array(bytes), limits: .trusted).geometry else {
            throw DistrictStoresError(
                .unusable, "Feature \(id) of “\(definition.id)” has no geometry that can be read.")
        }
        return geometry
    }

    func originals(
        _ selection: Selection, fields: [String] = [], asDelivered: Bool = true
    ) throws -> [OriginalFeature] {
        let own = [ProvenanceColumn.source, ProvenanceColumn.identity, ProvenanceColumn.hash, ProvenanceColumn.row]
        let columns = try (own + fields.map { try SQLIdentifier($0).quoted }).map { "f.\($0)" }
        let column = asDelivered ? "coalesce(o.geometry, f.geom)" : "f.geom"
        var sql = """
            SELECT fid, \(column), \(columns.joined(separator: ", ")) FROM \(name.quoted) f
            LEFT JOIN miaopu_originals o ON o.id = f.fid
            """
        var arguments: StatementArguments = []
        var wanted: Envelope?
        switch selection {
        case .all: break
        case .feature(let id):
            sql += " WHERE fid = ?"
            arguments = [id]
        case .meeting(let envelope, let shift):
            wanted = envelope
            // A border may have been moved, so the index has it near its original.
            let box = envelope.expanded(by: shift)
            sql += " WHERE fid IN (SELECT id FROM \(index.quoted) WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)"
            arguments = [box.minX, box.maxX, box.minY, box.maxY]
        }
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql + " ORDER BY fid"), arguments: arguments)
        var originals: [OriginalFeature] = []
        while let row = try rows.next() {
            let id: Int64 = try row.decode(atIndex: 0)
            let bytes: Data = try row.decode(atIndex: 1)
            if let wanted, let envelope = GeoPackageGeometry.envelope(of: Array(bytes)), !envelope.intersects(wanted) {
                continue
            }
            let geometry = try geometry(bytes, of: id)
            if let wanted, !geometry.envelope.intersects(wanted) { continue }
            originals.append(
                OriginalFeature(
                    id: id, source: try row.decode(atIndex: 2), identity: try row.decode(atIndex: 3),
                    contentHash: try row.decode(atIndex: 4), row: try row.decode(atIndex: 5), geometry: geometry,
                    values: try fields.indices.map { Self.text(try row.decode(atIndex: 6 + $0)) }))
        }
        return originals
    }

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
