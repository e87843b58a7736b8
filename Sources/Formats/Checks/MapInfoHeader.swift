// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The text part of a MapInfo table: its charset, and whether it points to
/// other tables.
struct MapInfoHeader {
    /// As iconv knows it; nil for “Neutral” and for none.
    private(set) var encoding: String?

    private static let charsets: [String: String] = [
        "windowssimpchinese": "GB18030", "windowstradchinese": "BIG5", "windowslatin1": "CP1252",
        "windowslatin2": "CP1250", "windowscyrillic": "CP1251", "windowsgreek": "CP1253", "windowsturkish": "CP1254",
        "windowshebrew": "CP1255", "windowsarabic": "CP1256", "windowsbalticrim": "CP1257",
        "windowsvietnamese": "CP1258", "windowsthai": "CP874", "windowsjapanese": "CP932", "windowskorean": "CP949",
        "utf-8": "UTF-8", "iso8859_1": "ISO-8859-1", "iso8859_2": "ISO-8859-2", "iso8859_5": "ISO-8859-5",
        "iso8859_15": "ISO-8859-15", "codepage437": "CP437", "codepage850": "CP850", "codepage852": "CP852",
        "codepage866": "CP866",
    ]

    /// Reads the header, and puts a copy in the place of the link that says
    /// “Neutral”: GDAL then hands over the bytes as they are, and the verdict on
    /// them is ours.
    ///
    /// - Throws: `FormatsError` when the table is a view of others.
    init(_ file: StagedFile) throws {
        let mapped = try MappedFile(path: file.path, name: file.name)
        let isTAB = Staging.ending(of: file.path) == "tab"
        // In a MIF the header ends before the data; coordinates are no words.
        let head = isTAB ? mapped.bytes : mapped.bytes.part(from: 0, count: 65_536)
        guard !isTAB || head.count <= 1 << 20 else {
            throw FormatsError(
                .damaged, "“\(file.name)” is not a MapInfo table: its text part has \(head.count) bytes.")
        }
        var offset = 0
        var charset: Range<Int>?
        while offset < head.count {
            let end = head[offset...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? head.count
            let line = String(decoding: head[offset..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces)
            let words = line.split(whereSeparator: { $0.isWhitespace || $0 == "\"" })
            let first = words.first?.lowercased() ?? ""
            if isTAB, first == "open" || first == "create" || line.lowercased().contains("isseamless\" = \"true") {
                throw FormatsError(
                    .unsafe, "“\(file.name)” is a view of other tables; deliver those tables themselves.")
            }
            if first == "!charset" || first == "charset", words.count > 1 {
                encoding = Self.charsets[words[1].lowercased()]
                charset = offset..<end
            }
            if first == "data" { break }
            offset = end + 1
        }
        guard let charset, encoding != nil else { return }
        try Self.rewrite(mapped.bytes, file, line: charset, text: isTAB ? "!charset Neutral" : "Charset \"Neutral\"")
    }

    private static func rewrite(
        _ bytes: UnsafeRawBufferPointer, _ file: StagedFile, line: Range<Int>, text: String
    ) throws {
        let output = try ScratchFile(path: file.path, for: file.name)
        try output.write(bytes.part(from: 0, count: line.lowerBound))
        try Array(text.utf8).withUnsafeBytes { try output.write($0) }
        try output.write(bytes.part(from: line.upperBound, count: bytes.count))
        try output.close()
    }
}
