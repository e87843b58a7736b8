// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Reads a picture at places between its pixels.
public struct PixmapSampler: Sendable {
    private let pixmap: Pixmap
    private let wraps: Bool

    /// - Parameter wraps: whether the picture repeats itself beyond its sides;
    ///   else its outermost pixels go on for ever.
    public init(_ pixmap: Pixmap, wraps: Bool) {
        self.pixmap = pixmap
        self.wraps = wraps
    }

    /// The nearest pixel to a place, which is counted from the upper left
    /// corner: the middle of the first pixel is (0.5, 0.5).
    public func nearest(_ x: Double, _ y: Double) -> UInt32 {
        pixmap.pixels[row(Int(y.rounded(.down))) + column(Int(x.rounded(.down)))]
    }

    /// The mean of the four pixels around a place, by their nearness.
    public func linear(_ x: Double, _ y: Double) -> UInt32 {
        let (left, top) = ((x - 0.5).rounded(.down), (y - 0.5).rounded(.down))
        let shareX = Int(((x - 0.5 - left) * 256).rounded())
        let shareY = Int(((y - 0.5 - top) * 256).rounded())
        let (x0, x1) = (column(Int(left)), column(Int(left) + 1))
        let (y0, y1) = (row(Int(top)), row(Int(top) + 1))
        let (a, b) = (pixmap.pixels[y0 + x0], pixmap.pixels[y0 + x1])
        let (c, d) = (pixmap.pixels[y1 + x0], pixmap.pixels[y1 + x1])
        if a == b && c == d && a == c { return a }
        var result: UInt32 = 0
        for shift in [0, 8, 16, 24] as [UInt32] {
            func channel(_ pixel: UInt32) -> Int { Int(pixel >> shift & 255) }
            let upper = channel(a) * (256 - shareX) + channel(b) * shareX
            let lower = channel(c) * (256 - shareX) + channel(d) * shareX
            result |= UInt32((upper * (256 - shareY) + lower * shareY + 32_768) >> 16) << shift
        }
        return result
    }

    private func column(_ x: Int) -> Int { place(x, pixmap.width) }
    private func row(_ y: Int) -> Int { place(y, pixmap.height) * pixmap.width }

    @inline(__always)
    private func place(_ position: Int, _ count: Int) -> Int {
        if position >= 0 && position < count { return position }
        guard wraps else { return position < 0 ? 0 : count - 1 }
        let rest = position % count
        return rest < 0 ? rest + count : rest
    }
}

extension ByteFraction {
    /// All four channels of a pixel times `factor / 255`.
    @inlinable
    public static func product(pixel: UInt32, _ factor: UInt32) -> UInt32 {
        product(pixel & 255, factor) | product(pixel >> 8 & 255, factor) << 8
            | product(pixel >> 16 & 255, factor) << 16 | product(pixel >> 24, factor) << 24
    }
}
