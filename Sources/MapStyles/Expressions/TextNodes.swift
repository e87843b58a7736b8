// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `concat`: the arguments as one text.
final class ConcatenationNode: ExpressionNode {
    let arguments: [ExpressionNode]

    init(_ arguments: [ExpressionNode], at path: ExpressionPath) {
        self.arguments = arguments
        super.init(.string, at: path, children: arguments)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        var text = ""
        for argument in arguments { text += try argument.evaluate(context).text }
        return .string(text)
    }
}

/// Functions of one text.
final class TextNode: ExpressionNode {
    enum Operation: String, Sendable, CaseIterable {
        case upcase, downcase
        case isSupportedScript = "is-supported-script"
        case resolvedLocale = "resolved-locale"

        var argumentType: ExpressionType { self == .resolvedLocale ? .collator : .string }
        var resultType: ExpressionType { self == .isSupportedScript ? .boolean : .string }
    }

    let operation: Operation
    let argument: ExpressionNode

    init(_ operation: Operation, _ argument: ExpressionNode, at path: ExpressionPath) {
        self.operation = operation
        self.argument = argument
        super.init(
            operation.resultType, at: path, children: [argument],
            traits: operation == .isSupportedScript ? .environment : [])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let value = try argument.evaluate(context)
        switch (operation, value) {
        case (.upcase, .string(let text)): return .string(text.uppercased())
        case (.downcase, .string(let text)): return .string(text.lowercased())
        case (.isSupportedScript, .string): return .boolean(true)
        case (.resolvedLocale, .collator(let collator)): return .string(collator.locale ?? "en")
        default: throw argument.mismatch(operation.argumentType, value)
        }
    }
}

/// `split`: a text in parts.
final class SplitNode: ExpressionNode {
    let text: ExpressionNode
    let separator: ExpressionNode

    init(_ text: ExpressionNode, by separator: ExpressionNode, at path: ExpressionPath) {
        self.text = text
        self.separator = separator
        super.init(.array(of: .string, count: nil), at: path, children: [text, separator])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let text = try text.string(context)
        let separator = try separator.string(context)
        if separator.isEmpty { return .array(text.unicodeScalars.map { .string(String($0)) }) }
        return .array(text.split(separator: separator, omittingEmptySubsequences: false).map { .string(String($0)) })
    }
}

/// `join`: texts as one.
final class JoinNode: ExpressionNode {
    let texts: ExpressionNode
    let separator: ExpressionNode

    init(_ texts: ExpressionNode, by separator: ExpressionNode, at path: ExpressionPath) {
        self.texts = texts
        self.separator = separator
        super.init(.string, at: path, children: [texts, separator])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let value = try texts.evaluate(context)
        guard case .array(let elements) = value else { throw texts.mismatch(texts.type, value) }
        return .string(elements.map(\.text).joined(separator: try separator.string(context)))
    }
}

/// `image`: an image of the sprite by name.
final class ImageNode: ExpressionNode {
    let name: ExpressionNode

    init(_ name: ExpressionNode, at path: ExpressionPath) {
        self.name = name
        super.init(.resolvedImage, at: path, children: [name], traits: .environment)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let name = try name.string(context)
        guard !name.isEmpty else { return .null }
        return .image(ImageReference(name: name, isAvailable: context.availableImages?.contains(name) ?? false))
    }
}

/// `format`: sections of text with looks of their own.
final class FormatNode: ExpressionNode {
    struct Section {
        var content: ExpressionNode
        var scale: ExpressionNode?
        var font: ExpressionNode?
        var color: ExpressionNode?
        var verticalAlignment: ExpressionNode?

        var children: [ExpressionNode] { [content, scale, font, color, verticalAlignment].compactMap(\.self) }
    }

    let sections: [Section]

    init(_ sections: [Section], at path: ExpressionPath) {
        self.sections = sections
        super.init(.formatted, at: path, children: sections.flatMap(\.children))
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        var evaluated: [FormattedText.Section] = []
        for section in sections {
            let content = try section.content.evaluate(context)
            let alignment = try section.verticalAlignment?.string(context)
            if case .image(let image) = content {
                evaluated.append(.init(text: "", image: image, verticalAlignment: alignment))
                continue
            }
            var fonts: String?
            if let font = section.font, case .array(let names) = try font.evaluate(context) {
                fonts = names.map(\.text).joined(separator: ",")
            }
            evaluated.append(
                .init(
                    text: content.text, scale: try section.scale?.number(context), fontStack: fonts,
                    color: try section.color?.color(context), verticalAlignment: alignment))
        }
        return .formatted(FormattedText(sections: evaluated))
    }
}
