// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Real maps and the test suites of other projects. They lie beside the package
/// and are no part of it: `../shared`, or where `MIAOPU_SHARED` points.
public enum SharedData {
    /// The folder, whether it is there or not.
    public static let folder: URL =
        ProcessInfo.processInfo.environment["MIAOPU_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? PackageFolder.url.deletingLastPathComponent().appendingPathComponent("shared")

    /// A file or a folder in it, as in `data/suites/pngsuite`; nil when it is not
    /// there, which is printed, since the tests that need it are then skipped.
    public static func url(_ path: String) -> URL? {
        let url = folder.appendingPathComponent(path)
        if FileManager.default.fileExists(atPath: url.path) { return url }
        print("skipped: \(path) is not in \(folder.path)")
        return nil
    }
}

/// The folder of the package that is tested.
public enum PackageFolder {
    /// Where Package.swift lies. Links on the way are followed, since a smaller
    /// package may be made of links to a part of this one.
    public static let url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
