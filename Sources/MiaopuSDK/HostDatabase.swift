// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages

/// The plugin's own tables, in an SQLite database that no other plugin sees.
///
/// Names that begin with `miaopu_` are the host's. Foreign keys are enforced.
public struct HostDatabase: Sendable {
    let connection: HostConnection

    /// The rows that a query answers, at most `PluginContract.maxRows`.
    ///
    /// - Throws: `PluginError` with SQLite's sentence.
    public func query(_ text: String, _ parameters: [SQLValue] = []) throws -> [SQLRow] {
        try transaction([SQLStatement(text, parameters)]).first ?? []
    }

    /// Runs one statement that answers no rows.
    ///
    /// - Throws: `PluginError` with SQLite's sentence.
    public func execute(_ text: String, _ parameters: [SQLValue] = []) throws {
        _ = try transaction([SQLStatement(text, parameters)])
    }

    /// Runs statements in order, all of them or none. A large run of rows is
    /// best given to one statement.
    ///
    /// - Throws: `PluginError` with SQLite's sentence; nothing was changed then.
    @discardableResult
    public func transaction(_ statements: [SQLStatement]) throws -> [[SQLRow]] {
        var message = WireSQLRequest()
        message.statements = statements.filter { !$0.parameters.isEmpty }.map(WireSQLStatement.init)
        let results = try connection.call(.sql(message)).sql.results
        // Statements without any row of parameters did not run.
        var place = 0
        return statements.map { statement in
            guard !statement.parameters.isEmpty, place < results.count else { return [] }
            defer { place += 1 }
            return results[place].rowsOfValues
        }
    }

    /// Brings the tables to the version of the last migration: those that have
    /// not run yet do, all in one transaction. Only during `start`.
    ///
    /// - Returns: the tables' version before; 0: there were none.
    /// - Throws: `PluginError` with the number of the migration that failed;
    ///   nothing was changed then.
    @discardableResult
    public func migrate(_ migrations: [Migration]) throws -> Int {
        var message = WireMigrations()
        message.migrations = migrations.enumerated().map { index, migration in
            var step = WireMigration()
            step.version = UInt32(index + 1)
            step.title = migration.title
            step.statements = migration.statements
            return step
        }
        return Int(try connection.call(.migrate(message)).migrate.before)
    }
}

/// One step of a plugin's tables to a newer version. Their order is their
/// number: new ones are added at the end, and a published one is never changed.
public struct Migration: Hashable, Sendable {
    /// What it does, in a few words.
    public var title: String
    /// One statement each, in SQL that SQLite and PostgreSQL read alike.
    public var statements: [String]

    /// Describes a step.
    public init(_ title: String, _ statements: String...) {
        self.title = title
        self.statements = statements
    }
}

extension WireSQLStatement {
    fileprivate init(_ statement: SQLStatement) {
        self.init()
        text = statement.text
        parameters = statement.parameters.map { values in
            var row = WireRow()
            row.values = values.map(WireValue.init)
            return row
        }
    }
}

extension WireSQLResult {
    fileprivate var rowsOfValues: [SQLRow] {
        let columns = SQLColumns(columns)
        let count = columns.count
        return rows.map { row in
            var values = row.values.map(\.sqlValue)
            // A short row would make every lookup a question.
            while values.count < count { values.append(.null) }
            return SQLRow(columns: columns, values: values)
        }
    }
}

extension WireValue {
    fileprivate init(_ value: SQLValue) {
        self.init()
        switch value {
        case .null: break
        case .integer(let value): integer = value
        case .real(let value): real = value
        case .text(let value): text = value
        case .blob(let value): blob = Data(value)
        }
    }

    fileprivate var sqlValue: SQLValue {
        switch kind {
        case nil: .null
        case .boolean(let value): .integer(value ? 1 : 0)
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .text(value)
        case .blob(let value): .blob([UInt8](value))
        }
    }
}
