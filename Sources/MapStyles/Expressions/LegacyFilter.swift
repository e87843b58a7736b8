// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The filters that styles had before expressions, as nodes of their own:
/// their comparisons never fail, and a text never equals a number.
enum LegacyFilter {
    /// Whether a filter is to be read as an expression, not as a filter of
    /// old.
    static func isExpression(_ filter: JSONValue) -> Bool { syntax(of: filter) != .legacy }

    private enum Syntax {
        case expression, legacy
        /// Means the same in both.
        case either
    }

    private static func syntax(of filter: JSONValue) -> Syntax {
        if filter.boolean != nil { return .expression }
        guard let arguments = filter.array, let name = arguments.first?.string else { return .legacy }
        let isExpression: Bool
        switch name {
        case "has":
            guard arguments.count == 2, let key = arguments[1].string else { return .expression }
            return key == "$id" || key == "$type" ? .legacy : .either
        case "in": isExpression = arguments.count >= 3 && (arguments[1].string == nil || arguments[2].array != nil)
        case "!in", "!has", "none": isExpression = false
        case "==", "!=", ">", ">=", "<", "<=":
            isExpression = arguments.count != 3 || arguments[1].array != nil || arguments[2].array != nil
        case "any", "all":
            // One part that only expressions know makes the whole one.
            let parts = arguments.dropFirst().map(syntax)
            return parts.contains(.expression) ? .expression : parts.contains(.legacy) ? .legacy : .either
        default: isExpression = true
        }
        return isExpression ? .expression : .legacy
    }

    /// A comparison of old as the expression that means the same; nil when it
    /// is malformed.
    static func expression(_ filter: JSONValue) -> JSONValue? {
        guard let arguments = filter.array, let name = arguments.first?.string, arguments.count >= 2,
            let key = arguments[1].string
        else { return nil }
        let subject: JSONValue =
            switch key {
            case "$type": ["geometry-type"]
            case "$id": ["id"]
            default: ["get", arguments[1]]
            }
        switch name {
        case "==", "!=", ">", ">=", "<", "<=":
            return arguments.count == 3 ? [arguments[0], subject, arguments[2]] : nil
        case "in": return ["in", subject, ["literal", JSONValue(.array(Array(arguments.dropFirst(2))))]]
        case "!in": return ["!", ["in", subject, ["literal", JSONValue(.array(Array(arguments.dropFirst(2))))]]]
        case "has": return ["has", arguments[1]]
        case "!has": return ["!", ["has", arguments[1]]]
        default: return nil
        }
    }

    /// The filter as a node that is true for features that stay; nil when it
    /// is none.
    static func node(_ filter: JSONValue, names: inout PropertyNames) -> ExpressionNode? {
        guard let arguments = filter.array, let name = arguments.first?.string else { return nil }
        let path = ExpressionPath.root
        switch name {
        case "all", "any", "none":
            var nodes: [ExpressionNode] = []
            for argument in arguments.dropFirst() {
                guard let node = node(argument, names: &names) else { return nil }
                nodes.append(node)
            }
            let logic = LogicNode(deciding: name != "all", nodes, at: path)
            return name == "none" ? NotNode(logic, at: path) : logic
        case "==", "!=", "<", "<=", ">", ">=":
            guard arguments.count == 3, let key = arguments[1].string,
                let operation = ComparisonNode.Operation(rawValue: name)
            else { return nil }
            let value = StyleValue(arguments[2])
            return FilterNode(subject(key, &names), .compare(operation, value), at: path)
        case "in", "!in":
            guard arguments.count >= 2, let key = arguments[1].string else { return nil }
            let values = arguments.dropFirst(2).map { StyleValue($0) }
            let node = FilterNode(subject(key, &names), .oneOf(values), at: path)
            return name == "in" ? node : NotNode(node, at: path)
        case "has", "!has":
            guard arguments.count == 2, let key = arguments[1].string else { return nil }
            let node = FilterNode(subject(key, &names), .exists, at: path)
            return name == "has" ? node : NotNode(node, at: path)
        default: return nil
        }
    }

    private static func subject(_ key: String, _ names: inout PropertyNames) -> FilterNode.Subject {
        switch key {
        case "$type": .geometryType
        case "$id": .id
        default: .property(names.slot(of: key))
        }
    }
}
