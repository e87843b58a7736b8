// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// A figure that several sources deliver: one field of one thing, as it stood after a
/// merge.
public struct Figure: Sendable, Hashable, Codable {
    /// How far a figure has come.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// All who deliver it say the same, and have been compared once.
        case agreesOnce = "agrees-once"
        /// They said the same again when one of them had delivered anew.
        case confirmed
        case differs
        /// They differed before, and say the same now.
        case settled
        /// No more than one delivers it now.
        case single
    }

    /// What one source says.
    public struct Answer: Sendable, Hashable, Codable {
        public var source: String
        /// The delivered file, relative to the district's folder, its SHA-256 and the
        /// record's number in it.
        public var path: String
        public var fileHash: String
        public var row: Int64
        /// The day that the delivery describes.
        public var asOf: String?
        public var value: String
        public var hasAuthority: Bool

        public init(
            source: String, path: String, fileHash: String, row: Int64, asOf: String?, value: String, hasAuthority: Bool
        ) {
            self.source = source
            self.path = path
            self.fileHash = fileHash
            self.row = row
            self.asOf = asOf
            self.value = value
            self.hasAuthority = hasAuthority
        }
    }

    public var layer: String
    public var field: String
    /// By which the thing is followed: the lowest id of the features that are it.
    public var object: Int64
    /// The feature that shows it on the map.
    public var feature: Int64
    /// Who answers for the field, as `layer.yaml` says.
    public var authority: String
    public var state: State
    /// What all agree on or the authority says; nil when there is no such value.
    public var value: String?
    /// In the order of sources and records.
    public var answers: [Answer]
    /// The change set that made it so, and when that was committed, in UTC.
    public var changeSet: Int64
    public var committedAt: String?

    public init(
        layer: String, field: String, object: Int64, feature: Int64, authority: String, state: State, value: String?,
        answers: [Answer], changeSet: Int64 = 0, committedAt: String? = nil
    ) {
        self.layer = layer
        self.field = field
        self.object = object
        self.feature = feature
        self.authority = authority
        self.state = state
        self.value = value
        self.answers = answers
        self.changeSet = changeSet
        self.committedAt = committedAt
    }
}

/// A feature whose field shows what another source says.
public struct AuthorityValue: Sendable, Hashable {
    public var field: String
    /// Whose value is shown, and the number of its record.
    public var source: String
    public var row: Int64
    /// What is known of that source; nil when the table of sources was edited and no
    /// longer has it.
    public var record: SourceRecord?
    /// What was delivered with the feature itself; nil when nothing.
    public var delivered: String?
}

/// Two tables, made when a layer first names an authority. Rows of the first are
/// only added: the last one of a figure is how it stands.
enum FigureTables {
    static let figures = "miaopu_figures"
    static let values = "miaopu_authority_values"

    private static let sql = """
        CREATE TABLE miaopu_figures (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            field TEXT NOT NULL,
            object INTEGER NOT NULL,
            feature INTEGER NOT NULL,
            authority TEXT NOT NULL,
            state TEXT NOT NULL,
            value TEXT,
            answers TEXT NOT NULL,
            changeset INTEGER NOT NULL
        );
        CREATE INDEX miaopu_figures_object ON miaopu_figures (layer, field, object);
        CREATE TABLE miaopu_authority_values (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            feature INTEGER NOT NULL,
            field TEXT NOT NULL,
            hash INTEGER NOT NULL,
            delivered,
            source TEXT NOT NULL,
            row INTEGER NOT NULL,
            UNIQUE (feature, field)
        );
        """

    static func create(in db: Database) throws {
        guard try !db.tableExists(figures) else { return }
        try db.execute(sql: sql)
        try GeoPackageTables.registerAttributes(
            table: figures, title: "Figures that several sources deliver: states and history", in: db)
        try GeoPackageTables.registerAttributes(
            table: values, title: "Features that show the value of another source", in: db)
    }

    static let last = """
        SELECT f.*, c.committed_at FROM miaopu_figures f LEFT JOIN miaopu_changesets c ON c.id = f.changeset
        WHERE f.id IN (SELECT max(id) FROM miaopu_figures GROUP BY layer, field, object)
        """

    /// What was delivered with a feature, of the fields that show something else.
    static func delivered(with id: Int64, hash: Int64, in db: Database) throws -> [String: DatabaseValue] {
        guard try db.tableExists(values) else { return [:] }
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT field, delivered FROM miaopu_authority_values WHERE feature = ? AND hash = ?"),
            arguments: [id, hash])
        return try Dictionary(
            rows.map { (try $0.decode(String.self, atIndex: 0), try $0.decode(DatabaseValue.self, atIndex: 1)) }
        ) { first, _ in first }
    }
}

extension Figure {
    init(_ row: Row) throws {
        let answers: String = try row.decode(forColumn: "answers")
        let name: String = try row.decode(forColumn: "state")
        guard let state = State(rawValue: name),
            let told = try? JSONDecoder().decode([Answer].self, from: Data(answers.utf8))
        else { throw DistrictStoresError(.unusable, "The table miaopu_figures has a row that no merge writes.") }
        self.init(
            layer: try row.decode(forColumn: "layer"), field: try row.decode(forColumn: "field"),
            object: try row.decode(forColumn: "object"), feature: try row.decode(forColumn: "feature"),
            authority: try row.decode(forColumn: "authority"), state: state, value: try row.decode(forColumn: "value"),
            answers: told, changeSet: try row.decode(forColumn: "changeset"),
            committedAt: try row.decode(forColumn: "committed_at"))
    }
}

extension DistrictStore {
    /// How figures that several sources deliver stand, by layer, field and thing.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func figures() throws -> [Figure] {
        try reading { db in
            guard try db.tableExists(FigureTables.figures) else { return [] }
            return try Row.fetchAll(db, sql: "\(FigureTables.last) ORDER BY f.layer, f.field, f.object").map(Figure.init)
        }
    }

    /// What a figure was, the latest first; the first one is how it stands.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func history(of figure: Figure) throws -> [Figure] {
        try reading { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT f.*, c.committed_at FROM miaopu_figures f LEFT JOIN miaopu_changesets c ON c.id = f.changeset
                    WHERE f.layer = ? AND f.field = ? AND f.object = ? ORDER BY f.id DESC
                    """, arguments: [figure.layer, figure.field, figure.object]
            ).map(Figure.init)
        }
    }

    static func authorityValues(of id: Int64, _ layer: LayerDefinition, in db: Database) throws -> [AuthorityValue] {
        guard try db.tableExists(FigureTables.values) else { return [] }
        return try Row.fetchAll(
            db,
            sql: """
                SELECT field, source, row, delivered FROM miaopu_authority_values s
                WHERE feature = ? AND layer = ? AND hash = (
                    SELECT \(ProvenanceColumn.hash) FROM \(try SQLIdentifier(layer.id).quoted) WHERE fid = s.feature)
                ORDER BY field
                """, arguments: [id, layer.id]
        ).map { row in
            AuthorityValue(
                field: try row.decode(atIndex: 0), source: try row.decode(atIndex: 1), row: try row.decode(atIndex: 2),
                record: try SourceRecord.fetch(db, id: try row.decode(atIndex: 1)),
                delivered: LayerTable.text(try row.decode(atIndex: 3)))
        }
    }
}
