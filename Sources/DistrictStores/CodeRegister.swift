// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

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

/// A code that was given once. What the district gave stays in the register for
/// good, what a town gave until its change set is taken back.
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
/// were ever given, from which no undo takes what the district gave, and which features have theirs from
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

    /// A condition for the rows that count.
    static let counts = "changeset > 0"

    /// What towns gave in a change set that is taken back never was, until that is
    /// taken back in turn. What the district gave stays given.
    ///
    /// - Parameter next: the change set that takes it back, whose number such rows
    ///   have with a minus.
    static func takeBackDelivered(changeSet: Int64, by next: Int64, in db: Database) throws {
        guard try db.tableExists(register) else { return }
        try db.execute(
            sql: "UPDATE miaopu_codes SET changeset = -? WHERE changeset = ? AND NOT assigned",
            arguments: [next, changeSet])
        try db.execute(sql: "UPDATE miaopu_codes SET changeset = ? WHERE changeset = -?", arguments: [next, changeSet])
    }
}
