// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A mistake in an expression.
struct ExpressionFault: Error, Sendable {
    /// Where, as in `[2][1]`.
    var location: String
    var message: String
    /// What would be accepted, where that is known.
    var hint: String?
    /// The line of the document; 0 when unknown.
    var line: Int
}

/// Turns the JSON of an expression into nodes: checks types, adds the
/// assertions and conversions that the specification implies, and folds what
/// is constant.
struct ExpressionParser {
    /// How a value of an unknown type becomes one of the type that is expected.
    enum Annotation {
        case assert, coerce, omit
    }

    /// What all parts of one expression share.
    final class Shared {
        var names: PropertyNames
        var faults: [ExpressionFault] = []
        var variableCount = 0
        let folding = EvaluationContext()

        init(names: PropertyNames) { self.names = names }
    }

    let shared: Shared
    var path: ExpressionPath
    var expected: ExpressionType?
    var variables: [String: (slot: Int, node: ExpressionNode)]

    init(names: PropertyNames, expected: ExpressionType?) {
        shared = Shared(names: names)
        path = .root
        self.expected = expected
        variables = [:]
    }

    /// Notes a mistake in the part at hand, or in a part of it; always nil.
    @discardableResult
    func fault(_ message: String, at index: Int? = nil, line: Int = 0, hint: String? = nil) -> ExpressionNode? {
        let place = index.map { path.appending($0) } ?? path
        shared.faults.append(
            ExpressionFault(location: place.description, message: message, hint: hint, line: line))
        return nil
    }

    /// Whether a type fits; notes the mistake when it does not.
    func check(_ expected: ExpressionType, _ actual: ExpressionType, at index: Int? = nil, line: Int = 0) -> Bool {
        guard let refusal = expected.refusal(of: actual) else { return true }
        fault(refusal, at: index, line: line)
        return false
    }

    /// Parses an argument.
    func parse(
        _ json: JSONValue, at index: Int, as expected: ExpressionType? = nil, annotation: Annotation? = nil
    ) -> ExpressionNode? {
        var inner = self
        inner.path = path.appending(index)
        inner.expected = expected
        return inner.parse(json, annotation: annotation)
    }

    /// Parses the part at hand.
    func parse(_ json: JSONValue, annotation: Annotation? = nil) -> ExpressionNode? {
        switch json.content {
        case .null, .boolean, .number, .string:
            return finish(LiteralNode(StyleValue(json), at: path), line: json.line, annotation: annotation)
        case .object:
            return fault("Bare objects invalid. Use [\"literal\", {...}] instead.", line: json.line)
        case .array(let arguments):
            guard let first = arguments.first else {
                return fault(
                    "Expected an array with at least one element. If you wanted a literal array, use "
                        + "[\"literal\", []].", line: json.line)
            }
            guard let name = first.string else {
                return fault(
                    "Expression name must be a string, but found \(first.javaScriptTypeName) instead. If you wanted "
                        + "a literal array, use [\"literal\", [...]].", at: 0, line: json.line)
            }
            guard let operation = Self.operators[name] else {
                return fault(
                    "Unknown expression \"\(name)\". If you wanted a literal array, use [\"literal\", [...]].",
                    at: 0, line: json.line, hint: didYouMean(name, Self.operators.keys))
            }
            guard let node = operation(self, arguments, json.line) else { return nil }
            return finish(node, line: json.line, annotation: annotation)
        }
    }

    /// Brings a node to the expected type and folds it when it is constant.
    private func finish(_ parsed: ExpressionNode, line: Int, annotation: Annotation?) -> ExpressionNode? {
        var node = parsed
        if let expected {
            let actual = node.type
            switch Self.annotation(from: actual, to: expected) {
            case let implied?:
                switch annotation ?? implied {
                case .assert: node = AssertionNode(expected, [node], at: path)
                case .coerce: node = CoercionNode(expected, [node], at: path)
                case .omit: break
                }
            case nil: guard check(expected, actual, line: line) else { return nil }
            }
        }
        return fold(node, line: line)
    }

    private func fold(_ node: ExpressionNode, line: Int) -> ExpressionNode? {
        guard !node.isLiteral, node.dependencies.isConstant else { return node }
        do {
            return LiteralNode(try node.evaluate(shared.folding), type: node.type, at: path)
        } catch {
            shared.faults.append(
                ExpressionFault(location: path.description, message: error.description, hint: nil, line: line))
            return nil
        }
    }

    private static func annotation(from actual: ExpressionType, to expected: ExpressionType) -> Annotation? {
        let isArray = if case .array = actual { true } else { false }
        switch expected {
        case .string, .number, .boolean, .object, .array: return actual == .value ? .assert : nil
        case .color, .formatted, .resolvedImage: return actual == .value || actual == .string ? .coerce : nil
        case .projectionDefinition: return actual == .value || actual == .string || isArray ? .coerce : nil
        case .padding, .numberArray: return actual == .value || actual == .number || isArray ? .coerce : nil
        case .colorArray: return actual == .value || actual == .string || isArray ? .coerce : nil
        case .variableAnchorOffsetCollection: return actual == .value || isArray ? .coerce : nil
        default: return nil
        }
    }
}
