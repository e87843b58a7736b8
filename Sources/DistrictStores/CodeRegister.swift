// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// Whom a code was given to: a feature, by who delivers it and what it is known by.
public struct CodeHolder: Sendable, Hashable, Comparable {
    /// The town's code, or `source:` and the id of a source that has no town.
    public var owner: String
    public var identity: Int64

    public init(owner: String, identity: Int64) {
        self.owner = owner
        self.identity = identity
    }

    public static func < (one: CodeHolder, two: CodeHolder) -> Bool {
        (one.owner, one.identity) < (two.owner, two.identity)
    }
}

/// A code that was given once. It stays in the register for good.
public struct RegisteredCode: Sendable, Hashable {
    public var code: String
    public var holder: CodeHolder
    /// By the district, or else by the holder's town.
    public var isAssigned: Bool
    /// Whether nothing spoke against it, or a person has accepted it.
    public var isSettled: Bool

    public init(code: String, holder: CodeHolder, isAssigned: Bool, isSettled: Bool) {
        self.code = code
        self.holder = holder
        self.isAssigned = isAssigned
        self.isSettled = isSettled
    }
}

/// How the codes of a layer stand.
public struct CodeSummary: Sendable, Hashable {
    /// An area that codes were given in.
    public struct Area: Sendable, Hashable, Codable {
        public var code: String
        /// Cells that have one of its codes, and those of them that have it from
        /// the district.
        public var cells: Int
        public var assigned: Int
        /// The highest code that was ever given.
        public var highest: String
        /// Codes that were given and that no cell has now.
        public var withdrawn: Int
    }

    /// A feature with the code that the district gave it.
    public struct Assigned: Sendable, Hashable, Codable {
        public var feature: Int64
        public var code: String
    }

    public var cells = 0
    public var delivered = 0
    public var assigned = 0
    public var areas: [Area] = []
    /// The first ones, by code.
    public var listed: [Assigned] = []

    public init() {}
}

/// Two tables, made when a layer first needs them: the register of all codes that
/// were ever given, which no undo takes back, and which features have theirs from
/// the district, which follows the features.
enum CodeRegister {
    static let register = "miaopu_codes"
    static let assigned = "miaopu_assigned"
    /// What findings about codes have as their rule.
    static let rule = "grid_codes"

    /// Kinds of findings that follow from what was given in the past.
    static let history = ["code-given-before", "code-changed", "code-gap", "code-numbers-used-up"]

    private static let tables = """
        CREATE TABLE miaopu_codes (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            code TEXT NOT NULL,
            owner TEXT NOT NULL,
            identity INTEGER NOT NULL,
            assigned BOOLEAN NOT NULL,
            settled BOOLEAN NOT NULL,
            changeset INTEGER NOT NULL,
            UNIQUE (layer, code, owner, identity)
        );
        CREATE TABLE miaopu_assigned (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            field TEXT NOT NULL,
            code TEXT NOT NULL,
            hash INTEGER NOT NULL
        );
        """

    static func create(in db: Database) throws {
        guard try !db.tableExists(register) else { return }
        try db.execute(sql: tables)
        try GeoPackageTables.registerAttributes(table: register, title: "Codes that were ever given, for good", in: db)
        try GeoPackageTables.registerAttributes(
            table: assigned, title: "Features that have their code from the district", in: db)
    }

    /// The features of a layer that have a code from the district, with the field
    /// that it stands in.
    static func assignedFields(of layer: String, in db: Database) throws -> [Int64: String] {
        guard try db.tableExists(assigned) else { return [:] }
        let rows = try Row.fetchAll(db, sql: "SELECT id, field FROM miaopu_assigned WHERE layer = ?", arguments: [layer])
        return try Dictionary(
            rows.map { (try $0.decode(Int64.self, atIndex: 0), try $0.decode(String.self, atIndex: 1)) }
        ) { first, _ in first }
    }

    /// What towns gave in a change set that is taken back never was. What the
    /// district gave stays given.
    static func forgetDelivered(changeSet: Int64, in db: Database) throws {
        guard try db.tableExists(register) else { return }
        try db.execute(sql: "DELETE FROM miaopu_codes WHERE changeset = ? AND NOT assigned", arguments: [changeSet])
    }
}

extension MergeTransaction {
    /// The codes of a layer, in the order in which they were given.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func registeredCodes(of layer: LayerDefinition) throws -> [RegisteredCode] {
        try CodeRegister.create(in: db)
        return try Row.fetchAll(
            db, sql: "SELECT code, owner, identity, assigned, settled FROM miaopu_codes WHERE layer = ? ORDER BY id",
            arguments: [layer.id]
        ).map { row in
            RegisteredCode(
                code: try row.decode(atIndex: 0),
                holder: CodeHolder(owner: try row.decode(atIndex: 1), identity: try row.decode(atIndex: 2)),
                isAssigned: try row.decode(atIndex: 3), isSettled: try row.decode(atIndex: 4))
        }
    }

    /// Puts codes into the register, or says of those that are there that they are
    /// settled.
    ///
    /// - Throws: SQLite's error.
    public func register(_ codes: [RegisteredCode], of layer: LayerDefinition) throws {
        try CodeRegister.create(in: db)
        let statement = try db.makeStatement(
            sql: """
                INSERT INTO miaopu_codes (layer, code, owner, identity, assigned, settled, changeset)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (layer, code, owner, identity) DO UPDATE SET settled = excluded.settled
                """)
        let changeSet = try nextChangeSet()
        for code in codes {
            try statement.execute(arguments: [
                layer.id, code.code, code.holder.owner, code.holder.identity, code.isAssigned, code.isSettled,
                changeSet,
            ])
        }
        // The register alone may have changed, and is to stay.
        if !codes.isEmpty { settingsChanged = true }
    }

    /// The codes that stand in a field because the district gave them, by feature.
    /// Features that were delivered anew since are no longer among them.
    ///
    /// - Throws: SQLite's error.
    public func assignedCodes(of layer: LayerDefinition, field: String) throws -> [Int64: String] {
        // A layer may come to keep its codes elsewhere.
        try removeAssignedCodes(of: layer, besides: field)
        let rows = try Row.fetchAll(db, sql: "SELECT id, code FROM miaopu_assigned WHERE layer = ?", arguments: [layer.id])
        return try Dictionary(
            rows.map { (try $0.decode(Int64.self, atIndex: 0), try $0.decode(String.self, atIndex: 1)) }
        ) { first, _ in first }
    }

    /// Takes the codes that the district gave out of the features; the register
    /// keeps them.
    ///
    /// - Parameter field: whose codes stay.
    /// - Throws: SQLite's error.
    public func removeAssignedCodes(of layer: LayerDefinition, besides field: String? = nil) throws {
        try CodeRegister.create(in: db)
        let table = try table(layer)
        try db.execute(
            sql: """
                DELETE FROM miaopu_assigned WHERE layer = ? AND NOT EXISTS (
                    SELECT 1 FROM \(table.name.quoted)
                    WHERE fid = miaopu_assigned.id AND \(ProvenanceColumn.hash) = miaopu_assigned.hash)
                """, arguments: [layer.id])
        for (id, column) in try CodeRegister.assignedFields(of: layer.id, in: db) where column != field {
            try table.setValue(.null, field: column, of: id)
            try db.execute(sql: "DELETE FROM miaopu_assigned WHERE id = ?", arguments: [id])
        }
    }

    /// Makes the codes that the district gives those of the features.
    ///
    /// - Parameters:
    ///   - codes: by feature: all of them.
    ///   - standing: what `assignedCodes` told.
    /// - Throws: SQLite's error.
    public func setAssignedCodes(
        _ codes: [Int64: String], in field: String, of layer: LayerDefinition, standing: [Int64: String]
    ) throws {
        let table = try table(layer)
        for id in Set(codes.keys).union(standing.keys).sorted() where codes[id] != standing[id] {
            try table.setValue(codes[id]?.databaseValue ?? .null, field: field, of: id)
            guard let code = codes[id] else {
                try db.execute(sql: "DELETE FROM miaopu_assigned WHERE id = ?", arguments: [id])
                continue
            }
            try db.cachedStatement(
                sql: """
                    INSERT INTO miaopu_assigned (id, layer, field, code, hash)
                    SELECT fid, ?, ?, ?, \(ProvenanceColumn.hash) FROM \(table.name.quoted) WHERE fid = ?
                    ON CONFLICT (id) DO UPDATE SET code = excluded.code, hash = excluded.hash
                    """
            ).execute(arguments: [layer.id, field, code, id])
        }
    }

    /// Makes what is known of a layer's codes what was found now. What was known
    /// before stays as it is, so that change sets do not depend on each other.
    ///
    /// - Parameter records: all of them; their `rule` is set here.
    /// - Throws: SQLite's error.
    public func setCodeRecords(_ records: [SeamRecord], of layer: LayerDefinition) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_seams WHERE layer = ? AND rule = ?", arguments: [layer.id, CodeRegister.rule])
        var left = Set(
            records.map { record in
                var record = record
                record.rule = CodeRegister.rule
                return record
            })
        for row in rows where left.remove(try SeamRecord(row)) == nil {
            try db.execute(sql: "DELETE FROM miaopu_seams WHERE id = ?", arguments: [try row.decode(Int64.self, forColumn: "id")])
        }
        try add(left.sorted { ($0.kind, $0.seam, $0.reason) < ($1.kind, $1.seam, $1.reason) }, [])
        if !left.isEmpty { settingsChanged = true }
    }

    /// How the cells of a layer stand.
    ///
    /// - Parameters:
    ///   - areaDigits: how many digits of a code are its area's.
    ///   - digits: how many a code has.
    /// - Throws: SQLite's error.
    public func codeSummary(
        of layer: LayerDefinition, field: String, areaDigits: Int, digits: Int, listing limit: Int
    ) throws -> CodeSummary {
        try CodeRegister.create(in: db)
        let (name, column) = (try SQLIdentifier(layer.id).quoted, try SQLIdentifier(field).quoted)
        let isCode = "length(code) = \(digits) AND code NOT GLOB '*[^0-9]*'"
        let cells = """
            SELECT nullif(f.\(column), '') AS code, a.id AS given FROM \(name) f
            LEFT JOIN miaopu_assigned a ON a.id = f.fid
            """
        let all = try Row.fetchOne(db, sql: "SELECT count(*), count(code), count(given) FROM (\(cells))")
        var summary = CodeSummary()
        if let all {
            summary.cells = try all.decode(atIndex: 0)
            summary.assigned = try all.decode(atIndex: 2)
            summary.delivered = try all.decode(Int.self, atIndex: 1) - summary.assigned
        }
        let given = try Row.fetchAll(
            db,
            sql: """
                SELECT substr(code, 1, \(areaDigits)), max(code), count(DISTINCT code) FROM miaopu_codes
                WHERE layer = ? AND \(isCode) GROUP BY 1 ORDER BY 1
                """, arguments: [layer.id])
        let standing = try Row.fetchAll(
            db,
            sql: """
                SELECT substr(code, 1, \(areaDigits)), count(*), count(given), count(DISTINCT code) FROM (\(cells))
                WHERE \(isCode) GROUP BY 1
                """
        ).map { row in
            (try row.decode(String.self, atIndex: 0), try (1...3).map { try row.decode(Int.self, atIndex: $0) })
        }
        let counts = Dictionary(standing) { first, _ in first }
        summary.areas = try given.map { row in
            let area: String = try row.decode(atIndex: 0)
            let now = counts[area] ?? [0, 0, 0]
            return CodeSummary.Area(
                code: area, cells: now[0], assigned: now[1], highest: try row.decode(atIndex: 1),
                withdrawn: max(0, try row.decode(Int.self, atIndex: 2) - now[2]))
        }
        summary.listed = try Row.fetchAll(
            db, sql: "SELECT id, code FROM miaopu_assigned WHERE layer = ? ORDER BY code, id LIMIT ?",
            arguments: [layer.id, limit]
        ).map { CodeSummary.Assigned(feature: try $0.decode(atIndex: 0), code: try $0.decode(atIndex: 1)) }
        return summary
    }
}

extension LayerTable {
    /// Writes over one value of a feature; nothing when it is the same.
    func setValue(_ value: DatabaseValue, field: String, of id: Int64) throws {
        guard definition.schema.fields.contains(where: { $0.name == field }) else { return }
        let column = try SQLIdentifier(field).quoted
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT geom, \(column) FROM \(name.quoted) WHERE fid = ?"), arguments: [id])
        guard let row, try row.decode(DatabaseValue.self, atIndex: 1) != value else { return }
        let geometry: Data = try row.decode(atIndex: 0)
        try db.cachedStatement(sql: "UPDATE \(name.quoted) SET \(column) = ? WHERE fid = ?")
            .execute(arguments: [value, id])
        noteAltered(id, envelope: GeoPackageGeometry.envelope(of: Array(geometry)) ?? .empty)
    }
}
