// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Plugins that were all in a call when a host died, of which one did it. None is
/// kept out for that: their calls take turns until the next death tells, or a
/// day has passed without one.
struct JournalSuspects {
    private let file: URL

    /// Of a folder of journals.
    init(folder: URL) {
        file = folder.appendingPathComponent("suspects.json")
    }

    private static let patience = 86_400.0

    /// Empty when there are none, or the file cannot be read.
    var plugins: Set<String> {
        let date = (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
        guard let date, date.timeIntervalSinceNow > -Self.patience, let data = try? Data(contentsOf: file) else {
            return []
        }
        return (try? JSONDecoder().decode(Set<String>.self, from: data)) ?? []
    }

    /// Writes down the suspects of one more death; none: it is known who it was.
    ///
    /// - Throws: when the state folder cannot be written to.
    func set(_ plugins: Set<String>) throws {
        if plugins.isEmpty {
            try? FileManager.default.removeItem(at: file)
        } else {
            try JSONEncoder().encode(plugins.sorted()).write(to: file, options: .atomic)
        }
    }
}
