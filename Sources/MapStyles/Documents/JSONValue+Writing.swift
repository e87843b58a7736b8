// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension JSONValue {
    /// The value as JSON text without blanks, numbers as browsers write them.
    public var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch content {
        case .null: text += "null"
        case .boolean(let boolean): text += boolean ? "true" : "false"
        case .number(let number): text += number.isFinite ? number.javaScriptText : "null"
        case .string(let string): string.writeQuoted(to: &text)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                member.key.writeQuoted(to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }
}

extension String {
    /// The text in double quotes, escaped as JSON asks.
    var quoted: String {
        var text = ""
        writeQuoted(to: &text)
        return text
    }

    fileprivate func writeQuoted(to text: inout String) {
        text += "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{08}": text += "\\b"
            case "\u{0C}": text += "\\f"
            case ..<" ":
                let code = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension Double {
    /// The number as JavaScript writes it: the shortest digits that read back,
    /// without an exponent from 10⁻⁶ up to below 10²¹.
    var javaScriptText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        if self == 0 { return "0" }
        if magnitude < 1e15, self == rounded() { return String(Int64(self)) }

        var digits: [UInt8] = []
        var exponent = 0
        var pointAt: Int?
        var isExponent = false
        var isNegativeExponent = false
        for byte in magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): pointAt = digits.count
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): isNegativeExponent = true
            case UInt8(ascii: "+"): break
            default:
                if isExponent {
                    exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
                } else {
                    digits.append(byte)
                }
            }
        }
        // The value is 0.d₁d₂d₃… × 10^pointPosition.
        var pointPosition = (pointAt ?? digits.count) + (isNegativeExponent ? -exponent : exponent)
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            pointPosition -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }

        let plain = String(decoding: digits, as: UTF8.self)
        let sign = self < 0 ? "-" : ""
        switch pointPosition {
        case digits.count...21:
            return sign + plain + String(repeating: "0", count: pointPosition - digits.count)
        case 1...21:
            return sign + plain.prefix(pointPosition) + "." + plain.dropFirst(pointPosition)
        case -5...0:
            return sign + "0." + String(repeating: "0", count: -pointPosition) + plain
        default:
            let power = pointPosition - 1
            let fraction = digits.count > 1 ? "." + plain.dropFirst() : ""
            return sign + plain.prefix(1) + fraction + "e" + (power < 0 ? "-" : "+") + String(power.magnitude)
        }
    }
}
