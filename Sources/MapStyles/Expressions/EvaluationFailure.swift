// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why an expression has no value for a feature. The property then takes its
/// default.
///
/// The sentence is written only when somebody reads it, because a field that a
/// layer lacks makes every one of its features fail.
public struct EvaluationFailure: Error, CustomStringConvertible, Sendable {
    enum Reason: Sendable {
        case mismatch(expected: ExpressionType, found: StyleValue)
        case unparsable(ExpressionType, StyleValue)
        case message(String)
    }

    let path: ExpressionPath
    let reason: Reason

    init(_ reason: Reason, at path: ExpressionPath) {
        self.path = path
        self.reason = reason
    }

    /// Where in the property's expression the failure arose, as in `[2][1]`;
    /// empty for its root.
    public var location: String { path.description }

    /// What was wrong, in one sentence.
    public var description: String {
        switch reason {
        case .mismatch(let expected, let found):
            "Expected value to be of type \(expected), but found \(found.type) instead."
        case .unparsable(let type, .string(let text)): "Could not parse \(type) from value '\(text)'"
        case .unparsable(let type, let value): "Could not parse \(type) from value '\(value.json.text)'"
        case .message(let message): message
        }
    }
}

/// The way from a property's value to a part of it, kept as a linked list so
/// that a parser makes one without copying the others.
final class ExpressionPath: Sendable, CustomStringConvertible {
    private let parent: ExpressionPath?
    private let index: Int

    static let root = ExpressionPath(parent: nil, index: 0)

    private init(parent: ExpressionPath?, index: Int) {
        self.parent = parent
        self.index = index
    }

    func appending(_ index: Int) -> ExpressionPath { ExpressionPath(parent: self, index: index) }

    var description: String {
        guard let parent else { return "" }
        return "\(parent)[\(index)]"
    }
}
