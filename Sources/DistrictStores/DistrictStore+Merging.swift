// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB

/// What a committed merge changed; empty when nothing did.
public struct ChangeSet: Sendable, Hashable {
    public struct LayerChange: Sendable, Hashable, Encodable {
        public var layer: String
        public var inserted: Int
        public var updated: Int
        public var deleted: Int
    }

    /// The number in the log; nil when nothing changed and nothing was logged.
    public var id: Int64?
    /// By layer id, in its order; layers without a change are left out.
    public var layers: [LayerChange]

    public var isEmpty: Bool { id == nil }
}

extension DistrictStore {
    /// Runs a merge as one transaction: all of it is committed, or none of it.
    ///
    /// A district that has no store yet gets one that is built beside its place
    /// and renamed into it, which spares the journal; an existing store is
    /// changed through its write-ahead log, and readers keep the old district
    /// until the commit. When the body leaves everything as it was, nothing is
    /// written at all.
    ///
    /// - Parameters:
    ///   - url: the store's file.
    ///   - grid: the district grid; must be the one that the store was made with.
    ///   - isPlan: does all the work and then keeps nothing of it.
    ///   - summary: one line for the log, asked for just before the commit.
    ///   - body: does the work, on the thread that calls.
    /// - Throws: `DistrictStoresError`, or what the body throws; the store is
    ///   then as it was before.
    @discardableResult
    public static func merge<Result>(
        at url: URL, grid: StoreReferenceSystem, isPlan: Bool = false, summary: (ChangeSet) -> String = { _ in "" },
        _ body: (MergeTransaction) throws -> Result
    ) throws -> (result: Result, changes: ChangeSet) {
        try DistrictStoresError.translating(url) {
            if FileManager.default.fileExists(atPath: url.path) {
                return try mergeInPlace(url, grid, isPlan, summary, body)
            }
            return try mergeIntoNewFile(url, grid, isPlan, summary, body)
        }
    }

    private static func mergeInPlace<Result>(
        _ url: URL, _ grid: StoreReferenceSystem, _ isPlan: Bool, _ summary: (ChangeSet) -> String,
        _ body: (MergeTransaction) throws -> Result
    ) throws -> (Result, ChangeSet) {
        let pool = try DatabasePool(path: url.path, configuration: configuration())
        return try pool.writeWithoutTransaction { db in
            try check(db, file: url.lastPathComponent)
            try checkGrid(db, grid)
            try db.execute(sql: "PRAGMA synchronous = FULL")
            var outcome: (Result, ChangeSet)?
            try db.inTransaction(.immediate) {
                let (result, changes) = try run(db, grid, summary, body)
                outcome = (result, changes)
                return changes.isEmpty || isPlan ? .rollback : .commit
            }
            guard let outcome else { throw DistrictStoresError(.storage, "The merge was not carried out.") }
            return outcome
        }
    }

    private static func mergeIntoNewFile<Result>(
        _ url: URL, _ grid: StoreReferenceSystem, _ isPlan: Bool, _ summary: (ChangeSet) -> String,
        _ body: (MergeTransaction) throws -> Result
    ) throws -> (Result, ChangeSet) {
        let building = url.appendingPathExtension("new")
        try? FileManager.default.removeItem(at: building)
        var renamed = false
        defer { if !renamed { try? FileManager.default.removeItem(at: building) } }

        var configuration = configuration()
        configuration.prepareDatabase { db in
            // Nobody can see this file yet: it is thrown away on any error and
            // synchronised once, at the end. The journal in memory is for the
            // savepoint around each source.
            try db.execute(sql: "PRAGMA journal_mode = MEMORY")
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        }
        let queue = try DatabaseQueue(path: building.path, configuration: configuration)
        let outcome = try queue.writeWithoutTransaction { db in
            var outcome: (Result, ChangeSet)?
            try db.inTransaction(.immediate) {
                try GeoPackageTables.create(in: db, grid: grid)
                outcome = try run(db, grid, summary, body)
                return .commit
            }
            guard let outcome else { throw DistrictStoresError(.storage, "The merge was not carried out.") }
            return outcome
        }
        try queue.close()
        if isPlan { return outcome }
        try synchronise(building)
        guard rename(building.path, url.path) == 0 else {
            throw DistrictStoresError(
                .storage, "\(url.lastPathComponent) cannot be put in place: \(String(cString: strerror(errno))).")
        }
        renamed = true
        try synchronise(url.deletingLastPathComponent())
        return outcome
    }

    private static func run<Result>(
        _ db: Database, _ grid: StoreReferenceSystem, _ summary: (ChangeSet) -> String,
        _ body: (MergeTransaction) throws -> Result
    ) throws -> (Result, ChangeSet) {
        let transaction = try MergeTransaction(db, grid: grid)
        let result = try body(transaction)
        return (result, try transaction.finish(summary: summary))
    }

    private static func checkGrid(_ db: Database, _ grid: StoreReferenceSystem) throws {
        let stored = try String.fetchOne(db, sql: "SELECT value FROM miaopu_district WHERE key = 'grid'")
        let wanted = "\(grid.organization):\(grid.organizationCode)"
        guard stored == wanted else {
            throw DistrictStoresError(
                .unusable,
                "The store is on the grid \(stored ?? "unknown") and district.yaml says \(wanted); "
                    + "move district.gpkg away to merge everything onto the new grid.")
        }
    }

    /// Makes a file's or a folder's contents survive a power failure.
    private static func synchronise(_ url: URL) throws {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw DistrictStoresError(
                .storage, "\(url.lastPathComponent) cannot be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            // Never retried: after a failed fsync a second one may lie.
            throw DistrictStoresError(
                .storage, "\(url.lastPathComponent) cannot be written to disk: \(String(cString: strerror(errno))).")
        }
    }
}
