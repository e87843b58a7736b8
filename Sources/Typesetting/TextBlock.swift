// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A label set in lines. Lengths are in ems of the label's size, x to the right
/// and y down from the upper left corner of its box.
public struct TextBlock: Sendable {
    public struct Glyph: Sendable {
        public var face: FontFace
        public var id: UInt32
        /// Where the glyph's origin stands, on the baseline.
        public var position: SIMD2<Double>
        /// How far the next glyph is.
        public var advance: Double
        /// The glyph's size in ems of the label.
        public var scale: Double
        /// Of which section it is.
        public var section: Int
    }

    public internal(set) var glyphs: [Glyph] = []
    public internal(set) var width = 0.0
    public internal(set) var height = 0.0
    public internal(set) var lineCount = 0
    /// Visible characters that no font has; they are left out.
    public internal(set) var missing: [Unicode.Scalar] = []
    /// Whether the text was longer than `TextSetting.longest` and was cut.
    public internal(set) var isCut = false
}

/// A part of a label that looks the same throughout.
public struct TextSection: Sendable {
    public var text: String
    public var stack: FontStack
    /// The size in ems of the label.
    public var scale: Double

    public init(_ text: String, stack: FontStack, scale: Double = 1) {
        self.text = text
        self.stack = stack
        self.scale = scale
    }
}

/// Which side of a label its lines keep to.
public enum TextJustification: Hashable, Sendable {
    case left, center, right
}

/// How a label is set. Lengths are in ems.
public struct TextSetting: Hashable, Sendable {
    /// Longer lines are broken; nil for one line, whatever its length.
    public var maxWidth: Double?
    public var lineHeight = 1.2
    public var letterSpacing = 0.0
    public var justification = TextJustification.center

    public init() {}

    /// Characters beyond these are cut off.
    public static let longest = 1000
    /// How far the baseline lies below the middle of a line: it brings both
    /// capitals and Chinese characters to the middle.
    static let baseline = 0.375
}
