// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The type that holds all values of a column of text, found by looking at each
/// of them.
struct ColumnType {
    private var couldBeInteger = true
    private var couldBeReal = true
    private var couldBeDate = true
    private var isEmpty = true

    mutating func look(at text: String) {
        guard !text.isEmpty else { return }
        isEmpty = false
        if couldBeInteger && !Self.isInteger(text) { couldBeInteger = false }
        if !couldBeInteger && couldBeReal && !Self.isReal(text) { couldBeReal = false }
        if couldBeDate && !Self.isDate(text) { couldBeDate = false }
    }

    var type: FieldType {
        if isEmpty { return .text }
        if couldBeInteger { return .integer }
        if couldBeReal { return .real }
        return couldBeDate ? .date : .text
    }

    /// A code such as `007` is no number, and one of more digits than an integer
    /// has is none either.
    private static func isInteger(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if digits.first == 0x2D { digits = digits.dropFirst() }
        guard let first = digits.first, digits.count <= 18, first != 0x30 || digits.count == 1 else { return false }
        return digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isReal(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || ".-+eE".utf8.contains($0) }), let value = Double(text)
        else { return false }
        var digits = text.utf8[...]
        if digits.first == 0x2D { digits = digits.dropFirst() }
        let isCode = digits.first == 0x30 && digits.count > 1 && digits.dropFirst().first != 0x2E
        // A whole number of more than 15 digits would lose some of them.
        let isLong = !text.contains(".") && digits.count > 15
        return value.isFinite && !isCode && !isLong
    }

    private static func isDate(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return false }
        let digits = bytes.enumerated().filter { $0.offset != 4 && $0.offset != 7 }.map(\.element)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let month = Int(text.dropFirst(5).prefix(2)),
            let day = Int(text.dropFirst(8))
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    static func value(_ text: String, _ type: FieldType) -> AttributeValue {
        guard !text.isEmpty else { return .null }
        switch type {
        case .integer: return Int64(text).map { .integer($0) } ?? .text(text)
        case .real: return Double(text).map { .real($0) } ?? .text(text)
        default: return .text(text)
        }
    }
}
