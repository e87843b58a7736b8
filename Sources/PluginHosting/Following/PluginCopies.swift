// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc

/// The copies that plugins run from. A library is checked, tried and loaded
/// from one copy, so what was checked is what runs, whatever happens meanwhile
/// to the file that a person put down.
///
/// A copy is named by the state of the files that it was made of: two hosts of
/// one district share it.
struct PluginCopies: Sendable {
    let folder: String

    /// Bytes of one plugin with all its files.
    static let maxBytes = 1 << 30
    /// Copies of one plugin that are kept: other hosts may run from them.
    private static let kept = 8

    init(stateFolder: String) {
        folder = "\(stateFolder)/plugins/copies"
    }

    /// The plugin in its copy, which is made when it is not there. What is no
    /// regular file is given back as it lies; looking at it says why it is refused.
    ///
    /// - Throws: `.failedToStart` when it cannot be copied, `.tooLarge`.
    func copy(of sighting: PluginSighting) throws(PluginHostingError) -> PluginFolder.Candidate {
        let original = sighting.candidate
        guard sighting.mayChange, PluginTree.kind(of: original.library) == S_IFREG else { return original }
        let source = original.resourceFolder ?? original.library
        let name = (source as NSString).lastPathComponent
        let place = "\(folder)/\(name)-\(Self.hash("\(source)\n\(sighting.mark)"))"
        var copy = original
        copy.library = "\(place)/\((original.library as NSString).lastPathComponent)"
        copy.original = original.library
        copy.originalFolder = original.resourceFolder
        if original.resourceFolder != nil { copy.resourceFolder = place }
        if Self.size(of: copy.library) != Self.size(of: original.library) {
            do {
                try make(original, at: place)
            } catch let error as PluginHostingError {
                throw error
            } catch {
                throw PluginHostingError(
                    .failedToStart, original.library,
                    "\(original.library) is not loaded: it cannot be copied to \(folder): \(error.localizedDescription)")
            }
        }
        // The time says which copies are in use, for whoever removes old ones.
        utimes(place, nil)
        removeOld(of: name, besides: place)
        return copy
    }

    /// Whether a path is that of a copy of a library.
    static func isCopy(_ path: String, of library: String) -> Bool {
        let name = (library as NSString).lastPathComponent
        return path.contains("/plugins/copies/") && (path as NSString).lastPathComponent == name
    }

    private func make(_ original: PluginFolder.Candidate, at place: String) throws {
        let manager = FileManager.default
        let draft = "\(folder)/.draft-\(getpid())-\(UUID().uuidString)"
        try manager.createDirectory(
            atPath: draft, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? manager.removeItem(atPath: draft) }
        guard let source = original.resourceFolder else {
            let name = (original.library as NSString).lastPathComponent
            try Self.check(bytes: Self.size(of: original.library) ?? 0, files: 1, original.library)
            try Self.checkIsReadable(original.library, of: original.library)
            try manager.copyItem(atPath: original.library, toPath: "\(draft)/\(name)")
            return try put(draft, at: place)
        }
        let entries = PluginTree.entries(of: source)
        let bytes = entries.reduce(0) { $1.isFolder ? $0 : $0 + (Self.size(of: "\(source)/\($1.path)") ?? 0) }
        try Self.check(bytes: bytes, files: entries.count, source)
        for entry in entries {
            if entry.isFolder {
                try manager.createDirectory(atPath: "\(draft)/\(entry.path)", withIntermediateDirectories: true)
            } else {
                try Self.checkIsReadable("\(source)/\(entry.path)", of: original.library)
                try manager.copyItem(atPath: "\(source)/\(entry.path)", toPath: "\(draft)/\(entry.path)")
            }
        }
        try put(draft, at: place)
    }

    /// Another host may have put the same copy there meanwhile.
    private func put(_ draft: String, at place: String) throws {
        if rename(draft, place) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.moveItem(atPath: draft, toPath: place)
    }

    private func removeOld(of name: String, besides place: String) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasPrefix("\(name)-") && $0.utf8.count == name.utf8.count + 17
        }
        let byAge = names.map { "\(folder)/\($0)" }.filter { $0 != place }.sorted { Self.time(of: $0) > Self.time(of: $1) }
        for old in byAge.dropFirst(Self.kept - 1) { try? FileManager.default.removeItem(atPath: old) }
    }

    private static func checkIsReadable(_ file: String, of library: String) throws(PluginHostingError) {
        guard access(file, R_OK) == 0 else {
            let subject = file == library ? "it" : file
            throw PluginHostingError(
                .failedToStart, library,
                "\(library) is not loaded: \(subject) cannot be read; the host needs permission to.")
        }
    }

    private static func check(bytes: Int, files: Int, _ path: String) throws(PluginHostingError) {
        guard bytes <= maxBytes, files <= PluginTree.maxFiles else {
            throw PluginHostingError(
                .tooLarge, path,
                "\(path) is not loaded: it has \(files) files of \(bytes >> 20) MB; at most \(PluginTree.maxFiles) of "
                    + "\(maxBytes >> 20) MB are accepted.")
        }
    }

    private static func size(of path: String) -> Int? {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private static func time(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    }

    /// FNV-1a in 16 digits: names have to differ, and nobody gains by a collision.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
