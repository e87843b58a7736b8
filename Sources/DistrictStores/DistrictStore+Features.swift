// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
public import SimpleFeatures

/// One feature with everything that the store knows of it.
public struct FeatureProvenance: Sendable, Hashable {
    /// As the feature was before it changed.
    public struct Past: Sendable, Hashable {
        /// The days of the deliveries that brought it and that changed it; nil
        /// where a delivery did not say its day.
        public var validFrom: String?
        public var validTo: String?
        public var source: String
        /// Booleans are 0 and 1 here.
        public var attributes: [String: AttributeValue]
    }

    /// Another delivery of the same thing, or the rest of it, for which this
    /// feature stands.
    public struct Merged: Sendable, Hashable {
        public var id: Int64
        public var source: String
        public var row: Int64
        public var kind: String
    }

    public var id: Int64
    public var layer: LayerDefinition
    /// Why it is not on the map; nil when it is.
    public var suppression: Suppression?
    public var town: String?
    /// Nil when the table of sources was edited and no longer has it.
    public var source: SourceRecord?
    /// The record's number in the source's file.
    public var row: Int64
    /// What was repaired, in words.
    public var repair: String?
    public var validFrom: String?
    /// In the order of the layer's fields.
    public var values: [AttributeValue]
    /// On the district grid.
    public var envelope: Envelope
    /// The code that one of the values is, when the district gave it.
    public var assigned: AssignedCode?
    /// The values that are not those that it was delivered with.
    public var fromAuthority: [AuthorityValue] = []
    public var issues: [RecordIssue]
    /// By id.
    public var merged: [Merged]
    /// The latest first.
    public var past: [Past]
}

/// Where one value of a feature on the map came from.
public enum ValueOrigin: Sendable, Hashable {
    /// The district gave it, as the code of a cell.
    case assigned(AssignedCode)
    /// It is what the authority of the field says.
    case authority(AuthorityValue)
    /// It was delivered with the feature; nil when it is not known from which field.
    case delivered(SourceRecord.FieldOrigin?)
}

extension FeatureProvenance {
    /// Where the value of a field came from.
    public func origin(of field: String) -> ValueOrigin {
        if let assigned, assigned.field == field { return .assigned(assigned) }
        if let value = fromAuthority.first(where: { $0.field == field }) { return .authority(value) }
        return .delivered(source?.fields.first { $0.field == field })
    }
}

extension DistrictStore {
    /// A feature with its provenance.
    ///
    /// - Throws: `DistrictStoresError` of kind `.unknown` when no layer has it.
    /// - Complexity: O(1) in features; O(*n*) in layers.
    public func feature(_ id: Int64) throws -> FeatureProvenance {
        try reading { db in
            for layer in try LayerDefinition.ids(in: db) {
                guard let definition = try LayerDefinition.fetch(db, id: layer),
                    let row = try Row.fetchOne(
                        db, sql: "SELECT * FROM \(try SQLIdentifier(layer).quoted) WHERE fid = ?", arguments: [id])
                else { continue }
                return try Self.feature(id, definition, row, in: db)
            }
            if let suppressed = try Self.suppressedFeature(id, in: db) { return suppressed }
            let past = try Row.fetchOne(
                db, sql: "SELECT layer, source FROM miaopu_past WHERE feature = ? ORDER BY id DESC", arguments: [id])
            let gone = try past.map {
                "; it was one of \(try $0.decode(String.self, atIndex: 0)), from the source "
                    + "“\(try $0.decode(String.self, atIndex: 1))”, and is gone"
            }
            throw DistrictStoresError(.unknown, "There is no feature \(id) in the district\(gone ?? "").")
        }
    }

    private static func feature(
        _ id: Int64, _ layer: LayerDefinition, _ row: Row, in db: Database
    ) throws -> FeatureProvenance {
        let source: String = try row.decode(forColumn: ProvenanceColumn.source)
        let number: Int64 = try row.decode(forColumn: ProvenanceColumn.row)
        let geometry: Data? = try row.decode(forColumn: "geom")
        return FeatureProvenance(
            id: id, layer: layer, town: try row.decode(forColumn: ProvenanceColumn.town),
            source: try SourceRecord.fetch(db, id: source), row: number,
            repair: try row.decode(forColumn: ProvenanceColumn.repair),
            validFrom: try row.decode(forColumn: ProvenanceColumn.validFrom),
            values: try layer.schema.fields.map { field in
                AttributeValue(try row.decode(DatabaseValue.self, forColumn: field.name), as: field.type)
            },
            envelope: geometry.flatMap { GeoPackageGeometry.envelope(of: Array($0)) } ?? .empty,
            assigned: try assignedCode(of: id, layer, in: db),
            fromAuthority: try authorityValues(of: id, layer, in: db),
            issues: try RecordIssue.fetchAll(db, source: source).filter { $0.row == number },
            merged: try merged(into: id, in: db), past: try past(of: id, in: db))
    }

    private static func merged(into id: Int64, in db: Database) throws -> [FeatureProvenance.Merged] {
        try Row.fetchAll(
            db, sql: "SELECT id, source, row, kind FROM miaopu_suppressed WHERE kept = ? ORDER BY id", arguments: [id]
        ).map { row in
            FeatureProvenance.Merged(
                id: try row.decode(forColumn: "id"), source: try row.decode(forColumn: "source"),
                row: try row.decode(forColumn: "row"), kind: try row.decode(forColumn: "kind"))
        }
    }

    private static func suppressedFeature(_ id: Int64, in db: Database) throws -> FeatureProvenance? {
        guard
            let row = try Row.fetchOne(db, sql: "SELECT * FROM miaopu_suppressed WHERE id = ?", arguments: [id]),
            let layer = try LayerDefinition.fetch(db, id: try row.decode(forColumn: "layer"))
        else { return nil }
        let source: String = try row.decode(forColumn: "source")
        let number: Int64 = try row.decode(forColumn: "row")
        let geometry: Data = try row.decode(forColumn: "geometry")
        let attributes = try SuppressedFeature.attributes(try row.decode(forColumn: "attributes"))
        return FeatureProvenance(
            id: id, layer: layer,
            suppression: Suppression(
                kept: try row.decode(forColumn: "kept"), kind: try row.decode(forColumn: "kind")),
            town: try row.decode(forColumn: "town"), source: try SourceRecord.fetch(db, id: source), row: number,
            repair: try row.decode(forColumn: "repair"), validFrom: try row.decode(forColumn: "valid_from"),
            values: layer.schema.fields.map { field in
                AttributeValue(attributes[field.name]?.databaseValue ?? .null, as: field.type)
            },
            envelope: GeoPackageGeometry.envelope(of: Array(geometry)) ?? .empty,
            issues: try RecordIssue.fetchAll(db, source: source).filter { $0.row == number },
            merged: [], past: try past(of: id, in: db))
    }

    private static func past(of id: Int64, in db: Database) throws -> [FeatureProvenance.Past] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_past WHERE feature = ? ORDER BY id DESC", arguments: [id]
        ).map { row in
            let entry: Int64 = try row.decode(forColumn: "id")
            let values = try Row.fetchAll(
                db, sql: "SELECT key, atom FROM json_each((SELECT attributes FROM miaopu_past WHERE id = ?))",
                arguments: [entry])
            var attributes: [String: AttributeValue] = [:]
            for value in values {
                attributes[try value.decode(atIndex: 0)] = AttributeValue(
                    try value.decode(DatabaseValue.self, atIndex: 1), as: nil)
            }
            return FeatureProvenance.Past(
                validFrom: try row.decode(forColumn: "valid_from"), validTo: try row.decode(forColumn: "valid_to"),
                source: try row.decode(forColumn: "source"), attributes: attributes)
        }
    }
}

extension AttributeValue {
    init(_ value: DatabaseValue, as type: FieldType?) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = type == .boolean ? .boolean(number != 0) : .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob: self = .null
        }
    }
}
