// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Where an installed `miaopu` keeps what it was shipped with.
///
/// An installation holds `bin/miaopu` and `share/miaopu/…`; a build tree holds
/// the same folders at its root. Nothing is taken from the current folder.
public struct InstalledFiles: Hashable, Sendable {
    /// The shipped layer definitions; nil when none were found.
    public var layers: URL?
    /// The files of the map viewer; nil when none were found.
    public var web: URL?

    public init(layers: URL? = nil, web: URL? = nil) {
        self.layers = layers
        self.web = web
    }

    /// Looks for each folder in the environment (`MIAOPU_LAYERS`, `MIAOPU_WEB`),
    /// in `../share/miaopu` beside the executable's folder, then upwards from the
    /// executable to the root of a build tree.
    public static func located(
        environment: [String: String] = ProcessInfo.processInfo.environment, executable: URL? = runningExecutable
    ) -> InstalledFiles {
        InstalledFiles(
            layers: folder(
                named: "layers", inBuildTree: ["layers"], variable: environment["MIAOPU_LAYERS"],
                executable: executable),
            web: folder(
                named: "web", inBuildTree: ["share/miaopu/web", ".build/web"], variable: environment["MIAOPU_WEB"],
                executable: executable))
    }

    /// The file that this process runs, with symbolic links followed.
    public static var runningExecutable: URL? {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            return URL(fileURLWithPath: path)
        }
        return Bundle.main.executableURL?.resolvingSymlinksInPath()
    }

    private static func folder(
        named name: String, inBuildTree places: [String], variable: String?, executable: URL?
    ) -> URL? {
        if let variable, !variable.isEmpty {
            let url = URL(fileURLWithPath: variable, isDirectory: true)
            return isFolder(url) ? url : nil
        }
        guard let executable else { return nil }
        let folder = executable.deletingLastPathComponent()
        let shared = folder.deletingLastPathComponent().appendingPathComponent("share/miaopu/\(name)")
        if isFolder(shared) { return shared }
        var ancestor = folder
        while ancestor.path != "/" {
            let manifest = ancestor.appendingPathComponent("Package.swift")
            if FileManager.default.fileExists(atPath: manifest.path) {
                for place in places {
                    let candidate = ancestor.appendingPathComponent(place)
                    if isFolder(candidate) { return candidate }
                }
            }
            ancestor.deleteLastPathComponent()
        }
        return nil
    }

    private static func isFolder(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
