// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Operators on collections and text.
extension ExpressionParser {
    private func count(_ arguments: [JSONValue], _ accepted: ClosedRange<Int>, line: Int) -> Bool {
        if accepted.contains(arguments.count - 1) { return true }
        let words =
            accepted.count == 1
            ? "\(accepted.lowerBound) argument\(accepted.lowerBound == 1 ? "" : "s")"
            : "\(accepted.lowerBound) or \(accepted.upperBound) arguments"
        fault("Expected \(words), but found \(arguments.count - 1) instead.", line: line)
        return false
    }

    func element(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard count(arguments, 2...2, line: line), let index = parse(arguments[1], at: 1, as: .number),
            let array = parse(arguments[2], at: 2, as: .array(of: expected ?? .value, count: nil)),
            case .array(let element, _) = array.type
        else { return nil }
        return AtNode(index, in: array, type: element, at: path)
    }

    func search(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        let isIn = arguments[0].string == "in"
        guard count(arguments, isIn ? 2...2 : 2...3, line: line), let needle = parse(arguments[1], at: 1, as: .value),
            let haystack = parse(arguments[2], at: 2, as: .value)
        else { return nil }
        guard [.boolean, .string, .number, .null, .value].contains(needle.type) else {
            return fault(
                "Expected first argument to be of type boolean, string, number or null, but found \(needle.type) "
                    + "instead", line: line)
        }
        var start: ExpressionNode?
        if arguments.count == 4 {
            start = parse(arguments[3], at: 3, as: .number)
            guard start != nil else { return nil }
        }
        return SearchNode(isIn ? .contains : .index, needle, in: haystack, from: start, at: path)
    }

    func slice(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard count(arguments, 2...3, line: line), let input = parse(arguments[1], at: 1, as: .value),
            let begin = parse(arguments[2], at: 2, as: .number)
        else { return nil }
        switch input.type {
        case .array, .string, .value: break
        default:
            return fault(
                "Expected first argument to be of type array or string, but found \(input.type) instead", line: line)
        }
        var end: ExpressionNode?
        if arguments.count == 4 {
            end = parse(arguments[3], at: 3, as: .number)
            guard end != nil else { return nil }
        }
        return SliceNode(input, from: begin, to: end, at: path)
    }

    func length(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard count(arguments, 1...1, line: line), let input = parse(arguments[1], at: 1) else { return nil }
        switch input.type {
        case .array, .string, .value: return LengthNode(input, at: path)
        default:
            return fault("Expected argument of type string or array, but found \(input.type) instead.", line: line)
        }
    }

    func globalState(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard count(arguments, 1...1, line: line) else { return nil }
        guard arguments[1].string != nil else {
            return fault(
                "Global state property must be string, but found \(arguments[1].javaScriptTypeName) instead.", at: 1,
                line: line)
        }
        guard let key = parse(arguments[1], at: 1, as: .string) else { return nil }
        return StateNode(.global, key: key, at: path)
    }

    func image(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count == 2 else { return fault("Expected two arguments.", line: line) }
        return parse(arguments[1], at: 1, as: .string).map { ImageNode($0, at: path) }
    }

    func format(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count >= 2 else { return fault("Expected at least one argument.", line: line) }
        if arguments[1].object != nil {
            return fault("First argument must be an image or text section.", line: line)
        }
        var sections: [FormatNode.Section] = []
        var mayBeOptions = false
        for argument in arguments.dropFirst() {
            if mayBeOptions, argument.object != nil {
                mayBeOptions = false
                guard options(argument, into: &sections[sections.count - 1]) else { return nil }
                continue
            }
            guard let content = parse(argument, at: 1, as: .value) else { return nil }
            guard [.string, .value, .null, .resolvedImage].contains(content.type) else {
                return fault("Formatted text type must be 'string', 'value', 'image' or 'null'.", line: line)
            }
            sections.append(FormatNode.Section(content: content))
            mayBeOptions = true
        }
        return FormatNode(sections, at: path)
    }

    private func options(_ json: JSONValue, into section: inout FormatNode.Section) -> Bool {
        let scale = option(json, "font-scale", .number)
        let font = option(json, "text-font", .array(of: .string, count: nil))
        let color = option(json, "text-color", .color)
        if let name = json["vertical-align"]?.string, !["bottom", "center", "top"].contains(name) {
            fault(
                "'vertical-align' must be one of: 'bottom', 'center', 'top' but found '\(name)' instead.",
                line: json.line)
            return false
        }
        let alignment = option(json, "vertical-align", .string)
        guard let scale, let font, let color, let alignment else { return false }
        section.scale = scale
        section.font = font
        section.color = color
        section.verticalAlignment = alignment
        return true
    }

    /// An option of an operator: the outer nil for a mistake, the inner for an
    /// option that is not given.
    private func option(_ json: JSONValue, _ key: String, _ type: ExpressionType) -> ExpressionNode?? {
        guard let value = json[key] else { return .some(nil) }
        guard let node = parse(value, at: 1, as: type) else { return nil }
        return .some(node)
    }

    func numberFormat(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count == 3 else { return fault("Expected two arguments.", line: line) }
        guard let input = parse(arguments[1], at: 1, as: .number) else { return nil }
        let json = arguments[2]
        guard json.object != nil else {
            return fault("NumberFormat options argument must be an object.", line: line)
        }
        guard let locale = option(json, "locale", .string), let currency = option(json, "currency", .string),
            let unit = option(json, "unit", .string), let fewest = option(json, "min-fraction-digits", .number),
            let most = option(json, "max-fraction-digits", .number)
        else { return nil }
        if currency != nil, unit != nil {
            return fault("NumberFormat options `currency` and `unit` are mutually exclusive", line: line)
        }
        return NumberFormatNode(
            input,
            options: .init(
                locale: locale, currency: currency, unit: unit, minFractionDigits: fewest, maxFractionDigits: most),
            at: path)
    }

    func collator(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        guard arguments.count == 2 else { return fault("Expected one argument.", line: line) }
        let json = arguments[1]
        guard json.object != nil else { return fault("Collator options argument must be an object.", line: line) }
        guard let caseSensitive = parse(json["case-sensitive"] ?? false, at: 1, as: .boolean),
            let diacriticSensitive = parse(json["diacritic-sensitive"] ?? false, at: 1, as: .boolean),
            let locale = option(json, "locale", .string)
        else { return nil }
        return CollatorNode(
            caseSensitive: caseSensitive, diacriticSensitive: diacriticSensitive, locale: locale, at: path)
    }
}
