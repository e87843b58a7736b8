// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The package that `plugin new` writes.
struct PluginTemplate {
    /// The plugin's id.
    let id: String
    /// The folder of Miaopu's own package.
    let sdk: String

    /// Whether a text can be a plugin's id. `id` of a template is one: it becomes
    /// a part of paths.
    static func isIdentifier(_ text: String) -> Bool {
        text.wholeMatch(of: /[a-z][a-z0-9-]{0,31}/) != nil
    }

    /// What targets and types begin with: `park-benches` becomes `ParkBenches`.
    var name: String {
        id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Paths in the package, and what stands there.
    var files: [(path: String, text: String)] {
        let sources = "Sources/\(name)Plugin"
        let templates: [(String, [UInt8])] = [
            ("Package.swift", PackageResources.Package_swift_template),
            ("\(sources)/\(name)Map.swift", PackageResources.Plugin_swift_template),
            ("\(sources)/Place.swift", PackageResources.Place_swift_template),
            ("\(sources)/PlacePage.swift", PackageResources.PlacePage_swift_template),
            ("\(sources)/Styles/places.json", PackageResources.places_json_template),
            ("Tests/\(name)PluginTests/\(name)PluginTests.swift", PackageResources.Tests_swift_template),
            ("README.md", PackageResources.README_md_template),
            (".gitignore", PackageResources.gitignore_template),
            ("ci.sh", PackageResources.ci_sh_template),
        ]
        return templates.map { path, bytes in (path, filledIn(String(decoding: bytes, as: UTF8.self))) }
    }

    private func filledIn(_ text: String) -> String {
        // The path stands in a Swift string.
        let path = sdk.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        return text.replacingOccurrences(of: "{{id}}", with: id).replacingOccurrences(of: "{{Name}}", with: name)
            .replacingOccurrences(of: "{{sdk}}", with: path)
    }

    /// Writes the package into a folder that is not there yet: all of it, or
    /// nothing.
    ///
    /// - Throws: when the folder cannot be made or written to.
    func write(to folder: URL) throws {
        let building = folder.deletingLastPathComponent()
            .appendingPathComponent(".\(folder.lastPathComponent).\(UUID().uuidString)")
        do {
            for file in files {
                let url = building.appendingPathComponent(file.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url)
            }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: building.appendingPathComponent("ci.sh").path)
            try versions()?.write(to: building.appendingPathComponent("Package.resolved"))
            try FileManager.default.moveItem(at: building, to: folder)
        } catch {
            try? FileManager.default.removeItem(at: building)
            throw error
        }
    }

    /// The versions that Miaopu itself is built with, of what the SDK needs:
    /// nothing has to be fetched anew. Nil where they are not known.
    private func versions() throws -> Data? {
        let file = URL(fileURLWithPath: sdk).appendingPathComponent("Package.resolved")
        guard let data = try? Data(contentsOf: file),
            let all = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let pins = all["pins"] as? [[String: Any]]
        else { return nil }
        let needed = pins.filter { $0["identity"] as? String == "swift-protobuf" }
        return try JSONSerialization.data(
            withJSONObject: ["pins": needed, "version": all["version"] ?? 3], options: [.prettyPrinted, .sortedKeys])
    }
}
