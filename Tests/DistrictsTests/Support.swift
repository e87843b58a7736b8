// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport

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
