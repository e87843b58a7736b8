// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `string`, `number`, `boolean`, `object`, `array`: the first argument that
/// is of the type.
final class AssertionNode: ExpressionNode {
    let arguments: [ExpressionNode]
    /// The slot of the attribute that is asked first.
    private let attribute: Int?

    init(_ type: ExpressionType, _ arguments: [ExpressionNode], at path: ExpressionPath) {
        self.arguments = arguments
        attribute = (arguments.first as? GetNode)?.slot
        super.init(type, at: path, children: arguments)
    }

    override var hasLiteralOutputs: Bool { arguments.allSatisfy(\.hasLiteralOutputs) }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        var value = StyleValue.null
        for argument in arguments {
            value = try argument.evaluate(context)
            switch (type, value) {
            case (.number, .number), (.string, .string), (.boolean, .boolean), (.object, .object): return value
            case (.number, _), (.string, _), (.boolean, _), (.object, _): continue
            default: if type.accepts(value.type) { return value }
            }
        }
        throw mismatch(type, value)
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        if let attribute { if let number = context.number(attribute) { return number } }
        let value = try evaluate(context)
        guard case .number(let number) = value else { throw mismatch(.number, value) }
        return number
    }
}

/// `to-number`, `to-color` and the other conversions: the first argument that
/// can be converted.
final class CoercionNode: ExpressionNode {
    let arguments: [ExpressionNode]

    init(_ type: ExpressionType, _ arguments: [ExpressionNode], at path: ExpressionPath) {
        self.arguments = arguments
        super.init(
            type, at: path, children: arguments, traits: type == .resolvedImage ? .environment : [])
    }

    override var hasLiteralOutputs: Bool { arguments.allSatisfy(\.hasLiteralOutputs) }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        switch type {
        case .boolean: return .boolean(try arguments[0].evaluate(context).isTruthy)
        case .color: return .color(try color(context))
        case .number: return .number(try number(context))
        case .string: return .string(try arguments[0].evaluate(context).text)
        case .formatted:
            let value = try arguments[0].evaluate(context)
            if case .formatted = value { return value }
            return .formatted(FormattedText(sections: [.init(text: value.text)]))
        case .resolvedImage:
            let value = try arguments[0].evaluate(context)
            if case .image = value { return value }
            let name = value.text
            guard !name.isEmpty else { return .null }
            return .image(ImageReference(name: name, isAvailable: context.availableImages?.contains(name) ?? false))
        default: break
        }
        var value = StyleValue.null
        for argument in arguments {
            value = try argument.evaluate(context)
            if let converted = value.converted(to: type) { return converted }
        }
        throw EvaluationFailure(.unparsable(type, value), at: path)
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        var value = StyleValue.null
        for argument in arguments {
            value = try argument.evaluate(context)
            if let number = value.convertedToNumber { return number }
        }
        throw failure("Could not convert \(value.json.text) to number.")
    }

    override func color(_ context: EvaluationContext) throws(EvaluationFailure) -> Color {
        var value = StyleValue.null
        var complaint: String?
        for argument in arguments {
            value = try argument.evaluate(context)
            complaint = nil
            switch value {
            case .color(let color): return color
            case .string(let text): if let color = Color(css: text) { return color }
            case .array(let channels):
                guard channels.count == 3 || channels.count == 4 else {
                    complaint =
                        "Invalid rgba value \(value.json.text): expected an array containing either three or four "
                        + "numeric values."
                    continue
                }
                complaint = Color.complaint(channels: channels)
                if complaint == nil, let color = Color(channels: channels) { return color }
            default: continue
            }
        }
        guard let complaint else { throw EvaluationFailure(.unparsable(.color, value), at: path) }
        throw failure(complaint)
    }
}

/// `typeof`: the name of the type of a value.
final class TypeOfNode: ExpressionNode {
    let argument: ExpressionNode

    init(_ argument: ExpressionNode, at path: ExpressionPath) {
        self.argument = argument
        super.init(.string, at: path, children: [argument])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .string(try argument.evaluate(context).type.description)
    }
}

/// `error`: always fails with its message.
final class ErrorNode: ExpressionNode {
    let message: ExpressionNode

    init(_ message: ExpressionNode, at path: ExpressionPath) {
        self.message = message
        super.init(.error, at: path, children: [message], traits: .environment)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        throw failure(try message.string(context))
    }
}

/// `rgb` and `rgba`.
final class ChannelsNode: ExpressionNode {
    let channels: [ExpressionNode]

    init(_ channels: [ExpressionNode], at path: ExpressionPath) {
        self.channels = channels
        super.init(.color, at: path, children: channels)
    }

    override func color(_ context: EvaluationContext) throws(EvaluationFailure) -> Color {
        var values: [StyleValue] = []
        for channel in channels { values.append(.number(try channel.number(context))) }
        if let complaint = Color.complaint(channels: values) { throw failure(complaint) }
        return Color(channels: values) ?? .transparent
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .color(try color(context))
    }
}

/// `to-rgba`: the channels of a colour, 0 to 255, and its alpha, 0 to 1.
final class ToChannelsNode: ExpressionNode {
    let argument: ExpressionNode

    init(_ argument: ExpressionNode, at path: ExpressionPath) {
        self.argument = argument
        super.init(.array(of: .number, count: 4), at: path, children: [argument])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let color = try argument.color(context)
        return .array([
            .number(color.red * 255), .number(color.green * 255), .number(color.blue * 255), .number(color.alpha),
        ])
    }
}

extension Color {
    /// Why channels from an expression are no colour.
    static func complaint(channels: [StyleValue]) -> String? {
        func isNumber(_ value: StyleValue, upTo most: Double) -> Bool {
            if case .number(let number) = value { (0...most).contains(number) } else { false }
        }
        let written = "[" + channels.map(\.text).joined(separator: ", ") + "]"
        guard channels.prefix(3).allSatisfy({ isNumber($0, upTo: 255) }) else {
            return "Invalid rgba value \(written): 'r', 'g', and 'b' must be between 0 and 255."
        }
        guard channels.count < 4 || isNumber(channels[3], upTo: 1) else {
            return "Invalid rgba value \(written): 'a' must be between 0 and 1."
        }
        return nil
    }

    /// Three channels from 0 to 255, and perhaps alpha from 0 to 1.
    init?(channels: [StyleValue]) {
        let numbers = channels.compactMap { value -> Double? in
            if case .number(let number) = value { number } else { nil }
        }
        guard numbers.count == channels.count, numbers.count >= 3 else { return nil }
        self.init(
            red: numbers[0] / 255, green: numbers[1] / 255, blue: numbers[2] / 255,
            alpha: numbers.count > 3 ? numbers[3] : 1)
    }
}
