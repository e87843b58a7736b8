// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// Whether a manifest says what a host can work with.
enum ManifestCheck {
    /// Lets a manifest pass.
    ///
    /// - Parameter library: where it comes from, for the sentence.
    /// - Throws: `.invalid` or `.incompatible` with the first thing that is wrong.
    static func check(_ manifest: WireManifest, library: String) throws(PluginHostingError) {
        func refuse(
            _ reason: String, _ kind: PluginHostingError.Kind = .invalid
        ) -> PluginHostingError {
            PluginHostingError(kind, library, "\(library) is not loaded: \(reason).")
        }
        let id = manifest.id
        guard PluginContract.isIdentifier(id) else {
            throw refuse(
                "its id is \"\(id.prefix(40))\"; an id is 1 to 32 of a-z, 0-9 and -, beginning with a letter")
        }
        guard manifest.contractVersion == PluginContract.version else {
            throw refuse(
                "the plugin \(id) speaks version \(manifest.contractVersion) of the plugin contract, and this host "
                    + "version \(PluginContract.version)", .incompatible)
        }
        guard PluginVersions.isVersion(manifest.version) else {
            throw refuse(
                "the plugin \(id) has the version \"\(manifest.version.prefix(40))\"; major.minor.patch is accepted, "
                    + "as in 1.0.0")
        }
        let known = PluginContract.permissions
        if let unknown = manifest.permissions.first(where: { !known.contains($0) }) {
            throw refuse(
                "the plugin \(id) asks for the permission \"\(unknown.prefix(40))\", which this host does not know; "
                    + "known are \(known.sorted().joined(separator: ", "))")
        }
        if !manifest.subscriptions.isEmpty, !manifest.permissions.contains("events") {
            throw refuse("the plugin \(id) subscribes to events and does not ask for the permission \"events\"")
        }
        guard manifest.pages.count <= PluginContract.maxPages, manifest.exports.count <= PluginContract.maxPages else {
            throw refuse(
                "the plugin \(id) has \(manifest.pages.count) pages and \(manifest.exports.count) exports; at most "
                    + "\(PluginContract.maxPages) of each are accepted")
        }
        for path in manifest.pages.map(\.path) + manifest.exports.map(\.path) where !isPath(path) {
            throw refuse(
                "the plugin \(id) has a page or an export at \"\(path.prefix(40))\"; a path begins with / and holds "
                    + "letters, digits, -, _, . and / only, without an empty part and without ..")
        }
        for export in manifest.exports {
            guard PluginContract.isIdentifier(export.name), isFileName(export.fileName) else {
                throw refuse(
                    "the plugin \(id) has the export \"\(export.name.prefix(40))\" with the file name "
                        + "\"\(export.fileName.prefix(40))\"; a name is 1 to 32 of a-z, 0-9 and -, beginning with a "
                        + "letter, and a file name 1 to 100 of letters, digits, -, _ and .")
            }
        }
        guard Set(manifest.exports.map(\.name)).count == manifest.exports.count else {
            throw refuse("the plugin \(id) has two exports of one name")
        }
    }

    private static func isPath(_ path: String) -> Bool {
        guard path.hasPrefix("/"), path.utf8.count <= 200 else { return false }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return path == "/" || parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && isName($0) }
    }

    private static func isFileName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && !name.hasPrefix(".") && isName(name[...])
    }

    private static func isName(_ text: Substring) -> Bool {
        text.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x30...0x39).contains($0)
                || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e
        }
    }
}
