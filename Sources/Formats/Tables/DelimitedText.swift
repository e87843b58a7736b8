// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Takes a text table apart into rows of cells (RFC 4180, with any of the usual
/// separators).
struct DelimitedText {
    private let bytes: UnsafeRawBufferPointer
    let separator: UInt8
    private var offset = 0
    /// Where the row that was read last begins, from 1.
    private(set) var line = 1
    private var nextLine = 1
    private var ranges: [Range<Int>] = []

    /// - Parameter separator: nil takes the one that the first line has most of.
    init(_ bytes: UnsafeRawBufferPointer, separator: UInt8? = nil) {
        self.bytes = bytes
        self.separator = separator ?? Self.guess(bytes)
    }

    private static func guess(_ bytes: UnsafeRawBufferPointer) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes.prefix(65_536) {
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            if byte == 0x2C || byte == 0x3B || byte == 0x09 || byte == 0x7C { counts[byte, default: 0] += 1 }
        }
        // Of equals the comma, whatever the order of the dictionary.
        return [0x2C, 0x3B, 0x09, 0x7C].max { counts[$0, default: 0] < counts[$1, default: 0] } ?? 0x2C
    }

    /// A quote that is never closed; the line where it was opened.
    struct OpenQuote: Error {
        var line: Int
    }

    /// The next row that is not blank; false at the end.
    mutating func next(into cells: inout [String]) throws(OpenQuote) -> Bool {
        // Taken out, as both cannot be changed through `self` at once.
        var found: [Range<Int>] = []
        swap(&found, &ranges)
        defer { swap(&found, &ranges) }
        guard try next(ranges: &found) else { return false }
        cells.removeAll(keepingCapacity: true)
        for range in found { cells.append(text(of: range)) }
        return true
    }

    /// The same, as ranges of the bytes with the quotes around them.
    mutating func next(ranges cells: inout [Range<Int>]) throws(OpenQuote) -> Bool {
        while offset < bytes.count {
            cells.removeAll(keepingCapacity: true)
            line = nextLine
            try readRow(&cells)
            if cells.count > 1 || cells.first?.isEmpty == false { return true }
        }
        return false
    }

    private mutating func readRow(_ cells: inout [Range<Int>]) throws(OpenQuote) {
        while true {
            cells.append(try readCell())
            guard offset < bytes.count else { return }
            let byte = bytes[offset]
            offset += 1
            if byte == separator {
                // A separator at the very end stands before an empty cell.
                if offset == bytes.count {
                    cells.append(offset..<offset)
                    return
                }
                continue
            }
            if byte == 0x0D, offset < bytes.count, bytes[offset] == 0x0A { offset += 1 }
            nextLine += 1
            return
        }
    }

    private mutating func readCell() throws(OpenQuote) -> Range<Int> {
        let start = offset
        if offset < bytes.count, bytes[offset] == 0x22 { try skipQuoted() }
        // What stands between the quote and the separator belongs to the cell.
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == separator || byte == 0x0A || byte == 0x0D { break }
            offset += 1
        }
        return start..<offset
    }

    private mutating func skipQuoted() throws(OpenQuote) {
        let start = nextLine
        offset += 1
        while true {
            guard offset < bytes.count else { throw OpenQuote(line: start) }
            let byte = bytes[offset]
            offset += 1
            if byte == 0x22 {
                guard offset < bytes.count, bytes[offset] == 0x22 else { return }
                offset += 1
            } else if byte == 0x0A {
                nextLine += 1
            }
        }
    }

    private func text(of range: Range<Int>) -> String {
        guard let first = range.first, bytes[first] == 0x22 else {
            return String(decoding: bytes[range], as: UTF8.self)
        }
        var text: [UInt8] = []
        var isQuoted = true
        var position = first + 1
        while position < range.upperBound {
            let byte = bytes[position]
            position += 1
            if isQuoted, byte == 0x22 {
                // A quote within quotes is written twice.
                guard position < range.upperBound, bytes[position] == 0x22 else {
                    isQuoted = false
                    continue
                }
                position += 1
            }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
