// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

@testable import MapStyles

/// The specification's own tests, which lie outside the package.
enum SharedData {
    /// The folder of the style specification's tests; nil where there is none.
    static let styleSpecification: URL? = {
        let folder = "data/suites/maplibre-style-spec"
        if let shared = ProcessInfo.processInfo.environment["MIAOPU_SHARED"] {
            return existing(URL(fileURLWithPath: shared).appendingPathComponent(folder))
        }
        var directory = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while directory.path != "/" {
            if let found = existing(directory.appendingPathComponent("shared").appendingPathComponent(folder)) {
                return found
            }
            directory = directory.deletingLastPathComponent()
        }
        print("The shared tests of the style specification are not here; the tests that read them are skipped.")
        return nil
    }()

    private static func existing(_ url: URL) -> URL? {
        FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    static func json(_ url: URL) throws -> JSONValue {
        try JSONParser.parse(Array(Data(contentsOf: url)), limits: .default)
    }
}
