// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// An expression whose result is that of one of its outputs: `case`, `match`
/// and `step`. What is chosen is asked for the type that is wanted, so that a
/// number or a colour is never wrapped on its way up.
class ChoosingNode: ExpressionNode {
    /// Every output that may be chosen.
    final let outputs: [ExpressionNode]

    /// - Parameter deciding: the children that are no outputs.
    init(deciding: [ExpressionNode], outputs: [ExpressionNode], type: ExpressionType, at path: ExpressionPath) {
        self.outputs = outputs
        super.init(type, at: path, children: deciding + outputs)
    }

    /// The output for the feature and zoom of the context. Subclasses say which.
    func chosen(_ context: EvaluationContext) throws(EvaluationFailure) -> ExpressionNode {
        throw failure("No output was chosen.")
    }

    final override var hasLiteralOutputs: Bool { outputs.allSatisfy(\.hasLiteralOutputs) }

    final override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        try chosen(context).evaluate(context)
    }

    final override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        try chosen(context).number(context)
    }

    final override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        try chosen(context).boolean(context)
    }

    final override func color(_ context: EvaluationContext) throws(EvaluationFailure) -> Color {
        try chosen(context).color(context)
    }
}
