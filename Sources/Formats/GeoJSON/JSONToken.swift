// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A string as it stands in JSON text.
struct JSONString {
    /// Between the quotes.
    let raw: UnsafeRawBufferPointer
    let hasEscapes: Bool

    /// Whether it is this ASCII text, written without escapes.
    func isWord(_ text: StaticString) -> Bool {
        raw.count == text.utf8CodeUnitCount
            && memcmp(raw.baseAddress ?? UnsafeRawPointer(text.utf8Start), text.utf8Start, raw.count) == 0
    }

    var text: String {
        guard hasEscapes else { return String(decoding: raw, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var offset = 0
        while offset < raw.count {
            let byte = raw[offset]
            offset += 1
            guard byte == 0x5C, offset < raw.count else {
                bytes.append(byte)
                continue
            }
            let kind = raw[offset]
            offset += 1
            switch kind {
            case 0x62: bytes.append(0x08)
            case 0x66: bytes.append(0x0C)
            case 0x6E: bytes.append(0x0A)
            case 0x72: bytes.append(0x0D)
            case 0x74: bytes.append(0x09)
            case 0x75: bytes.append(contentsOf: String(scalar(&offset)).utf8)
            default: bytes.append(kind)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
    private func scalar(_ offset: inout Int) -> Unicode.Scalar {
        let first = hex(offset)
        offset += 4
        guard first & 0xFC00 == 0xD800, offset + 6 <= raw.count, raw[offset] == 0x5C, raw[offset + 1] == 0x75 else {
            return Unicode.Scalar(first) ?? "\u{FFFD}"
        }
        let second = hex(offset + 2)
        guard second & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
        offset += 6
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF) ?? "\u{FFFD}"
    }

    private func hex(_ offset: Int) -> UInt32 {
        raw.part(from: offset, count: 4).reduce(0) { sum, byte in
            sum << 4 | UInt32(byte < 0x40 ? byte & 15 : (byte & 15) + 9)
        }
    }
}

/// A number as it stands in JSON text.
struct JSONNumber {
    let raw: UnsafeRawBufferPointer
    /// Neither point nor exponent.
    let isWhole: Bool
    /// For the words that are no numbers.
    let special: Double?

    var text: String { String(decoding: raw, as: UTF8.self) }

    /// Nil when it has a fraction or does not fit.
    var integer: Int64? {
        guard isWhole, raw.count <= 20 else { return nil }
        return Int64(text)
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The nearest double; infinite when there is none.
    var double: Double {
        if let special { return special }
        // Up to 15 digits and a small power of ten: both are exact doubles, and
        // one operation rounds correctly. Nearly every coordinate is like that.
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        var seenPoint = false
        for byte in raw {
            switch byte {
            case 0x30...0x39:
                mantissa = mantissa &* 10 &+ UInt64(byte - 0x30)
                if mantissa > 0 { digits += 1 }
                if seenPoint { fraction += 1 }
            case 0x2E: seenPoint = true
            case 0x2D where digits == 0 && !seenPoint: break
            default: return slow
            }
            if digits > 15 || fraction > 22 { return slow }
        }
        let magnitude = Double(mantissa) / Self.powers[fraction]
        return raw.first == 0x2D ? -magnitude : magnitude
    }

    private var slow: Double { Double(text) ?? .infinity }
}

/// Text as a JSON string.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
