// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// A text file in an encoding that is not known yet; one in which ASCII is ASCII.
struct RawText {
    private let raw: UnsafeRawBufferPointer
    private let kind: UnicodeText.Kind
    private let separator: UInt8
    /// Cells of the first row of a table, without quotes.
    let columnNames: [[UInt8]]

    /// Text of more bytes than this is looked at in parts from everywhere.
    private static let sampledBytes = 2 << 20
    private static let parts = 32
    private static let mostColumns = 256
    /// Line feed, quote, comma, angle brackets.
    private static let ends: [UInt8] = [0x0A, 0x22, 0x2C, 0x3C, 0x3E]

    init(_ bytes: UnsafeRawBufferPointer, kind: UnicodeText.Kind) {
        raw = UnsafeRawBufferPointer(rebasing: bytes[(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)...])
        self.kind = kind
        guard case .table(let given) = kind else {
            separator = 0
            columnNames = []
            return
        }
        var table = DelimitedText(raw, separator: given)
        separator = table.separator
        var cells: [Range<Int>] = []
        let hasRow = (try? table.next(ranges: &cells)) ?? false
        // A bar may be the second byte of a character: cells can then not be
        // told before the encoding is.
        let isSafe = hasRow && separator != 0x7C && cells.count <= Self.mostColumns
        let all = raw
        columnNames = isSafe ? cells.map { Array(Self.unquoted(all, $0)) } : []
    }

    private static func unquoted(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        var range = range
        if range.count >= 2, bytes[range.lowerBound] == 0x22, bytes[range.upperBound - 1] == 0x22 {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        while let last = range.last, bytes[last] == 0x20 { range = range.lowerBound..<last }
        while let first = range.first, bytes[first] == 0x20 { range = first + 1..<range.upperBound }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    /// Values from everywhere in the text.
    func sample() -> TextSample {
        var sample = TextSample(columns: columnNames.isEmpty ? [[]] : columnNames)
        if raw.count <= Self.sampledBytes {
            look(at: 0..<raw.count, isStart: true, &sample)
            return sample
        }
        let count = Self.sampledBytes / Self.parts
        for part in 0..<Self.parts {
            let start = part * (raw.count - count) / (Self.parts - 1)
            look(at: start..<start + count, isStart: start == 0, &sample)
        }
        // Parts that are ASCII say nothing of the rest.
        if sample.valuesLookedAt == 0, !raw.isASCII {
            sample = TextSample(columns: columnNames.isEmpty ? [[]] : columnNames)
            look(at: 0..<raw.count, isStart: true, &sample)
        }
        return sample
    }

    private func look(at range: Range<Int>, isStart: Bool, _ sample: inout TextSample) {
        // Begin and end at ends of lines.
        var start = range.lowerBound
        if !isStart { start = raw[range].firstIndex(of: 0x0A).map { $0 + 1 } ?? range.upperBound }
        let part = UnsafeRawBufferPointer(rebasing: raw[start..<range.upperBound])
        guard !columnNames.isEmpty else { return lookAtWords(of: part, &sample) }
        var table = DelimitedText(part, separator: separator)
        var cells: [Range<Int>] = []
        var isFirst = isStart
        // A part that begins in a cell of several lines loses its rows; the
        // number of cells tells.
        while (try? table.next(ranges: &cells)) == true {
            defer { isFirst = false }
            let isLast = cells.last?.upperBound == part.count && range.upperBound < raw.count
            guard !isFirst, !isLast, cells.count == columnNames.count else { continue }
            sample.recordsLookedAt += 1
            for (column, cell) in cells.enumerated() {
                sample.look(at: Self.unquoted(part, cell), column: column)
            }
        }
    }

    /// What stands between signs that are ASCII in all encodings, and never a part
    /// of a character.
    private func lookAtWords(of part: UnsafeRawBufferPointer, _ sample: inout TextSample) {
        var offset = 0
        while let found = Self.firstBeyondASCII(part, from: offset) {
            var start = found
            while start > offset, !Self.ends.contains(part[start - 1]) { start -= 1 }
            var end = found
            while end < part.count, !Self.ends.contains(part[end]) { end += 1 }
            sample.look(at: UnsafeRawBufferPointer(rebasing: part[start..<end]))
            offset = end
        }
    }

    private static func firstBeyondASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var offset = start
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080
            if word != 0 { return offset + UInt64(littleEndian: word).trailingZeroBitCount / 8 }
            offset += 8
        }
        return bytes[offset...].firstIndex { $0 >= 0x80 }
    }

    /// Rewrites a table whose columns are in several encodings.
    ///
    /// - Returns: how many places had no meaning.
    func rewrite(_ verdict: EncodingVerdict, to output: ScratchFile) throws -> Int {
        func decoder(_ name: String) -> TextDecoder? { TextDecoder(encoding: name) ?? TextDecoder(encoding: "UTF-8") }
        let decoders = columnNames.indices.map { decoder(verdict.encoding(ofColumn: $0)) }
        let common = decoder(verdict.name)
        let names = decoder(verdict.encoding(ofColumn: -1))
        var table = DelimitedText(raw, separator: separator)
        var cells: [Range<Int>] = []
        var isFirst = true
        var replaced = 0
        var written = 0
        func write(_ range: Range<Int>, _ decoder: TextDecoder?) throws {
            let bytes = UnsafeRawBufferPointer(rebasing: raw[range])
            guard let decoder, !bytes.isASCII else { return try output.write(bytes) }
            let decoded = decoder.decode(bytes)
            replaced += decoded.replaced
            var text = decoded.text
            try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
        }
        // A quote that is never closed is told by who reads the table; the rest is
        // then as it stands.
        while (try? table.next(ranges: &cells)) == true {
            for (column, cell) in cells.enumerated() {
                try write(written..<cell.lowerBound, common)
                try write(cell, isFirst ? names : column < decoders.count ? decoders[column] : common)
                written = cell.upperBound
            }
            isFirst = false
        }
        try write(written..<raw.count, common)
        return replaced
    }
}
