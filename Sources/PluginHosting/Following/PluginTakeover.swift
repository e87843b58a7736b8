// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The start of a plugin on a database that another version of it wrote, or
/// that another one still serves: afterwards there is the new version with its
/// tables, or everything as before.
struct PluginTakeover {
    private let versions: PluginVersions
    private let version: String
    private let predecessor: PluginDatabase?
    /// The database as it was; nil when there was none, or the version is the
    /// one that ran last.
    private let backup: String?
    private let isFirst: Bool

    /// Backs the database up, and has the plugin that still serves read from
    /// the backup.
    ///
    /// - Parameters:
    ///   - predecessor: of the plugin that serves until the new one has started.
    ///   - lastVersion: the predecessor's version.
    /// - Throws: `.failedToStart` when no backup can be made: nothing is started
    ///   that could not be taken back.
    init(
        _ versions: PluginVersions, to version: String, predecessor: PluginDatabase?, lastVersion: String?
    ) throws(PluginHostingError) {
        self.versions = versions
        self.version = version
        self.predecessor = predecessor
        isFirst = !versions.hasDatabase && predecessor == nil
        let last = lastVersion ?? versions.last
        let wish = versions.wishedBackup
        guard versions.hasDatabase, predecessor != nil || (last != nil && last != version) || wish == version else {
            backup = nil
            return
        }
        let name = last ?? version
        // What is wished for is not written over by what it replaces.
        let wished = versions.backup(of: version)
        let copy = wish == version && name == version ? versions.backup(of: "0.0.0-before") : versions.backup(of: name)
        do {
            if let predecessor {
                try predecessor.serve(fromCopy: copy) { try PluginVersions.copy(versions.database, to: copy) }
            } else {
                try PluginVersions.copy(versions.database, to: copy)
            }
            backup = copy
            if wish == version {
                guard FileManager.default.fileExists(atPath: wished) else { throw CocoaError(.fileNoSuchFile) }
                try versions.restore(from: wished)
            }
        } catch {
            predecessor?.serveFromItself()
            if wish == version { versions.wishedBackup = nil }
            throw PluginHostingError(
                .failedToStart, versions.plugin,
                "The plugin \(versions.plugin) is not loaded: its data cannot be backed up before version \(version) "
                    + "is started: \(error.localizedDescription)")
        }
    }

    /// The new version runs.
    func finish() {
        if versions.wishedBackup == version { versions.wishedBackup = nil }
        try? versions.noteStart(of: version)
        versions.removeOldBackups()
    }

    /// The new version did not start: its database is closed, and all that it
    /// wrote is taken back.
    ///
    /// - Returns: a sentence when that failed; else nil.
    func revert(closing database: PluginDatabase) -> String? {
        database.close()
        var complaint: String?
        if let backup {
            do {
                try versions.restore(from: backup)
            } catch {
                complaint =
                    "The data of the plugin \(versions.plugin) could not be put back as they were before version "
                    + "\(version); they are in \(backup): \(error)"
            }
        } else if isFirst {
            versions.removeDatabase()
        }
        if versions.wishedBackup == version { versions.wishedBackup = nil }
        predecessor?.serveFromItself()
        return complaint
    }
}
