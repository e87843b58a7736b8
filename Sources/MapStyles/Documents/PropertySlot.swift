// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One property of a layer at one zoom: its value where that is the same for
/// all features, and otherwise what was found for each dictionary code.
final class PropertySlot {
    /// Nil where the value is the same for all features.
    let node: ExpressionNode?
    /// The value without a node; what stands where the node fails.
    let fallback: StyleValue?
    /// The same as a number and as a colour, for the paths that take no other.
    let fallbackNumber: Double
    let fallbackColor: Color
    /// The words that the result may be, for enumerations.
    private let values: [String]
    /// The one coded column on which the result may depend.
    private let column: Int?

    private var byCode: [StyleValue??] = []
    /// NaN where not yet known.
    private var numberByCode: [Double] = []
    private var colorByCode: [Color?] = []

    /// The most codes of a dictionary for which results are kept.
    static let memoCapacity = 1 << 16

    /// - Parameter column: the one column on which the node depends, if there
    ///   is just one.
    init(
        node: ExpressionNode?, fallback: StyleValue?, values: [String], column: Int?,
        standard: @autoclosure () -> StyleValue?
    ) {
        self.node = node
        self.fallback = fallback
        self.values = values
        self.column = column
        fallbackNumber = fallback.flatMap(Double.init) ?? standard().flatMap(Double.init) ?? .neutral
        fallbackColor = fallback.flatMap(Color.init) ?? standard().flatMap(Color.init) ?? .neutral
    }

    /// The code of the value on which the result depends; nil when it cannot
    /// be kept.
    @inline(__always)
    private func code(_ context: EvaluationContext) -> Int? {
        guard let column, let code = context.row?.dictionaryCode(at: column), code >= 0, code < Self.memoCapacity
        else { return nil }
        return code
    }

    /// The value for the feature at hand; nil where there is none.
    func value(_ context: EvaluationContext, _ failures: inout Int) -> StyleValue? {
        guard let node else { return fallback }
        guard let code = code(context) else {
            return node.value(context, among: values, otherwise: fallback, &failures)
        }
        if code < byCode.count, let known = byCode[code] { return known }
        let result = node.value(context, among: values, otherwise: fallback, &failures)
        while byCode.count <= code { byCode.append(nil) }
        byCode[code] = .some(result)
        return result
    }

    /// The value of a property that holds numbers.
    func number(_ context: EvaluationContext, _ failures: inout Int) -> Double {
        guard let node else { return fallbackNumber }
        guard let code = code(context) else { return number(node, context, &failures) }
        if code < numberByCode.count, !numberByCode[code].isNaN { return numberByCode[code] }
        let result = number(node, context, &failures)
        while numberByCode.count <= code { numberByCode.append(.nan) }
        numberByCode[code] = result
        return result
    }

    private func number(_ node: ExpressionNode, _ context: EvaluationContext, _ failures: inout Int) -> Double {
        do {
            let number = try node.number(context)
            return number.isNaN ? fallbackNumber : number
        } catch {
            failures += 1
            return fallbackNumber
        }
    }

    /// The value of a property that holds colours.
    func color(_ context: EvaluationContext, _ failures: inout Int) -> Color {
        guard let node else { return fallbackColor }
        guard let code = code(context) else { return color(node, context, &failures) }
        if code < colorByCode.count, let known = colorByCode[code] { return known }
        let result = color(node, context, &failures)
        while colorByCode.count <= code { colorByCode.append(nil) }
        colorByCode[code] = result
        return result
    }

    private func color(_ node: ExpressionNode, _ context: EvaluationContext, _ failures: inout Int) -> Color {
        do {
            return try node.color(context)
        } catch {
            failures += 1
            return fallbackColor
        }
    }
}
