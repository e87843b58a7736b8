// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension StyleValidator {
    mutating func filter(_ value: JSONValue, _ path: String) {
        guard LegacyFilter.isExpression(value) else { return legacyFilter(value, path) }
        warnOfMixture(value, path)
        let parser = ExpressionParser(names: PropertyNames(), expected: .boolean)
        let root = parser.parse(value)
        for fault in parser.shared.faults {
            note(
                path + fault.location, fault.message, line: fault.line > 0 ? fault.line : value.line, hint: fault.hint)
        }
        if let root, root.dependencies.traits.contains(.featureState) {
            note(path, "\"feature-state\" data expressions are not supported with filters.", at: value)
        }
    }

    private static let legacyOperators = [
        "==", "!=", ">", ">=", "<", "<=", "in", "!in", "all", "any", "none", "has", "!has",
    ]

    private mutating func legacyFilter(_ value: JSONValue, _ path: String) {
        guard let arguments = value.array else {
            return note(path, "array expected, \(value.typeName) found", at: value)
        }
        guard let first = arguments.first else {
            return note(path, "filter array must have at least 1 element", at: value)
        }
        let name = first.string ?? ""
        if !Self.legacyOperators.contains(name) {
            let accepted = Self.legacyOperators.joined(separator: ", ")
            note("\(path)[0]", "expected one of [\(accepted)], \(first.text) found", at: first)
        }
        let key = arguments.count > 1 ? arguments[1] : nil
        switch name {
        case "all", "any", "none":
            for (index, argument) in arguments.enumerated().dropFirst() { legacyFilter(argument, "\(path)[\(index)]") }
        case "has", "!has":
            if arguments.count != 2 {
                note(path, "filter array for \"\(name)\" operator must have 2 elements", at: value)
            } else if let key, key.string == nil {
                note("\(path)[1]", "string expected, \(key.typeName) found", at: key)
            }
        case "==", "!=", "<", "<=", ">", ">=", "in", "!in":
            let isOrder = name.hasPrefix("<") || name.hasPrefix(">")
            if isOrder, key?.string == "$type" {
                note(path, "\"$type\" cannot be use with operator \"\(name)\"", at: value)
            }
            if name != "in", name != "!in", arguments.count != 3 {
                note(path, "filter array for operator \"\(name)\" must have 3 elements", at: value)
            }
            if let key, key.string == nil {
                note("\(path)[1]", "string expected, \(key.typeName) found", at: key)
            }
            let types = ["Point", "LineString", "Polygon"]
            for (index, argument) in arguments.enumerated().dropFirst(2) {
                if key?.string == "$type" {
                    if !types.contains(argument.string ?? "") {
                        note(
                            "\(path)[\(index)]",
                            "expected one of [\(types.joined(separator: ", "))], \(argument.text) found", at: argument)
                    }
                } else if argument.array != nil || argument.object != nil || argument.isNull {
                    note(
                        "\(path)[\(index)]", "string, number, or boolean expected, \(argument.typeName) found",
                        at: argument)
                }
            }
        default: break
        }
    }

    /// Warns of filters of old inside an expression, where they mean something
    /// else or nothing.
    private mutating func warnOfMixture(_ value: JSONValue, _ path: String) {
        guard let arguments = value.array, let name = arguments.first?.string else { return }
        guard LegacyFilter.isExpression(value) else {
            let advice =
                LegacyFilter.expression(value).map { "Replace \(value.text) with \($0.text)." }
                ?? "Convert \(value.text) to expression syntax."
            return note(
                path, "Mixing deprecated filter syntax with expression syntax is not supported. " + advice,
                at: value, severity: .warning)
        }
        guard ["all", "any", "!", "case", "none"].contains(name) else { return }
        for (index, argument) in arguments.enumerated().dropFirst() where argument.array?.isEmpty == false {
            warnOfMixture(argument, "\(path)[\(index)]")
        }
    }
}
