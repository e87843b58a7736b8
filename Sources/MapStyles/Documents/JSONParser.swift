// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a style document may cost before it is refused.
public struct StyleLimits: Sendable {
    /// The longest document, in bytes.
    public var maxBytes: Int
    /// How deep arrays and objects may be nested.
    public var maxDepth: Int
    /// How many layers it may have.
    public var maxLayers: Int

    public static let `default` = StyleLimits(maxBytes: 64 << 20, maxDepth: 64, maxLayers: 20_000)

    public init(maxBytes: Int, maxDepth: Int, maxLayers: Int) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
        self.maxLayers = maxLayers
    }
}

/// Why a text is not JSON.
struct JSONFault: Error {
    var reason: String
    var line: Int
}

/// Reads RFC 8259 JSON: strict, with a ceiling on nesting. Where a key stands
/// twice the last value holds, as in every browser.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maxDepth: Int
    private var position = 0
    private var line = 1

    /// Reads a whole document.
    static func parse(_ bytes: [UInt8], limits: StyleLimits) throws(JSONFault) -> JSONValue {
        guard bytes.count <= limits.maxBytes else {
            throw JSONFault(
                reason: "the document has \(bytes.count) bytes; at most \(limits.maxBytes) are accepted", line: 1)
        }
        return try bytes.withUnsafeBufferPointer { buffer throws(JSONFault) in
            var parser = JSONParser(bytes: buffer, maxDepth: limits.maxDepth)
            if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
            let value = try parser.value(depth: 0)
            parser.skipWhitespace()
            guard parser.position == buffer.count else { throw parser.fault("text follows the end of the document") }
            return value
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    private func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, line: line) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: return
            }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        skipWhitespace()
        guard let byte = current else { throw fault("the document ends where a value is expected") }
        let start = line
        switch byte {
        case UInt8(ascii: "{"): return JSONValue(.object(try object(depth: depth + 1)), line: start)
        case UInt8(ascii: "["): return JSONValue(.array(try array(depth: depth + 1)), line: start)
        case UInt8(ascii: "\""): return JSONValue(.string(try string()), line: start)
        case UInt8(ascii: "t"): return JSONValue(try word("true", .boolean(true)), line: start)
        case UInt8(ascii: "f"): return JSONValue(try word("false", .boolean(false)), line: start)
        case UInt8(ascii: "n"): return JSONValue(try word("null", .null), line: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return JSONValue(.number(try number()), line: start)
        default: throw fault("a value is expected, but found '\(Character(Unicode.Scalar(byte)))'")
        }
    }

    private mutating func word(_ text: StaticString, _ content: JSONValue.Content) throws(JSONFault)
        -> JSONValue.Content
    {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw fault("the document ends inside a word") }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] {
            throw fault("a word other than true, false or null")
        }
        position += count
        return content
    }

    private mutating func array(depth: Int) throws(JSONFault) -> [JSONValue] {
        guard depth <= maxDepth else {
            throw fault("values are nested deeper than \(maxDepth) levels, the most that is accepted")
        }
        position += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth))
            skipWhitespace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return elements
            default: throw fault("',' or ']' is expected in an array")
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> [JSONMember] {
        guard depth <= maxDepth else {
            throw fault("values are nested deeper than \(maxDepth) levels, the most that is accepted")
        }
        position += 1
        var members: [JSONMember] = []
        var seen: Set<String> = []
        skipWhitespace()
        if current == UInt8(ascii: "}") {
            position += 1
            return members
        }
        while true {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw fault("a key in double quotes is expected in an object") }
            let key = try string()
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw fault("':' is expected after the key \"\(key)\"") }
            position += 1
            let member = JSONMember(key, try value(depth: depth))
            if !seen.insert(key).inserted { members.removeAll { $0.key == key } }
            members.append(member)
            skipWhitespace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return members
            default: throw fault("',' or '}' is expected in an object")
            }
        }
    }
}

extension JSONParser {
    private mutating func number() throws(JSONFault) -> Double {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard !whole.isEmpty, whole.count == 1 || bytes[whole.lowerBound] != UInt8(ascii: "0") else {
            throw fault("a number that JSON does not know")
        }
        var isWhole = true
        if current == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard !digits().isEmpty else { throw fault("digits are expected after the point of a number") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard !digits().isEmpty else { throw fault("digits are expected in the exponent of a number") }
        }
        if isWhole, whole.count <= 15 {
            let magnitude = Double(whole.reduce(0) { $0 * 10 + Int(bytes[$1] - UInt8(ascii: "0")) })
            return bytes[start] == UInt8(ascii: "-") ? -magnitude : magnitude
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw fault("the number \(text.prefix(40)) is too large")
        }
        return value
    }

    private mutating func digits() -> Range<Int> {
        let start = position
        while let byte = current, UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") { position += 1 }
        return start..<position
    }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
        }
        if current == UInt8(ascii: "\"") {
            let text = try text(bytes[start..<position])
            position += 1
            return text
        }
        var collected = Array(bytes[start..<position])
        while true {
            guard let byte = current else { throw fault("the document ends inside a string") }
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(collected)
            case UInt8(ascii: "\\"): try escape(into: &collected)
            case 0..<0x20: throw fault("a control character inside a string")
            default: collected.append(byte)
            }
        }
    }

    private func text(_ bytes: some Sequence<UInt8>) throws(JSONFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("a string is not UTF-8") }
        return text
    }

    private mutating func escape(into collected: inout [UInt8]) throws(JSONFault) {
        guard let byte = current else { throw fault("the document ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if 0xD800...0xDBFF ~= code, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let low = try hexadecimal()
                if 0xDC00...0xDFFF ~= low {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    position = mark
                }
            }
            // A surrogate without its partner has no character of its own.
            let scalar = Unicode.Scalar(code) ?? Unicode.Scalar(0xFFFD as UInt16) ?? " "
            collected.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault("an escape in a string that JSON does not know")
        }
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
        else { throw fault("four hexadecimal digits are expected after \\u") }
        position += 4
        return code
    }
}
