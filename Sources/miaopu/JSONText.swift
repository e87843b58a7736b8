// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What verbs print with `--json`: indented, with sorted keys.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
