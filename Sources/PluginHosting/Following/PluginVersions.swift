// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import Glibc

/// What is kept of one plugin besides its database: which version ran last, its
/// earlier libraries, and its database as earlier versions left it.
struct PluginVersions: Sendable {
    let plugin: String
    private let stateFolder: String

    /// Database backups of one plugin that are kept: the newest.
    private static let kept = 3

    init(plugin: String, stateFolder: String) {
        self.plugin = plugin
        self.stateFolder = stateFolder
    }

    /// `state/plugins/<id>`, with a folder a version in it.
    var folder: String { "\(stateFolder)/plugins/\(plugin)" }

    var database: String { "\(stateFolder)/\(plugin).sqlite" }

    var hasDatabase: Bool { FileManager.default.fileExists(atPath: database) }

    /// The version that started last; nil when none did.
    var last: String? {
        guard let text = try? String(contentsOfFile: "\(folder)/last-version", encoding: .utf8) else { return nil }
        let version = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return Self.isVersion(version) ? version : nil
    }

    /// Writes down that a version started.
    func noteStart(of version: String) throws {
        guard last != version else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(version.utf8).write(to: URL(fileURLWithPath: "\(folder)/last-version"), options: .atomic)
    }

    /// Where the database is kept as a version left it.
    func backup(of version: String) -> String { "\(stateFolder)/backups/\(plugin)-\(version).sqlite" }

    /// Copies the database, whole and consistent, to where `backup(of:)` says.
    func backUp(as version: String) throws {
        try Self.copy(database, to: backup(of: version))
    }

    /// Removes all but the newest backups.
    func removeOldBackups() {
        let folder = "\(stateFolder)/backups"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { name in
            // `a-1.0.0.sqlite` is of the plugin a, `a-b-1.0.0.sqlite` is not.
            name.hasPrefix("\(plugin)-") && name.hasSuffix(".sqlite")
                && Self.isVersion(String(name.dropFirst(plugin.count + 1).dropLast(7)))
        }
        let byAge = names.map { "\(folder)/\($0)" }.sorted { Self.time(of: $0) > Self.time(of: $1) }
        for old in byAge.dropFirst(Self.kept) { try? FileManager.default.removeItem(atPath: old) }
    }

    /// A wish that the next start of a version takes the database that it left,
    /// which a running host grants as well as one that starts.
    var wishedBackup: String? {
        get {
            guard let text = try? String(contentsOfFile: wishFile, encoding: .utf8), Self.isVersion(text) else {
                return nil
            }
            return text
        }
        nonmutating set {
            try? FileManager.default.removeItem(atPath: wishFile)
            guard let newValue else { return }
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try? Data(newValue.utf8).write(to: URL(fileURLWithPath: wishFile), options: .atomic)
        }
    }

    private var wishFile: String { "\(folder)/wished-data" }

    /// Puts a copy's content into the database in one transaction, whoever has
    /// it open.
    func restore(from copy: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.readonly = true
        let source = try DatabaseQueue(path: copy, configuration: configuration)
        configuration.readonly = false
        let target = try DatabaseQueue(path: database, configuration: configuration)
        try source.backup(to: target)
        try target.close()
        try source.close()
    }

    /// Removes a database that did not exist before.
    func removeDatabase() {
        for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + ending) }
    }

    /// A consistent copy of a database in one file, put in place as a whole.
    static func copy(_ path: String, to destination: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            atPath: (destination as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let draft = "\(destination).draft-\(getpid())"
        try? manager.removeItem(atPath: draft)
        defer { try? manager.removeItem(atPath: draft) }
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let source = try DatabaseQueue(path: path, configuration: configuration)
        let target = try DatabaseQueue(path: draft)
        try source.backup(to: target)
        // A copy is read where nothing can be written beside it.
        try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try target.close()
        try source.close()
        let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
        guard rename(draft, destination) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Whether a text is `major.minor.patch`, with a word behind a hyphen
    /// perhaps: versions become names of files.
    static func isVersion(_ text: String) -> Bool {
        guard text.utf8.count <= 64 else { return false }
        return text.wholeMatch(of: /[0-9]{1,9}(\.[0-9]{1,9}){2}(-[0-9A-Za-z][0-9A-Za-z.]*)?/) != nil
    }

    private static func time(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    }
}
