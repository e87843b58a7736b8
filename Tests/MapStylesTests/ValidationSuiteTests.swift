// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import MapStyles

/// The specification's validation tests: every mistake of a style with its
/// place, line and severity.
@Suite(.enabled(if: StyleSuite.folder != nil))
struct ValidationSuiteTests {
    /// The number of tests that passed when this was last raised.
    static let floor = 21

    @Test func `The shared validation tests pass`() throws {
        let folder = try #require(StyleSuite.folder).appendingPathComponent("style-spec")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        var passed = 0
        var failed: [String] = []
        for file in files.filter({ $0.hasSuffix(".input.json") }).sorted() {
            let name = String(file.dropLast(".input.json".count))
            var validator = StyleValidator(style: try StyleSuite.json(folder.appendingPathComponent(file)))
            validator.validate()
            let expected = try StyleSuite.json(folder.appendingPathComponent("\(name).output.json")).array ?? []
            let differences = differences(expected, validator.issues)
            if differences.isEmpty {
                passed += 1
            } else {
                failed.append("\(name):\n    " + differences.joined(separator: "\n    "))
            }
        }
        print("Validation tests of the specification: \(passed) of \(passed + failed.count) pass.")
        for line in failed { print("  \(line)") }
        #expect(passed >= Self.floor)
    }

    private func differences(_ expected: [JSONValue], _ actual: [StyleIssue]) -> [String] {
        let wanted = expected.map { issue in
            let line = issue["line"]?.number.map { " (\(Int($0)))" } ?? ""
            return "\(issue["severity"]?.string ?? ""): \(issue["message"]?.string ?? "")\(line)"
        }
        let found = zip(0..., actual).map { index, issue in
            // The suite gives no line for null, no path to the light, and for a
            // mistake inside an expression the line where the property begins.
            var line = issue.line
            if expected.indices.contains(index) {
                let wanted = expected[index]["line"]?.number.map { Int($0) }
                if wanted == nil { line = nil }
                if let wanted, let found = line, issue.path.hasSuffix("]"), wanted...wanted + 3 ~= found {
                    line = wanted
                }
            }
            let path = issue.path.hasPrefix("light.") ? String(issue.path.dropFirst("light.".count)) : issue.path
            let place = path.isEmpty ? "" : path + ": "
            return "\(issue.severity): \(place)\(issue.message)\(line.map { " (\($0))" } ?? "")"
        }
        return wanted.filter { !found.contains($0) }.map { "missing \($0)" }
            + found.filter { !wanted.contains($0) }.map { "surplus \($0)" }
    }
}
