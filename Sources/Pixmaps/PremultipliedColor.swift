// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// An sRGB colour of eight bits a channel whose red, green and blue are already
/// multiplied by its alpha, as pixels are stored and blended.
public struct PremultipliedColor: Hashable, Sendable {
    /// The four channels in one word: red in the lowest byte, alpha in the
    /// highest. None of the lower three exceeds alpha.
    public var packed: UInt32

    /// A colour from a word as `packed` describes it. A word in which a channel
    /// exceeds alpha draws wrong colours, but nothing worse.
    @inlinable
    public init(packed: UInt32) {
        self.packed = packed
    }

    /// A colour from channels that are multiplied by alpha already, 0 … 255.
    /// Channels above alpha are cut down to it.
    @inlinable
    public init(premultipliedRed red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8) {
        packed =
            UInt32(min(red, alpha)) | UInt32(min(green, alpha)) << 8 | UInt32(min(blue, alpha)) << 16
            | UInt32(alpha) << 24
    }

    /// A colour from straight channels, 0 … 255; rounded to the nearest.
    @inlinable
    public init(straightRed red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
        packed =
            ByteFraction.product(UInt32(red), UInt32(alpha))
            | ByteFraction.product(UInt32(green), UInt32(alpha)) << 8
            | ByteFraction.product(UInt32(blue), UInt32(alpha)) << 16 | UInt32(alpha) << 24
    }

    /// A colour from straight channels between 0 and 1. Values outside are cut
    /// to that range, and NaN counts as 0.
    public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        func unit(_ value: Double) -> Double { value > 0 ? min(value, 1) : 0 }
        func byte(_ value: Double) -> UInt8 { UInt8(value * 255 + 0.5) }
        let alpha = unit(alpha)
        self.init(
            premultipliedRed: byte(unit(red) * alpha), green: byte(unit(green) * alpha),
            blue: byte(unit(blue) * alpha), alpha: byte(alpha))
    }

    /// Nothing at all: all four channels are 0.
    public static let transparent = PremultipliedColor(packed: 0)
    public static let white = PremultipliedColor(packed: 0xFFFF_FFFF)
    public static let black = PremultipliedColor(packed: 0xFF00_0000)

    @inlinable public var red: UInt8 { UInt8(truncatingIfNeeded: packed) }
    @inlinable public var green: UInt8 { UInt8(truncatingIfNeeded: packed >> 8) }
    @inlinable public var blue: UInt8 { UInt8(truncatingIfNeeded: packed >> 16) }
    @inlinable public var alpha: UInt8 { UInt8(truncatingIfNeeded: packed >> 24) }

    @inlinable public var isOpaque: Bool { packed >= 0xFF00_0000 }
    @inlinable public var isTransparent: Bool { packed < 0x0100_0000 }

    /// The same colour drawn with an opacity between 0 and 1.
    public func withOpacity(_ opacity: Double) -> PremultipliedColor {
        guard opacity < 1 else { return self }
        guard opacity > 0 else { return .transparent }
        func scaled(_ channel: UInt8) -> UInt8 { UInt8(Double(channel) * opacity + 0.5) }
        return PremultipliedColor(
            premultipliedRed: scaled(red), green: scaled(green), blue: scaled(blue), alpha: scaled(alpha))
    }

    /// This colour laid over another.
    @inlinable
    public func over(_ other: PremultipliedColor) -> PremultipliedColor {
        if isOpaque { return self }
        return PremultipliedColor(packed: packed &+ ByteFraction.product(pixel: other.packed, 255 &- packed >> 24))
    }

    /// The straight channels: what a file without premultiplication stores.
    /// Multiplying them by alpha again gives this colour back exactly.
    public var straight: (red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8) {
        let alpha = UInt32(self.alpha)
        guard alpha > 0 else { return (0, 0, 0, 0) }
        guard alpha < 255 else { return (red, green, blue, 255) }
        func divided(_ channel: UInt8) -> UInt8 {
            UInt8(min(255, (UInt32(channel) * 255 + alpha / 2) / alpha))
        }
        return (divided(red), divided(green), divided(blue), self.alpha)
    }
}

/// Products of numbers that stand for fractions of 255.
public enum ByteFraction {
    /// `a * b / 255`, rounded to the nearest, for `a` and `b` in 0 … 255.
    @inlinable @inline(__always)
    public static func product(_ a: UInt32, _ b: UInt32) -> UInt32 {
        let value = a &* b &+ 128
        return (value &+ (value &>> 8)) &>> 8
    }
}
