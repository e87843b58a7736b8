// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Checks a style document against the specification and collects all
/// mistakes.
struct StyleValidator {
    let style: JSONValue
    let limits: StyleLimits
    private(set) var issues: [StyleIssue] = []

    init(style: JSONValue, limits: StyleLimits = .default) {
        self.style = style
        self.limits = limits
    }

    mutating func note(
        _ path: String, _ message: String, at value: JSONValue?, hint: String? = nil,
        severity: StyleIssue.Severity = .error
    ) {
        let line = value.flatMap { $0.line > 0 ? $0.line : nil }
        issues.append(StyleIssue(path: path, message: message, hint: hint, line: line, severity: severity))
    }

    mutating func validate() {
        guard style.object != nil else {
            note("", "object expected, \(style.typeName) found", at: style)
            return
        }
    }
}
