// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CSQLiteSession
import GRDB

/// A change set in SQLite's own format: for each row that changed, what it was
/// before and what it is after.
struct RecordedChanges {
    let bytes: [UInt8]

    /// What became of one row.
    enum Operation {
        case inserted, updated, deleted
    }

    /// The key of a row that changed.
    struct RowKey: Hashable {
        var table: String
        var id: Int64
    }

    /// A row in the iteration; valid only inside the call that hands it over.
    struct ChangedRow {
        let key: RowKey
        let operation: Operation
        fileprivate let iterator: OpaquePointer

        /// The bytes of a column after the change; nil when the change left the
        /// column alone, or it holds none.
        func newBlob(at column: Int32) -> UnsafeRawBufferPointer? {
            var value: OpaquePointer?
            guard sqlite3changeset_new(iterator, column, &value) == SQLITE_OK, let value,
                let bytes = sqlite3_value_blob(value)
            else { return nil }
            return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(value)))
        }
    }

    /// Two changes of one row that do not fit each other.
    struct Conflict: Error {
        var keys: [RowKey]
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Hands over each row that changed.
    ///
    /// - Throws: SQLite's error when the change set is damaged, and what the body
    ///   throws.
    func forEachRow(_ body: (ChangedRow) throws -> Void) throws {
        guard !isEmpty else { return }
        var bytes = bytes
        try bytes.withUnsafeMutableBytes { buffer in
            var iterator: OpaquePointer?
            try SQLiteCall.check(sqlite3changeset_start(&iterator, Int32(buffer.count), buffer.baseAddress))
            guard let iterator else { throw DatabaseError(resultCode: .SQLITE_NOMEM) }
            defer { sqlite3changeset_finalize(iterator) }
            while true {
                switch sqlite3changeset_next(iterator) {
                case SQLITE_ROW: try body(try Self.row(iterator))
                case SQLITE_DONE: return
                case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code))
                }
            }
        }
    }

    private static func row(_ iterator: OpaquePointer) throws -> ChangedRow {
        var table: UnsafePointer<CChar>?
        var columns: Int32 = 0
        var code: Int32 = 0
        var isIndirect: Int32 = 0
        try SQLiteCall.check(sqlite3changeset_op(iterator, &table, &columns, &code, &isIndirect))
        let operation: Operation =
            switch code {
            case SQLITE_INSERT: .inserted
            case SQLITE_DELETE: .deleted
            default: .updated
            }
        return ChangedRow(key: key(iterator, table, operation), operation: operation, iterator: iterator)
    }

    /// Every recorded table has a whole number in its first column as its key.
    private static func key(
        _ iterator: OpaquePointer, _ table: UnsafePointer<CChar>?, _ operation: Operation
    ) -> RowKey {
        var value: OpaquePointer?
        if operation == .inserted {
            sqlite3changeset_new(iterator, 0, &value)
        } else {
            sqlite3changeset_old(iterator, 0, &value)
        }
        return RowKey(table: table.map { String(cString: $0) } ?? "", id: value.map { sqlite3_value_int64($0) } ?? 0)
    }

    /// What takes these changes back.
    ///
    /// - Throws: SQLite's error when the change set is damaged.
    func inverted() throws -> RecordedChanges {
        guard !isEmpty else { return self }
        var count: Int32 = 0
        var inverse: UnsafeMutableRawPointer?
        try bytes.withUnsafeBytes {
            try SQLiteCall.check(sqlite3changeset_invert(Int32($0.count), $0.baseAddress, &count, &inverse))
        }
        defer { sqlite3_free(inverse) }
        return RecordedChanges(bytes: Array(UnsafeRawBufferPointer(start: inverse, count: Int(count))))
    }

    /// Makes the changes.
    ///
    /// - Throws: `Conflict` when a row is no longer as it was before the changes;
    ///   nothing is changed then. SQLite's error when the change set is damaged.
    func apply(to db: Database) throws {
        guard !isEmpty else { return }
        let conflicts = ConflictList()
        var bytes = bytes
        let code = bytes.withUnsafeMutableBytes { buffer in
            sqlite3changeset_apply(
                db.sqliteConnection, Int32(buffer.count), buffer.baseAddress, nil,
                { context, _, iterator in
                    guard let context, let iterator else { return SQLITE_CHANGESET_ABORT }
                    let list = Unmanaged<ConflictList>.fromOpaque(context).takeUnretainedValue()
                    if list.keys.count < ConflictList.limit, let row = try? RecordedChanges.row(iterator) {
                        list.keys.append(row.key)
                    }
                    return SQLITE_CHANGESET_ABORT
                }, Unmanaged.passUnretained(conflicts).toOpaque())
        }
        withExtendedLifetime(conflicts) {}
        if code == SQLITE_ABORT || !conflicts.keys.isEmpty { throw Conflict(keys: conflicts.keys) }
        try SQLiteCall.check(code)
    }

    private final class ConflictList {
        static let limit = 10
        var keys: [RowKey] = []
    }
}
