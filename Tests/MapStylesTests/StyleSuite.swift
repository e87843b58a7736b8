// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport

@testable import MapStyles

/// The specification's own tests, which lie outside the package.
enum StyleSuite {
    /// Their folder; nil where there is none.
    static let folder = SharedData.url("data/suites/maplibre-style-spec")

    static func json(_ url: URL) throws -> JSONValue {
        try JSONParser.parse(Array(Data(contentsOf: url)), limits: .default)
    }
}
