// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One mistake or doubt in a style document.
public struct StyleIssue: Hashable, Sendable, CustomStringConvertible {
    /// Whether a style with the issue is refused.
    public enum Severity: String, Sendable {
        case error, warning
    }

    /// Where, as in `layers[3].paint.fill-color[2]`; empty for the document.
    public var path: String
    /// What is wrong.
    public var message: String
    /// What would be accepted, where the message does not say so.
    public var hint: String?
    /// The line of the document, from 1; nil when unknown.
    public var line: Int?
    public var severity: Severity

    public init(
        path: String, message: String, hint: String? = nil, line: Int? = nil, severity: Severity = .error
    ) {
        self.path = path
        self.message = message
        self.hint = hint
        self.line = line
        self.severity = severity
    }

    /// The issue in one line, with place and cure.
    public var description: String {
        let place = line.map { "line \($0): " } ?? ""
        let subject = path.isEmpty ? "" : "\(path): "
        guard let hint else { return place + subject + message }
        return place + subject + message + (message.hasSuffix(".") ? " " : ". ") + hint
    }
}

/// Why a text is no style that can be drawn.
public struct MapStylesError: Error, CustomStringConvertible, Sendable {
    /// All mistakes, in document order.
    public var issues: [StyleIssue]

    public init(issues: [StyleIssue]) { self.issues = issues }

    public var description: String {
        let lines = issues.map { "  \($0)" }
        let count = issues.count == 1 ? "one mistake" : "\(issues.count) mistakes"
        return "The style has \(count):\n" + lines.joined(separator: "\n")
    }
}
