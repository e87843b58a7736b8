// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
public import SimpleFeatures

/// A delivered feature that is one of several deliveries of one thing.
public struct FigureMember: Sendable {
    public var id: Int64
    public var source: String
    public var identity: Int64
    public var row: Int64
    /// Whether it is on the map.
    public var isPresent: Bool
    /// The feature that stands for it; nil when none does.
    public var kept: Int64?
    /// As they were delivered, of the fields that were asked for.
    public var values: [AttributeValue]

    public init(
        id: Int64, source: String, identity: Int64, row: Int64, isPresent: Bool, kept: Int64? = nil,
        values: [AttributeValue]
    ) {
        self.id = id
        self.source = source
        self.identity = identity
        self.row = row
        self.isPresent = isPresent
        self.kept = kept
        self.values = values
    }
}

extension MergeTransaction {
    /// The features of a layer that may be deliveries of one thing: those of one
    /// identity in several sources, those for which another one stands, and those
    /// that stand for others. In the order of ids.
    ///
    /// - Throws: SQLite's error.
    public func figureMembers(of layer: LayerDefinition, fields: [String]) throws -> [FigureMember] {
        try FigureTables.create(in: db)
        let name = try SQLIdentifier(layer.id).quoted
        let (source, identity) = (ProvenanceColumn.source, ProvenanceColumn.identity)
        let all = """
            SELECT fid, \(source) AS source, \(identity) AS identity FROM \(name)
            UNION ALL SELECT id, source, identity FROM miaopu_suppressed WHERE layer = ?1 AND kind = 'twin'
            """
        let ids = try Int64.fetchAll(
            db,
            sql: """
                SELECT fid FROM (\(all)) WHERE identity IN (
                    SELECT identity FROM (\(all)) GROUP BY identity HAVING count(DISTINCT source) > 1)
                UNION SELECT id FROM miaopu_suppressed WHERE layer = ?1 AND kind = 'twin'
                UNION SELECT kept FROM miaopu_suppressed WHERE layer = ?1 AND kind = 'twin'
                ORDER BY 1
                """, arguments: [layer.id])
        return try ids.compactMap { try member($0, of: layer, name, fields) }
    }

    private func member(
        _ id: Int64, of layer: LayerDefinition, _ name: String, _ fields: [String]
    ) throws -> FigureMember? {
        let types = fields.map { name in layer.schema.fields.first { $0.name == name }?.type ?? .text }
        let wanted = [ProvenanceColumn.source, ProvenanceColumn.identity, ProvenanceColumn.row, ProvenanceColumn.hash]
        let columns = try (wanted + fields).map { try SQLIdentifier($0).quoted }.joined(separator: ", ")
        if let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT \(columns) FROM \(name) WHERE fid = ?"), arguments: [id])
        {
            let delivered = try FigureTables.delivered(
                with: id, hash: try row.decode(forColumn: ProvenanceColumn.hash), in: db)
            return FigureMember(
                id: id, source: try row.decode(forColumn: ProvenanceColumn.source),
                identity: try row.decode(forColumn: ProvenanceColumn.identity),
                row: try row.decode(forColumn: ProvenanceColumn.row), isPresent: true,
                values: try zip(fields, types).map { field, type in
                    AttributeValue(try delivered[field] ?? row.decode(forColumn: field), as: type)
                })
        }
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT source, identity, row, kept, attributes FROM miaopu_suppressed WHERE id = ? AND layer = ?
                        """), arguments: [id, layer.id])
        else { return nil }
        let attributes = try SuppressedFeature.attributes(try row.decode(forColumn: "attributes"))
        return FigureMember(
            id: id, source: try row.decode(forColumn: "source"), identity: try row.decode(forColumn: "identity"),
            row: try row.decode(forColumn: "row"), isPresent: false, kept: try row.decode(forColumn: "kept"),
            values: zip(fields, types).map { field, type in
                AttributeValue(attributes[field]?.value(isReal: type == .real) ?? .null, as: type)
            })
    }

    /// How the figures of a layer stand.
    ///
    /// - Throws: SQLite's error, or `DistrictStoresError` for a damaged row.
    public func figures(of layer: String) throws -> [Figure] {
        guard try db.tableExists(FigureTables.figures) else { return [] }
        return try Row.fetchAll(
            db, sql: "\(FigureTables.last) AND f.layer = ? ORDER BY f.field, f.object", arguments: [layer]
        ).map(Figure.init)
    }

    /// Adds to what is known of figures; nothing is written over.
    ///
    /// - Throws: SQLite's error.
    public func add(_ figures: [Figure]) throws {
        guard !figures.isEmpty else { return }
        try FigureTables.create(in: db)
        let changeSet = try nextChangeSet()
        for figure in figures {
            try db.cachedStatement(
                sql: """
                    INSERT INTO miaopu_figures
                        (layer, field, object, feature, authority, state, value, answers, changeset)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                figure.layer, figure.field, figure.object, figure.feature, figure.authority, figure.state.rawValue,
                figure.value, try SourceRecord.text(of: figure.answers), changeSet,
            ])
        }
        settingsChanged = true
    }

    /// A value that a feature is to show though it was delivered with another.
    public struct ShownValue: Sendable, Hashable {
        public var feature: Int64
        public var field: String
        public var value: AttributeValue
        /// Whose it is.
        public var source: String
        public var row: Int64

        public init(feature: Int64, field: String, value: AttributeValue, source: String, row: Int64) {
            self.feature = feature
            self.field = field
            self.value = value
            self.source = source
            self.row = row
        }
    }

    /// Makes the features of a layer show other values than they were delivered with,
    /// and all others what they were.
    ///
    /// - Throws: SQLite's error.
    public func show(_ shown: [ShownValue], in layer: LayerDefinition) throws {
        try FigureTables.create(in: db)
        let table = try table(layer)
        try db.execute(
            sql: """
                DELETE FROM miaopu_authority_values WHERE layer = ? AND NOT EXISTS (
                    SELECT 1 FROM \(table.name.quoted) WHERE fid = miaopu_authority_values.feature
                    AND \(ProvenanceColumn.hash) = miaopu_authority_values.hash)
                """, arguments: [layer.id])
        var wanted = Dictionary(
            shown.map { (Place(feature: $0.feature, field: $0.field), $0) }) { first, _ in first }
        for row in try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_authority_values WHERE layer = ? ORDER BY id", arguments: [layer.id])
        {
            let place = Place(
                feature: try row.decode(forColumn: "feature"), field: try row.decode(forColumn: "field"))
            if let now = wanted.removeValue(forKey: place) {
                try table.setValue(now.value.databaseValue, field: place.field, of: place.feature)
                try db.execute(
                    sql: "UPDATE miaopu_authority_values SET source = ?1, row = ?2 WHERE id = ?3 AND (source <> ?1 OR row <> ?2)",
                    arguments: [now.source, now.row, try row.decode(Int64.self, forColumn: "id")])
                continue
            }
            try table.setValue(try row.decode(forColumn: "delivered"), field: place.field, of: place.feature)
            try db.execute(
                sql: "DELETE FROM miaopu_authority_values WHERE id = ?", arguments: [try row.decode(Int64.self, forColumn: "id")])
        }
        for (place, now) in wanted.sorted(by: { $0.key < $1.key }) {
            let column = try SQLIdentifier(place.field).quoted
            try db.execute(
                sql: """
                    INSERT INTO miaopu_authority_values (layer, feature, field, hash, delivered, source, row)
                    SELECT ?, fid, ?, \(ProvenanceColumn.hash), \(column), ?, ? FROM \(table.name.quoted) WHERE fid = ?
                    """, arguments: [layer.id, place.field, now.source, now.row, place.feature])
            try table.setValue(now.value.databaseValue, field: place.field, of: place.feature)
        }
    }

    private struct Place: Hashable, Comparable {
        var feature: Int64
        var field: String

        static func < (one: Place, two: Place) -> Bool { (one.feature, one.field) < (two.feature, two.field) }
    }
}

extension AttributeValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .boolean(let value): value.databaseValue
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        }
    }
}
