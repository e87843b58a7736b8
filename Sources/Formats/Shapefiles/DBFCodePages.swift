// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// What the language byte of a `.dbf` and the words of a `.cpg` mean.
enum DBFCodePages {
    /// The encoding that a language byte names; nil for none, and for 0x57, which
    /// stands for whatever the writer's machine had.
    static func encoding(languageID: UInt8) -> String? {
        byLanguageID[languageID]
    }

    private static let byLanguageID: [UInt8: String] = [
        0x01: "CP437", 0x02: "CP850", 0x03: "CP1252", 0x08: "CP865", 0x09: "CP437", 0x0A: "CP850", 0x0B: "CP437",
        0x0D: "CP437", 0x0E: "CP850", 0x0F: "CP437", 0x10: "CP850", 0x11: "CP437", 0x12: "CP850", 0x13: "CP932",
        0x14: "CP850", 0x15: "CP437", 0x16: "CP850", 0x17: "CP865", 0x18: "CP437", 0x19: "CP437", 0x1A: "CP850",
        0x1B: "CP437", 0x1C: "CP863", 0x1D: "CP850", 0x1F: "CP852", 0x22: "CP852", 0x23: "CP852", 0x24: "CP860",
        0x25: "CP850", 0x26: "CP866", 0x37: "CP850", 0x40: "CP852", 0x4D: "GBK", 0x4E: "CP949", 0x4F: "BIG5",
        0x50: "CP874", 0x58: "CP1252", 0x59: "CP1252", 0x64: "CP852", 0x65: "CP866", 0x66: "CP865", 0x67: "CP861",
        0x6A: "CP737", 0x6B: "CP857", 0x6C: "CP863", 0x78: "BIG5", 0x79: "CP949", 0x7A: "GBK", 0x7B: "CP932",
        0x7C: "CP874", 0x86: "CP737", 0x87: "CP852", 0x88: "CP857", 0xC8: "CP1250", 0xC9: "CP1251", 0xCA: "CP1254",
        0xCB: "CP1253", 0xCC: "CP1257",
    ]

    /// The encoding that the text of a `.cpg` names; nil when it is none that
    /// iconv knows.
    static func encoding(codePageFile text: String) -> String? {
        let word = text.trimmingPrefix("\u{FEFF}").split { $0.isWhitespace || $0 == "\0" }.joined(separator: " ")
            .uppercased()
        guard !word.isEmpty, word.utf8.count <= 40 else { return nil }
        var candidates = [word]
        for prefix in ["ANSI ", "OEM ", "ANSI_", "WINDOWS-", "WINDOWS ", "MS"] where word.hasPrefix(prefix) {
            candidates.append("CP\(word.dropFirst(prefix.count))")
        }
        if let number = Int(word) {
            switch number {
            case 65001: return "UTF-8"
            case 936: return "GBK"
            case 54936: return "GB18030"
            case 88591...88599: candidates = ["ISO-8859-\(number - 88590)"]
            case 885910...885919: candidates = ["ISO-8859-\(number - 885900)"]
            default: candidates = ["CP\(number)"]
            }
        }
        if word.hasPrefix("ISO") {
            candidates.append(word.replacing("ISO8859", with: "ISO-8859").replacing("ISO 8859", with: "ISO-8859"))
        }
        if word == "CP65001" || word == "UTF8" { return "UTF-8" }
        if word == "CP936" || word == "ANSI 936" { return "GBK" }
        return candidates.first { TextDecoder(encoding: $0) != nil }
    }
}
