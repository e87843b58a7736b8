// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A value of a JSON text. Members keep their order; of two with one name the
/// last counts.
enum JSONNode {
    case null
    case boolean(Bool)
    /// A number without point and exponent that fits.
    case integer(Int64)
    case real(Double)
    case text(String)
    case array([JSONNode])
    case object([(name: String, value: JSONNode)])

    /// The member of an object.
    subscript(name: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }
}

/// A strict reader of JSON (RFC 8259) with a limit on nesting.
struct JSONParser {
    private let text: UnsafeBufferPointer<UInt8>
    private let maxDepth: Int
    private(set) var offset = 0

    init(_ text: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.text = text
        self.maxDepth = maxDepth
    }

    mutating func document() throws(SimpleFeaturesError) -> JSONNode {
        // A byte order mark is no JSON, but files have it.
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        let node = try value(depth: 1)
        skipSpace()
        if offset < text.count { throw fault(.trailing, "text follows the complete document") }
        return node
    }

    private mutating func value(depth: Int) throws(SimpleFeaturesError) -> JSONNode {
        guard depth <= maxDepth else {
            throw fault(.limitExceeded, "the text is nested deeper than \(maxDepth) levels, the most allowed")
        }
        skipSpace()
        guard offset < text.count else { throw fault(.truncated, "the text ends where a value is expected") }
        switch text[offset] {
        case UInt8(ascii: "{"):
            offset += 1
            var members: [(name: String, value: JSONNode)] = []
            if accept("}") { return .object(members) }
            repeat {
                skipSpace()
                let name = try string()
                try expect(":")
                members.append((name, try value(depth: depth + 1)))
            } while accept(",")
            try expect("}")
            return .object(members)
        case UInt8(ascii: "["):
            offset += 1
            var elements: [JSONNode] = []
            if accept("]") { return .array(elements) }
            repeat { elements.append(try value(depth: depth + 1)) } while accept(",")
            try expect("]")
            return .array(elements)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ node: JSONNode) throws(SimpleFeaturesError) -> JSONNode {
        let length = word.utf8CodeUnitCount
        let bytes = UnsafeBufferPointer(start: word.utf8Start, count: length)
        guard text.count - offset >= length, text[offset..<(offset + length)].elementsEqual(bytes) else {
            throw fault(.malformed, "a value is expected")
        }
        offset += length
        return node
    }

    private mutating func number() throws(SimpleFeaturesError) -> JSONNode {
        let start = offset
        var isWhole = true
        func digit(_ index: Int) -> Bool { index < text.count && (0x30...0x39).contains(text[index]) }
        var end = offset
        if end < text.count && text[end] == UInt8(ascii: "-") { end += 1 }
        guard digit(end) else { throw fault(.malformed, "a value is expected") }
        if text[end] == 0x30 && digit(end + 1) { throw fault(.malformed, "a number begins with a superfluous 0") }
        while digit(end) { end += 1 }
        if end < text.count && text[end] == UInt8(ascii: ".") {
            isWhole = false
            end += 1
            guard digit(end) else { throw fault(.malformed, "a digit is expected behind the point") }
            while digit(end) { end += 1 }
        }
        if end < text.count && (text[end] == UInt8(ascii: "e") || text[end] == UInt8(ascii: "E")) {
            isWhole = false
            end += 1
            if end < text.count && (text[end] == UInt8(ascii: "+") || text[end] == UInt8(ascii: "-")) { end += 1 }
            guard digit(end) else { throw fault(.malformed, "a digit is expected in the exponent") }
            while digit(end) { end += 1 }
        }
        let digits = String(decoding: text[start..<end], as: UTF8.self)
        offset = end
        if isWhole, let value = Int64(digits) { return .integer(value) }
        guard let value = Double(digits), value.isFinite else {
            throw fault(.notFinite, "the number “\(digits.prefix(30))” is too large", at: start)
        }
        return .real(value)
    }

    private mutating func string() throws(SimpleFeaturesError) -> String {
        guard offset < text.count else { throw fault(.truncated, "the text ends where a member is expected") }
        guard text[offset] == UInt8(ascii: "\"") else {
            throw fault(.malformed, "a text in quotation marks is expected")
        }
        let start = offset
        offset += 1
        var bytes: [UInt8] = []
        while offset < text.count {
            let byte = text[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw fault(.malformed, "a text that is not UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(into: &bytes)
            case 0..<0x20: throw fault(.malformed, "a control character in a text")
            default:
                bytes.append(byte)
                offset += 1
            }
        }
        throw fault(.truncated, "a text without end", at: start)
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(SimpleFeaturesError) {
        guard offset < text.count else { throw fault(.truncated, "a text without end") }
        let byte = text[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var unit = try hexadecimal()
            if (0xD800..<0xDC00).contains(unit), text.count - offset >= 6, text[offset] == UInt8(ascii: "\\"),
                text[offset + 1] == UInt8(ascii: "u")
            {
                let mark = offset
                offset += 2
                let low = try hexadecimal()
                if (0xDC00..<0xE000).contains(low) {
                    unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    offset = mark
                }
            }
            // Half a pair stands for nothing: it becomes the replacement character.
            let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
            bytes.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault(.malformed, "an escape that JSON does not know", at: offset - 2)
        }
    }

    private mutating func hexadecimal() throws(SimpleFeaturesError) -> UInt32 {
        guard text.count - offset >= 4 else { throw fault(.truncated, "four hexadecimal digits are expected") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(text[offset])).hexDigitValue else {
                throw fault(.malformed, "four hexadecimal digits are expected")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard offset < text.count, text[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SimpleFeaturesError) {
        if accept(character) { return }
        if offset >= text.count { throw fault(.truncated, "the text ends where “\(character)” is expected") }
        throw fault(.malformed, "“\(character)” is expected")
    }

    private mutating func skipSpace() {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private func fault(
        _ kind: SimpleFeaturesError.Kind, _ detail: String, at position: Int? = nil
    ) -> SimpleFeaturesError {
        SimpleFeaturesError(kind, .geoJSON, offset: position ?? offset, detail)
    }
}
