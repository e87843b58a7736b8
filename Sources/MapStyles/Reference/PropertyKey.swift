// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Names a layout or paint property together with the Swift type of its value,
/// as in `.fillColor`. The value is optional where the specification gives no
/// default.
public struct PropertyKey<Value>: Hashable, Sendable {
    let index: Int

    /// The property's name in a style, as in `fill-color`.
    public var name: String { StyleReference.properties[index].name }
}

/// A Swift type in which values of properties are handed out.
public protocol StylePropertyValue: Sendable {
    /// The value in this type; nil when it is of another.
    init?(_ value: StyleValue)
    /// What stands where even the specification's default is of another type.
    static var neutral: Self { get }
}

/// The ends of lines.
public enum LineCap: String, Sendable, CaseIterable {
    case butt, round, square
}

/// The corners of lines.
public enum LineJoin: String, Sendable, CaseIterable {
    case bevel, round, miter
}

/// Whether a translation turns with the map or stays with the screen.
public enum TranslateAnchor: String, Sendable, CaseIterable {
    case map, viewport
}

extension StylePropertyValue where Self: RawRepresentable, RawValue == String {
    public init?(_ value: StyleValue) {
        guard case .string(let name) = value else { return nil }
        self.init(rawValue: name)
    }
}

extension LineCap: StylePropertyValue {
    public static var neutral: LineCap { .butt }
}

extension LineJoin: StylePropertyValue {
    public static var neutral: LineJoin { .miter }
}

extension TranslateAnchor: StylePropertyValue {
    public static var neutral: TranslateAnchor { .map }
}

extension Double: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .number(let number) = value else { return nil }
        self = number
    }

    public static var neutral: Double { 0 }
}

extension Bool: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .boolean(let boolean) = value else { return nil }
        self = boolean
    }

    public static var neutral: Bool { false }
}

extension String: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .string(let string) = value else { return nil }
        self = string
    }

    public static var neutral: String { "" }
}

extension Color: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .color(let color) = value else { return nil }
        self = color
    }

    public static var neutral: Color { .black }
}

extension FormattedText: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .formatted(let text) = value else { return nil }
        self = text
    }

    public static var neutral: FormattedText { FormattedText(sections: []) }
}

extension ImageReference: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .image(let image) = value else { return nil }
        self = image
    }

    public static var neutral: ImageReference { ImageReference(name: "") }
}

extension Padding: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .padding(let padding) = value else { return nil }
        self = padding
    }

    public static var neutral: Padding { Padding(top: 0, right: 0, bottom: 0, left: 0) }
}

extension Array: StylePropertyValue where Element: StylePropertyValue {
    public init?(_ value: StyleValue) {
        let elements: [StyleValue]
        switch value {
        case .array(let array): elements = array
        case .numbers(let numbers): elements = numbers.map(StyleValue.number)
        case .colors(let colors): elements = colors.map(StyleValue.color)
        case .anchorOffsets(let offsets): elements = offsets.map { .anchorOffsets([$0]) }
        default: return nil
        }
        let converted = elements.compactMap(Element.init)
        guard converted.count == elements.count else { return nil }
        self = converted
    }

    public static var neutral: [Element] { [] }
}

extension AnchorOffset: StylePropertyValue {
    public init?(_ value: StyleValue) {
        guard case .anchorOffsets(let offsets) = value, let first = offsets.first else { return nil }
        self = first
    }

    public static var neutral: AnchorOffset { AnchorOffset(anchor: "center", x: 0, y: 0) }
}
