// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc
import PluginMessages

/// Puts plugins into a district's folder, takes them out, and puts an earlier
/// version back. A host that serves the district follows by itself.
///
/// Two of them do not work at the same time; a second one waits.
public struct PluginInstaller: Sendable {
    /// What was done.
    public struct Change: Hashable, Sendable {
        /// The plugin's id.
        public let id: String
        /// The version that is in the folder now; nil: none.
        public let version: String?
        /// The version that was there before and is kept; nil: none.
        public let former: String?
        /// Where the plugin lies now, or is kept.
        public let path: String
        /// What its check found, of one that was installed.
        public internal(set) var findings: [PluginFinding] = []
    }

    let folder: String
    let configuration: PluginHostConfiguration

    /// Earlier versions of one plugin that are kept: the newest.
    static let kept = 3

    /// Names the district's folder of plugins.
    public init(folder: String, configuration: PluginHostConfiguration) {
        self.folder = folder
        self.configuration = configuration
    }

    /// Puts a library, or a folder with one, into the district's folder under
    /// the plugin's id, once it has started on a copy of the plugin's data and
    /// passed the check, with leaks where valgrind is there.
    ///
    /// - Parameter looksForLeaks: that runs the plugin outside of a confined child.
    /// - Throws: why a host would refuse it; `.invalid` for what is no file or
    ///   folder, or holds links. Nothing was changed then.
    public func install(_ source: String, looksForLeaks: Bool = true) throws(PluginHostingError) -> Change {
        try locked { () throws(PluginHostingError) in
            let draft = try InstallationDraft(of: source, in: folder)
            defer { draft.remove() }
            let (id, version) = try draft.identity(configuration)
            var check = configuration.check
            check.looksForLeaks = looksForLeaks
            let findings = try draft.trial(configuration, id: id, data: versions(of: id).database, check: check)
            var change = try put(draft, id: id, version: version)
            change.findings = findings
            return change
        }
    }

    /// Takes a plugin out of the district's folder and keeps it; its data stay.
    ///
    /// - Throws: `.notFound` when it is not there.
    public func remove(_ id: String) throws(PluginHostingError) -> Change {
        try Self.check(id)
        return try locked { () throws(PluginHostingError) in
            guard let installed = try installed(id) else { throw missing(id) }
            let path = try keep(installed, of: id)
            try attempt(id) { try FileManager.default.removeItem(atPath: installed.path) }
            return Change(id: id, version: nil, former: installed.version, path: path)
        }
    }

    /// Puts the version back that was there before the present one, which is
    /// kept in turn.
    ///
    /// - Parameter withData: also the data as that version left them. The host
    ///   does it when it starts that version, after a backup of the present ones.
    /// - Throws: `.notFound` when there is none, and why a host would refuse it.
    public func rollBack(_ id: String, withData: Bool) throws(PluginHostingError) -> Change {
        try Self.check(id)
        return try locked { () throws(PluginHostingError) in
            let versions = versions(of: id)
            let (earlier, backup) = try earlier(id, withData: withData)
            let place = "\(versions.folder)/\(earlier)"
            guard let name = (try? FileManager.default.contentsOfDirectory(atPath: place))?.first else {
                throw PluginHostingError(.notFound, id, "\(place) is empty.")
            }
            let draft = try InstallationDraft(of: "\(place)/\(name)", in: folder)
            defer { draft.remove() }
            _ = try draft.trial(configuration, id: id, data: withData ? backup : versions.database)
            // Before the library: the host looks at both when it sees the library.
            versions.wishedBackup = withData ? earlier : nil
            let change = try put(draft, id: id, version: earlier)
            try? FileManager.default.removeItem(atPath: place)
            return change
        }
    }

    /// What a rollback with data would take away; nothing is changed.
    ///
    /// - Throws: as `rollBack`, as far as that is known without a trial.
    public func lossOfRollingBack(_ id: String) throws(PluginHostingError) -> PluginDataLoss {
        try Self.check(id)
        return try locked { () throws(PluginHostingError) in
            let (version, backup) = try earlier(id, withData: true)
            return PluginDataLoss(version: version, backup: backup, database: versions(of: id).database)
        }
    }

    /// Copies a plugin's database, also that of one that is gone, into one file.
    ///
    /// - Throws: `.notFound` when there is none, `.failed` with the system's reason.
    public func exportDatabase(of id: String, to file: String) throws(PluginHostingError) {
        try Self.check(id)
        let versions = versions(of: id)
        guard versions.hasDatabase else {
            throw PluginHostingError(
                .notFound, id, "The plugin \(id) has no data here: there is no \(versions.database).")
        }
        try attempt(id) { try PluginVersions.copy(versions.database, to: file) }
    }

    // MARK: - Parts

    /// A plugin in the district's folder.
    struct Installed {
        /// The library, or the plugin's own folder.
        var path: String
        var version: String
    }

    private func put(_ draft: InstallationDraft, id: String, version: String) throws(PluginHostingError) -> Change {
        let installed = try installed(id)
        if let installed, installed.version != version { _ = try keep(installed, of: id) }
        let target = "\(folder)/\(id)\(draft.isFolder ? "" : ".so")"
        if target != installed?.path, PluginTree.kind(of: target) != nil {
            throw PluginHostingError(
                .invalid, id, "\(target) is there already and is another plugin; move it away first.")
        }
        try attempt(id) {
            if let installed, installed.path != target { try FileManager.default.removeItem(atPath: installed.path) }
            try draft.place(at: target, replacing: installed?.path == target)
        }
        let former = installed?.version == version ? nil : installed?.version
        return Change(id: id, version: version, former: former, path: target)
    }

    /// The version before the present one, and its data.
    private func earlier(
        _ id: String, withData: Bool
    ) throws(PluginHostingError) -> (version: String, backup: String) {
        let installed = try installed(id)
        guard let earlier = keptVersions(of: id).first(where: { $0 != installed?.version }) else {
            throw PluginHostingError(.notFound, id, "No earlier version of the plugin \(id) is kept.")
        }
        let backup = versions(of: id).backup(of: earlier)
        guard !withData || FileManager.default.fileExists(atPath: backup) else {
            throw PluginHostingError(
                .notFound, id, "The data that version \(earlier) of the plugin \(id) left are not kept.")
        }
        return (earlier, backup)
    }

    /// The plugin of an id in the folder; nil when there is none.
    private func installed(_ id: String) throws(PluginHostingError) -> Installed? {
        var found: [Installed] = []
        let plugins = PluginFolder(path: folder, holdsOnlyPlugins: true, hosting: .process)
        for candidate in plugins.candidates() {
            // What cannot be tried has no id.
            guard let manifest = try? configuration.manifest(of: candidate), manifest.id == id else {
                continue
            }
            found.append(Installed(path: candidate.resourceFolder ?? candidate.library, version: manifest.version))
        }
        guard found.count < 2 else {
            throw PluginHostingError(
                .invalid, id,
                "There are two plugins \(id), \(found[0].path) and \(found[1].path); remove one of the two first.")
        }
        return found.first.map { installed in
            let isVersion = PluginVersions.isVersion(installed.version)
            return Installed(path: installed.path, version: isVersion ? installed.version : "0.0.0")
        }
    }

    /// Copies a plugin to where earlier versions are kept.
    ///
    /// - Returns: its folder there.
    private func keep(_ installed: Installed, of id: String) throws(PluginHostingError) -> String {
        let versions = versions(of: id)
        let place = "\(versions.folder)/\(installed.version)"
        try attempt(id) {
            let manager = FileManager.default
            try? manager.removeItem(atPath: place)
            try manager.createDirectory(atPath: place, withIntermediateDirectories: true)
            try manager.copyItem(
                atPath: installed.path, toPath: "\(place)/\((installed.path as NSString).lastPathComponent)")
        }
        for old in keptVersions(of: id).dropFirst(Self.kept) {
            try? FileManager.default.removeItem(atPath: "\(versions.folder)/\(old)")
        }
        return place
    }

    /// The newest first.
    private func keptVersions(of id: String) -> [String] {
        let folder = versions(of: id).folder
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let names = all.filter(PluginVersions.isVersion)
        func time(_ name: String) -> Date {
            let found = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return found?[.modificationDate] as? Date ?? .distantPast
        }
        return names.sorted { time($0) > time($1) }
    }

    private func versions(of id: String) -> PluginVersions {
        PluginVersions(plugin: id, stateFolder: configuration.stateFolder)
    }

    private func missing(_ id: String) -> PluginHostingError {
        PluginHostingError(
            .notFound, id,
            "There is no plugin \(id) in \(folder). One that came with Miaopu is left out by plugins: in district.yaml.")
    }

    private static func check(_ id: String) throws(PluginHostingError) {
        guard PluginContract.isIdentifier(id) else {
            throw PluginHostingError(
                .invalid, id,
                "\"\(id.prefix(40))\" is no plugin's id; an id is 1 to 32 of a-z, 0-9 and -, beginning with a letter.")
        }
    }

    private func locked<Value>(_ body: () throws(PluginHostingError) -> Value) throws(PluginHostingError) -> Value {
        let place = "\(configuration.stateFolder)/plugins"
        try attempt(folder) {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let lock = open("\(place)/.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        defer { if lock >= 0 { close(lock) } }
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw PluginHostingError(
                .failed, place, "\(place)/.lock cannot be locked: \(String(cString: strerror(errno))).")
        }
        return try body()
    }

    private func attempt(_ subject: String, _ body: () throws -> Void) throws(PluginHostingError) {
        do {
            try body()
        } catch let error as PluginHostingError {
            throw error
        } catch {
            throw PluginHostingError(
                .failed, subject, "\(subject): the files cannot be put in place: \(error.localizedDescription)")
        }
    }
}
