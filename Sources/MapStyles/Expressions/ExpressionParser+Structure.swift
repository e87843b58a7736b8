// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Operators that give structure to an expression: literals, types, branches,
// names and curves.
extension ExpressionParser {
    /// The expected type where it says something.
    private var expectedOutput: ExpressionType? { expected == .value ? nil : expected }

    func literal(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count == 2 else {
            return fault(
                "'literal' expression requires exactly one argument, but found \(arguments.count - 1) instead.",
                line: line)
        }
        let value = StyleValue(arguments[1])
        if case .array(let elements) = value, elements.isEmpty, case .array(_, let count) = expected,
            count ?? 0 == 0
        {
            return LiteralNode(value, type: expected, at: path)
        }
        return LiteralNode(value, at: path)
    }

    func semiliteral(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count == 2 else {
            return fault(
                "'semiliteral' expression requires exactly one argument, but found \(arguments.count - 1) instead.",
                line: line)
        }
        guard let elements = arguments[1].array else { return literal(arguments, line: line) }
        var inner = self
        inner.path = path.appending(1)
        var elementType: ExpressionType?
        if case .array(let element, _) = expected, element != .value { elementType = element }
        var nodes: [ExpressionNode] = []
        for (index, element) in elements.enumerated() {
            guard let node = inner.parse(element, at: index, as: elementType) else { return nil }
            nodes.append(node)
        }
        return ElementsNode(nodes, at: path)
    }

    func assertion(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 2 else { return fault("Expected at least one argument.", line: line) }
        let scalars: [String: ExpressionType] = ["string": .string, "number": .number, "boolean": .boolean]
        var first = 1
        let type: ExpressionType
        if arguments[0].string == "array" {
            var element = ExpressionType.value
            if arguments.count > 2 {
                guard let name = arguments[1].string, let scalar = scalars[name] else {
                    return fault(
                        "The item type argument of \"array\" must be one of string, number, boolean", at: 1, line: line)
                }
                element = scalar
                first = 2
            }
            var count: Int?
            if arguments.count > 3 {
                if let number = arguments[2].number, number >= 0, number == number.rounded(.down), number < 1e9 {
                    count = Int(number)
                } else if !arguments[2].isNull {
                    return fault(
                        "The length argument to \"array\" must be a positive integer literal", at: 2, line: line)
                }
                first = 3
            }
            type = .array(of: element, count: count)
        } else {
            type = arguments[0].string.flatMap { scalars[$0] } ?? .object
        }
        return values(arguments, from: first).map { AssertionNode(type, $0, at: path) }
    }

    func coercion(_ arguments: [JSONValue], to type: ExpressionType, line: Int) -> ExpressionNode? {
        guard arguments.count >= 2 else { return fault("Expected at least one argument.", line: line) }
        if type == .boolean || type == .string, arguments.count != 2 {
            return fault("Expected one argument.", line: line)
        }
        return values(arguments, from: 1).map { CoercionNode(type, $0, at: path) }
    }

    private func values(_ arguments: [JSONValue], from first: Int) -> [ExpressionNode]? {
        var nodes: [ExpressionNode] = []
        for index in first..<max(first, arguments.count) {
            guard let node = parse(arguments[index], at: index, as: .value) else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    func cases(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 4 else {
            return fault("Expected at least 3 arguments, but found only \(arguments.count - 1).", line: line)
        }
        guard arguments.count.isMultiple(of: 2) else {
            return fault("Expected an odd number of arguments.", line: line)
        }
        var outputType = expectedOutput
        var branches: [(condition: ExpressionNode, output: ExpressionNode)] = []
        for index in stride(from: 1, to: arguments.count - 1, by: 2) {
            guard let condition = parse(arguments[index], at: index, as: .boolean),
                let output = parse(arguments[index + 1], at: index + 1, as: outputType)
            else { return nil }
            outputType = outputType ?? output.type
            branches.append((condition, output))
        }
        let last = arguments.count - 1
        guard let otherwise = parse(arguments[last], at: last, as: outputType) else { return nil }
        return CaseNode(branches, otherwise: otherwise, type: outputType ?? otherwise.type, at: path)
    }

    func match(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 5 else {
            return fault("Expected at least 4 arguments, but found only \(arguments.count - 1).", line: line)
        }
        guard !arguments.count.isMultiple(of: 2) else {
            return fault("Expected an even number of arguments.", line: line)
        }
        var inputType: ExpressionType?
        var outputType = expectedOutput
        var strings: [(label: String, output: Int)] = []
        var numbers: [Double: Int] = [:]
        var seen: Set<String> = []
        var outputs: [ExpressionNode] = []
        for index in stride(from: 2, to: arguments.count - 1, by: 2) {
            let labels = arguments[index].array ?? [arguments[index]]
            let labelLine = arguments[index].line
            if labels.isEmpty { return fault("Expected at least one branch label.", at: index, line: labelLine) }
            for label in labels {
                let type: ExpressionType
                switch label.content {
                case .string(let text):
                    type = .string
                    strings.append((text, outputs.count))
                case .number(let number):
                    type = .number
                    if abs(number) > 9_007_199_254_740_991 {
                        return fault(
                            "Branch labels must be integers no larger than 9007199254740991.", at: index,
                            line: labelLine)
                    }
                    if number != number.rounded(.down) {
                        return fault("Numeric branch labels must be integer values.", at: index, line: labelLine)
                    }
                    numbers[number] = outputs.count
                default: return fault("Branch labels must be numbers or strings.", at: index, line: labelLine)
                }
                if let inputType {
                    guard check(inputType, type, at: index, line: labelLine) else { return nil }
                }
                inputType = type
                guard seen.insert(label.text).inserted else {
                    return fault("Branch labels must be unique.", at: index, line: labelLine)
                }
            }
            guard let output = parse(arguments[index + 1], at: index, as: outputType) else { return nil }
            outputType = outputType ?? output.type
            outputs.append(output)
        }
        let last = arguments.count - 1
        guard let input = parse(arguments[1], at: 1, as: .value),
            let otherwise = parse(arguments[last], at: last, as: outputType)
        else { return nil }
        if input.type != .value, let inputType {
            guard check(inputType, input.type, at: 1, line: arguments[1].line) else { return nil }
        }
        return MatchNode(
            input: input, strings: strings, numbers: numbers, outputs: outputs, otherwise: otherwise,
            type: outputType ?? otherwise.type, at: path)
    }

    func coalesce(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 2 else { return fault("Expected at least one argument.", line: line) }
        var outputType = expectedOutput
        var nodes: [ExpressionNode] = []
        for (index, argument) in arguments.enumerated().dropFirst() {
            // An assertion inside would fail on null before the next argument
            // is asked; it is put around the whole instead.
            guard let node = parse(argument, at: index, as: outputType, annotation: .omit) else { return nil }
            outputType = outputType ?? node.type
            nodes.append(node)
        }
        let needsAnnotation = expected.map { expected in nodes.contains { !expected.accepts($0.type) } } ?? false
        return CoalesceNode(nodes, type: needsAnnotation ? .value : outputType ?? .value, at: path)
    }

    func binding(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 4 else {
            return fault("Expected at least 3 arguments, but found \(arguments.count - 1) instead.", line: line)
        }
        guard arguments.count.isMultiple(of: 2) else {
            return fault("Expected an odd number of arguments.", line: line)
        }
        var inner = self
        var nodes: [ExpressionNode] = []
        let firstSlot = shared.variableCount
        shared.variableCount += (arguments.count - 2) / 2
        for index in stride(from: 1, to: arguments.count - 1, by: 2) {
            guard let name = arguments[index].string else {
                return fault(
                    "Expected string, but found \(arguments[index].javaScriptTypeName) instead.", at: index, line: line)
            }
            guard name.allSatisfy({ $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
                return fault("Variable names must contain only alphanumeric characters or '_'.", at: index, line: line)
            }
            guard let node = parse(arguments[index + 1], at: index + 1) else { return nil }
            inner.variables[name] = (firstSlot + nodes.count, node)
            nodes.append(node)
        }
        let last = arguments.count - 1
        guard let result = inner.parse(arguments[last], at: last, as: expected) else { return nil }
        return LetNode(slots: firstSlot..<firstSlot + nodes.count, bindings: nodes, result: result, at: path)
    }

    func variable(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count == 2, let name = arguments[1].string else {
            return fault("'var' expression requires exactly one string literal argument.", line: line)
        }
        guard let variable = variables[name] else {
            return fault(
                "Unknown variable \"\(name)\". Make sure \"\(name)\" has been bound in an enclosing \"let\" expression "
                    + "before using it.", at: 1, line: line, hint: didYouMean(name, variables.keys))
        }
        return VariableNode(slot: variable.slot, bound: variable.node, at: path)
    }

    func step(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 5 else {
            return fault("Expected at least 4 arguments, but found only \(arguments.count - 1).", line: line)
        }
        guard !arguments.count.isMultiple(of: 2) else {
            return fault("Expected an even number of arguments.", line: line)
        }
        guard let input = parse(arguments[1], at: 1, as: .number) else { return nil }
        guard let stops = stops(arguments, name: "step", first: 1, outputType: expectedOutput) else { return nil }
        return StepNode(
            input: input, labels: stops.labels, outputs: stops.outputs, type: stops.type, at: path)
    }

    func interpolate(_ arguments: [JSONValue], space: InterpolationSpace, line: Int) -> ExpressionNode? {
        guard let shape = arguments.dropFirst().first?.array, let kind = shape.first else {
            return fault("Expected an interpolation type expression.", at: 1, line: line)
        }
        var inner = self
        inner.path = path.appending(1)
        let interpolation: Interpolation
        switch kind.string {
        case "linear": interpolation = .linear
        case "exponential":
            guard let base = shape.dropFirst().first?.number else {
                return inner.fault("Exponential interpolation requires a numeric base.", at: 1, line: line)
            }
            interpolation = .exponential(base: base)
        case "cubic-bezier":
            let points = shape.dropFirst().compactMap(\.number)
            guard shape.count == 5, points.count == 4, points.allSatisfy({ (0...1).contains($0) }) else {
                return fault(
                    "Cubic bezier interpolation requires four numeric arguments with values between 0 and 1.", at: 1,
                    line: line)
            }
            interpolation = .cubicBezier(UnitBezier(x1: points[0], y1: points[1], x2: points[2], y2: points[3]))
        default:
            return inner.fault(
                "Unknown interpolation type \(kind.string ?? kind.text)", at: 0, line: line,
                hint: "Accepted are \"linear\", \"exponential\" and \"cubic-bezier\".")
        }
        guard arguments.count >= 5 else {
            return fault("Expected at least 4 arguments, but found only \(arguments.count - 1).", line: line)
        }
        guard !arguments.count.isMultiple(of: 2) == true else {
            return fault("Expected an even number of arguments.", line: line)
        }
        guard let input = parse(arguments[2], at: 2, as: .number) else { return nil }
        let colorsOnly = space != .rgb && expected != .colorArray
        guard
            let stops = stops(
                arguments, name: "interpolate", first: 3, outputType: colorsOnly ? .color : expectedOutput)
        else { return nil }
        guard stops.type.isInterpolatable else {
            return fault("Type \(stops.type) is not interpolatable.", line: line)
        }
        return InterpolateNode(
            interpolation, space: space, input: input, labels: stops.labels, outputs: stops.outputs,
            type: stops.type, at: path)
    }

    /// The labels and outputs of a curve; `step` has none for the first output,
    /// whose place its input takes.
    private func stops(
        _ arguments: [JSONValue], name: String, first: Int, outputType: ExpressionType?
    ) -> (labels: [Double], outputs: [ExpressionNode], type: ExpressionType)? {
        var labels: [Double] = []
        var outputs: [ExpressionNode] = []
        var outputType = outputType
        for index in stride(from: first, to: arguments.count - 1, by: 2) {
            guard let label = index == 1 ? -.infinity : arguments[index].number else {
                fault(
                    "Input/output pairs for \"\(name)\" expressions must be defined using literal numeric values (not "
                        + "computed expressions) for the input values.", at: index, line: arguments[index].line)
                return nil
            }
            if let last = labels.last, last >= label {
                fault(
                    "Input/output pairs for \"\(name)\" expressions must be arranged with input values in strictly "
                        + "ascending order.", at: index, line: arguments[index].line)
                return nil
            }
            guard let output = parse(arguments[index + 1], at: index + 1, as: outputType) else { return nil }
            outputType = outputType ?? output.type
            labels.append(label)
            outputs.append(output)
        }
        return (labels, outputs, outputType ?? .value)
    }
}
