// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `collator`: rules for comparing texts.
final class CollatorNode: ExpressionNode {
    let caseSensitive: ExpressionNode
    let diacriticSensitive: ExpressionNode
    let locale: ExpressionNode?

    init(
        caseSensitive: ExpressionNode, diacriticSensitive: ExpressionNode, locale: ExpressionNode?,
        at path: ExpressionPath
    ) {
        self.caseSensitive = caseSensitive
        self.diacriticSensitive = diacriticSensitive
        self.locale = locale
        super.init(
            .collator, at: path, children: [caseSensitive, diacriticSensitive] + (locale.map { [$0] } ?? []),
            traits: .environment)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .collator(
            Collator(
                isCaseSensitive: try caseSensitive.boolean(context),
                isDiacriticSensitive: try diacriticSensitive.boolean(context),
                locale: try locale?.string(context)))
    }
}
