// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// A column of a dBASE table.
enum DBaseColumn {
    /// Writes the values of a column in another encoding, as a program does that
    /// fills one column of an older table. A value that gets too long for the
    /// column loses characters at its end.
    ///
    /// - Throws: `DemonstratingError` when there is no such column; errors of the
    ///   file system.
    static func recode(_ name: String, from: String, to: String, in file: URL) throws {
        var bytes = [UInt8](try Data(contentsOf: file))
        func number(_ at: Int, _ length: Int) -> Int {
            (0..<length).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        let (count, start, width) = (number(4, 4), number(8, 2), number(10, 2))
        guard let decoder = TextDecoder(encoding: from), let encoder = TextEncoder(encoding: to),
            let title = TextEncoder(encoding: from)?.encode(name),
            let column = column(title, in: bytes, headEndsAt: start)
        else { throw DemonstratingError(description: "\(file.lastPathComponent) has no column \(name).") }
        for record in 0..<count {
            let place = start + record * width + column.offset
            let cell = place..<place + column.width
            var text = bytes[cell].withUnsafeBytes { decoder.decode($0).text }
            while text.hasSuffix(" ") { text.removeLast() }
            while var recoded = encoder.encode(text) {
                if recoded.count > column.width, !text.isEmpty {
                    text.removeLast()
                    continue
                }
                recoded += Array(repeating: 0x20, count: column.width - recoded.count)
                bytes.replaceSubrange(cell, with: recoded)
                break
            }
        }
        try Data(bytes).write(to: file)
    }

    /// Where the column begins in a record, and how wide it is.
    private static func column(
        _ title: [UInt8], in bytes: [UInt8], headEndsAt end: Int
    ) -> (offset: Int, width: Int)? {
        var offset = 1
        for place in stride(from: 32, to: end - 31, by: 32) where bytes[place] != 0x0D {
            let width = Int(bytes[place + 16])
            if bytes[place..<place + 11].prefix(while: { $0 != 0 }).elementsEqual(title) { return (offset, width) }
            offset += width
        }
        return nil
    }
}
