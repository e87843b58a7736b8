// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// One colour, ready to be laid over pixels with a coverage: source over
/// destination, premultiplied, eight bits a channel, rounded to the nearest.
struct Paint {
    private let color: UInt32
    private let isOpaque: Bool

    init(_ color: PremultipliedColor) {
        self.color = color.packed
        isOpaque = color.isOpaque
    }

    /// Lays the colour over one pixel. `opacity` is 1 … 255.
    @inline(__always)
    func fillPixel(_ pixel: UnsafeMutablePointer<UInt32>, _ opacity: UInt32) {
        if opacity == 255 && isOpaque {
            pixel.pointee = color
        } else {
            let source = opacity == 255 ? color : Self.scaled(color, opacity)
            pixel.pointee = source &+ Self.scaled(pixel.pointee, 255 &- source &>> 24)
        }
    }

    /// Lays the colour over pixels side by side. `opacity` is 1 … 255.
    @inline(__always)
    func fillSpan(_ pixels: UnsafeMutablePointer<UInt32>, _ count: Int, _ opacity: UInt32) {
        if opacity == 255 && isOpaque {
            pixels.update(repeating: color, count: count)
        } else {
            blendSpan(pixels, count, opacity)
        }
    }

    private func blendSpan(_ pixels: UnsafeMutablePointer<UInt32>, _ count: Int, _ opacity: UInt32) {
        let source = opacity == 255 ? color : Self.scaled(color, opacity)
        let rest = 255 &- source &>> 24
        let sources = unsafeBitCast(SIMD4<UInt32>(repeating: source), to: SIMD16<UInt8>.self)
        let rests = SIMD16<UInt16>(repeating: UInt16(truncatingIfNeeded: rest))
        let half = SIMD16<UInt16>(repeating: 128)
        var position = 0
        while position &+ 4 <= count {
            let address = UnsafeMutableRawPointer(pixels + position)
            let old = address.loadUnaligned(as: SIMD16<UInt8>.self)
            let product = SIMD16<UInt16>(truncatingIfNeeded: old) &* rests &+ half
            let scaled = SIMD16<UInt8>(truncatingIfNeeded: (product &+ (product &>> 8)) &>> 8)
            address.storeBytes(of: scaled &+ sources, as: SIMD16<UInt8>.self)
            position &+= 4
        }
        while position < count {
            pixels[position] = source &+ Self.scaled(pixels[position], rest)
            position &+= 1
        }
    }

    /// All four channels times `factor / 255`, two at a time.
    @inline(__always)
    static func scaled(_ pixel: UInt32, _ factor: UInt32) -> UInt32 {
        let low = (pixel & 0x00FF_00FF) &* factor &+ 0x0080_0080
        let high = (pixel &>> 8 & 0x00FF_00FF) &* factor &+ 0x0080_0080
        return (low &+ (low &>> 8 & 0x00FF_00FF)) &>> 8 & 0x00FF_00FF
            | (high &+ (high &>> 8 & 0x00FF_00FF)) & 0xFF00_FF00
    }
}
