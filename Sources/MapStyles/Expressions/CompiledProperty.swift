// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A property of a layer, ready to be evaluated.
struct CompiledProperty: Sendable {
    /// Nil for a constant.
    var expression: ExpressionTree?
    /// The constant, or what stands where the expression fails; nil where the
    /// specification gives no default.
    var fallback: StyleValue?
    /// The words that the result may be, for enumerations.
    var values: [String] = []

    var dependencies: Dependencies { expression?.root.dependencies ?? .none }

    /// The default of a property that a layer does not set.
    init(defaultOf reference: PropertyReference) {
        guard let value = reference.defaultValue else { return }
        if ExpressionParser.isExpression(value) {
            let parser = ExpressionParser(names: PropertyNames(), expected: reference.expressionType)
            expression = parser.parse(value).map(ExpressionTree.init)
        } else {
            fallback = Self.constant(value, reference)
        }
    }

    /// A property as a style writes it: a constant, an expression or one of
    /// the functions of old. Mistakes are noted in the parser's faults, and
    /// nil is returned.
    init?(_ json: JSONValue, _ reference: PropertyReference, names: inout PropertyNames) {
        self.init(defaultOf: reference)
        expression = nil
        values = reference.values
        var source = json
        if LegacyFunction.isFunction(json) {
            guard let converted = LegacyFunction.converted(json, reference) else { return nil }
            source = converted
        } else if reference.hasTokens, let text = json.string, text.contains("{") {
            source = LegacyFunction.converted(tokens: text)
        } else if !ExpressionParser.isExpression(json) {
            guard let constant = Self.constant(json, reference) else { return nil }
            fallback = constant
            return
        }
        let parser = ExpressionParser(names: names, expected: reference.expressionType)
        guard let node = parser.parse(source, annotation: reference.type == "string" ? .coerce : nil) else {
            return nil
        }
        names = parser.shared.names
        self.expression = ExpressionTree(root: node)
    }

    /// A constant in the type of its property.
    static func constant(_ json: JSONValue, _ reference: PropertyReference) -> StyleValue? {
        switch reference.type {
        case "color": return json.string.flatMap(Color.init(css:)).map(StyleValue.color)
        case "formatted":
            return json.string.map { .formatted(FormattedText(sections: [.init(text: $0)])) }
        case "resolvedImage": return json.string.map { .image(ImageReference(name: $0)) }
        case "padding", "numberArray", "colorArray", "variableAnchorOffsetCollection", "projectionDefinition":
            guard let type = reference.expressionType else { return nil }
            return StyleValue(json).converted(to: type)
        case "array":
            guard json.array != nil else { return nil }
            return StyleValue(json)
        case "number": return json.number.map(StyleValue.number)
        case "boolean": return json.boolean.map(StyleValue.boolean)
        case "string", "enum": return json.string.map(StyleValue.string)
        default: return StyleValue(json)
        }
    }

    /// The value for the context; the fallback, and a count, where there is
    /// none.
    func evaluate(_ context: EvaluationContext, failures: inout Int) -> StyleValue? {
        guard let expression else { return fallback }
        return expression.root.value(context, among: values, otherwise: fallback, &failures)
    }
}

extension ExpressionNode {
    /// The result as a property takes it.
    ///
    /// - Parameters:
    ///   - words: the words that it may be, for enumerations; empty: any.
    ///   - fallback: what stands where there is none: for null and NaN, and,
    ///     counted in `failures`, for another word and where the node fails.
    final func value(
        _ context: EvaluationContext, among words: [String], otherwise fallback: StyleValue?, _ failures: inout Int
    ) -> StyleValue? {
        do {
            let value = try evaluate(context)
            switch value {
            case .null: return fallback
            case .number(let number) where number.isNaN: return fallback
            case .string(let word) where !words.isEmpty && !words.contains(word):
                failures += 1
                return fallback
            default: return value
            }
        } catch {
            failures += 1
            return fallback
        }
    }
}

extension ExpressionParser {
    /// Whether a value is to be read as an expression.
    static func isExpression(_ json: JSONValue) -> Bool {
        guard let name = json.array?.first?.string else { return false }
        return operators[name] != nil
    }
}
