// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CSQLiteSession
import GRDB

/// Records what a transaction does to the rows of the store, so that it can be
/// taken back: SQLite's session extension.
///
/// Belongs to one connection and must end before the connection does.
final class ChangeRecorder {
    private let session: OpaquePointer

    /// What may be held of rows as they were before, in bytes. A change set that
    /// needs more cannot be taken back, and the log says so.
    static let memoryLimit = 512 << 20

    /// Starts recording.
    ///
    /// - Throws: SQLite's error.
    init(_ db: Database) throws {
        var session: OpaquePointer?
        try SQLiteCall.check(sqlite3session_create(db.sqliteConnection, "main", &session))
        guard let session else { throw DatabaseError(resultCode: .SQLITE_NOMEM) }
        self.session = session
        sqlite3session_table_filter(
            session, { _, name in name.map { ChangeRecorder.isRecorded($0) ? 1 : 0 } ?? 0 }, nil)
        try SQLiteCall.check(sqlite3session_attach(session, nil))
    }

    deinit {
        sqlite3session_delete(session)
    }

    /// Whether rows of a table belong to the district's truth: the spatial index
    /// and the catalogue follow from it, and the log is what is written here. That a
    /// code was given is never taken back.
    private static func isRecorded(_ name: UnsafePointer<CChar>) -> Bool {
        let name = String(cString: name)
        let others = ["gpkg_", "rtree_", "sqlite_", ChangeLog.changeSets, ChangeLog.changes, CodeRegister.register]
        return !others.contains { name.hasPrefix($0) }
    }

    /// Runs work of which nothing is recorded.
    func pausing<Result>(_ body: () throws -> Result) rethrows -> Result {
        sqlite3session_enable(session, 0)
        defer { sqlite3session_enable(session, 1) }
        return try body()
    }

    /// Whether more happened than may be held.
    var isOverLimit: Bool { sqlite3session_memory_used(session) > Int64(Self.memoryLimit) }

    /// What was recorded so far, in SQLite's format of change sets.
    ///
    /// - Throws: SQLite's error.
    func recorded() throws -> RecordedChanges {
        var count: Int32 = 0
        var bytes: UnsafeMutableRawPointer?
        try SQLiteCall.check(sqlite3session_changeset(session, &count, &bytes))
        defer { sqlite3_free(bytes) }
        return RecordedChanges(bytes: Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
    }
}

/// The codes that the session extension's functions return.
enum SQLiteCall {
    static func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
