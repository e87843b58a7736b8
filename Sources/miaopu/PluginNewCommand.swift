// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import PluginHosting

struct PluginNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes the package of a new plugin: a layer, its style, a page, tests, a README.",
        discussion: "It builds with `swift build`, and what it shows is yours to change.")

    @Argument(help: "The plugin's id: 1 to 32 of a-z, 0-9 and -, beginning with a letter.")
    var name: String

    @Argument(help: "The folder, which must not be there yet; left out: a folder of the plugin's name.")
    var directory: String?

    @Option(help: "Where Miaopu is checked out; left out: the checkout in which this program was built.")
    var sdk: String?

    func run() throws {
        guard PluginTemplate.isIdentifier(name) else {
            throw CommandError(
                .wrongUse,
                "“\(name.prefix(60))” cannot be a plugin's id: 1 to 32 of a-z, 0-9 and -, beginning with a letter, are "
                    + "accepted.")
        }
        let folder = URL(fileURLWithPath: directory ?? name, isDirectory: true).standardizedFileURL
        guard (try? FileManager.default.attributesOfItem(atPath: folder.path)) == nil else {
            throw CommandError(.wrongUse, "\(directory ?? name) is there already; name a folder that is not.")
        }
        let parent = folder.deletingLastPathComponent()
        guard FileManager.default.fileExists(atPath: parent.path) else {
            throw CommandError(.wrongUse, "There is no folder \(parent.path) to put \(folder.lastPathComponent) into.")
        }
        let template = PluginTemplate(id: name, sdk: try checkout().path)
        try template.write(to: folder)
        print("The plugin \(name) is in \(directory ?? name). Next:")
        print("  cd \(directory ?? name)")
        print("  swift build")
        print("  miaopu plugin check .build/debug/lib\(template.name)Plugin.so")
    }

    /// The folder of Miaopu's package.
    private func checkout() throws -> URL {
        if let sdk {
            let folder = URL(fileURLWithPath: sdk, isDirectory: true).standardizedFileURL
            guard Self.isCheckout(folder) else {
                throw CommandError(.wrongUse, "\(sdk) is no checkout of Miaopu; its tools/sdk is looked for.")
            }
            return folder
        }
        var folder = InstalledFiles.runningExecutable?.deletingLastPathComponent()
        while let candidate = folder, candidate.path != "/" {
            if Self.isCheckout(candidate) { return candidate }
            folder = candidate.deletingLastPathComponent()
        }
        throw CommandError(
            .wrongUse,
            "This miaopu does not lie in the checkout that it was built in; name the checkout with --sdk DIR.")
    }

    private static func isCheckout(_ folder: URL) -> Bool {
        ["tools/sdk/Package.swift", "Sources/MiaopuSDK"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
    }
}
