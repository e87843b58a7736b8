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
        while offset < bytes.count {
            cells.removeAll(keepingCapacity: true)
            line = nextLine
            try readRow(&cells)
            if cells.count > 1 || cells.first?.isEmpty == false { return true }
        }
        return false
    }

    private mutating func readRow(_ cells: inout [String]) throws(OpenQuote) {
        while true {
            cells.append(try readCell())
            guard offset < bytes.count else { return }
            let byte = bytes[offset]
            offset += 1
            if byte == separator {
                // A separator at the very end stands before an empty cell.
                if offset == bytes.count {
                    cells.append("")
                    return
                }
                continue
            }
            if byte == 0x0D, offset < bytes.count, bytes[offset] == 0x0A { offset += 1 }
            nextLine += 1
            return
        }
    }

    private mutating func readCell() throws(OpenQuote) -> String {
        guard offset < bytes.count, bytes[offset] == 0x22 else { return readPlain() }
        let start = nextLine
        offset += 1
        var text: [UInt8] = []
        while true {
            guard offset < bytes.count else { throw OpenQuote(line: start) }
            let byte = bytes[offset]
            offset += 1
            if byte == 0x22 {
                guard offset < bytes.count, bytes[offset] == 0x22 else { break }
                offset += 1
            } else if byte == 0x0A {
                nextLine += 1
            }
            text.append(byte)
        }
        // What stands between the quote and the separator belongs to the cell.
        return String(decoding: text, as: UTF8.self) + readPlain()
    }

    private mutating func readPlain() -> String {
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == separator || byte == 0x0A || byte == 0x0D { break }
            offset += 1
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
}
