// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `at`: an element of an array.
final class AtNode: ExpressionNode {
    let index: ExpressionNode
    let array: ExpressionNode

    init(_ index: ExpressionNode, in array: ExpressionNode, type: ExpressionType, at path: ExpressionPath) {
        self.index = index
        self.array = array
        super.init(type, at: path, children: [index, array])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let index = try index.number(context)
        let value = try array.evaluate(context)
        guard case .array(let elements) = value else { throw array.mismatch(array.type, value) }
        guard index >= 0 else { throw failure("Array index out of bounds: \(index.javaScriptText) < 0.") }
        guard index < Double(elements.count) else {
            throw failure("Array index out of bounds: \(index.javaScriptText) > \(elements.count - 1).")
        }
        guard index == index.rounded(.down) else {
            throw failure("Array index must be an integer, but found \(index.javaScriptText) instead.")
        }
        return elements[Int(index)]
    }
}

/// `in` and `index-of`: where a value stands in an array or a text. Positions
/// in text count Unicode scalars.
final class SearchNode: ExpressionNode {
    enum Question: Sendable {
        case contains, index
    }

    let question: Question
    let needle: ExpressionNode
    let haystack: ExpressionNode
    let start: ExpressionNode?

    init(
        _ question: Question, _ needle: ExpressionNode, in haystack: ExpressionNode, from start: ExpressionNode?,
        at path: ExpressionPath
    ) {
        self.question = question
        self.needle = needle
        self.haystack = haystack
        self.start = start
        super.init(
            question == .contains ? .boolean : .number, at: path,
            children: [needle, haystack] + (start.map { [$0] } ?? []))
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        switch question {
        case .contains: .boolean(try boolean(context))
        case .index: .number(Double(try position(context) ?? -1))
        }
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        try position(context) != nil
    }

    private func position(_ context: EvaluationContext) throws(EvaluationFailure) -> Int? {
        let needle = try needle.evaluate(context)
        let haystack = try haystack.evaluate(context)
        if question == .contains, !haystack.isTruthy { return nil }
        switch needle {
        case .null, .boolean, .number, .string: break
        default:
            throw failure(
                "Expected first argument to be of type boolean, string, number or null, but found "
                    + "\(needle.type) instead.")
        }
        let first = try start?.number(context) ?? 0
        switch haystack {
        case .array(let elements):
            let count = Double(elements.count)
            let begin = first < 0 ? max(0, count + first) : first
            guard begin < count else { return nil }
            return elements[Int(begin)...].firstIndex(of: needle)
        case .string(let text):
            if question == .contains, case .string(let part) = needle { return text.contains(part) ? 0 : nil }
            let part = needle.isNull ? "null" : needle.text
            return Self.position(
                of: Array(part.unicodeScalars), in: Array(text.unicodeScalars), from: Int(max(0, min(first, 1e9))))
        default:
            throw failure(
                "Expected second argument to be of type array or string, but found \(haystack.type) instead.")
        }
    }

    private static func position(of part: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int) -> Int? {
        if part.isEmpty { return min(start, text.count) }
        guard part.count <= text.count, start <= text.count - part.count else { return nil }
        return (start...text.count - part.count).first { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}

/// `slice`: a part of an array or a text.
final class SliceNode: ExpressionNode {
    let input: ExpressionNode
    let begin: ExpressionNode
    let end: ExpressionNode?

    init(_ input: ExpressionNode, from begin: ExpressionNode, to end: ExpressionNode?, at path: ExpressionPath) {
        self.input = input
        self.begin = begin
        self.end = end
        super.init(input.type.sliced, at: path, children: [input, begin] + (end.map { [$0] } ?? []))
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let input = try input.evaluate(context)
        let begin = try begin.number(context)
        let end = try end?.number(context)
        func range(_ count: Int) -> Range<Int> {
            func bounded(_ position: Double) -> Int {
                let whole = position.rounded(.towardZero)
                return Int(min(Double(count), max(0, whole < 0 ? Double(count) + whole : whole)))
            }
            let first = begin.isNaN ? 0 : bounded(begin)
            return first..<max(first, end.map { $0.isNaN ? 0 : bounded($0) } ?? count)
        }
        switch input {
        case .array(let elements): return .array(Array(elements[range(elements.count)]))
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            var part = String.UnicodeScalarView()
            part.append(contentsOf: scalars[range(scalars.count)])
            return .string(String(part))
        default:
            throw failure(
                "Expected first argument to be of type array or string, but found \(input.type) instead.")
        }
    }
}

extension ExpressionType {
    /// The type of a part of a value of this type, whose length is unknown.
    fileprivate var sliced: ExpressionType {
        if case .array(let element, _) = self { .array(of: element, count: nil) } else { self }
    }
}

/// `length`: the number of elements of an array, or of Unicode scalars.
final class LengthNode: ExpressionNode {
    let input: ExpressionNode

    init(_ input: ExpressionNode, at path: ExpressionPath) {
        self.input = input
        super.init(.number, at: path, children: [input])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        switch try input.evaluate(context) {
        case .array(let elements): return .number(Double(elements.count))
        case .string(let text): return .number(Double(text.unicodeScalars.count))
        case let value:
            throw failure("Expected value to be of type string or array, but found \(value.type) instead.")
        }
    }
}

/// `semiliteral`: an array whose elements are expressions.
final class ElementsNode: ExpressionNode {
    let elements: [ExpressionNode]

    init(_ elements: [ExpressionNode], at path: ExpressionPath) {
        self.elements = elements
        var common = elements.first?.type ?? .value
        for element in elements.dropFirst() where element.type != common { common = .value }
        super.init(.array(of: common, count: elements.count), at: path, children: elements)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        var values: [StyleValue] = []
        for element in elements { values.append(try element.evaluate(context)) }
        return .array(values)
    }
}
