// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension StyleValidator {
    /// Checks a value against its reference: an expression, a function of old
    /// or a constant.
    mutating func value(
        _ value: JSONValue, _ path: String, _ reference: PropertyReference, isLayout: Bool = false
    ) {
        if !reference.parameters.isEmpty {
            if isFunction(value) { return function(value, path, reference) }
            if ExpressionParser.isExpression(value) {
                return expression(value, path, reference, isLayout: isLayout)
            }
        }
        let known = issues.count
        constant(value, path, reference)
        // A misspelt operator leaves an array that is read as a constant.
        if issues.count == known + 1, !reference.parameters.isEmpty, let name = value.array?.first?.string,
            let question = didYouMean(name, ExpressionParser.operators.keys)
        {
            advise("There is no expression \(name.quoted). " + question)
        }
    }

    private mutating func expression(
        _ value: JSONValue, _ path: String, _ reference: PropertyReference, isLayout: Bool
    ) {
        var names = PropertyNames()
        var faults: [ExpressionFault] = []
        let compiled = PropertyExpression(value, reference, names: &names, faults: &faults)
        for fault in faults {
            note(
                path + fault.location, fault.message, line: fault.line > 0 ? fault.line : value.line,
                hint: fault.hint)
        }
        guard let root = compiled?.root else { return }
        if reference.name == "text-font", !root.hasLiteralOutputs {
            note(
                path,
                "Invalid data expression for \"text-font\". Output values must be contained as literals within the "
                    + "expression.", at: value)
        }
        if isLayout, root.dependencies.traits.contains(.featureState) {
            note(path, "\"feature-state\" data expressions are not supported with layout properties.", at: value)
        }
    }

    mutating func constant(_ value: JSONValue, _ path: String, _ reference: PropertyReference) {
        func expected(_ type: String) -> String { "\(type) expected, \(value.typeName) found" }
        switch reference.type {
        case "number": number(value, path, reference)
        case "string", "formatted", "resolvedImage", "layer":
            if value.string == nil { note(path, expected("string"), at: value) }
        case "boolean":
            if value.boolean == nil { note(path, expected("boolean"), at: value) }
        case "enum":
            guard let word = value.string, reference.values.contains(word) else {
                return note(
                    path, "expected one of [\(reference.values.joined(separator: ", "))], \(value.text) found",
                    at: value, hint: value.string.flatMap { didYouMean($0, reference.values) })
            }
        case "color": color(value, path)
        case "array": array(value, path, reference)
        case "numberArray", "colorArray": list(value, path, reference)
        case "padding":
            guard let sides = value.array else { return number(value, path, reference) }
            guard (1...4).contains(sides.count) else {
                return note(path, "padding requires 1 to 4 values; \(sides.count) values found", at: value)
            }
            for (index, side) in sides.enumerated() { number(side, "\(path)[\(index)]", reference) }
        case "variableAnchorOffsetCollection": anchorOffsets(value, path)
        case "projectionDefinition":
            if ProjectionDefinition(StyleValue(value)) == nil {
                note(path, "projection expected, invalid \(value.typeName) \(value.text) found", at: value)
            }
        default: break
        }
    }

    mutating func number(_ value: JSONValue, _ path: String, _ reference: PropertyReference) {
        guard let number = value.number else {
            return note(path, "number expected, \(value.typeName) found", at: value)
        }
        let text = number.javaScriptText
        if let minimum = reference.minimum, number < minimum {
            note(path, "\(text) is less than the minimum value \(minimum.javaScriptText)", at: value)
        }
        if let maximum = reference.maximum, number > maximum {
            note(path, "\(text) is greater than the maximum value \(maximum.javaScriptText)", at: value)
        }
    }

    private mutating func color(_ value: JSONValue, _ path: String) {
        guard let text = value.string else {
            return note(path, "color expected, \(value.typeName) found", at: value)
        }
        if Color(css: text) == nil {
            note(
                path, "color expected, \(text.quoted) found", at: value,
                hint: didYouMean(text, namedColors.keys) ?? "Accepted are names, #rgb, #rrggbb, rgb(), rgba(), hsl().")
        }
    }

    private mutating func array(_ value: JSONValue, _ path: String, _ reference: PropertyReference) {
        guard let elements = value.array else {
            return note(path, "array expected, \(value.typeName) found", at: value)
        }
        if let length = reference.length, elements.count != length {
            return note(path, "array length \(length) expected, length \(elements.count) found", at: value)
        }
        let element = PropertyReference(
            reference.name, reference.element ?? "*", minimum: reference.minimum, element: "number",
            values: reference.values)
        for (index, part) in elements.enumerated() { constant(part, "\(path)[\(index)]", element) }
    }

    private mutating func list(_ value: JSONValue, _ path: String, _ reference: PropertyReference) {
        let isColor = reference.type == "colorArray"
        guard let elements = value.array else {
            return isColor ? color(value, path) : number(value, path, reference)
        }
        if elements.isEmpty {
            return note(path, "array length at least 1 expected, length 0 found", at: value)
        }
        for (index, element) in elements.enumerated() {
            if isColor { color(element, "\(path)[\(index)]") } else { number(element, "\(path)[\(index)]", reference) }
        }
    }

    private mutating func anchorOffsets(_ value: JSONValue, _ path: String) {
        guard let elements = value.array, !elements.isEmpty, elements.count.isMultiple(of: 2) else {
            return note(path, "variableAnchorOffsetCollection requires a non-empty array of even length", at: value)
        }
        let anchor = PropertyReference(
            "anchor", "enum",
            values: [
                "center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right",
            ])
        let offset = PropertyReference("offset", "array", element: "number", length: 2)
        for (index, element) in elements.enumerated() {
            constant(element, "\(path)[\(index)]", index.isMultiple(of: 2) ? anchor : offset)
        }
    }
}
