// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import Synchronization

/// What somebody did, for good: `state/audit/audit.sqlite` of the district. Only its
/// owner can read it, as it may name people.
///
/// Several programs may write to it at a time.
public final class AuditLog: Sendable {
    /// One line.
    public struct Entry: Hashable, Sendable {
        /// The plugin's id.
        public let plugin: String
        /// What was done.
        public let action: String
        /// To what.
        public let subject: String
        /// Anything else worth keeping.
        public let detail: String

        /// Describes a line.
        public init(plugin: String, action: String, subject: String, detail: String) {
            self.plugin = plugin
            self.action = action
            self.subject = subject
            self.detail = detail
        }
    }

    private let path: String
    private let queue = Mutex<DatabaseQueue?>(nil)

    /// Names the folder of `PluginHostConfiguration.stateFolder`; nothing is made
    /// before the first entry.
    public init(stateFolder: String) {
        // In a folder of its own: a plugin may be called audit.
        path = "\(stateFolder)/audit/audit.sqlite"
    }

    /// Writes an entry; when this returns it outlives the machine.
    ///
    /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
    /// - Throws: `.failed` when it could not be written: what must be audited
    ///   must then not be done. `.tooLarge` for more than 16 KiB.
    public func append(_ entry: Entry, now: Int64) throws(PluginHostingError) {
        let bytes = entry.action.utf8.count + entry.subject.utf8.count + entry.detail.utf8.count
        guard bytes <= 16 << 10 else {
            throw PluginHostingError(
                .tooLarge, entry.plugin,
                "The plugin \(entry.plugin) has an audit entry of \(bytes) bytes; at most \(16 << 10) are accepted.")
        }
        do {
            try open().write { db in
                try db.execute(
                    sql: "INSERT INTO audit (time, plugin, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
                    arguments: [now, entry.plugin, entry.action, entry.subject, entry.detail])
            }
        } catch {
            throw PluginHostingError(
                .failed, entry.plugin, "The audit log \(path) cannot be written to: \(error)")
        }
    }

    /// The newest entries, the newest first.
    ///
    /// - Throws: what SQLite says of a log that cannot be read.
    public func newest(_ count: Int) throws -> [Entry] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try open().read { db in
            try Row.fetchAll(
                db, sql: "SELECT plugin, action, subject, detail FROM audit ORDER BY sequence DESC LIMIT ?",
                arguments: [count]
            ).map { row in
                Entry(
                    plugin: try row.decode(atIndex: 0), action: try row.decode(atIndex: 1),
                    subject: try row.decode(atIndex: 2), detail: try row.decode(atIndex: 3))
            }
        }
    }

    private func open() throws -> DatabaseQueue {
        try queue.withLock { queue in
            if let queue { return queue }
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: path) {
                // Before there is anything in it: SQLite gives its other files the same rights.
                _ = FileManager.default.createFile(
                    atPath: path, contents: Data(), attributes: [.posixPermissions: 0o600])
            }
            var configuration = Configuration()
            configuration.label = "audit"
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            }
            let opened = try DatabaseQueue(path: path, configuration: configuration)
            try opened.write { db in
                // Nothing that was written is changed or taken away by this program.
                try db.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS audit (
                            sequence INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, plugin TEXT NOT NULL,
                            action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL
                        );
                        CREATE TRIGGER IF NOT EXISTS audit_kept BEFORE DELETE ON audit
                            BEGIN SELECT raise(ABORT, 'the audit log is kept'); END;
                        CREATE TRIGGER IF NOT EXISTS audit_unchanged BEFORE UPDATE ON audit
                            BEGIN SELECT raise(ABORT, 'the audit log is kept'); END
                        """)
            }
            queue = opened
            return opened
        }
    }
}
