// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport

/// A folder that goes away with the value that owns it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ text: String, to path: String) throws {
        let file = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

/// The layers that the project ships, from the source tree.
let shippedLayers = InstalledFiles(layers: PackageFolder.url.appendingPathComponent("layers"))

/// A district of one text.
func load(_ yaml: String) throws -> District {
    let folder = try TemporaryFolder()
    try folder.write(yaml, to: "district.yaml")
    return try District.load(from: folder.url, installed: shippedLayers)
}

/// The mistakes that loading a text reports.
func mistakes(in yaml: String) throws -> [Mistake] {
    do {
        _ = try load(yaml)
        return []
    } catch let error as DistrictsError {
        return error.mistakes
    }
}
