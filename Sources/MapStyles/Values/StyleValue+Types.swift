// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension StyleValue {
    /// The type of the value itself; an array's names its elements' type when
    /// they agree, and its length.
    public var type: ExpressionType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .color: .color
        case .object: .object
        case .formatted: .formatted
        case .image: .resolvedImage
        case .padding: .padding
        case .numbers: .numberArray
        case .colors: .colorArray
        case .anchorOffsets: .variableAnchorOffsetCollection
        case .projection: .projectionDefinition
        case .collator: .collator
        case .array(let elements): .array(of: Self.commonType(of: elements), count: elements.count)
        }
    }

    private static func commonType(of elements: [StyleValue]) -> ExpressionType {
        guard let first = elements.first?.type else { return .value }
        if case .array = first, elements.count > 1 { return .value }
        return elements.dropFirst().allSatisfy { $0.type == first } ? first : .value
    }

    /// Whether the value is null.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The value as text, as `to-string` writes it: empty for null, objects
    /// and arrays as JSON.
    public var text: String {
        switch self {
        case .null: ""
        case .string(let string): string
        case .boolean(let boolean): boolean ? "true" : "false"
        case .number(let number): number.isFinite ? number.javaScriptText : "null"
        case .color(let color): color.description
        case .formatted(let formatted): formatted.text
        case .image(let image): image.name
        case .array, .object, .padding, .numbers, .colors, .anchorOffsets, .projection, .collator: json.text
        }
    }

    /// The value as JSON. Colours are four straight components from 0 to 1.
    public var json: JSONValue {
        switch self {
        case .null: JSONValue(.null)
        case .boolean(let boolean): JSONValue(.boolean(boolean))
        case .number(let number): JSONValue(.number(number))
        case .string(let string): JSONValue(.string(string))
        case .image(let image): JSONValue(.string(image.name))
        case .formatted(let formatted): JSONValue(.string(formatted.text))
        case .color(let color): color.json
        case .array(let elements): JSONValue(.array(elements.map(\.json)))
        case .object(let members):
            JSONValue(.object(members.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.json) }))
        case .padding(let padding):
            JSONValue(
                .array([padding.top, padding.right, padding.bottom, padding.left].map { JSONValue(.number($0)) }))
        case .numbers(let numbers): JSONValue(.array(numbers.map { JSONValue(.number($0)) }))
        case .colors(let colors): JSONValue(.array(colors.map { JSONValue(.string($0.description)) }))
        case .anchorOffsets(let offsets):
            JSONValue(
                .array(
                    offsets.flatMap { offset -> [JSONValue] in
                        [
                            JSONValue(.string(offset.anchor)),
                            JSONValue(.array([JSONValue(.number(offset.x)), JSONValue(.number(offset.y))])),
                        ]
                    }))
        case .projection(let projection):
            projection.transition == 1
                ? JSONValue(.string(projection.to))
                : JSONValue(
                    .array([
                        JSONValue(.string(projection.from)), JSONValue(.string(projection.to)),
                        JSONValue(.number(projection.transition)),
                    ]))
        case .collator: JSONValue(.object([]))
        }
    }
}

extension Color {
    var json: JSONValue {
        JSONValue(.array([red, green, blue, alpha].map { JSONValue(.number($0)) }))
    }
}
