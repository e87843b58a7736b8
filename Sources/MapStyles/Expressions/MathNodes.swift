// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A function of one number.
final class UnaryMathNode: ExpressionNode {
    enum Operation: String, Sendable, CaseIterable {
        case sqrt, log10, ln, log2, sin, cos, tan, asin, acos, atan, abs, round, floor, ceil
        case negate = "-"
    }

    let operation: Operation
    let argument: ExpressionNode

    init(_ operation: Operation, _ argument: ExpressionNode, at path: ExpressionPath) {
        self.operation = operation
        self.argument = argument
        super.init(.number, at: path, children: [argument])
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        let value = try argument.number(context)
        return switch operation {
        case .sqrt: value.squareRoot()
        case .log10: Foundation.log10(value)
        case .ln: Foundation.log(value)
        case .log2: Foundation.log2(value)
        case .sin: Foundation.sin(value)
        case .cos: Foundation.cos(value)
        case .tan: Foundation.tan(value)
        case .asin: Foundation.asin(value)
        case .acos: Foundation.acos(value)
        case .atan: Foundation.atan(value)
        case .abs: Swift.abs(value)
        case .round: value.rounded(.toNearestOrAwayFromZero)
        case .floor: value.rounded(.down)
        case .ceil: value.rounded(.up)
        case .negate: -value
        }
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .number(try number(context))
    }
}

/// A function of several numbers, taken from left to right.
final class FoldingMathNode: ExpressionNode {
    enum Operation: String, Sendable, CaseIterable {
        case add = "+"
        case multiply = "*"
        case subtract = "-"
        case divide = "/"
        case remainder = "%"
        case power = "^"
        case min, max

        /// How many arguments there must be; nil for any number.
        var count: Int? {
            switch self {
            case .add, .multiply, .min, .max: nil
            case .subtract, .divide, .remainder, .power: 2
            }
        }

        /// What stands for no arguments.
        var identity: Double {
            switch self {
            case .multiply: 1
            case .min: .infinity
            case .max: -.infinity
            default: 0
            }
        }
    }

    let operation: Operation
    let arguments: [ExpressionNode]

    init(_ operation: Operation, _ arguments: [ExpressionNode], at path: ExpressionPath) {
        self.operation = operation
        self.arguments = arguments
        super.init(.number, at: path, children: arguments)
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        guard let first = arguments.first else { return operation.identity }
        var result = try first.number(context)
        for index in 1..<max(1, arguments.count) {
            let value = try arguments[index].number(context)
            switch operation {
            case .add: result += value
            case .multiply: result *= value
            case .subtract: result -= value
            case .divide: result /= value
            case .remainder: result = result.truncatingRemainder(dividingBy: value)
            case .power: result = pow(result, value)
            case .min: result = result.isNaN || value.isNaN ? .nan : Swift.min(result, value)
            case .max: result = result.isNaN || value.isNaN ? .nan : Swift.max(result, value)
            }
        }
        return result
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .number(try number(context))
    }
}

/// `==`, `!=`, `<`, `<=`, `>`, `>=`.
final class ComparisonNode: ExpressionNode {
    enum Operation: String, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="

        var isOrder: Bool { self != .equal && self != .notEqual }

        func accepts(_ type: ExpressionType) -> Bool {
            switch type {
            case .string, .number, .value, .error: true
            case .boolean, .null: !isOrder
            default: false
            }
        }
    }

    let operation: Operation
    let lhs: ExpressionNode
    let rhs: ExpressionNode
    let collator: ExpressionNode?
    private let areNumbers: Bool
    /// The attribute and the text of a comparison of just those.
    private let textTest: (slot: Int, text: String)?

    init(
        _ operation: Operation, _ lhs: ExpressionNode, _ rhs: ExpressionNode, collator: ExpressionNode?,
        at path: ExpressionPath
    ) {
        self.operation = operation
        self.lhs = lhs
        self.rhs = rhs
        self.collator = collator
        if !operation.isOrder, collator == nil, let attribute = lhs as? GetNode,
            case .string(let text)? = (rhs as? LiteralNode)?.value
        {
            textTest = (attribute.slot, text)
        } else {
            textTest = nil
        }
        areNumbers = lhs.type == .number && rhs.type == .number
        super.init(.boolean, at: path, children: [lhs, rhs] + (collator.map { [$0] } ?? []))
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .boolean(try boolean(context))
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        if let textTest {
            return (context.string(textTest.slot) == textTest.text) == (operation == .equal)
        }
        if areNumbers { return compare(try lhs.number(context), try rhs.number(context)) }
        switch (try lhs.evaluate(context), try rhs.evaluate(context)) {
        case (.string(let a), .string(let b)):
            if let collator {
                guard case .collator(let rules) = try collator.evaluate(context) else { return false }
                return compare(rules.compare(a, b), 0)
            }
            switch operation {
            case .equal: return a == b
            case .notEqual: return a != b
            case .less: return a.utf16.lexicographicallyPrecedes(b.utf16)
            case .greater: return b.utf16.lexicographicallyPrecedes(a.utf16)
            case .lessOrEqual: return !b.utf16.lexicographicallyPrecedes(a.utf16)
            case .greaterOrEqual: return !a.utf16.lexicographicallyPrecedes(b.utf16)
            }
        case (.number(let a), .number(let b)): return compare(a, b)
        case (let a, let b):
            if operation.isOrder {
                throw failure(
                    "Expected arguments for \"\(operation.rawValue)\" to be (string, string) or (number, number), "
                        + "but found (\(a.type.name), \(b.type.name)) instead.")
            }
            let isEqual =
                switch (a, b) {
                case (.null, .null): true
                case (.boolean(let a), .boolean(let b)): a == b
                case (.color(let a), .color(let b)): a == b
                default: false
                }
            return isEqual == (operation == .equal)
        }
    }

    private func compare<T: Comparable>(_ a: T, _ b: T) -> Bool {
        switch operation {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }
}
