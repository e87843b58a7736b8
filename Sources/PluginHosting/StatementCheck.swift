// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Which statements a plugin may run.
///
/// Those that reach beyond its own tables (ATTACH, PRAGMA, VACUUM INTO) or that
/// end the transaction are not accepted: a statement is known by its first
/// word, and SQLite prepares one at a time.
enum StatementCheck {
    private static let accepted = [
        "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER",
    ]

    /// Lets a statement pass.
    ///
    /// - Throws: `.denied`, naming the word that is not accepted.
    static func check(_ text: String, plugin: String) throws(PluginHostingError) {
        let word = firstWord(of: text)
        guard accepted.contains(word.uppercased()) else {
            throw PluginHostingError(
                .denied, plugin,
                "The plugin \(plugin) may not run \"\(word.prefix(20))\"; accepted are "
                    + "\(accepted.joined(separator: ", ")).")
        }
    }

    /// The first run of ASCII letters after white space, semicolons and comments.
    ///
    /// Byte by byte as SQLite's own tokenizer goes. Where the two disagreed, a
    /// statement could look like a SELECT here and be an ATTACH there: a line
    /// comment ends at a line feed and at nothing else that Unicode calls a line,
    /// and `/*/` opens a comment without closing it.
    static func firstWord(of text: String) -> String {
        var rest = Array(text.utf8)[...]
        while true {
            rest = rest.drop { isSpace($0) || $0 == UInt8(ascii: ";") }
            if rest.starts(with: "--".utf8) {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else if rest.starts(with: "/*".utf8) {
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest = rest.dropFirst() }
                rest = rest.dropFirst(2)
            } else {
                return String(decoding: rest.prefix(while: isLetter), as: UTF8.self)
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0c || byte == 0x0d
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
