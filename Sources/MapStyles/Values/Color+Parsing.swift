// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Color {
    /// Reads a CSS colour: a name, `transparent`, `#rgb`, `#rgba`, `#rrggbb`,
    /// `#rrggbbaa`, `rgb()`, `rgba()`, `hsl()` or `hsla()`, with commas or in
    /// the newer writing without; capital letters and blanks around it do not
    /// matter.
    ///
    /// Returns nil when the text is no colour.
    public init?(css text: String) {
        guard text.utf8.count <= 200 else { return nil }
        let text = text.lowercased().trimmingBlanks()
        if text == "transparent" {
            self = .transparent
        } else if let code = namedColors[text] {
            self.init(code: code)
        } else if text.hasPrefix("#") {
            self.init(hexadecimal: text.dropFirst())
        } else if text.hasPrefix("rgb") {
            self.init(rgb: text)
        } else if text.hasPrefix("hsl") {
            self.init(hsl: text)
        } else {
            return nil
        }
    }

    private init(code: UInt32) {
        self.init(
            red: Double(code >> 16 & 0xFF) / 255, green: Double(code >> 8 & 0xFF) / 255,
            blue: Double(code & 0xFF) / 255)
    }

    private init?(hexadecimal digits: Substring) {
        let values = digits.utf8.compactMap { byte -> UInt32? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
            default: nil
            }
        }
        guard values.count == digits.utf8.count else { return nil }
        let pairs: [UInt32]
        switch values.count {
        case 3, 4: pairs = values.map { $0 * 17 }
        case 6, 8: pairs = stride(from: 0, to: values.count, by: 2).map { values[$0] * 16 + values[$0 + 1] }
        default: return nil
        }
        self.init(
            red: Double(pairs[0]) / 255, green: Double(pairs[1]) / 255, blue: Double(pairs[2]) / 255,
            alpha: pairs.count == 4 ? Double(pairs[3]) / 255 : 1)
    }

    private init?(rgb text: String) {
        guard let arguments = ColorArguments(text, names: ["rgba", "rgb"]) else { return nil }
        let isPercentage = arguments.channels[0].unit == .percent
        guard arguments.channels.allSatisfy({ ($0.unit == .percent) == isPercentage && $0.unit != .degrees }) else {
            return nil
        }
        let channels = arguments.channels.map { clampToUnit($0.value / (isPercentage ? 100 : 255)) }
        self.init(red: channels[0], green: channels[1], blue: channels[2], alpha: arguments.alpha)
    }

    private init?(hsl text: String) {
        guard let arguments = ColorArguments(text, names: ["hsla", "hsl"]) else { return nil }
        let hue = arguments.channels[0]
        guard hue.unit != .percent, arguments.channels.dropFirst().allSatisfy({ $0.unit == .percent }) else {
            return nil
        }
        let saturation = clampToUnit(arguments.channels[1].value / 100)
        let lightness = clampToUnit(arguments.channels[2].value / 100)
        func channel(_ number: Double) -> Double {
            let k = (number + normalisedAngle(hue.value) / 30).truncatingRemainder(dividingBy: 12)
            return lightness - saturation * min(lightness, 1 - lightness) * max(-1, min(k - 3, 9 - k, 1))
        }
        self.init(red: channel(0), green: channel(8), blue: channel(4), alpha: arguments.alpha)
    }
}

/// The arguments of a CSS colour function.
private struct ColorArguments {
    enum Unit {
        case none, percent, degrees
    }

    var channels: [(value: Double, unit: Unit)] = []
    var alpha = 1.0

    init?(_ text: String, names: [String]) {
        guard let name = names.first(where: { text.hasPrefix($0 + "(") }), text.hasSuffix(")") else { return nil }
        var rest = text.dropFirst(name.count + 1).dropLast().trimmingBlanks()[...]
        var usesCommas = false
        for index in 0..<3 {
            guard let argument = Self.argument(&rest) else { return nil }
            channels.append(argument)
            guard index < 2 else { break }
            let hadBlank = rest.first == " "
            rest = rest.drop { $0 == " " }
            let hasComma = rest.first == ","
            if index == 0 { usesCommas = hasComma }
            guard hasComma == usesCommas, hasComma || hadBlank else { return nil }
            if hasComma { rest = rest.dropFirst().drop { $0 == " " } }
        }
        rest = rest.drop { $0 == " " }
        guard let separator = rest.first else { return }
        guard separator == (usesCommas ? "," : "/") else { return nil }
        rest = rest.dropFirst().drop { $0 == " " }
        guard let argument = Self.argument(&rest), rest.isEmpty, argument.unit != .degrees else { return nil }
        alpha = clampToUnit(argument.unit == .percent ? argument.value / 100 : argument.value)
    }

    private static func argument(_ rest: inout Substring) -> (value: Double, unit: Unit)? {
        let digits = rest.prefix { "0123456789.+-e".contains($0) }
        // `12e` would swallow nothing of `deg`, which begins with a d.
        guard !digits.isEmpty, let value = Double(digits.hasPrefix("+") ? digits.dropFirst() : digits), value.isFinite
        else { return nil }
        rest = rest.dropFirst(digits.count)
        if rest.hasPrefix("%") {
            rest = rest.dropFirst()
            return (value, .percent)
        }
        if rest.hasPrefix("deg") {
            rest = rest.dropFirst(3)
            return (value, .degrees)
        }
        return (value, .none)
    }
}

/// The value brought into 0…1.
func clampToUnit(_ value: Double) -> Double { min(1, max(0, value)) }

/// The angle in degrees brought into 0…360.
func normalisedAngle(_ angle: Double) -> Double {
    let rest = angle.truncatingRemainder(dividingBy: 360)
    return rest < 0 ? rest + 360 : rest
}

extension StringProtocol {
    fileprivate func trimmingBlanks() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        let front = drop(while: isBlank)
        guard let last = front.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(front[...last])
    }
}
