// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB

/// What a plugin loses when its data are put back as an earlier version left
/// them.
public struct PluginDataLoss: Hashable, Sendable {
    /// The size of a database.
    public struct Size: Hashable, Sendable {
        /// Of its file.
        public let bytes: Int
        /// In all tables; nil for a database that takes long to count, and for one
        /// that is damaged.
        public let rows: Int?
    }

    /// The version whose data come back.
    public let version: String
    /// When it left them: what was written since goes.
    public let since: Date
    /// The data that come back.
    public let then: Size
    /// The data that go; nil when there are none.
    public let now: Size?

    /// Bytes of a database whose rows are counted.
    private static let counted = 64 << 20

    init(version: String, backup: String, database: String) {
        self.version = version
        let found = try? FileManager.default.attributesOfItem(atPath: backup)
        since = found?[.modificationDate] as? Date ?? .distantPast
        then = Self.size(of: backup) ?? Size(bytes: 0, rows: 0)
        now = Self.size(of: database)
    }

    /// The loss in one sentence for a person.
    public func sentence(_ plugin: String) -> String {
        let present = now.map { "\(Self.text($0)) now" } ?? "none now"
        return "What was written to the data of the plugin \(plugin) since \(since.formatted(.iso8601)), when version "
            + "\(version) left them, is taken from it: they are \(present) and \(Self.text(then)) then; the present "
            + "ones are kept in state/backups/."
    }

    private static func text(_ size: Size) -> String {
        let bytes = size.bytes < 1 << 20 ? "\((size.bytes + 1023) >> 10) KiB" : "\(size.bytes >> 20) MiB"
        return size.rows.map { "\($0) rows (\(bytes))" } ?? bytes
    }

    private static func size(of path: String) -> Size? {
        let parts = [path, "\(path)-wal"].compactMap {
            try? FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int
        }
        guard !parts.isEmpty else { return nil }
        let bytes = parts.reduce(0, +)
        return Size(bytes: bytes, rows: bytes <= counted ? try? rows(of: path) : nil)
    }

    private static func rows(of path: String) throws -> Int {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? database.close() }
        return try database.read { db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
            return try tables.reduce(0) { sum, table in
                let name = table.replacingOccurrences(of: "\"", with: "\"\"")
                return sum + (try Int.fetchOne(db, sql: "SELECT count(*) FROM \"\(name)\"") ?? 0)
            }
        }
    }
}
