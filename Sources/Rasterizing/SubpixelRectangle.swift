// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// An axis-parallel rectangle in subpixels, borders included.
public struct SubpixelRectangle: Hashable, Sendable {
    public var minX: Int32
    public var minY: Int32
    public var maxX: Int32
    public var maxY: Int32

    public init(minX: Int32, minY: Int32, maxX: Int32, maxY: Int32) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// All of a picture of a size in pixels.
    public init(width: Int, height: Int) {
        let limit = Int(Subpixels.limit) / Subpixels.perPixel
        self.init(
            minX: 0, minY: 0, maxX: Int32(min(width, limit) * Subpixels.perPixel),
            maxY: Int32(min(height, limit) * Subpixels.perPixel))
    }

    public static let everything = SubpixelRectangle(minX: .min, minY: .min, maxX: .max, maxY: .max)

    /// The rectangle with a margin in pixels on each side, rounded up.
    public func expanded(by pixels: Double) -> SubpixelRectangle {
        let margin = Subpixels.clamped(max(0, pixels) * Double(Subpixels.perPixel)) + 1
        func lower(_ value: Int32) -> Int32 {
            let (result, overflow) = value.subtractingReportingOverflow(margin)
            return overflow ? .min : result
        }
        func upper(_ value: Int32) -> Int32 {
            let (result, overflow) = value.addingReportingOverflow(margin)
            return overflow ? .max : result
        }
        return SubpixelRectangle(minX: lower(minX), minY: lower(minY), maxX: upper(maxX), maxY: upper(maxY))
    }

    /// Whether a point lies inside or on the border.
    @inlinable @inline(__always)
    public func contains(_ point: SubpixelPoint) -> Bool {
        point.x >= minX && point.x <= maxX && point.y >= minY && point.y <= maxY
    }

    /// Whether the box around a segment meets the rectangle.
    @inlinable @inline(__always)
    public func mayTouch(_ a: SubpixelPoint, _ b: SubpixelPoint) -> Bool {
        max(a.x, b.x) >= minX && min(a.x, b.x) <= maxX && max(a.y, b.y) >= minY && min(a.y, b.y) <= maxY
    }
}
