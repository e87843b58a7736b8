// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// Why a delivered feature is not on the map: another one stands for it.
public struct Suppression: Sendable, Hashable {
    /// The feature that stands for it.
    public var kept: Int64
    /// A short fixed name: `twin` for a thing that two towns delivered, `cut` for
    /// the smaller part of one that was joined.
    public var kind: String

    public init(kept: Int64, kind: String) {
        self.kept = kept
        self.kind = kind
    }
}

/// The table of features that were delivered and for which another one stands.
/// They are in no feature table, and come back when that one goes.
enum SuppressedFeature {
    static let table = """
        CREATE TABLE miaopu_suppressed (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            kept INTEGER NOT NULL,
            kind TEXT NOT NULL,
            town TEXT,
            source TEXT NOT NULL,
            row INTEGER NOT NULL,
            repair TEXT,
            identity INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            valid_from DATE,
            attributes TEXT NOT NULL,
            geometry BLOB NOT NULL
        );
        CREATE INDEX miaopu_suppressed_layer ON miaopu_suppressed (layer);
        CREATE INDEX miaopu_suppressed_kept ON miaopu_suppressed (kept);
        """

    /// The columns of the table and of a layer that hold the same.
    static let shared = [
        ("town", ProvenanceColumn.town), ("source", ProvenanceColumn.source), ("row", ProvenanceColumn.row),
        ("repair", ProvenanceColumn.repair), ("identity", ProvenanceColumn.identity),
        ("hash", ProvenanceColumn.hash), ("valid_from", ProvenanceColumn.validFrom),
    ]

    /// A value of a column as JSON tells it. SQLite's own functions write
    /// numbers with fifteen digits, and these are to come back to the last bit.
    enum Cell: Codable {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)

        init(_ value: DatabaseValue) {
            switch value.storage {
            case .int64(let number): self = .integer(number)
            case .double(let number): self = number.isFinite ? .real(number) : .null
            case .string(let text): self = .text(text)
            case .null, .blob: self = .null
            }
        }

        var databaseValue: DatabaseValue {
            switch self {
            case .null: .null
            case .integer(let number): number.databaseValue
            case .real(let number): number.databaseValue
            case .text(let text): text.databaseValue
            }
        }

        /// JSON writes a whole number without a point, whatever it was.
        func value(isReal: Bool) -> DatabaseValue {
            if isReal, case .integer(let number) = self { return Double(number).databaseValue }
            return databaseValue
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let number = try? container.decode(Int64.self) {
                self = .integer(number)
            } else if let number = try? container.decode(Double.self) {
                self = .real(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .null: try container.encodeNil()
            case .integer(let number): try container.encode(number)
            case .real(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    static func attributes(_ text: String) throws -> [String: Cell] {
        do {
            return try JSONDecoder().decode([String: Cell].self, from: Data(text.utf8))
        } catch {
            throw DistrictStoresError(.unusable, "A row of miaopu_suppressed has attributes that cannot be read.")
        }
    }
}

extension LayerTable {
    /// Takes a feature off the map; its delivered border and its attributes are kept.
    func suppress(_ id: Int64, _ suppression: Suppression) throws {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT f.*, coalesce(o.geometry, f.geom) AS miaopu_delivered FROM \(name.quoted) f
                        LEFT JOIN miaopu_originals o ON o.id = f.fid WHERE fid = ?
                        """), arguments: [id])
        else {
            try db.execute(
                sql: "UPDATE miaopu_suppressed SET kept = ?, kind = ? WHERE id = ? AND (kept <> ? OR kind <> ?)",
                arguments: [suppression.kept, suppression.kind, id, suppression.kept, suppression.kind])
            return
        }
        // A field may show what another source says.
        let delivered = try FigureTables.delivered(
            with: id, hash: try row.decode(forColumn: ProvenanceColumn.hash), in: db)
        var attributes: [String: SuppressedFeature.Cell] = [:]
        for field in definition.schema.fields {
            attributes[field.name] = .init(
                try delivered[field.name] ?? row.decode(DatabaseValue.self, forColumn: field.name))
        }
        let columns = ["id", "layer", "kept", "kind", "attributes", "geometry"] + SuppressedFeature.shared.map(\.0)
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        var arguments: [DatabaseValue] = [
            id.databaseValue, definition.id.databaseValue, suppression.kept.databaseValue,
            suppression.kind.databaseValue, try SourceRecord.text(of: attributes).databaseValue,
            try row.decode(DatabaseValue.self, forColumn: "miaopu_delivered"),
        ]
        for (_, column) in SuppressedFeature.shared {
            arguments.append(try row.decode(DatabaseValue.self, forColumn: column))
        }
        try db.cachedStatement(
            sql: "INSERT INTO miaopu_suppressed (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        ).execute(arguments: StatementArguments(arguments))
        try forgetOriginal(of: id)
        try db.cachedStatement(sql: deleteSQL).execute(arguments: [id])
        noteSuppressed(id)
    }

    /// Puts a feature back onto the map as it was delivered.
    func reinstate(_ id: Int64) throws {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT * FROM miaopu_suppressed WHERE id = ? AND layer = ?"),
                arguments: [id, definition.id])
        else { return }
        let attributes = try SuppressedFeature.attributes(try row.decode(forColumn: "attributes"))
        let geometry: Data = try row.decode(forColumn: "geometry")
        var values: [String: DatabaseValue] = ["fid": id.databaseValue, "geom": geometry.databaseValue]
        for field in definition.schema.fields { values[field.name] = attributes[field.name]?.databaseValue ?? .null }
        for (column, name) in SuppressedFeature.shared {
            values[name] = try row.decode(DatabaseValue.self, forColumn: column)
        }
        try db.cachedStatement(sql: insertSQL).execute(
            arguments: StatementArguments(insertedColumns.map { values[$0] ?? .null }))
        try db.cachedStatement(sql: "DELETE FROM miaopu_suppressed WHERE id = ?").execute(arguments: [id])
        noteReinstated(id, envelope: GeoPackageGeometry.envelope(of: Array(geometry)) ?? .empty)
    }

    /// For a suppressed feature that is delivered anew, or gone.
    ///
    /// - Returns: the envelope that it had; nil when it is not suppressed.
    func forgetSuppressed(_ id: Int64, validTo: String?, keepsPast: Bool = true) throws -> Envelope? {
        let geometry = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT geometry FROM miaopu_suppressed WHERE id = ? AND layer = ?"),
            arguments: [id, definition.id])
        guard let geometry else { return nil }
        if keepsPast {
            try db.cachedStatement(
                sql: """
                    INSERT INTO miaopu_past
                    (layer, feature, town, source, row, valid_from, valid_to, attributes, geometry)
                    SELECT layer, id, town, source, row, valid_from, ?, attributes, geometry
                    FROM miaopu_suppressed WHERE id = ?
                    """
            ).execute(arguments: [validTo, id])
        }
        try db.cachedStatement(sql: "DELETE FROM miaopu_suppressed WHERE id = ?").execute(arguments: [id])
        return GeoPackageGeometry.envelope(of: Array(geometry)) ?? .empty
    }

    func suppressedFeatures() throws -> [Int64: Suppression] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, kept, kind FROM miaopu_suppressed WHERE layer = ?", arguments: [definition.id])
        var found: [Int64: Suppression] = [:]
        for row in rows {
            found[try row.decode(atIndex: 0)] = Suppression(
                kept: try row.decode(atIndex: 1), kind: try row.decode(atIndex: 2))
        }
        return found
    }

    /// The suppressed features as they were delivered, in the order of ids.
    func suppressedOriginals(fields: [String]) throws -> [OriginalFeature] {
        let reals = Set(definition.schema.fields.filter { $0.type == .real }.map(\.name))
        return try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_suppressed WHERE layer = ? ORDER BY id", arguments: [definition.id]
        ).map { row in
            let attributes =
                fields.isEmpty ? [:] : try SuppressedFeature.attributes(try row.decode(forColumn: "attributes"))
            let id: Int64 = try row.decode(forColumn: "id")
            return OriginalFeature(
                id: id, source: try row.decode(forColumn: "source"), identity: try row.decode(forColumn: "identity"),
                contentHash: try row.decode(forColumn: "hash"), row: try row.decode(forColumn: "row"),
                geometry: try geometry(try row.decode(forColumn: "geometry"), of: id),
                values: fields.map { Self.text(attributes[$0]?.value(isReal: reals.contains($0)) ?? .null) })
        }
    }
}
