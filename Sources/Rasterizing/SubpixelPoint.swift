// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A position in a picture in whole 1/256 pixels, x to the right and y down from
/// the top left corner of the top left pixel.
///
/// Drawing is exact arithmetic on these numbers: the same shape moved by whole
/// pixels gives the same pixels, so neighbouring tiles fit together without a
/// seam.
public struct SubpixelPoint: Hashable, Sendable {
    public var x: Int32
    public var y: Int32

    @inlinable @inline(__always)
    public init(x: Int32, y: Int32) {
        self.x = x
        self.y = y
    }

    /// The nearest position to one in pixels, or nil when a number is NaN.
    /// Numbers beyond `Subpixels.limit` are moved to it.
    @inlinable
    public init?(pixelX: Double, pixelY: Double) {
        guard !pixelX.isNaN, !pixelY.isNaN else { return nil }
        x = Subpixels.clamped(pixelX * Double(Subpixels.perPixel))
        y = Subpixels.clamped(pixelY * Double(Subpixels.perPixel))
    }
}

/// The unit in which shapes are drawn, a 256th of a pixel.
public enum Subpixels {
    public static let perPixel = 256
    /// The farthest that a position may lie from the origin, in subpixels: over
    /// four million pixels.
    public static let limit: Int32 = 1 << 30

    /// The nearest whole number within the limit, halves upwards; 0 for NaN.
    @inlinable @inline(__always)
    public static func clamped(_ value: Double) -> Int32 {
        guard abs(value) < Double(limit) else { return value > 0 ? limit : value < 0 ? -limit : 0 }
        // Truncation rounds down once all is positive; the processor has no
        // quicker way that every x86-64 knows.
        return Int32(truncatingIfNeeded: Int(value + 0.5 + 0x1p40) &- 1 << 40)
    }
}
