// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// How a line looks at its ends.
public enum LineCap: String, Hashable, Sendable {
    case butt
    case round
    case square
}

/// How a line looks at its corners.
public enum LineJoin: String, Hashable, Sendable {
    case miter
    case bevel
    case round
}

/// What a pen draws along a line. Lengths are in pixels.
public struct StrokeStyle: Hashable, Sendable {
    /// Lines narrower than a pixel are drawn as faint as they are narrow.
    public var width: Double
    public var cap: LineCap
    public var join: LineJoin
    /// A mitered corner that is longer than this many widths is bevelled.
    public var miterLimit: Double
    /// A round corner that a miter would lengthen by less than this factor is
    /// mitered; it looks the same.
    public var roundLimit: Double
    /// The lengths of dashes and gaps in turn, an odd count repeated once; empty
    /// for a solid line.
    public var dashes: [Double]
    /// How far to the right of the line's direction the stroke lies.
    public var offset: Double

    public init(
        width: Double, cap: LineCap = .butt, join: LineJoin = .miter, miterLimit: Double = 2,
        roundLimit: Double = 1.05, dashes: [Double] = [], offset: Double = 0
    ) {
        self.width = width
        self.cap = cap
        self.join = join
        self.miterLimit = miterLimit
        self.roundLimit = roundLimit
        self.dashes = dashes
        self.offset = offset
    }

    /// How far a stroke may reach from its line, in pixels.
    public var reach: Double {
        let corner = join == .miter ? max(1, miterLimit) : max(1, roundLimit)
        // Square caps reach √2 half widths, and the corners of an offset line
        // lie farther from the line than its sides.
        return (width / 2) * max(corner, 1.4143) + abs(offset) * OffsetLine.longestCorner + 1
    }
}
