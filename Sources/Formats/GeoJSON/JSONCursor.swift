// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Walks over JSON text in memory, without building anything.
///
/// The grammar is RFC 8259's, with one addition: `NaN`, `Infinity` and
/// `-Infinity`, which some writers put where a number is missing, are passed
/// over as numbers that are not finite. What they spoil is one record, not the
/// file.
struct JSONCursor {
    /// Where the text breaks the grammar, and how.
    struct Fault: Error {
        var offset: Int
        var what: String
        var isTooDeep = false
    }

    let bytes: UnsafeRawBufferPointer
    var offset: Int
    private let maxDepth: Int
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0, maxDepth: Int) {
        self.bytes = bytes
        self.offset = offset
        self.maxDepth = maxDepth
    }

    func fault(_ what: String) -> Fault {
        Fault(offset: offset, what: offset >= bytes.count ? "the text ends here" : what)
    }

    @inline(__always)
    mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    /// The byte at the cursor; 0 at the end.
    @inline(__always)
    var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte, offset < bytes.count else { return false }
        offset += 1
        return true
    }

    mutating func enter() throws(Fault) {
        offset += 1
        depth += 1
        if depth > maxDepth {
            throw Fault(offset: offset - 1, what: "it is nested more than \(maxDepth) levels deep", isTooDeep: true)
        }
    }

    mutating func leave() {
        offset += 1
        depth -= 1
    }

    /// Calls `body` for each member of the object at the cursor, with the cursor
    /// at the value, which `body` must pass over.
    mutating func forEachMember(
        _ body: (inout JSONCursor, JSONString) throws(Fault) -> Void
    ) throws(Fault) {
        guard current == 0x7B else { throw fault("an object was expected") }
        try enter()
        skipSpace()
        if current == 0x7D { return leave() }
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(0x3A) else { throw fault("a colon was expected") }
            skipSpace()
            try body(&self, key)
            skipSpace()
            if take(0x2C) { continue }
            guard current == 0x7D else { throw fault("a comma or the end of the object was expected") }
            return leave()
        }
    }

    /// Calls `body` for each element of the array at the cursor, with the cursor
    /// at the element, which `body` must pass over.
    mutating func forEachElement(_ body: (inout JSONCursor) throws(Fault) -> Void) throws(Fault) {
        guard current == 0x5B else { throw fault("an array was expected") }
        try enter()
        skipSpace()
        if current == 0x5D { return leave() }
        while true {
            skipSpace()
            try body(&self)
            skipSpace()
            if take(0x2C) { continue }
            guard current == 0x5D else { throw fault("a comma or the end of the array was expected") }
            return leave()
        }
    }

    /// The string at the cursor.
    mutating func string() throws(Fault) -> JSONString {
        guard take(0x22) else { throw fault("a string was expected") }
        let start = offset
        var hasEscapes = false
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x22:
                offset += 1
                return JSONString(
                    raw: UnsafeRawBufferPointer(rebasing: bytes[start..<offset - 1]), hasEscapes: hasEscapes)
            case 0x5C:
                hasEscapes = true
                offset += 1
                try checkEscape()
            case 0..<0x20: throw fault("a control character stands in a string")
            default: offset += 1
            }
        }
        throw fault("a string was expected to end")
    }

    private mutating func checkEscape() throws(Fault) {
        switch current {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: offset += 1
        case 0x75:
            guard offset + 4 < bytes.count, bytes[(offset + 1)...(offset + 4)].allSatisfy({ $0.isHexDigit }) else {
                throw fault("an escape in a string is not complete")
            }
            offset += 5
        default: throw fault("an escape in a string is not known")
        }
    }

    /// The number at the cursor, NaN and infinities included.
    mutating func number() throws(Fault) -> JSONNumber {
        let start = offset
        if take(0x2D), current == 0x49 { return try literal("Infinity", from: start, .nan) }
        if current == 0x4E { return try literal("NaN", from: start, .nan) }
        if current == 0x49 { return try literal("Infinity", from: start, .nan) }
        var isWhole = true
        let first = offset
        skipDigits()
        guard offset > first, bytes[first] != 0x30 || offset == first + 1 else { throw fault("a number was expected") }
        if current == 0x2E {
            isWhole = false
            offset += 1
            let fraction = offset
            skipDigits()
            guard offset > fraction else { throw fault("a digit was expected") }
        }
        if current | 0x20 == 0x65 {
            isWhole = false
            offset += 1
            if current == 0x2B || current == 0x2D { offset += 1 }
            let exponent = offset
            skipDigits()
            guard offset > exponent else { throw fault("a digit was expected") }
        }
        return JSONNumber(raw: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), isWhole: isWhole, special: nil)
    }

    @inline(__always)
    private mutating func skipDigits() {
        while offset < bytes.count, bytes[offset] &- 0x30 < 10 { offset += 1 }
    }

    private mutating func literal(_ text: StaticString, from start: Int, _ value: Double) throws(Fault) -> JSONNumber {
        try word(text)
        return JSONNumber(
            raw: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), isWhole: false, special: value)
    }

    mutating func word(_ text: StaticString) throws(Fault) {
        for index in 0..<text.utf8CodeUnitCount {
            guard take(text.utf8Start[index]) else { throw fault("“\(text)” was expected") }
        }
    }

    /// Passes over the value at the cursor, whatever it is, and checks it.
    mutating func skipValue() throws(Fault) {
        switch current {
        case 0x7B: try forEachMember { cursor, _ throws(Fault) in try cursor.skipValue() }
        case 0x5B: try forEachElement { cursor throws(Fault) in try cursor.skipValue() }
        case 0x22: _ = try string()
        case 0x74: try word("true")
        case 0x66: try word("false")
        case 0x6E: try word("null")
        case 0x2D, 0x30...0x39, 0x4E, 0x49: _ = try number()
        default: throw fault("a value was expected")
        }
    }

    /// Line and column of an offset, both from 1; columns count bytes.
    static func position(of offset: Int, in bytes: UnsafeRawBufferPointer) -> (line: Int, column: Int) {
        let before = bytes[..<Swift.min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return (line, offset - start + 1)
    }
}

extension UInt8 {
    var isHexDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
