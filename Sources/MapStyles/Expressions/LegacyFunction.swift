// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The functions that styles had before expressions, rewritten as expressions.
enum LegacyFunction {
    /// Whether a property's value is a function: an object, since constants
    /// and expressions never are.
    static func isFunction(_ json: JSONValue) -> Bool { json.object != nil }

    /// The expression that does what the function did; nil when it lacks its
    /// parts.
    static func converted(_ function: JSONValue, _ reference: PropertyReference) -> JSONValue? {
        let property = function["property"]
        guard let stops = function["stops"] else {
            return property.map { identity($0, function["default"], reference) }
        }
        guard let pairs = stops.array?.compactMap(\.array), !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) else {
            return nil
        }
        let isComposite = pairs[0][0].object != nil
        let isFeatureFunction = isComposite || property != nil
        let outputs = pairs.map { pair -> (JSONValue, JSONValue) in
            if !isFeatureFunction, reference.hasTokens, let text = pair[1].string {
                return (pair[0], converted(tokens: text))
            }
            return (pair[0], literal(pair[1]))
        }
        let line = function.line
        if isComposite {
            return property.flatMap { composite(function, $0, outputs, reference) }?.atLine(line)
        }
        if let property { return feature(function, property, outputs, reference).atLine(line) }
        return zoom(function, outputs, reference).atLine(line)
    }

    /// `{name}` in a text as a `concat` of attributes.
    static func converted(tokens text: String) -> JSONValue {
        var parts: [JSONValue] = []
        var rest = text[...]
        var pending = ""
        while let open = rest.firstIndex(of: "{") {
            let inside = rest[rest.index(after: open)...]
            guard let end = inside.firstIndex(where: { $0 == "}" || $0 == "{" }), inside[end] == "}",
                end != inside.startIndex
            else {
                pending += rest[...open]
                rest = inside
                continue
            }
            pending += rest[..<open]
            if !pending.isEmpty { parts.append(JSONValue(.string(pending))) }
            pending = ""
            parts.append(["get", JSONValue(.string(String(inside[..<end])))])
            rest = inside[inside.index(after: end)...]
        }
        pending += rest
        if parts.isEmpty { return JSONValue(.string(text)) }
        if !pending.isEmpty { parts.append(JSONValue(.string(pending))) }
        return parts.count == 1 ? ["to-string", parts[0]] : JSONValue(.array(["concat"] + parts))
    }

    private static func literal(_ json: JSONValue) -> JSONValue {
        switch json.content {
        case .array, .object, .null: ["literal", json]
        case .boolean, .number, .string: json
        }
    }

    private static func identity(
        _ property: JSONValue, _ fallback: JSONValue?, _ reference: PropertyReference
    ) -> JSONValue {
        let get: JSONValue = ["get", property]
        guard let fallback else { return reference.type == "string" ? ["string", get] : get }
        switch reference.type {
        case "enum":
            return ["match", get, JSONValue(.array(reference.values.map { JSONValue(.string($0)) })), get, fallback]
        case "color": return ["to-color", get, literal(fallback)]
        case "array":
            return [
                "array", JSONValue(.string(reference.element ?? "number")),
                reference.length.map { JSONValue(.number(Double($0))) } ?? JSONValue(.null), get, literal(fallback),
            ]
        case "number", "string", "boolean": return [JSONValue(.string(reference.type)), get, literal(fallback)]
        default: return ["coalesce", get, literal(fallback)]
        }
    }

    private static func kind(_ function: JSONValue?, _ reference: PropertyReference) -> String {
        function?["type"]?.string ?? (reference.isInterpolated ? "exponential" : "interval")
    }

    private static func curve(_ function: JSONValue, base: Double?, input: JSONValue) -> [JSONValue] {
        let name =
            switch function["colorSpace"]?.string {
            case "hcl": "interpolate-hcl"
            case "lab": "interpolate-lab"
            default: "interpolate"
            }
        let base = base ?? 1
        return [
            JSONValue(.string(name)), base == 1 ? ["linear"] : ["exponential", JSONValue(.number(base))], input,
        ]
    }

    private static func append(_ input: JSONValue, _ output: JSONValue, to curve: inout [JSONValue], isStep: Bool) {
        // Stops were never checked for doubles, as expressions are.
        if curve.count > 3, input == curve[curve.count - 2] { return }
        if !(isStep && curve.count == 2) { curve.append(input) }
        curve.append(output)
    }

    /// A step with one output needs a stop to be an expression at all.
    private static func completed(_ curve: [JSONValue]) -> JSONValue {
        guard curve.count == 3, curve[0].string == "step" else { return JSONValue(.array(curve)) }
        return JSONValue(.array(curve + [0, curve[2]]))
    }

    private static func zoom(
        _ function: JSONValue, _ stops: [(JSONValue, JSONValue)], _ reference: PropertyReference
    ) -> JSONValue {
        let isStep = kind(function, reference) == "interval"
        var curve: [JSONValue] =
            isStep ? ["step", ["zoom"]] : curve(function, base: function["base"]?.number, input: ["zoom"])
        for (input, output) in stops { append(input, output, to: &curve, isStep: isStep) }
        return completed(curve)
    }

    private static func feature(
        _ function: JSONValue, _ property: JSONValue, _ stops: [(JSONValue, JSONValue)],
        _ reference: PropertyReference
    ) -> JSONValue {
        let get: JSONValue = ["get", property]
        let kind = kind(function, reference)
        let fallback = (function["default"] ?? reference.defaultValue).map(literal) ?? JSONValue(.null)
        if kind == "categorical" {
            if stops[0].0.boolean != nil {
                var cases: [JSONValue] = ["case"]
                for (input, output) in stops { cases += [["==", get, input], output] }
                return JSONValue(.array(cases + [fallback]))
            }
            var match: [JSONValue] = ["match", get]
            var seen: Set<String> = []
            for (input, output) in stops where seen.insert(input.text).inserted { match += [input, output] }
            return JSONValue(.array(match + [fallback]))
        }
        let isStep = kind == "interval"
        let number: JSONValue = ["number", get]
        var curve: [JSONValue] =
            isStep ? ["step", number] : curve(function, base: function["base"]?.number, input: number)
        for (input, output) in stops { append(input, output, to: &curve, isStep: isStep) }
        let expression = completed(curve)
        guard function["default"] != nil else { return expression }
        return ["case", ["==", ["typeof", get], "number"], expression, fallback]
    }

    private static func composite(
        _ function: JSONValue, _ property: JSONValue, _ stops: [(JSONValue, JSONValue)],
        _ reference: PropertyReference
    ) -> JSONValue? {
        var groups: [(zoom: Double, stops: [(JSONValue, JSONValue)])] = []
        for (input, output) in stops {
            guard let zoom = input["zoom"]?.number, let value = input["value"] else { return nil }
            if let index = groups.firstIndex(where: { $0.zoom == zoom }) {
                groups[index].stops.append((value, output))
            } else {
                groups.append((zoom, [(value, output)]))
            }
        }
        // Between zooms the property decides, not the function's own type.
        let isStep = !reference.isInterpolated
        var curve: [JSONValue] = isStep ? ["step", ["zoom"]] : curve(function, base: nil, input: ["zoom"])
        var inner = function.object ?? []
        inner.removeAll { $0.key == "base" }
        for group in groups {
            let output = feature(JSONValue(.object(inner)), property, group.stops, reference)
            append(JSONValue(.number(group.zoom)), output, to: &curve, isStep: isStep)
        }
        return completed(curve)
    }
}

extension JSONValue {
    /// The same value with a line for the parts that have none.
    fileprivate func atLine(_ line: Int) -> JSONValue {
        var copy = self
        if copy.line == 0 { copy.line = line }
        if case .array(let elements) = content { copy.content = .array(elements.map { $0.atLine(line) }) }
        return copy
    }
}
