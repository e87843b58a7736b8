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
    /// The layers of the district, by id.
    public func layers() throws -> [LayerOverview] {
        try reading { db in
            let ids = try String.fetchAll(
                db, sql: "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name")
            return try ids.compactMap { try LayerOverview(id: $0, in: db) }
        }
    }

    /// The sources of the district, by id.
    public func sources() throws -> [String: SourceRecord] {
        try reading { try SourceRecord.fetchAll($0) }
    }

    /// The last change set in the log; 0 before the first.
    public func lastChangeSet() throws -> Int64 {
        try reading { try Int64.fetchOne($0, sql: "SELECT max(id) FROM miaopu_changesets") ?? 0 }
    }

    /// Hands over every feature of a layer, in the order of ids, as the district
    /// was when the call began.
    ///
    /// - Complexity: O(*n*) in features; nothing is kept in memory.
    public func forEachFeature(in layer: String, _ body: (StoredFeature) throws -> Void) throws {
        try reading { db in
            guard let definition = try LayerDefinition.fetch(db, id: layer) else {
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
        try DistrictStoresError.translating(URL(fileURLWithPath: pool.path)) { try pool.read(body) }
    }
}

extension LayerOverview {
    init?(id: String, in db: Database) throws {
        guard let definition = try LayerDefinition.fetch(db, id: id),
            let contents = try Row.fetchOne(
                db, sql: "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?",
                arguments: [id])
        else { return nil }
        self.definition = definition
        let name = try SQLIdentifier(id).quoted
        featureCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(name)") ?? 0
        if let minX: Double = contents[0], let minY: Double = contents[1], let maxX: Double = contents[2],
            let maxY: Double = contents[3]
        {
            envelope = Envelope(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
        } else {
            envelope = .empty
        }
        dataVersion =
            try Int64.fetchOne(
                db, sql: "SELECT max(changeset) FROM miaopu_changes WHERE layer = ?", arguments: [id]) ?? 0
    }
}

extension LayerDefinition {
    /// The definition as the tables of the GeoPackage tell it; nil when there is
    /// no such layer. Titles and units of fields are not stored there.
    static func fetch(_ db: Database, id: String) throws -> LayerDefinition? {
        guard
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT description, geometry_type_name FROM gpkg_contents
                    JOIN gpkg_geometry_columns USING (table_name) WHERE table_name = ?
                    """, arguments: [id]),
            let geometryType = GeometryType(rawValue: row[1])
        else { return nil }
        let own = Set(["fid", "geom"] + ProvenanceColumn.all)
        let fields = try Row.fetchAll(
            db, sql: "SELECT name, type FROM pragma_table_info(?) ORDER BY cid", arguments: [id]
        ).compactMap { column -> Field? in
            let name: String = column[0]
            let declared: String = column[1]
            guard !own.contains(name) else { return nil }
            return Field(name, FieldType.allCases.first { $0.geoPackageType == declared } ?? .text)
        }
        return LayerDefinition(
            id: id, title: row[0], schema: Schema(geometryType: geometryType, fields: fields))
    }
}
