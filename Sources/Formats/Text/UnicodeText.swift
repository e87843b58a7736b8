// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A text file as UTF-8 in memory; one in another encoding is rewritten in the
/// scratch folder first.
struct UnicodeText {
    let file: MappedFile
    /// Without the byte order mark.
    let bytes: UnsafeRawBufferPointer
    let verdict: EncodingVerdict
    private(set) var notes: [String] = []

    init(_ source: StagedFile, request: DatasetRequest) throws {
        let original = try MappedFile(path: source.path, name: source.name)
        let raw = original.bytes
        var verdict: EncodingVerdict
        if raw.count >= 2, raw[0] == 0xFF && raw[1] == 0xFE || raw[0] == 0xFE && raw[1] == 0xFF {
            verdict = EncodingVerdict("UTF-16", .byteOrderMark)
        } else if raw.count >= 3, raw[0] == 0xEF, raw[1] == 0xBB, raw[2] == 0xBF {
            verdict = EncodingVerdict("UTF-8", .byteOrderMark)
        } else if let encoding = request.encoding {
            verdict = EncodingVerdict(encoding, .request)
        } else {
            let isASCII = raw.isASCII
            let isUTF8 = isASCII || raw.isWellFormedUTF8
            verdict =
                isASCII
                ? EncodingVerdict("UTF-8", .onlyASCII)
                : EncodingVerdict(isUTF8 ? "UTF-8" : "GB18030", isUTF8 ? .wellFormedUTF8 : .assumed)
        }
        if verdict.evidence == .assumed {
            notes.append(
                "Nothing says in which encoding the text is, and it is no UTF-8: it was read as Chinese (GB18030). If it "
                    + "reads wrong, declare `encoding:`.")
        }
        let isUTF8 = TextDecoder.canonical(verdict.name) == "UTF-8"
        if isUTF8 && (verdict.evidence != .request && verdict.evidence != .byteOrderMark || raw.isWellFormedUTF8) {
            file = original
        } else {
            guard let decoder = TextDecoder(encoding: verdict.name) else {
                throw FormatsError(
                    .wrongUse, "There is no text encoding “\(verdict.name)”; GBK and UTF-8 are the usual ones.")
            }
            let path = "\(source.folder)/utf-8.txt"
            let replaced = try Self.rewrite(
                raw, decoder, to: path, isWide: verdict.name.hasPrefix("UTF-16"), source.name)
            if replaced > 0 {
                notes.append(
                    "The text holds bytes that mean nothing in \(verdict.name), in \(replaced) places; they were replaced "
                        + "by “\u{FFFD}”.")
            }
            file = try MappedFile(path: path, name: source.name)
        }
        let hasMark = file.bytes.count >= 3 && file.bytes[0] == 0xEF && file.bytes[1] == 0xBB && file.bytes[2] == 0xBF
        bytes = UnsafeRawBufferPointer(rebasing: file.bytes[(hasMark ? 3 : 0)...])
        verdict.sample = Self.sample(bytes)
        self.verdict = verdict
    }

    /// - Returns: how many places had no meaning.
    private static func rewrite(
        _ raw: UnsafeRawBufferPointer, _ decoder: TextDecoder, to path: String, isWide: Bool, _ name: String
    ) throws -> Int {
        let output = try ScratchFile(path: path, for: name)
        var replaced = 0
        var offset = 0
        while offset < raw.count {
            var end = raw.count
            // Lines end alike in all encodings but the wide ones, so they are
            // where the text may be taken apart.
            if !isWide, offset + 1 << 20 < raw.count {
                end = raw[(offset + 1 << 20)...].firstIndex(of: 0x0A).map { $0 + 1 } ?? raw.count
            }
            let decoded = decoder.decode(UnsafeRawBufferPointer(rebasing: raw[offset..<end]))
            replaced += decoded.replaced
            var text = decoded.text
            try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
            offset = end
        }
        try output.close()
        return replaced
    }

    /// The first few words beyond ASCII.
    private static func sample(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard let first = bytes.prefix(1 << 20).firstIndex(where: { $0 >= 0x80 }) else { return nil }
        let text = String(decoding: bytes.part(from: first, count: 60), as: UTF8.self)
        return text.split(whereSeparator: { "\",:;{}[]\t".contains($0) || $0.isNewline }).first.map(String.init)
    }
}
