// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The part of a page that is generated: the figures, and every test that does
/// not pass strictly with its reason.
struct PageTable {
    private static let marks = ("<!-- render tests -->", "<!-- end of render tests -->")

    /// By the beginning of a test's name.
    private var reasons: [(prefix: String, reason: String)] = []

    /// - Parameter reasonsFile: lines of a name or its beginning, a tab, and why
    ///   such tests fail; the first that fits counts.
    init(reasonsFile: String?) throws {
        guard let reasonsFile else { return }
        for line in try String(contentsOfFile: reasonsFile, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2 { reasons.append((String(parts[0]), String(parts[1]))) }
        }
    }

    private func reason(_ outcome: Outcome) -> String {
        if let known = reasons.first(where: { outcome.name.hasPrefix($0.prefix) }) { return known.reason }
        if let failure = outcome.failure { return failure }
        let missing = Set(outcome.notDrawn.compactMap { $0.components(separatedBy: ": ").last }).sorted()
        if !missing.isEmpty { return "not drawn: " + missing.joined(separator: ", ") }
        return outcome.isClose ? "edges differ" : "not looked into"
    }

    func write(summary: [String], outcomes: [Outcome], to file: String) throws {
        let page = try String(contentsOfFile: file, encoding: .utf8)
        guard let start = page.range(of: Self.marks.0), let end = page.range(of: Self.marks.1) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let rows = outcomes.filter { !$0.isStrict }.map { outcome in
            "| `\(outcome.name)` | \(percent(outcome.share)) | \(reason(outcome)) |"
        }
        let lines = summary + ["", "| test | differs | because |", "|---|---|---|"] + rows
        let text = page[..<start.upperBound] + "\n" + lines.joined(separator: "\n") + "\n" + page[end.lowerBound...]
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
}
