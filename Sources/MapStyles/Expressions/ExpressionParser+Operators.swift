// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension ExpressionParser {
    /// Parses the arguments of one operator; the first is its name.
    typealias Operation = @Sendable (ExpressionParser, [JSONValue], Int) -> ExpressionNode?

    /// Every operator of the language.
    static let operators: [String: Operation] = {
        var operators: [String: Operation] = [
            "literal": { $0.literal($1, line: $2) },
            "semiliteral": { $0.semiliteral($1, line: $2) },
            "array": { $0.assertion($1, line: $2) },
            "object": { $0.assertion($1, line: $2) },
            "string": { $0.assertion($1, line: $2) },
            "number": { $0.assertion($1, line: $2) },
            "boolean": { $0.assertion($1, line: $2) },
            "to-boolean": { $0.coercion($1, to: .boolean, line: $2) },
            "to-color": { $0.coercion($1, to: .color, line: $2) },
            "to-number": { $0.coercion($1, to: .number, line: $2) },
            "to-string": { $0.coercion($1, to: .string, line: $2) },
            "case": { $0.cases($1, line: $2) },
            "match": { $0.match($1, line: $2) },
            "coalesce": { $0.coalesce($1, line: $2) },
            "let": { $0.binding($1, line: $2) },
            "var": { $0.variable($1, line: $2) },
            "step": { $0.step($1, line: $2) },
            "interpolate": { $0.interpolate($1, space: .rgb, line: $2) },
            "interpolate-hcl": { $0.interpolate($1, space: .hcl, line: $2) },
            "interpolate-lab": { $0.interpolate($1, space: .lab, line: $2) },
            "at": { $0.element($1, line: $2) },
            "in": { $0.search($1, line: $2) },
            "index-of": { $0.search($1, line: $2) },
            "slice": { $0.slice($1, line: $2) },
            "length": { $0.length($1, line: $2) },
            "format": { $0.format($1, line: $2) },
            "image": { $0.image($1, line: $2) },
            "number-format": { $0.numberFormat($1, line: $2) },
            "collator": { $0.collator($1, line: $2) },
            "within": { $0.within($1, line: $2) },
            "distance": { $0.distance($1, line: $2) },
            "global-state": { $0.globalState($1, line: $2) },
            "get": { $0.member($1, .get, line: $2) },
            "has": { $0.member($1, .has, line: $2) },
            "feature-state": { parser, arguments, line in
                parser.fixed(arguments, [.string], line: line) { StateNode(.feature, key: $0[0], at: parser.path) }
            },
            "all": { parser, arguments, line in
                parser.repeated(arguments, .boolean) { LogicNode(deciding: false, $0, at: parser.path) }
            },
            "any": { parser, arguments, line in
                parser.repeated(arguments, .boolean) { LogicNode(deciding: true, $0, at: parser.path) }
            },
            "!": { parser, arguments, line in
                parser.fixed(arguments, [.boolean], line: line) { NotNode($0[0], at: parser.path) }
            },
            "typeof": { parser, arguments, line in
                parser.fixed(arguments, [.value], line: line) { TypeOfNode($0[0], at: parser.path) }
            },
            "error": { parser, arguments, line in
                parser.fixed(arguments, [.string], line: line) { ErrorNode($0[0], at: parser.path) }
            },
            "rgb": { parser, arguments, line in
                parser.fixed(arguments, [.number, .number, .number], line: line) { ChannelsNode($0, at: parser.path) }
            },
            "rgba": { parser, arguments, line in
                parser.fixed(arguments, [.number, .number, .number, .number], line: line) {
                    ChannelsNode($0, at: parser.path)
                }
            },
            "to-rgba": { parser, arguments, line in
                parser.fixed(arguments, [.color], line: line) { ToChannelsNode($0[0], at: parser.path) }
            },
            "concat": { parser, arguments, line in
                parser.repeated(arguments, .value) { ConcatenationNode($0, at: parser.path) }
            },
            "split": { parser, arguments, line in
                parser.fixed(arguments, [.string, .string], line: line) {
                    SplitNode($0[0], by: $0[1], at: parser.path)
                }
            },
            "join": { parser, arguments, line in
                parser.fixed(arguments, [.array(of: .string, count: nil), .string], line: line) {
                    JoinNode($0[0], by: $0[1], at: parser.path)
                }
            },
            "-": { parser, arguments, line in
                if arguments.count == 2 {
                    return parser.fixed(arguments, [.number], line: line) {
                        UnaryMathNode(.negate, $0[0], at: parser.path)
                    }
                }
                return parser.overloaded(arguments, [[.number, .number], [.number]], line: line) {
                    FoldingMathNode(.subtract, $0, at: parser.path)
                }
            },
        ]
        for (name, number) in [("pi", Double.pi), ("e", 2.718281828459045), ("ln2", 0.6931471805599453)] {
            operators[name] = { parser, arguments, line in
                parser.fixed(arguments, [], line: line) { _ in LiteralNode(.number(number), at: parser.path) }
            }
        }
        for question in FeatureNode.Question.allCases {
            operators[question.rawValue] = { parser, arguments, line in
                parser.fixed(arguments, [], line: line) { _ in FeatureNode(question, at: parser.path) }
            }
        }
        for operation in UnaryMathNode.Operation.allCases where operation != .negate {
            operators[operation.rawValue] = { parser, arguments, line in
                parser.fixed(arguments, [.number], line: line) { UnaryMathNode(operation, $0[0], at: parser.path) }
            }
        }
        for operation in FoldingMathNode.Operation.allCases where operation != .subtract {
            operators[operation.rawValue] = { parser, arguments, line in
                guard let count = operation.count else {
                    return parser.repeated(arguments, .number) { FoldingMathNode(operation, $0, at: parser.path) }
                }
                return parser.fixed(arguments, Array(repeating: .number, count: count), line: line) {
                    FoldingMathNode(operation, $0, at: parser.path)
                }
            }
        }
        for operation in TextNode.Operation.allCases {
            operators[operation.rawValue] = { parser, arguments, line in
                parser.fixed(arguments, [operation.argumentType], line: line) {
                    TextNode(operation, $0[0], at: parser.path)
                }
            }
        }
        for operation in ComparisonNode.Operation.allCases {
            operators[operation.rawValue] = { $0.comparison($1, operation, line: $2) }
        }
        return operators
    }()

    /// An operator with arguments of given types.
    func fixed(
        _ arguments: [JSONValue], _ types: [ExpressionType], line: Int,
        _ make: ([ExpressionNode]) -> ExpressionNode
    ) -> ExpressionNode? {
        overloaded(arguments, [types], line: line, make)
    }

    /// An operator that takes one of several numbers of arguments.
    func overloaded(
        _ arguments: [JSONValue], _ signatures: [[ExpressionType]], line: Int,
        _ make: ([ExpressionNode]) -> ExpressionNode
    ) -> ExpressionNode? {
        guard let types = signatures.first(where: { $0.count == arguments.count - 1 }) else {
            var found: [String] = []
            for (index, argument) in arguments.enumerated().dropFirst() {
                guard let node = parse(argument, at: index) else { return nil }
                found.append(node.type.description)
            }
            let accepted = signatures.map { "(" + $0.map(\.description).joined(separator: ", ") + ")" }
            return fault(
                "Expected arguments of type \(accepted.joined(separator: " | ")), but found "
                    + "(\(found.joined(separator: ", "))) instead.", line: line)
        }
        return nodes(arguments, types).map(make)
    }

    /// An operator with any number of arguments of one type.
    func repeated(
        _ arguments: [JSONValue], _ type: ExpressionType, _ make: ([ExpressionNode]) -> ExpressionNode
    ) -> ExpressionNode? {
        nodes(arguments, Array(repeating: type, count: arguments.count - 1)).map(make)
    }

    private func nodes(_ arguments: [JSONValue], _ types: [ExpressionType]) -> [ExpressionNode]? {
        var nodes: [ExpressionNode] = []
        for (index, type) in types.enumerated() {
            guard let node = parse(arguments[index + 1], at: index + 1, as: type) else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    func comparison(
        _ arguments: [JSONValue], _ operation: ComparisonNode.Operation, line: Int
    ) -> ExpressionNode? {
        guard arguments.count == 3 || arguments.count == 4 else {
            return fault("Expected two or three arguments.", line: line)
        }
        func side(_ index: Int) -> ExpressionNode? {
            guard let node = parse(arguments[index], at: index, as: .value) else { return nil }
            guard operation.accepts(node.type) else {
                return fault(
                    "\"\(operation.rawValue)\" comparisons are not supported for type '\(node.type)'.", at: index,
                    line: arguments[index].line)
            }
            return node
        }
        guard var lhs = side(1), var rhs = side(2) else { return nil }
        guard lhs.type == rhs.type || lhs.type == .value || rhs.type == .value else {
            return fault("Cannot compare types '\(lhs.type)' and '\(rhs.type)'.", line: line)
        }
        if operation.isOrder {
            if lhs.type == .value, rhs.type != .value {
                lhs = AssertionNode(rhs.type, [lhs], at: path)
            } else if rhs.type == .value, lhs.type != .value {
                rhs = AssertionNode(lhs.type, [rhs], at: path)
            }
        }
        var collator: ExpressionNode?
        if arguments.count == 4 {
            guard [lhs.type, rhs.type].contains(where: { $0 == .string || $0 == .value }) else {
                return fault("Cannot use collator to compare non-string types.", line: line)
            }
            collator = parse(arguments[3], at: 3, as: .collator)
            guard collator != nil else { return nil }
        }
        return ComparisonNode(operation, lhs, rhs, collator: collator, at: path)
    }

    func member(_ arguments: [JSONValue], _ question: MemberNode.Question, line: Int) -> ExpressionNode? {
        let isPlain = arguments.count == 2
        return overloaded(arguments, [[.string], [.string, .object]], line: line) { nodes in
            if isPlain, let literal = nodes[0] as? LiteralNode, case .string(let name) = literal.value {
                let slot = shared.names.slot(of: name)
                return question == .get ? GetNode(slot: slot, at: path) : HasNode(slot: slot, at: path)
            }
            return MemberNode(question, key: nodes[0], in: isPlain ? nil : nodes[1], at: path)
        }
    }
}
