// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension AttributeValue {
    /// The same value as another type; nil when it has none there. Nothing is
    /// rounded and nothing is guessed: `12.5` is no integer, `3月` is no date.
    func converted(to type: FieldType) -> AttributeValue? {
        switch type {
        case .text: self.isNull ? .null : .text(description)
        case .integer: integer.map { .integer($0) }
        case .real: (number ?? parsedNumber).map { .real($0) }
        case .boolean: boolean.map { .boolean($0) }
        case .date: date.map { .text($0) }
        case .dateTime: dateTime.map { .text($0) }
        }
    }

    private var integer: Int64? {
        if case .integer(let value) = self { return value }
        if case .boolean(let value) = self { return value ? 1 : 0 }
        if case .text(let text) = self, let value = Int64(text.halfWidth.trimmed) { return value }
        return (number ?? parsedNumber).flatMap(Int64.init(exactly:))
    }

    /// Text as a number: digits of either width, a sign, a decimal point.
    private var parsedNumber: Double? {
        guard case .text(let text) = self else { return nil }
        return Double(text.halfWidth.trimmed).flatMap { $0.isFinite ? $0 : nil }
    }

    private var boolean: Bool? {
        switch self {
        case .boolean(let value): value
        case .integer(0): false
        case .integer(1): true
        case .text(let text):
            switch text.trimmed.lowercased() {
            case "true", "yes", "y", "t", "1", "是", "有": true
            case "false", "no", "n", "f", "0", "否", "无": false
            default: nil
            }
        default: nil
        }
    }

    /// `yyyy-mm-dd` from that, `yyyy/m/d`, `yyyy.m.d`, `yyyymmdd` or `yyyy年m月d日`.
    private var date: String? {
        let text = description.halfWidth.trimmed
        var parts = text.split { !$0.isASCII || !$0.isNumber }.map(String.init)
        if parts.count == 1, text.count == 8, let digits = parts.first {
            parts = [String(digits.prefix(4)), String(digits.dropFirst(4).prefix(2)), String(digits.suffix(2))]
        }
        guard parts.count >= 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), (1...12).contains(month), day >= 1, day <= Self.days(month, year)
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts[0])-\(two(month))-\(two(day))"
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) || year.isMultiple(of: 400) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A date with whatever time of day the text goes on with, in ISO 8601.
    private var dateTime: String? {
        guard let date else { return nil }
        let text = description.halfWidth.trimmed
        guard let separator = text.firstIndex(where: { $0 == "T" || $0 == " " }) else { return "\(date)T00:00:00" }
        let time = text[text.index(after: separator)...]
        let parts = time.split(separator: ":")
        guard parts.count >= 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        return "\(date)T\(time)"
    }
}

extension String {
    /// Full-width letters, digits and signs, as reports in Chinese use them, in
    /// their ASCII form.
    var halfWidth: String {
        guard unicodeScalars.contains(where: { (0xFF01...0xFF5E).contains($0.value) || $0.value == 0x3000 }) else {
            return self
        }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case 0x3000: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
