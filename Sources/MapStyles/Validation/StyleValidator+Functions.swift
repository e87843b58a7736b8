// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Functions, which styles had before expressions.
extension StyleValidator {
    mutating func function(_ value: JSONValue, _ path: String, _ reference: PropertyReference) {
        let kind = value["type"]?.string
        let property = value["property"]
        let isZoomFunction = kind != "categorical" && property == nil
        let isComposite = value["stops"]?.array?.first?.array?.first?.object != nil
        let members = [
            PropertyReference("base", "number", default: 1, minimum: 0),
            PropertyReference("property", "string", default: "$zoom"),
            PropertyReference(
                "type", "enum", default: "exponential", values: ["identity", "exponential", "interval", "categorical"]),
            PropertyReference("colorSpace", "enum", default: "rgb", values: ["rgb", "lab", "hcl"]),
        ]
        check(value, path, members: members) { validator, member, place in
            switch member.key {
            case "stops":
                if kind == "identity" {
                    validator.note(place, "identity function may not have a \"stops\" property", at: member.value)
                } else {
                    validator.stops(member.value, place, reference, kind: kind, isComposite: isComposite)
                }
                return true
            case "default":
                validator.value(member.value, place, reference)
                return true
            case "expression": return true
            default: return false
            }
        }
        if kind == "identity", isZoomFunction { note(path, "missing required property \"property\"", at: value) }
        if kind != "identity", value["stops"] == nil { note(path, "missing required property \"stops\"", at: value) }
        if kind == "exponential", !reference.isInterpolated {
            note(path, "exponential functions not supported", at: value)
        }
        if !isZoomFunction, !reference.parameters.contains(.feature) {
            note(path, "property functions not supported", at: value)
        } else if isZoomFunction, !reference.parameters.contains(.zoom) {
            note(path, "zoom functions not supported", at: value)
        }
        if kind == "categorical" || isComposite, property == nil {
            note(path, "\"property\" property is required", at: value)
        }
    }

    /// What the stops that were seen ask of the next.
    private struct Domain {
        var type: String?
        var last: Double?
        var lastZoom: Double?
        var seen: Set<String> = []
    }

    private mutating func stops(
        _ value: JSONValue, _ path: String, _ reference: PropertyReference, kind: String?, isComposite: Bool
    ) {
        guard let stops = value.array else {
            return note(path, "array expected, \(value.typeName) found", at: value)
        }
        if stops.isEmpty { note(path, "array must have at least one stop", at: value) }
        var domain = Domain()
        for (index, stop) in stops.enumerated() {
            let place = "\(path)[\(index)]"
            guard let pair = stop.array else {
                note(place, "array expected, \(stop.typeName) found", at: stop)
                continue
            }
            guard pair.count == 2 else {
                note(place, "array length 2 expected, length \(pair.count) found", at: stop)
                continue
            }
            if isComposite {
                guard compositeInput(pair[0], place, reference, kind: kind, &domain) else { continue }
            } else {
                input(pair[0], "\(place)[0]", reference, kind: kind, &domain)
            }
            if ExpressionParser.isExpression(pair[1]) {
                note("\(place)[1]", "expressions are not allowed in function stops.", at: pair[1])
            } else {
                self.value(pair[1], "\(place)[1]", reference)
            }
        }
    }

    private mutating func compositeInput(
        _ value: JSONValue, _ path: String, _ reference: PropertyReference, kind: String?, _ domain: inout Domain
    ) -> Bool {
        guard isObject(value, path) else { return false }
        guard let zoom = value["zoom"] else {
            note(path, "object stop key must have zoom", at: value)
            return false
        }
        guard let inner = value["value"] else {
            note(path, "object stop key must have value", at: value)
            return false
        }
        guard let number = zoom.number else {
            note("\(path)[0].zoom", "number expected, \(zoom.typeName) found", at: zoom)
            return false
        }
        if let last = domain.lastZoom, last > number {
            note(path, "stop zoom values must appear in ascending order", at: zoom)
            return false
        }
        if domain.lastZoom != number {
            domain.lastZoom = number
            domain.last = nil
            domain.seen = []
        }
        input(inner, "\(path)[0].value", reference, kind: kind, &domain)
        return true
    }

    private mutating func input(
        _ value: JSONValue, _ path: String, _ reference: PropertyReference, kind: String?, _ domain: inout Domain
    ) {
        let type = value.typeName
        if let known = domain.type, known != type {
            return note(path, "\(type) stop domain type must match previous stop domain type \(known)", at: value)
        }
        domain.type = type
        guard ["number", "string", "boolean"].contains(type) else {
            return note(path, "stop domain value must be a number, string, or boolean", at: value)
        }
        if type != "number", kind != "categorical" {
            let advice =
                reference.parameters.contains(.feature) && kind == nil
                ? "\nIf you intended to use a categorical function, specify `\"type\": \"categorical\"`." : ""
            return note(path, "number expected, \(type) found" + advice, at: value)
        }
        if kind == "categorical" {
            if let number = value.number, number != number.rounded(.down) {
                return note(path, "integer expected, found \(number.javaScriptText)", at: value)
            }
            if !domain.seen.insert(value.text).inserted {
                note(path, "stop domain values must be unique", at: value)
            }
        } else if let number = value.number {
            if let last = domain.last, number < last {
                return note(path, "stop domain values must appear in ascending order", at: value)
            }
            domain.last = number
        }
    }
}
