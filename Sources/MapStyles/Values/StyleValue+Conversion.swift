// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

extension StyleValue {
    /// The value as a condition, by JavaScript's rules.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .boolean(let boolean): boolean
        case .number(let number): number != 0 && !number.isNaN
        case .string(let string): !string.isEmpty
        default: true
        }
    }

    /// The value as a number, by JavaScript's rules; nil where those say NaN.
    var convertedToNumber: Double? {
        switch self {
        case .null: return 0
        case .boolean(let boolean): return boolean ? 1 : 0
        case .number(let number): return number.isNaN ? nil : number
        case .string(let string): return Self.number(from: string)
        default: return nil
        }
    }

    private static func number(from text: String) -> Double? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        switch trimmed {
        case "": return 0
        case "Infinity", "+Infinity": return .infinity
        case "-Infinity": return -.infinity
        default: break
        }
        let lower = trimmed.lowercased()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
            let digits = lower.dropFirst(2)
            return digits.first == "-" || digits.first == "+" ? nil : UInt64(digits, radix: radix).map(Double.init)
        }
        guard lower.allSatisfy({ "0123456789+-.e".contains($0) }) else { return nil }
        // Swift refuses `.5` and `5.` no more than JavaScript does.
        return Double(trimmed).flatMap { $0.isNaN ? nil : $0 }
    }

    /// The value as one of the types that exist only as conversions; nil when
    /// it cannot be one.
    func converted(to type: ExpressionType) -> StyleValue? {
        if self.type == type { return self }
        switch type {
        case .padding: return Padding(sides: self).map(StyleValue.padding)
        case .numberArray:
            switch self {
            case .number(let number): return .numbers([number])
            case .array(let elements): return Self.numbers(elements).map(StyleValue.numbers)
            default: return nil
            }
        case .colorArray:
            switch self {
            case .color(let color): return .colors([color])
            case .string(let text): return Color(css: text).map { .colors([$0]) }
            case .array(let elements):
                let colors = elements.compactMap { element -> Color? in
                    switch element {
                    case .string(let text): Color(css: text)
                    case .color(let color): color
                    default: nil
                    }
                }
                return colors.count == elements.count ? .colors(colors) : nil
            default: return nil
            }
        case .variableAnchorOffsetCollection: return anchorOffsets.map(StyleValue.anchorOffsets)
        case .projectionDefinition: return ProjectionDefinition(self).map(StyleValue.projection)
        default: return nil
        }
    }

    static func numbers(_ elements: [StyleValue]) -> [Double]? {
        let numbers = elements.compactMap { element -> Double? in
            if case .number(let number) = element { number } else { nil }
        }
        return numbers.count == elements.count ? numbers : nil
    }

    private var anchorOffsets: [AnchorOffset]? {
        guard case .array(let elements) = self, !elements.isEmpty, elements.count.isMultiple(of: 2) else { return nil }
        var offsets: [AnchorOffset] = []
        for index in stride(from: 0, to: elements.count, by: 2) {
            guard case .string(let anchor) = elements[index], case .array(let pair) = elements[index + 1],
                let numbers = Self.numbers(pair), numbers.count == 2
            else { return nil }
            offsets.append(AnchorOffset(anchor: anchor, x: numbers[0], y: numbers[1]))
        }
        return offsets
    }
}

extension Padding {
    /// Reads one to four numbers in the order of CSS.
    init?(sides value: StyleValue) {
        let numbers: [Double]
        switch value {
        case .number(let number): numbers = [number]
        case .array(let elements):
            guard let all = StyleValue.numbers(elements) else { return nil }
            numbers = all
        default: return nil
        }
        switch numbers.count {
        case 1: self.init(top: numbers[0], right: numbers[0], bottom: numbers[0], left: numbers[0])
        case 2: self.init(top: numbers[0], right: numbers[1], bottom: numbers[0], left: numbers[1])
        case 3: self.init(top: numbers[0], right: numbers[1], bottom: numbers[2], left: numbers[1])
        case 4: self.init(top: numbers[0], right: numbers[1], bottom: numbers[2], left: numbers[3])
        default: return nil
        }
    }
}

extension ProjectionDefinition {
    /// Reads a projection's name, or two names and the passage between them.
    init?(_ value: StyleValue) {
        switch value {
        case .string(let name): self.init(from: name, to: name, transition: 1)
        case .array(let elements):
            guard elements.count == 3, case .string(let from) = elements[0], case .string(let to) = elements[1],
                case .number(let transition) = elements[2]
            else { return nil }
            self.init(from: from, to: to, transition: transition)
        default: return nil
        }
    }
}
