// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The type of an expression's result, as the style specification names them.
public indirect enum ExpressionType: Hashable, Sendable {
    case null
    case boolean
    case number
    case string
    case color
    case object
    case value
    case collator
    case formatted
    case padding
    case numberArray
    case colorArray
    case resolvedImage
    case projectionDefinition
    case variableAnchorOffsetCollection
    /// The type of `["error", …]`, which never returns.
    case error
    case array(of: ExpressionType, count: Int?)
}

extension ExpressionType: CustomStringConvertible {
    /// The spelling in the specification, as in `array<number, 2>`.
    public var description: String {
        switch self {
        case .array(let element, let count?): "array<\(element), \(count)>"
        case .array(.value, nil): "array"
        case .array(let element, nil): "array<\(element)>"
        default: name
        }
    }

    /// The type's name without what it holds.
    var name: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .color: "color"
        case .object: "object"
        case .value: "value"
        case .collator: "collator"
        case .formatted: "formatted"
        case .padding: "padding"
        case .numberArray: "numberArray"
        case .colorArray: "colorArray"
        case .resolvedImage: "resolvedImage"
        case .projectionDefinition: "projectionDefinition"
        case .variableAnchorOffsetCollection: "variableAnchorOffsetCollection"
        case .error: "error"
        case .array: "array"
        }
    }

    /// Whether every value of another type is of this one.
    func accepts(_ other: ExpressionType) -> Bool {
        switch (self, other) {
        case (_, .error): return true
        case (.array(let element, let count), .array(let otherElement, let otherCount)):
            guard (otherCount == 0 && otherElement == .value) || element.accepts(otherElement) else { return false }
            return count == nil || count == otherCount
        case (.value, .collator): return false
        case (.value, .array(let element, _)): return ExpressionType.value.accepts(element)
        case (.value, _): return true
        default: return self == other
        }
    }

    /// Why a value of another type is refused here.
    func refusal(of other: ExpressionType) -> String? {
        accepts(other) ? nil : "Expected \(self) but found \(other) instead."
    }

    /// Whether values of this type can be blended.
    var isInterpolatable: Bool {
        switch self {
        case .number, .color, .padding, .numberArray, .colorArray, .projectionDefinition,
            .variableAnchorOffsetCollection, .error:
            true
        case .array(let element, let count): element == .number && count != nil
        default: false
        }
    }
}
