// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What an expression evaluates to.
public enum StyleValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case color(Color)
    case array([StyleValue])
    case object([String: StyleValue])
    case formatted(FormattedText)
    case image(ImageReference)
    case padding(Padding)
    case numbers([Double])
    case colors([Color])
    case anchorOffsets([AnchorOffset])
    case projection(ProjectionDefinition)
    case collator(Collator)
}

/// Space around a box in pixels.
public struct Padding: Hashable, Sendable {
    public var top: Double
    public var right: Double
    public var bottom: Double
    public var left: Double

    public init(top: Double, right: Double, bottom: Double, left: Double) {
        (self.top, self.right, self.bottom, self.left) = (top, right, bottom, left)
    }
}

/// The name of an image of the sprite.
public struct ImageReference: Hashable, Sendable {
    public var name: String
    /// Whether the sprite has it, as far as the evaluation was told.
    public var isAvailable: Bool

    public init(name: String, isAvailable: Bool = false) {
        self.name = name
        self.isAvailable = isAvailable
    }
}

/// A label of sections with their own looks.
public struct FormattedText: Hashable, Sendable {
    /// A run of text, or an image, that looks the same throughout.
    public struct Section: Hashable, Sendable {
        public var text: String
        public var image: ImageReference?
        public var scale: Double?
        /// Font names, joined by commas.
        public var fontStack: String?
        public var color: Color?
        public var verticalAlignment: String?

        public init(
            text: String, image: ImageReference? = nil, scale: Double? = nil, fontStack: String? = nil,
            color: Color? = nil, verticalAlignment: String? = nil
        ) {
            self.text = text
            self.image = image
            self.scale = scale
            self.fontStack = fontStack
            self.color = color
            self.verticalAlignment = verticalAlignment
        }
    }

    public var sections: [Section]

    public init(sections: [Section]) { self.sections = sections }

    /// The text of all sections, images left out.
    public var text: String { sections.map(\.text).joined() }
}

/// Where a label may stand, and how far from its anchor, in ems.
public struct AnchorOffset: Hashable, Sendable {
    public var anchor: String
    public var x: Double
    public var y: Double

    public init(anchor: String, x: Double, y: Double) {
        (self.anchor, self.x, self.y) = (anchor, x, y)
    }
}

/// A map projection, or a passage between two.
public struct ProjectionDefinition: Hashable, Sendable {
    public var from: String
    public var to: String
    /// 0 for wholly `from`, 1 for wholly `to`.
    public var transition: Double

    public init(from: String, to: String, transition: Double) {
        (self.from, self.to, self.transition) = (from, to, transition)
    }
}

extension StyleValue {
    /// The value of a cell; nil for null, which in tiles means that the
    /// feature lacks the attribute.
    @inlinable
    public init?(_ value: AttributeValue) {
        switch value {
        case .null: return nil
        case .boolean(let boolean): self = .boolean(boolean)
        case .integer(let integer): self = .number(Double(integer))
        case .real(let real): self = .number(real)
        case .text(let text): self = .string(text)
        }
    }

    /// A literal value; arrays and objects keep their nesting.
    public init(_ json: JSONValue) {
        switch json.content {
        case .null: self = .null
        case .boolean(let boolean): self = .boolean(boolean)
        case .number(let number): self = .number(number)
        case .string(let string): self = .string(string)
        case .array(let elements): self = .array(elements.map(StyleValue.init))
        case .object(let members):
            self = .object(Dictionary(members.map { ($0.key, StyleValue($0.value)) }) { $1 })
        }
    }
}
