// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `case`: the output of the first condition that holds.
final class CaseNode: ChoosingNode {
    private let branches: [(condition: ExpressionNode, output: ExpressionNode)]
    private let otherwise: ExpressionNode

    init(
        _ branches: [(condition: ExpressionNode, output: ExpressionNode)], otherwise: ExpressionNode,
        type: ExpressionType, at path: ExpressionPath
    ) {
        self.branches = branches
        self.otherwise = otherwise
        super.init(
            deciding: branches.map(\.condition), outputs: branches.map(\.output) + [otherwise], type: type, at: path)
    }

    override func chosen(_ context: EvaluationContext) throws(EvaluationFailure) -> ExpressionNode {
        for branch in branches where try branch.condition.boolean(context) { return branch.output }
        return otherwise
    }
}

/// `match`: the output of the label that equals the input.
final class MatchNode: ChoosingNode {
    enum Labels: Sendable {
        /// A few labels, compared one after the other: quicker than hashing.
        case fewStrings([(label: String, output: Int)])
        case strings([String: Int])
        case numbers([Double: Int])
    }

    private static let fewLabels = 6

    let input: ExpressionNode
    let labels: Labels
    private let otherwise: ExpressionNode
    /// The slot of the attribute that is the input.
    private let attribute: Int?

    init(
        input: ExpressionNode, strings: [(label: String, output: Int)], numbers: [Double: Int],
        outputs: [ExpressionNode], otherwise: ExpressionNode, type: ExpressionType, at path: ExpressionPath
    ) {
        self.input = input
        attribute = (input as? GetNode)?.slot
        self.otherwise = otherwise
        labels =
            !numbers.isEmpty
            ? .numbers(numbers)
            : strings.count <= Self.fewLabels
                ? .fewStrings(strings) : .strings(Dictionary(strings.map { ($0.label, $0.output) }) { $1 })
        super.init(deciding: [input], outputs: outputs + [otherwise], type: type, at: path)
    }

    override func chosen(_ context: EvaluationContext) throws(EvaluationFailure) -> ExpressionNode {
        let output: Int?
        if let attribute, case .fewStrings(let labels) = labels {
            guard let string = context.string(attribute) else { return otherwise }
            for (label, output) in labels where label == string { return outputs[output] }
            return otherwise
        }
        switch (labels, try input.evaluate(context)) {
        case (.fewStrings(let labels), .string(let string)):
            output = labels.first { $0.label == string }?.output
        case (.strings(let labels), .string(let string)): output = labels[string]
        case (.numbers(let labels), .number(let number)): output = labels[number]
        default: output = nil
        }
        return output.map { outputs[$0] } ?? otherwise
    }
}

/// `coalesce`: the first argument that is not null.
final class CoalesceNode: ExpressionNode {
    let arguments: [ExpressionNode]

    init(_ arguments: [ExpressionNode], type: ExpressionType, at path: ExpressionPath) {
        self.arguments = arguments
        super.init(type, at: path, children: arguments)
        for argument in arguments {
            if case .none = argument.zoomCurve { continue }
            offer(argument.zoomCurve, children: arguments)
            break
        }
    }

    override var hasLiteralOutputs: Bool { arguments.allSatisfy(\.hasLiteralOutputs) }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        // Of images, the first that the sprite has; when it has none, the
        // first that was asked for.
        var firstImage: ImageReference?
        for argument in arguments {
            let value = try argument.evaluate(context)
            if case .image(let image) = value, !image.isAvailable, context.availableImages != nil {
                firstImage = firstImage ?? image
            } else if !value.isNull {
                return value
            }
        }
        return firstImage.map(StyleValue.image) ?? .null
    }
}

/// `all` and `any`, which stop at the first argument that decides.
final class LogicNode: ExpressionNode {
    let deciding: Bool
    let arguments: [ExpressionNode]

    /// - Parameter deciding: true for `any`, false for `all`.
    init(deciding: Bool, _ arguments: [ExpressionNode], at path: ExpressionPath) {
        self.deciding = deciding
        self.arguments = arguments
        super.init(.boolean, at: path, children: arguments)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .boolean(try boolean(context))
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        for argument in arguments where try argument.boolean(context) == deciding { return deciding }
        return !deciding
    }
}

/// `!`.
final class NotNode: ExpressionNode {
    let argument: ExpressionNode

    init(_ argument: ExpressionNode, at path: ExpressionPath) {
        self.argument = argument
        super.init(.boolean, at: path, children: [argument])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .boolean(try !argument.boolean(context))
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        try !argument.boolean(context)
    }
}

/// `let`: names for results, each computed at most once.
final class LetNode: ExpressionNode {
    let slots: Range<Int>
    let result: ExpressionNode

    init(slots: Range<Int>, bindings: [ExpressionNode], result: ExpressionNode, at path: ExpressionPath) {
        self.slots = slots
        self.result = result
        super.init(result.type, at: path, children: bindings + [result])
        offer(result.zoomCurve, children: bindings + [result])
    }

    override var hasLiteralOutputs: Bool { result.hasLiteralOutputs }

    private func enter(_ context: EvaluationContext) {
        while context.variables.count < slots.upperBound { context.variables.append(nil) }
        for slot in slots { context.variables[slot] = nil }
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        enter(context)
        return try result.evaluate(context)
    }
}

/// `var`: a result that `let` named.
final class VariableNode: ExpressionNode {
    let slot: Int
    let bound: ExpressionNode

    init(slot: Int, bound: ExpressionNode, at path: ExpressionPath) {
        self.slot = slot
        self.bound = bound
        super.init(bound.type, at: path, children: [bound])
        // The curve, if there is one, is found where it was bound.
        zoomCurve = .none
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        if slot < context.variables.count, let value = context.variables[slot] { return value }
        let value = try bound.evaluate(context)
        while context.variables.count <= slot { context.variables.append(nil) }
        context.variables[slot] = value
        return value
    }
}
