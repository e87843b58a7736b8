// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `number-format`: a number as the readers of a language write it.
final class NumberFormatNode: ExpressionNode {
    struct Options {
        var locale: ExpressionNode?
        var currency: ExpressionNode?
        var unit: ExpressionNode?
        var minFractionDigits: ExpressionNode?
        var maxFractionDigits: ExpressionNode?

        var children: [ExpressionNode] {
            [locale, currency, unit, minFractionDigits, maxFractionDigits].compactMap(\.self)
        }
    }

    let input: ExpressionNode
    let options: Options

    init(_ input: ExpressionNode, options: Options, at path: ExpressionPath) {
        self.input = input
        self.options = options
        super.init(.string, at: path, children: [input] + options.children)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let currency = try options.currency?.string(context)
        let fewest = try options.minFractionDigits?.number(context)
        let most = try options.maxFractionDigits?.number(context)
        for digits in [fewest, most].compactMap(\.self) where !(0...100).contains(digits) {
            throw failure("Fraction digits must be between 0 and 100, but found \(digits.javaScriptText).")
        }
        let usual = currency.map { NumberFormat.fractionDigits(ofCurrency: $0) }
        let minimum = Int(fewest ?? min(Double(usual ?? 0), most ?? 100))
        let maximum = max(minimum, Int(most ?? Double(usual ?? 3)))
        let format = NumberFormat(
            locale: try options.locale?.string(context), currency: currency, unit: try options.unit?.string(context),
            minFractionDigits: minimum, maxFractionDigits: maximum)
        return .string(format.text(try input.number(context)))
    }
}

/// The separators, signs and units of a language, for the languages that maps
/// of the region are read in.
struct NumberFormat {
    var locale: String?
    var currency: String?
    var unit: String?
    var minFractionDigits: Int
    var maxFractionDigits: Int

    func text(_ number: Double) -> String {
        let (group, point) = separators
        var text = digits(number.magnitude, group: group, point: point)
        if let currency { text = (Self.currencySigns[currency.uppercased()] ?? currency + "\u{A0}") + text }
        let isZero = !text.contains { ("1"..."9").contains($0) }
        if number < 0, !isZero { text = "-" + text }
        if let unit { text += Self.units[unit] ?? " " + unit }
        return text
    }

    static func fractionDigits(ofCurrency currency: String) -> Int {
        ["JPY", "KRW", "VND", "CLP", "ISK"].contains(currency.uppercased()) ? 0 : 2
    }

    private var separators: (group: String, point: String) {
        switch locale.map({ String($0.prefix { $0 != "-" && $0 != "_" }).lowercased() }) {
        case "de", "nl", "it", "es", "da", "id", "tr", "pt": (".", ",")
        case "fr": ("\u{202F}", ",")
        case "sv", "fi", "nb", "ru", "uk", "pl", "cs": ("\u{A0}", ",")
        default: (",", ".")
        }
    }

    private func digits(_ magnitude: Double, group: String, point: String) -> String {
        guard magnitude.isFinite else { return magnitude.isNaN ? "NaN" : "∞" }
        let (whole, fraction) = Self.rounded(magnitude, to: maxFractionDigits)
        var kept = fraction
        while kept.count > minFractionDigits, kept.last == "0" { kept.removeLast() }
        var text = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { text += group }
            text.append(digit)
        }
        return kept.isEmpty ? text : text + point + kept
    }

    /// The decimal digits before and after the point, rounded half away from
    /// zero as the number is written.
    private static func rounded(_ magnitude: Double, to places: Int) -> (whole: String, fraction: String) {
        let written = magnitude.plainDecimalText.split(separator: ".", omittingEmptySubsequences: false)
        var digits = written[0].utf8.map { $0 - UInt8(ascii: "0") }
        let fraction = written.count > 1 ? written[1].utf8.map { $0 - UInt8(ascii: "0") } : []
        digits += fraction.prefix(places)
        digits += Array(repeating: 0, count: max(0, places - fraction.count))
        if fraction.count > places, fraction[places] >= 5 {
            var position = digits.count - 1
            while position >= 0, digits[position] == 9 {
                digits[position] = 0
                position -= 1
            }
            if position >= 0 { digits[position] += 1 } else { digits.insert(1, at: 0) }
        }
        let text = digits.map(String.init).joined()
        return (String(text.dropLast(places)), String(text.suffix(places)))
    }

    private static let currencySigns = [
        "CNY": "CN¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "HKD": "HK$", "TWD": "NT$",
        "INR": "₹",
    ]

    private static let units = [
        "meter": " m", "kilometer": " km", "centimeter": " cm", "millimeter": " mm", "mile": " mi", "foot": " ft",
        "inch": " in", "yard": " yd", "celsius": "°C", "fahrenheit": "°F", "percent": "%", "degree": " deg",
        "bit": " bit", "byte": " byte", "kilobit": " kb", "kilobyte": " kB", "megabit": " Mb", "megabyte": " MB",
        "gigabit": " Gb", "gigabyte": " GB", "terabyte": " TB", "second": " sec", "minute": " min", "hour": " hr",
        "day": " days", "week": " wks", "month": " mths", "year": " yrs", "liter": " L", "milliliter": " mL",
        "gram": " g", "kilogram": " kg", "hectare": " ha", "acre": " ac", "kilometer-per-hour": " km/h",
        "meter-per-second": " m/s", "mile-per-hour": " mph",
    ]
}

extension Double {
    /// The shortest decimal digits that read back, never with an exponent.
    fileprivate var plainDecimalText: String {
        let text = javaScriptText
        guard let mark = text.firstIndex(of: "e"), let power = Int(text[text.index(after: mark)...]) else {
            return text
        }
        let parts = text[..<mark].split(separator: ".")
        let whole = parts.first.map(String.init) ?? ""
        let digits = whole + (parts.count > 1 ? String(parts[1]) : "")
        if power < 0 { return "0." + String(repeating: "0", count: -power - 1) + digits }
        return digits + String(repeating: "0", count: max(0, power + 1 - digits.count))
    }
}
