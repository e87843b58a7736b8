// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// The district's truth: a GeoPackage with one feature table a layer, its
/// sources, its issues and its log.
///
/// Opening never creates the file; a merge does. Any number of stores may read
/// one file while one merge writes: readers see the district as it was when
/// their read began, until the merge has committed.
public final class DistrictStore: Sendable {
    /// The version of the table layout. A store of another layout is refused.
    public static let format = 3

    let url: URL
    let pool: DatabasePool

    /// Opens a store for reading. One that may not be written, or lies in a folder
    /// that may not, is read as it lies.
    ///
    /// - Throws: `DistrictStoresError` of kind `.unusable` when there is no
    ///   file, it is no GeoPackage of ours, or its layout is newer than ours.
    public init(opening url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw DistrictStoresError(
                .unusable, "\(url.lastPathComponent) does not exist; “miaopu merge” makes it.")
        }
        self.url = url
        pool = try DistrictStoresError.translating(url) {
            let pool = try Self.readingPool(of: url)
            try pool.read { try Self.check($0, file: url.lastPathComponent) }
            return pool
        }
    }

    private static func readingPool(of url: URL) throws -> DatabasePool {
        // The log lies beside the file and not beside a link to it.
        let url = url.resolvingSymlinksInPath()
        var configuration = configuration()
        let isFolderFixed = access(url.deletingLastPathComponent().path, W_OK) != 0
        guard isFolderFixed || access(url.path, W_OK) != 0 else {
            return try DatabasePool(path: url.path, configuration: configuration)
        }
        configuration.readonly = true
        var log = stat()
        let isLogEmpty = stat(url.path + "-wal", &log) != 0 || log.st_size == 0
        if isFolderFixed, !isLogEmpty, access(url.path + "-shm", R_OK) != 0 {
            throw DistrictStoresError(
                .storage,
                "\(url.lastPathComponent)-wal holds changes that are read only where its folder may be written; "
                    + "open the district there once.")
        }
        guard isFolderFixed, isLogEmpty, isInLogMode(url) else {
            return try DatabasePool(path: url.path, configuration: configuration)
        }
        // SQLite would make an index of the empty log beside the file.
        return try DatabasePool(path: url.absoluteString + "?immutable=1", configuration: configuration)
    }

    /// Whether the file says of itself that changes go to a write-ahead log.
    private static func isInLogMode(_ url: URL) -> Bool {
        guard let file = try? FileHandle(forReadingFrom: url) else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: 20))?.last == 2
    }

    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "district store"
        // Another process may hold the write lock for the blink of a checkpoint.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // 64 MB: a merge's hot pages stay in memory without taking the machine.
            try db.execute(sql: "PRAGMA cache_size = -65536")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    static func check(_ db: Database, file: String) throws {
        let isGeoPackage = try Int.fetchOne(db, sql: "PRAGMA application_id") == GeoPackageTables.applicationID
        guard isGeoPackage, try db.tableExists("miaopu_district") else {
            throw DistrictStoresError(
                .unusable, "\(file) is not a district store: it has no table “miaopu_district”.")
        }
        let format = try String.fetchOne(db, sql: "SELECT value FROM miaopu_district WHERE key = 'format'")
        guard let format = format.flatMap({ Int($0) }), format <= Self.format else {
            throw DistrictStoresError(
                .unusable,
                "\(file) has layout \(format ?? "unknown"); this program reads layouts up to \(Self.format).")
        }
        guard format == Self.format else {
            throw DistrictStoresError(
                .unusable,
                "\(file) has layout \(format), of an earlier version of this program; move it away and merge anew.")
        }
    }
}

extension DistrictStoresError {
    /// SQLite calls a disk without room for its shared memory an input or output
    /// error.
    private static func isDiskFull(_ url: URL) -> Bool {
        let folder = url.deletingLastPathComponent()
        let room = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)[.systemFreeSize] as? NSNumber
        return room.map { $0.int64Value < 65_536 } ?? false
    }

    /// Runs work on the database and turns SQLite's errors into sentences.
    static func translating<T>(_ url: URL, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            let file = url.lastPathComponent
            switch error.resultCode {
            case .SQLITE_FULL,
                .SQLITE_IOERR where isDiskFull(url):
                throw DistrictStoresError(
                    .storage, "The disk is full; \(file) is unchanged. Free some space and try again.")
            case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                throw DistrictStoresError(
                    .storage, "\(file) cannot be read or written: \(error.message ?? "input/output error").")
            case .SQLITE_NOTADB, .SQLITE_CORRUPT:
                throw DistrictStoresError(
                    .unusable,
                    "\(file) is damaged (\(error.message ?? "not a database")); restore a copy or merge anew.")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                throw DistrictStoresError(.storage, "\(file) is in use by another program that writes to it.")
            default:
                throw DistrictStoresError(
                    .storage, "\(file): \(error.message ?? "unknown error") (SQLite \(error.resultCode.rawValue)).")
            }
        } catch is RowDecodingError {
            throw DistrictStoresError(
                .unusable,
                "\(url.lastPathComponent) has a value in its tables that no merge writes; restore a copy or merge anew."
            )
        }
    }
}
