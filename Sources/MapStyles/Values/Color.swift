// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A colour in sRGB with straight (not premultiplied) components from 0 to 1,
/// gamma-encoded as CSS writes them.
///
/// Components stay straight because the specification interpolates straight
/// colours: a fade to `#0000ff00` turns blue on its way out.
public struct Color: Hashable, Sendable {
    public var red: Double
    public var green: Double
    public var blue: Double
    /// 0 for transparent, 1 for opaque.
    public var alpha: Double

    public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    public static let transparent = Color(red: 0, green: 0, blue: 0, alpha: 0)
    public static let black = Color(red: 0, green: 0, blue: 0)
    public static let white = Color(red: 1, green: 1, blue: 1)

    /// The components multiplied by alpha, as blending needs them: red, green,
    /// blue, alpha.
    public var premultiplied: SIMD4<Float> {
        let straight = SIMD4(Float(red), Float(green), Float(blue), 1)
        return straight * Float(alpha)
    }

    /// The colour with its alpha multiplied by an opacity from 0 to 1.
    public func multiplied(byOpacity opacity: Double) -> Color {
        Color(red: red, green: green, blue: blue, alpha: alpha * opacity)
    }
}

extension Color: CustomStringConvertible {
    /// The colour as CSS text, as in `rgba(85,255,0,0.5)`.
    public var description: String {
        let channels = [red, green, blue].map { ($0 * 255).rounded(.toNearestOrAwayFromZero).javaScriptText }
        return "rgba(\(channels.joined(separator: ",")),\(alpha.javaScriptText))"
    }
}
