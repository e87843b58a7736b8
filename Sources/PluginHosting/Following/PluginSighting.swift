// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc

/// A library where it lies, and the state that its files are in.
struct PluginSighting: Hashable, Sendable {
    var candidate: PluginFolder.Candidate
    /// Names, inodes, sizes and times of the plugin's files: changes when one of
    /// them is written to or replaced. Empty for a folder that does not change.
    var mark: String
    /// The path of the folder that it was found in.
    var folder: String
    var mayChange: Bool

    /// What lies in a folder now. Nothing is opened.
    static func all(in folder: PluginFolder) -> [PluginSighting] {
        folder.candidates().map { candidate in
            PluginSighting(
                candidate: candidate, mark: folder.mayChange ? mark(of: candidate) : "", folder: folder.path,
                mayChange: folder.mayChange)
        }
    }

    /// A plugin with a folder of its own is all that is in the folder, besides
    /// hidden files and what Python keeps of its own.
    private static func mark(of candidate: PluginFolder.Candidate) -> String {
        guard let folder = candidate.resourceFolder else { return line(candidate.library) }
        return PluginTree.entries(of: folder).map { "\($0.path) \(line(folder + "/" + $0.path))" }
            .joined(separator: "\n")
    }

    /// The state that a file is in, for comparing.
    static func line(_ path: String) -> String {
        var status = stat()
        guard lstat(path, &status) == 0 else { return "-" }
        return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_mode)"
    }
}

/// The files of a plugin that has a folder of its own.
enum PluginTree {
    struct Entry: Hashable, Sendable {
        /// Below the folder.
        var path: String
        var isFolder: Bool
    }

    /// Files that are looked at; a plugin with more is refused when it is copied.
    static let maxFiles = 4096
    private static let maxDepth = 16

    /// Regular files and folders by path, a folder before what is in it. Links
    /// and everything else that is no file are left out.
    static func entries(of folder: String) -> [Entry] {
        var found: [Entry] = []
        collect(folder, "", depth: 0, &found)
        return found
    }

    private static func collect(_ root: String, _ prefix: String, depth: Int, _ found: inout [Entry]) {
        guard depth < maxDepth,
            let names = try? FileManager.default.contentsOfDirectory(atPath: prefix.isEmpty ? root : "\(root)/\(prefix)")
        else { return }
        for name in names.sorted() where !name.hasPrefix(".") && name != "__pycache__" {
            guard found.count <= maxFiles else { return }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            switch kind(of: "\(root)/\(path)") {
            case S_IFDIR:
                found.append(Entry(path: path, isFolder: true))
                collect(root, path, depth: depth + 1, &found)
            case S_IFREG: found.append(Entry(path: path, isFolder: false))
            default: break
            }
        }
    }

    /// The kind of a file by the bits of its mode, links not followed; nil when
    /// it is not there.
    static func kind(of path: String) -> mode_t? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT
    }
}
