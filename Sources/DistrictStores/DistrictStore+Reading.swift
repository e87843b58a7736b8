// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import GRDBSQLite
import SimpleFeatures

/// What the store knows of a layer without looking at its features.
public struct LayerOverview: Sendable, Hashable {
    public let definition: LayerDefinition
    public let featureCount: Int
    /// On the district grid; empty when the layer has no features.
    public let envelope: Envelope
    /// The last change set that touched the layer; 0 when none did.
    public let dataVersion: Int64
}

/// A feature as it lies in the store. Valid only inside the call that hands it over.
public struct StoredFeature {
    fileprivate let statement: OpaquePointer
    fileprivate let fieldCount: Int

    public var id: Int64 { sqlite3_column_int64(statement, 0) }

    /// A GeoPackage geometry in the grid's reference system.
    public var geometry: UnsafeRawBufferPointer {
        let bytes = sqlite3_column_blob(statement, 1)
        return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, 1)))
    }

    /// The value of a field, by its position in the schema.
    public func value(at index: Int) -> AttributeValue {
        column(Int32(2 + index))
    }

    /// The code of the town that the feature came from.
    public var town: AttributeValue { column(Int32(2 + fieldCount)) }

    /// The source that the feature came from.
    public var source: AttributeValue { column(Int32(3 + fieldCount)) }

    private func column(_ index: Int32) -> AttributeValue {
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, index))
        case SQLITE_TEXT:
            guard let text = sqlite3_column_text(statement, index) else { return .null }
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, index)))
            return .text(String(decoding: bytes, as: UTF8.self))
        default: return .null
        }
    }
}

extension DistrictStore {
    /// The layers of the district, by id. Tables that a person added to the
    /// GeoPackage are not among them.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func layers() throws -> [LayerOverview] {
        try reading { db in
            try LayerDefinition.ids(in: db).compactMap { try LayerOverview(id: $0, in: db) }
        }
    }

    /// The rectangle of the features of all layers on the district grid; empty when
    /// there are none. No feature is looked at.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func extent() throws -> Envelope {
        try reading { db in
            try LayerDefinition.ids(in: db).reduce(into: Envelope.empty) { extent, id in
                if let layer = try LayerOverview.envelope(of: id, in: db) { extent.expand(toContain: layer) }
            }
        }
    }

    /// The sources of the district, by id.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func sources() throws -> [String: SourceRecord] {
        try reading { try SourceRecord.fetchAll($0) }
    }

    /// The last change set in the log; 0 before the first.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func lastChangeSet() throws -> Int64 {
        try reading { try Int64.fetchOne($0, sql: "SELECT max(id) FROM miaopu_changesets") ?? 0 }
    }

    /// Hands over every feature of a layer, in the order of ids, as the district
    /// was when the call began.
    ///
    /// - Throws: `DistrictStoresError`, of kind `.unknown` when there is no such
    ///   layer, and what the body throws.
    /// - Complexity: O(*n*) in features; nothing is kept in memory.
    public func forEachFeature(in layer: String, _ body: (StoredFeature) throws -> Void) throws {
        try reading { db in
            let own = layer == IssueLayer.id ? IssueLayer.definition : nil
            guard let definition = try own ?? LayerDefinition.fetch(db, id: layer) else {
                throw DistrictStoresError(.unknown, "The store has no layer “\(layer)”.")
            }
            let name = try SQLIdentifier(layer).quoted
            let columns =
                ["fid", "geom"] + definition.schema.fields.map(\.name)
                + [ProvenanceColumn.town, ProvenanceColumn.source]
            let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
            let statement = try db.makeStatement(sql: "SELECT \(list) FROM \(name) ORDER BY fid")
            let handle = statement.sqliteStatement
            defer { sqlite3_reset(handle) }
            let feature = StoredFeature(statement: handle, fieldCount: definition.schema.fields.count)
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_ROW: try body(feature)
                case SQLITE_DONE: return
                case let code:
                    throw DatabaseError(
                        resultCode: ResultCode(rawValue: code),
                        message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
                }
            }
        }
    }

    func reading<T>(_ body: (Database) throws -> T) throws -> T {
        try DistrictStoresError.translating(url) { try pool.read(body) }
    }
}

extension LayerOverview {
    init?(id: String, in db: Database) throws {
        guard let definition = try LayerDefinition.fetch(db, id: id),
            let envelope = try Self.envelope(of: id, in: db)
        else { return nil }
        self.definition = definition
        let name = try SQLIdentifier(id).quoted
        featureCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(name)") ?? 0
        self.envelope = envelope
        dataVersion =
            try Int64.fetchOne(
                db, sql: "SELECT max(changeset) FROM miaopu_changes WHERE layer = ?", arguments: [id]) ?? 0
    }

    /// Nil when the layer is not in the table of contents.
    fileprivate static func envelope(of id: String, in db: Database) throws -> Envelope? {
        guard
            let contents = try Row.fetchOne(
                db, sql: "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?",
                arguments: [id])
        else { return nil }
        guard let minX = try contents.decode(Double?.self, atIndex: 0),
            let minY = try contents.decode(Double?.self, atIndex: 1),
            let maxX = try contents.decode(Double?.self, atIndex: 2),
            let maxY = try contents.decode(Double?.self, atIndex: 3)
        else { return .empty }
        return Envelope(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
    }
}

extension LayerDefinition {
    /// The ids of all layers, in order.
    static func ids(in db: Database) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name"
        ).filter { try fetch(db, id: $0) != nil }
    }

    /// The definition as the tables of the GeoPackage tell it; nil when there is
    /// no such layer of ours. Titles and units of fields are not stored there.
    ///
    /// QGIS writes to the file too: a table of another make, which lacks our
    /// columns, is no layer, and a column whose name we would not give is no field.
    static func fetch(_ db: Database, id: String) throws -> LayerDefinition? {
        guard (try? SQLIdentifier(id)) != nil,
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT description, geometry_type_name FROM gpkg_contents
                    JOIN gpkg_geometry_columns USING (table_name) WHERE table_name = ?
                    """, arguments: [id]),
            let geometryType = GeometryType(rawValue: try row.decode(atIndex: 1))
        else { return nil }
        let columns = try Row.fetchAll(
            db, sql: "SELECT name, type FROM pragma_table_info(?) ORDER BY cid", arguments: [id]
        ).map { (name: try $0.decode(String.self, atIndex: 0), type: try $0.decode(String.self, atIndex: 1)) }
        let own = Set(["fid", "geom"] + ProvenanceColumn.all)
        guard own.isSubset(of: columns.map(\.name)) else { return nil }
        let fields = columns.filter { !own.contains($0.name) && (try? SQLIdentifier($0.name)) != nil }.map { column in
            Field(column.name, FieldType.allCases.first { $0.geoPackageType == column.type } ?? .text)
        }
        return LayerDefinition(
            id: id, title: try row.decode(String?.self, atIndex: 0) ?? id,
            schema: Schema(geometryType: geometryType, fields: fields))
    }
}
