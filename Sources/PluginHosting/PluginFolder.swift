// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A folder in which libraries are looked for.
public struct PluginFolder: Hashable, Sendable {
    /// The folder's path.
    public var path: String
    /// Whether everything in it should be a plugin, so that a file that is none
    /// is refused with a line; in other folders such files are passed over.
    public var holdsOnlyPlugins: Bool
    /// Where a plugin out of it runs when the district does not say.
    public var hosting: PluginHostConfiguration.Hosting
    /// Whether only plugins are let in that pass the check or are waived.
    public var needsAdmission: Bool
    /// The one name that is looked at; nil: all.
    var only: String?
    /// Whether plugins come, go and change in it while the host runs. They are
    /// run from copies then, so that whoever writes over a library does not
    /// write over running code.
    public var mayChange: Bool

    /// Names a folder.
    public init(
        path: String, holdsOnlyPlugins: Bool, hosting: PluginHostConfiguration.Hosting = .inProcess,
        needsAdmission: Bool = false, mayChange: Bool = false
    ) {
        self.needsAdmission = needsAdmission
        self.path = path
        self.holdsOnlyPlugins = holdsOnlyPlugins
        self.hosting = hosting
        self.mayChange = mayChange
    }

    /// A library that may be a plugin.
    struct Candidate: Hashable, Sendable {
        /// Its path, or that of the `plugin.json` that names a command; no folder on
        /// it is a symbolic link.
        var library: String
        /// The plugin's own folder, when it has one.
        var resourceFolder: String?
        var mustBePlugin: Bool
        var hosting: PluginHostConfiguration.Hosting
        var needsAdmission = false
        /// Where the library lies that this one is a copy of; nil: it is none.
        var original: String?
        /// The same of the plugin's own folder.
        var originalFolder: String?
    }

    /// The libraries of the folder by name: `*.so` in it, and in a folder of
    /// plugins those one level deeper, or a command's `plugin.json`; that folder
    /// is the plugin's own. A folder that is not there has none.
    ///
    /// What cannot be read, and a symbolic link, is a candidate that is refused
    /// when it is looked at: a link could lead to a folder that others may change.
    func candidates() -> [Candidate] {
        let root = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        return names(in: root.path).filter { only == nil || $0 == only }.flatMap { name -> [Candidate] in
            let entry = root.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: entry.path, isDirectory: &isFolder) else { return [] }
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: entry.path)) != nil
            if !isFolder.boolValue || isLink {
                guard name.hasSuffix(".so") || (isFolder.boolValue && holdsOnlyPlugins) else { return [] }
                return [
                    Candidate(
                        library: entry.path, resourceFolder: nil, mustBePlugin: holdsOnlyPlugins, hosting: hosting,
                        needsAdmission: needsAdmission)
                ]
            }
            guard holdsOnlyPlugins else { return [] }
            let names = names(in: entry.path)
            // Beside it, libraries are the command's own.
            let isCommand = names.contains(PluginCommand.fileName)
            return names.filter { isCommand ? $0 == PluginCommand.fileName : $0.hasSuffix(".so") }.map {
                Candidate(
                    library: entry.appendingPathComponent($0).path, resourceFolder: entry.path, mustBePlugin: true,
                    hosting: hosting, needsAdmission: needsAdmission)
            }
        }
    }

    private func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }
}
