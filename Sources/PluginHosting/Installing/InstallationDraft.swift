// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc
import PluginMessages
import SwiftProtobuf

/// A copy of a plugin beside the place that it is to have, where no host looks.
struct InstallationDraft {
    let isFolder: Bool
    private let source: String
    /// The hidden folder of the draft.
    private let place: String
    private let copy: String

    /// Copies a library, or a folder with one.
    ///
    /// - Throws: `.invalid` for links and for what is no file, `.tooLarge`.
    init(of source: String, in folder: String) throws(PluginHostingError) {
        func refuse(_ reason: String, _ kind: PluginHostingError.Kind = .invalid) -> PluginHostingError {
            PluginHostingError(kind, source, "\(source) is not installed: \(reason).")
        }
        let trimmed = source.count > 1 && source.hasSuffix("/") ? String(source.dropLast()) : source
        let name = (trimmed as NSString).lastPathComponent
        guard !name.isEmpty, name != ".", name != "..", name != "/", !name.hasPrefix(".") else {
            throw refuse("\"\(name)\" is no name for a plugin's file or folder")
        }
        switch PluginTree.kind(of: trimmed) {
        case S_IFREG: isFolder = false
        case S_IFDIR: isFolder = true
        case S_IFLNK: throw refuse("it is a symbolic link; name the library or the folder itself")
        case nil: throw refuse("there is no such file or folder", .notFound)
        default: throw refuse("it is no regular file and no folder")
        }
        self.source = trimmed
        place = "\(folder)/.install-\(UUID().uuidString)"
        copy = "\(place)/\(name)"
        if isFolder, let link = Self.firstOddity(in: trimmed) {
            throw refuse("it holds \(link), which is a link or no file; only files and folders are installed")
        }
        do {
            let entries = isFolder ? PluginTree.entries(of: trimmed) : []
            guard entries.count <= PluginTree.maxFiles else {
                throw refuse("it has more than \(PluginTree.maxFiles) files", .tooLarge)
            }
            let files = isFolder ? entries.filter { !$0.isFolder }.map { "\(trimmed)/\($0.path)" } : [trimmed]
            if let file = files.first(where: { access($0, R_OK) != 0 }) {
                throw refuse("\(file == trimmed ? "it" : file) cannot be read; you need permission to")
            }
            let bytes = try files.reduce(0) { sum, file in
                sum + ((try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0)
            }
            guard bytes <= PluginCopies.maxBytes else {
                throw refuse("it has \(bytes >> 20) MB; at most \(PluginCopies.maxBytes >> 20) MB are accepted", .tooLarge)
            }
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: trimmed, toPath: copy)
        } catch let error as PluginHostingError {
            try? FileManager.default.removeItem(atPath: place)
            throw error
        } catch {
            try? FileManager.default.removeItem(atPath: place)
            let reason = error.localizedDescription
            throw refuse("it cannot be copied: \(reason.hasSuffix(".") ? String(reason.dropLast()) : reason)", .failed)
        }
    }

    /// What a library says it is.
    ///
    /// - Throws: why a host would not load it.
    func identity(
        _ configuration: PluginHostConfiguration
    ) throws(PluginHostingError) -> (id: String, version: String) {
        let candidate = try candidate()
        do throws(PluginHostingError) {
            let manifest = try configuration.manifest(of: candidate)
            try ManifestCheck.check(manifest, library: candidate.library)
            return (manifest.id, manifest.version)
        } catch {
            throw candidate.named(error)
        }
    }

    /// Starts the plugin as a host would, with a copy of data and nothing else
    /// of the district.
    ///
    /// - Parameters:
    ///   - data: a database; where there is none the plugin starts without.
    ///   - check: made in full; nil: as at a start, for a version that was here before.
    /// - Returns: what the check found, where it is asked for in full.
    /// - Throws: why it does not start.
    func trial(
        _ configuration: PluginHostConfiguration, id: String, data: String, check: PluginCheck? = nil
    ) throws(PluginHostingError) -> [PluginFinding] {
        let state = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-trial-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: state) }
        do {
            try FileManager.default.createDirectory(
                at: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            if FileManager.default.fileExists(atPath: data) {
                try PluginVersions.copy(data, to: state.appendingPathComponent("\(id).sqlite").path)
            }
        } catch {
            throw PluginHostingError(
                .failed, id, "\(source) is not installed: a copy of its data for a trial failed: \(error.localizedDescription)")
        }
        var trial = configuration
        trial.folders = [PluginFolder(path: place, holdsOnlyPlugins: true, hosting: .process)]
        trial.plugins = nil
        trial.stateFolder = state.path
        trial.servesDistrict = false
        trial.keepsJournal = false
        let candidate = try candidate()
        let host = PluginHost(trial)
        defer { host.stop() }
        for description in host.descriptions {
            if case .refused(let sentence) = description.state {
                throw candidate.named(PluginHostingError(.failedToStart, id, sentence))
            }
        }
        guard configuration.folders.contains(where: \.needsAdmission) else { return [] }
        let admissions = PluginAdmissions(stateFolder: configuration.stateFolder)
        do throws(PluginHostingError) {
            if let check { return try admissions.examine(candidate, check: check).findings }
            try admissions.admit(candidate, check: configuration.check)
            return []
        } catch {
            throw candidate.named(error)
        }
    }

    /// Moves the draft to its place in one step. A folder cannot be renamed over
    /// another: that one leaves a moment earlier, less than a host waits before
    /// it believes that a plugin is gone.
    func place(at target: String, replacing: Bool) throws {
        if replacing, isFolder, rename(target, "\(place)/former") != 0 {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        guard rename(copy, target) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Removes what is left of the draft.
    func remove() {
        try? FileManager.default.removeItem(atPath: place)
    }

    /// The plugin in the draft, with the name that the person typed.
    private func candidate() throws(PluginHostingError) -> PluginFolder.Candidate {
        let candidates = PluginFolder(path: place, holdsOnlyPlugins: true, hosting: .process).candidates()
        guard candidates.count == 1, var candidate = candidates.first else {
            throw PluginHostingError(
                .notAPlugin, source,
                "\(source) is not installed: it holds \(candidates.count) libraries (.so); exactly one, or a plugin.json, is "
                    + "a plugin.")
        }
        candidate.original = isFolder ? "\(source)/\((candidate.library as NSString).lastPathComponent)" : source
        candidate.originalFolder = isFolder ? source : nil
        return candidate
    }

    /// The first thing in a folder that is neither a file nor a folder.
    private static func firstOddity(in folder: String) -> String? {
        guard let all = FileManager.default.enumerator(atPath: folder) else { return nil }
        var count = 0
        for case let path as String in all {
            count += 1
            let kind = PluginTree.kind(of: "\(folder)/\(path)")
            if kind != S_IFREG && kind != S_IFDIR { return path }
            if count > 2 * PluginTree.maxFiles { return nil }
        }
        return nil
    }
}

extension PluginHostConfiguration {
    /// What a plugin says of itself in a child that is gone afterwards.
    ///
    /// - Throws: why a host would not load it.
    func manifest(of candidate: PluginFolder.Candidate) throws(PluginHostingError) -> WireManifest {
        let loader = PluginLoader(configuration: self, services: HostServices(), publish: { _ in }, journal: nil)
        if let manifest = try loader.look(at: candidate) { return manifest }
        return try loader.firstWords(of: try loader.process(nil, of: candidate, receiver: Reception()), candidate)
    }
}
