// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import PluginMessages
import Synchronization

/// One plugin's own tables: a SQLite file that is made when it is first needed.
final class PluginDatabase: Sendable {
    private let plugin: String
    let path: String
    private let access = Mutex(Access())

    private struct Access {
        var queue: DatabaseQueue?
        /// While another version of the plugin is started on the database itself,
        /// the one that serves reads this copy of it and writes nothing.
        var copy: String?
    }

    init(plugin: String, stateFolder: String) {
        self.plugin = plugin
        path = "\(stateFolder)/\(plugin).sqlite"
    }

    /// Runs statements in one transaction.
    ///
    /// - Throws: `.denied` for a statement that a plugin may not run, `.invalid`
    ///   with SQLite's sentence; nothing was changed then.
    func run(_ request: WireSQLRequest) throws(PluginHostingError) -> WireSQLReply {
        for statement in request.statements { try StatementCheck.check(statement.text, plugin: plugin) }
        return try write { db in
            var reply = WireSQLReply()
            var bytes = 0
            for statement in request.statements {
                reply.results.append(try self.run(statement, in: db, bytes: &bytes))
            }
            return reply
        }
    }

    /// Runs a body in one transaction.
    ///
    /// - Throws: a `PluginHostingError` of the body, or `.invalid` with SQLite's
    ///   sentence.
    func write<Value>(_ body: (Database) throws -> Value) throws(PluginHostingError) -> Value {
        try transact(isReading: false, body)
    }

    /// Runs a body that changes nothing: it waits for no other program's writing.
    ///
    /// - Throws: as `write`.
    func read<Value>(_ body: (Database) throws -> Value) throws(PluginHostingError) -> Value {
        try transact(isReading: true, body)
    }

    private func transact<Value>(
        isReading: Bool, _ body: (Database) throws -> Value
    ) throws(PluginHostingError) -> Value {
        do {
            do {
                return try run(isReading: isReading, body)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_MISUSE {
                // It was closed after it was opened here, for a copy to be made.
                return try run(isReading: isReading, body)
            }
        } catch let error as PluginHostingError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            throw PluginHostingError(
                .failed, plugin,
                "The plugin \(plugin) is being replaced by another version and writes nothing; try again in a moment.")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw PluginHostingError(
                .failed, plugin, "The disk is full; what the plugin \(plugin) holds is unchanged.")
        } catch let error as DatabaseError {
            let reason = error.message ?? error.resultCode.description
            let statement = error.sql.map { " in: \($0.prefix(300))" } ?? ""
            throw PluginHostingError(
                .invalid, plugin, "The database of the plugin \(plugin) says: \(reason)\(statement)")
        } catch {
            throw PluginHostingError(.failed, plugin, "The database of the plugin \(plugin) failed: \(error)")
        }
    }

    /// The alerts that stand; none when there is no database yet.
    ///
    /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
    /// - Throws: as `read`.
    func standingAlerts(now: Int64) throws(PluginHostingError) -> [PluginAlert] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try read { try AlertTable.standing(plugin: plugin, now: now, in: $0) }
    }

    private func run<Value>(isReading: Bool, _ body: (Database) throws -> Value) throws -> Value {
        let (queue, isCopy) = try open()
        return isReading || isCopy ? try queue.read(body) : try queue.write(body)
    }

    private func open() throws -> (queue: DatabaseQueue, isCopy: Bool) {
        try access.withLock { access in
            if let queue = access.queue { return (queue, access.copy != nil) }
            var configuration = Configuration()
            configuration.label = "plugin \(plugin)"
            configuration.busyMode = .timeout(5)
            if let copy = access.copy {
                configuration.readonly = true
                let opened = try DatabaseQueue(path: copy, configuration: configuration)
                access.queue = opened
                return (opened, true)
            }
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            configuration.prepareDatabase { db in
                // Full: what a plugin was told is kept has to outlive the machine.
                try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            }
            let opened = try DatabaseQueue(path: path, configuration: configuration)
            try opened.write { db in
                try ObservationTables.create(in: db)
                try MigrationTable.create(in: db)
                try AlertTable.create(in: db)
            }
            access.queue = opened
            return (opened, false)
        }
    }

    /// From now on reads come from a copy, which `make` writes when the last
    /// write is done, and nothing is written. Who asks meanwhile waits.
    ///
    /// - Throws: what `make` throws; everything is as before then.
    func serve(fromCopy copy: String, make: () throws -> Void) throws {
        try access.withLock { access in
            try? access.queue?.close()
            access.queue = nil
            try make()
            access.copy = copy
        }
    }

    /// Reads and writes go to the database itself again.
    func serveFromItself() {
        close(isCopyKept: false)
    }

    /// Lets go of the file; the next call opens it again.
    func close() {
        close(isCopyKept: true)
    }

    private func close(isCopyKept: Bool) {
        access.withLock { access in
            try? access.queue?.close()
            access.queue = nil
            if !isCopyKept { access.copy = nil }
        }
    }

    private func run(_ message: WireSQLStatement, in db: Database, bytes: inout Int) throws -> WireSQLResult {
        let statement = try db.cachedStatement(sql: message.text)
        var result = WireSQLResult()
        result.columns = statement.columnNames
        let before = db.totalChangesCount
        let runs = message.parameters.isEmpty ? [WireRow()] : message.parameters
        for parameters in runs {
            let arguments = StatementArguments(try parameters.values.map(databaseValue))
            guard statement.columnCount > 0 else {
                try statement.execute(arguments: arguments)
                continue
            }
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments)
            while let row = try cursor.next() {
                guard result.rows.count < PluginContract.maxRows else {
                    throw PluginHostingError(
                        .tooLarge, plugin,
                        "A query of the plugin \(plugin) has more than \(PluginContract.maxRows) rows; ask for fewer "
                            + "with LIMIT.")
                }
                result.rows.append(wireRow(row, columns: statement.columnCount, bytes: &bytes))
                guard bytes <= PluginContract.maxReplyBytes / 2 else {
                    throw PluginHostingError(
                        .tooLarge, plugin,
                        "A query of the plugin \(plugin) answers more than \(PluginContract.maxReplyBytes / 2) bytes; "
                            + "ask for fewer rows with LIMIT.")
                }
            }
        }
        result.changes = Int64(db.totalChangesCount - before)
        return result
    }

    private func wireRow(_ row: GRDB.Row, columns: Int, bytes: inout Int) -> WireRow {
        var message = WireRow()
        message.values.reserveCapacity(columns)
        for column in 0..<columns {
            var value = WireValue()
            let cell: DatabaseValue = row[column]
            switch cell.storage {
            case .null: break
            case .int64(let number): value.integer = number
            case .double(let number): value.real = number
            case .string(let text):
                value.text = text
                bytes += text.utf8.count
            case .blob(let data):
                value.blob = data
                bytes += data.count
            }
            bytes += 8
            message.values.append(value)
        }
        return message
    }

    private func databaseValue(_ value: WireValue) throws -> DatabaseValue {
        switch value.kind {
        case nil: return .null
        case .boolean(let value): return value.databaseValue
        case .integer(let value): return value.databaseValue
        case .real(let value):
            guard value.isFinite else {
                throw PluginHostingError(.invalid, plugin, "The parameter \(value) is no number that SQLite keeps.")
            }
            return value.databaseValue
        case .text(let value): return value.databaseValue
        case .blob(let value): return value.databaseValue
        }
    }
}
