// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The space in which a colour between two others is found.
enum InterpolationSpace: Sendable {
    case rgb, hcl, lab
}

extension Color {
    /// The colour that lies a fraction of the way from one to another.
    static func interpolated(
        from: Color, to: Color, fraction: Double, space: InterpolationSpace = .rgb
    ) -> Color {
        func between(_ a: Double, _ b: Double) -> Double { a + fraction * (b - a) }
        switch space {
        case .rgb:
            return Color(
                red: between(from.red, to.red), green: between(from.green, to.green),
                blue: between(from.blue, to.blue), alpha: between(from.alpha, to.alpha))
        case .lab:
            let (a, b) = (LabColor(from), LabColor(to))
            return LabColor(
                lightness: between(a.lightness, b.lightness), a: between(a.a, b.a), b: between(a.b, b.b),
                alpha: between(a.alpha, b.alpha)
            ).color
        case .hcl:
            return PolarLabColor.interpolated(
                from: PolarLabColor(LabColor(from)), to: PolarLabColor(LabColor(to)), fraction: fraction
            ).lab.color
        }
    }
}

/// CIE L*a*b* under the D50 white of printing, as the specification fixes it.
struct LabColor {
    var lightness: Double
    var a: Double
    var b: Double
    var alpha: Double

    private static let white = (x: 0.96422, y: 1.0, z: 0.82521)
    private static let offset = 4.0 / 29
    private static let threshold = 6.0 / 29
    private static let slope = 3 * threshold * threshold

    init(lightness: Double, a: Double, b: Double, alpha: Double) {
        (self.lightness, self.a, self.b, self.alpha) = (lightness, a, b, alpha)
    }

    init(_ color: Color) {
        func linear(_ value: Double) -> Double {
            value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        func compressed(_ value: Double) -> Double {
            value > Self.threshold * Self.threshold * Self.threshold
                ? pow(value, 1.0 / 3) : value / Self.slope + Self.offset
        }
        let (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue))
        let y = compressed((0.2225045 * red + 0.7168786 * green + 0.0606169 * blue) / Self.white.y)
        var (x, z) = (y, y)
        if red != green || green != blue {
            x = compressed((0.4360747 * red + 0.3850649 * green + 0.1430804 * blue) / Self.white.x)
            z = compressed((0.0139322 * red + 0.0971045 * green + 0.7141733 * blue) / Self.white.z)
        }
        self.init(lightness: max(0, 116 * y - 16), a: 500 * (x - y), b: 200 * (y - z), alpha: color.alpha)
    }

    var color: Color {
        func expanded(_ value: Double) -> Double {
            value > Self.threshold ? value * value * value : Self.slope * (value - Self.offset)
        }
        func encoded(_ value: Double) -> Double {
            clampToUnit(value <= 0.00304 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055)
        }
        let height = (lightness + 16) / 116
        let y = Self.white.y * expanded(height)
        let x = Self.white.x * expanded(a.isNaN ? height : height + a / 500)
        let z = Self.white.z * expanded(b.isNaN ? height : height - b / 200)
        return Color(
            red: encoded(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
            green: encoded(-0.9787684 * x + 1.9161415 * y + 0.0334540 * z),
            blue: encoded(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
            alpha: alpha)
    }
}

/// L*a*b* in polar form: hue in degrees (NaN for greys), chroma, lightness.
struct PolarLabColor {
    var hue: Double
    var chroma: Double
    var lightness: Double
    var alpha: Double

    init(hue: Double, chroma: Double, lightness: Double, alpha: Double) {
        (self.hue, self.chroma, self.lightness, self.alpha) = (hue, chroma, lightness, alpha)
    }

    init(_ lab: LabColor) {
        let chroma = (lab.a * lab.a + lab.b * lab.b).squareRoot()
        let isGrey = (chroma * 10_000).rounded() == 0
        self.init(
            hue: isGrey ? .nan : normalisedAngle(atan2(lab.b, lab.a) * 180 / .pi), chroma: chroma,
            lightness: lab.lightness, alpha: lab.alpha)
    }

    var lab: LabColor {
        let angle = hue.isNaN ? 0 : hue * .pi / 180
        return LabColor(lightness: lightness, a: cos(angle) * chroma, b: sin(angle) * chroma, alpha: alpha)
    }

    static func interpolated(from: PolarLabColor, to: PolarLabColor, fraction: Double) -> PolarLabColor {
        func between(_ a: Double, _ b: Double) -> Double { a + fraction * (b - a) }
        var hue = Double.nan
        var chroma = between(from.chroma, to.chroma)
        switch (from.hue.isNaN, to.hue.isNaN) {
        case (false, false):
            // Along the shorter arc.
            var turn = to.hue - from.hue
            if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
            hue = from.hue + fraction * turn
        case (false, true):
            hue = from.hue
            if to.lightness == 1 || to.lightness == 0 { chroma = from.chroma }
        case (true, false):
            hue = to.hue
            if from.lightness == 1 || from.lightness == 0 { chroma = to.chroma }
        case (true, true): break
        }
        return PolarLabColor(
            hue: hue, chroma: chroma, lightness: between(from.lightness, to.lightness),
            alpha: between(from.alpha, to.alpha))
    }
}
