// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import SimpleFeatures

/// Features as they were: one row of `miaopu_past` for each time that a feature
/// changed or went.
enum PastFeature {
    /// `valid_from` and `valid_to` are the days that the deliveries describe, the
    /// one that brought the feature and the one that changed it; empty where a
    /// delivery does not say its day.
    static let table = """
        CREATE TABLE miaopu_past (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            feature INTEGER NOT NULL,
            town TEXT,
            source TEXT NOT NULL,
            row INTEGER NOT NULL,
            valid_from DATE,
            valid_to DATE,
            attributes TEXT NOT NULL,
            geometry BLOB
        );
        CREATE INDEX miaopu_past_feature ON miaopu_past (feature);
        """

    /// SQLite's functions take 127 arguments, two for each field.
    private static let fieldsOfCall = 60

    /// An expression for a row's values as an object of JSON.
    static func attributesSQL(_ layer: LayerDefinition) throws -> String {
        let pairs = try layer.schema.fields.map { "'\($0.name)', \(try SQLIdentifier($0.name).quoted)" }
        let objects = stride(from: 0, to: pairs.count, by: fieldsOfCall).map {
            "json_object(\(pairs[$0..<min($0 + fieldsOfCall, pairs.count)].joined(separator: ", ")))"
        }
        return objects.dropFirst().reduce(objects.first ?? "'{}'") { "json_patch(\($0), \($1))" }
    }

    /// The features among `ids` that a source once had as another content.
    static func known(_ ids: [Int64], of source: String, in db: Database) throws -> Set<Int64> {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM miaopu_past WHERE feature = ? AND source = ?)")
        return try Set(ids.filter { try Bool.fetchOne(statement, arguments: [$0, source]) ?? false })
    }

    /// Copies a feature; to be bound are `valid_to` and the feature's id.
    static func insertSQL(_ layer: LayerDefinition) throws -> String {
        let attributes = try attributesSQL(layer)
        return """
            INSERT INTO miaopu_past (layer, feature, town, source, row, valid_from, valid_to, attributes, geometry)
            SELECT '\(layer.id)', fid, \(ProvenanceColumn.town), \(ProvenanceColumn.source), \(ProvenanceColumn.row),
            \(ProvenanceColumn.validFrom), ?, \(attributes), geom
            FROM \(try SQLIdentifier(layer.id).quoted) WHERE fid = ?
            """
    }
}
