// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import GRDBSQLite
import SimpleFeatures

/// A prepared statement that is bound and run by the hundred thousand.
///
/// GRDB's own argument binding allocates an array and boxes every value, which
/// costs more than the insertion itself; the calls below go straight to SQLite
/// on GRDB's statement. Every return code is looked at in `execute`.
final class BulkStatement {
    fileprivate let handle: OpaquePointer
    private let statement: Statement
    private let db: Database

    init(_ sql: String, in db: Database) throws {
        statement = try db.makeStatement(sql: sql)
        handle = statement.sqliteStatement
        self.db = db
    }

    func execute() throws {
        let code = sqlite3_step(handle)
        sqlite3_reset(handle)
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
        }
    }
}

/// Binds the values of one row, from the first column to the last.
public struct ValueBinder {
    private let handle: OpaquePointer
    /// How many values have been bound.
    public private(set) var count = 0

    init(_ statement: BulkStatement) {
        handle = statement.handle
    }

    // The destructor that makes SQLite copy what is bound, since a caller's
    // memory need not outlive the call. The C macro is a cast of −1.
    private static var transient: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    /// Binds SQL's NULL.
    public mutating func bindNull() {
        count += 1
        sqlite3_bind_null(handle, Int32(count))
    }

    /// Binds a whole number.
    public mutating func bind(_ value: Int64) {
        count += 1
        sqlite3_bind_int64(handle, Int32(count), value)
    }

    /// Binds a number; SQLite stores a NaN as no value.
    public mutating func bind(_ value: Double) {
        count += 1
        sqlite3_bind_double(handle, Int32(count), value)
    }

    /// Binds text; it is copied.
    public mutating func bind(_ value: String) {
        var value = value
        value.withUTF8 { bind(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Binds text that is UTF-8 already; it is copied.
    public mutating func bind(utf8 bytes: UnsafeRawBufferPointer) {
        count += 1
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
            sqlite3_bind_text(handle, Int32(count), "", 0, Self.transient)
            return
        }
        sqlite3_bind_text(
            handle, Int32(count), base.assumingMemoryBound(to: CChar.self), Int32(bytes.count), Self.transient)
    }

    mutating func bind(_ blob: UnsafeRawBufferPointer) {
        count += 1
        sqlite3_bind_blob64(handle, Int32(count), blob.baseAddress, UInt64(blob.count), Self.transient)
    }

    /// Binds a value in the way of its kind.
    public mutating func bind(_ value: AttributeValue) {
        switch value {
        case .null: bindNull()
        case .boolean(let value): bind(value ? 1 : Int64(0))
        case .integer(let value): bind(value)
        case .real(let value): bind(value)
        case .text(let value): bind(value)
        }
    }
}
