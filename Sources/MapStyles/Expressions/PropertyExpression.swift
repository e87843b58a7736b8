// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Compiles the expression of a property and checks it against what the
/// property allows.
struct PropertyExpression {
    let root: ExpressionNode

    /// Notes every mistake in `faults` and returns nil when there is one.
    init?(
        _ json: JSONValue, _ reference: PropertyReference, names: inout PropertyNames,
        faults: inout [ExpressionFault]
    ) {
        let parser = ExpressionParser(names: names, expected: reference.expressionType)
        let root = parser.parse(json, annotation: reference.type == "string" ? .coerce : nil)
        faults += parser.shared.faults
        guard let root else { return nil }
        names = parser.shared.names
        self.root = root
        if let message = Self.refusal(of: root, reference) {
            faults.append(ExpressionFault(location: "", message: message, hint: nil, line: json.line))
            return nil
        }
    }

    private static func refusal(of root: ExpressionNode, _ reference: PropertyReference) -> String? {
        let parameters = reference.parameters
        if root.dependencies.usesFeature, !parameters.contains(.feature) { return "data expressions not supported" }
        if root.dependencies.usesZoom {
            guard parameters.contains(.zoom) else { return "zoom expressions not supported" }
        }
        switch root.zoomCurve {
        case .none: return root.dependencies.usesZoom ? ZoomCurve.notAtTop : nil
        case .fault(let message): return message
        case .curve(_, let isInterpolated):
            return isInterpolated && !reference.isInterpolated
                ? "\"interpolate\" expressions cannot be used with this property" : nil
        }
    }
}
