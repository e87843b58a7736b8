// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What migrations may say: statements that SQLite and PostgreSQL read alike, so
/// that a plugin's tables can move when the district outgrows one machine.
enum PortableSQL {
    private static let beginnings = [
        ["CREATE", "TABLE"], ["CREATE", "INDEX"], ["CREATE", "UNIQUE", "INDEX"], ["ALTER", "TABLE"],
        ["DROP", "TABLE"], ["DROP", "INDEX"], ["INSERT", "INTO"], ["UPDATE"], ["DELETE", "FROM"],
    ]

    /// SQLite's own words, each with what to write instead.
    private static let refused = [
        "AUTOINCREMENT": "leave it out: INTEGER PRIMARY KEY counts by itself",
        "WITHOUT": "leave WITHOUT ROWID out",
        "ROWID": "name a column of your own",
        "_ROWID_": "name a column of your own",
        "STRICT": "leave it out",
        "GLOB": "use LIKE",
        "REPLACE": "use INSERT … ON CONFLICT … DO UPDATE",
        "IGNORE": "use INSERT … ON CONFLICT DO NOTHING",
        "PRAGMA": "the host sets what a database needs",
        "IFNULL": "use COALESCE",
        "DATETIME": "keep times as BIGINT milliseconds",
        "STRFTIME": "keep times as BIGINT milliseconds",
        "JULIANDAY": "keep times as BIGINT milliseconds",
    ]

    /// Lets a statement pass.
    ///
    /// - Throws: `.invalid`, naming the migration, the word and what to write
    ///   instead.
    static func check(_ text: String, plugin: String, migration: UInt32) throws(PluginHostingError) {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(
                .invalid, plugin,
                "The tables of the plugin \(plugin) are left as they are: migration \(migration) \(reason).")
        }
        let words = Self.words(of: text)
        guard beginnings.contains(where: { words.starts(with: $0) }) else {
            let accepted = beginnings.map { $0.joined(separator: " ") }.joined(separator: ", ")
            throw refuse("has a statement that begins with \"\(text.prefix(30))\"; accepted are \(accepted)")
        }
        if let word = words.first(where: { refused[$0] != nil }), let cure = refused[word] {
            throw refuse("says \(word), which PostgreSQL does not know; \(cure)")
        }
    }

    /// The words outside of quotes and comments, in capitals.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var rest = Array(text.utf8)[...]
        func finish() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self).uppercased()) }
            word = []
        }
        while let byte = rest.first {
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                finish()
                rest = rest.dropFirst().drop { $0 != byte }.dropFirst()
            } else if rest.starts(with: "--".utf8) {
                finish()
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else if rest.starts(with: "/*".utf8) {
                finish()
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest = rest.dropFirst() }
                rest = rest.dropFirst(2)
            } else {
                if isWordByte(byte) { word.append(byte) } else { finish() }
                rest = rest.dropFirst()
            }
        }
        finish()
        return words
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
