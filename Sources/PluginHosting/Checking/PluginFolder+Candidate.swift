// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

extension PluginFolder {
    /// The plugin at a path: a library, or a folder with one.
    ///
    /// - Throws: `.notFound` when there is none, or more than one.
    static func candidate(at path: String) throws(PluginHostingError) -> Candidate {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.notFound, path, "\(path): \(reason).")
        }
        // A link is a candidate too, and refused when it is read.
        guard (try? FileManager.default.attributesOfItem(atPath: path)) != nil else { throw refuse("nothing is there") }
        let candidates = PluginFolder.around(path).candidates()
        guard let first = candidates.first else {
            throw refuse("no plugin is there; a library (.so) is expected, or a folder with a plugin in it")
        }
        guard candidates.count == 1 else {
            let names = candidates.map { URL(fileURLWithPath: $0.library).lastPathComponent }
            throw refuse("there are \(names.count) plugins, \(names.joined(separator: " and ")); name one of them")
        }
        return first
    }

    /// The folder in which a library or a plugin's folder lies, with nothing else
    /// of it looked at.
    static func around(_ path: String) -> PluginFolder {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        var folder = PluginFolder(
            path: url.deletingLastPathComponent().path, holdsOnlyPlugins: true, hosting: .process)
        folder.only = url.lastPathComponent
        return folder
    }
}
