// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The text encodings that a source may declare.
enum TextEncodings {
    /// In the spelling that is handed on.
    static let known = [
        "UTF-8", "GBK", "GB18030", "GB2312", "BIG5", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "ISO-8859-15",
        "WINDOWS-1252", "WINDOWS-1251", "WINDOWS-1250", "SHIFT_JIS", "EUC-KR", "EUC-JP",
    ]

    private static let other = [
        "CP936": "GBK", "936": "GBK", "WINDOWS-936": "GBK", "MS936": "GBK", "ANSI": "GBK", "ANSI_936": "GBK",
        "CP950": "BIG5", "BIG-5": "BIG5", "UTF8": "UTF-8", "CP65001": "UTF-8", "UTF16": "UTF-16",
        "LATIN1": "ISO-8859-1",
        "ISO8859-1": "ISO-8859-1", "CP1252": "WINDOWS-1252", "CP1251": "WINDOWS-1251", "CP1250": "WINDOWS-1250",
        "GB-18030": "GB18030", "GB_18030": "GB18030", "EUC-CN": "GB2312", "CP932": "SHIFT_JIS", "SJIS": "SHIFT_JIS",
    ]

    /// The spelling that is handed on; nil when the name is not known.
    static func canonical(_ name: String) -> String? {
        let upper = name.uppercased()
        return known.contains(upper) ? upper : other[upper]
    }
}
