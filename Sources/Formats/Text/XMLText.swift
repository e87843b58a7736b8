// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// An XML text whose encoding is not the plain case: it says another one than
/// UTF-8, it is not what it says, or another one is asked for. It is put in its
/// place as UTF-8, since GDAL's parser knows few encodings.
struct XMLText {
    /// Nil when the text is UTF-8 as it ought to be.
    let verdict: EncodingVerdict?
    /// What was lost when it was put in its place.
    private(set) var notes: [String] = []

    init(_ file: StagedFile, request: DatasetRequest) throws {
        let mapped = try MappedFile(path: file.path, name: file.name)
        let raw = mapped.bytes
        let declaration = Self.declaration(raw)
        let said = declaration.map(\.name)
        let isPlain = request.encoding == nil && (said.map { EncodingJudge.areAlike($0, "UTF-8") } ?? true)
        // UTF-16 shows itself, and every parser knows it.
        if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) || isPlain && raw.isWellFormedUTF8 {
            verdict = nil
            return
        }
        let known = said.flatMap { TextDecoder(encoding: $0) == nil ? nil : $0 }
        let claim = known.map { EncodingClaim(.header, $0) } ?? EncodingClaim(.format, "UTF-8")
        let inquiry = EncodingInquiry(request, file: file.name)
        let verdict = try inquiry.verdict(on: RawText(raw, kind: .xml).sample(), claim: claim)
        self.verdict = verdict
        let start = declaration?.end ?? 0
        let output = try ScratchFile(path: file.path, for: file.name)
        let rest = UnsafeRawBufferPointer(rebasing: raw[start...])
        let replaced = try UnicodeText.rewrite(
            rest, EncodingInquiry.decoder(verdict.name), isWide: false, to: output)
        notes = UnicodeText.notes(replaced, in: verdict.name)
        try output.close()
    }

    /// The encoding in `<?xml … encoding="…"?>`, and where that ends.
    private static func declaration(_ raw: UnsafeRawBufferPointer) -> (name: String, end: Int)? {
        let head = raw.prefix(400)
        guard let start = head.firstIndex(of: 0x3C), head[start...].starts(with: Array("<?xml".utf8)),
            let end = head[start...].firstIndex(of: 0x3E)
        else { return nil }
        let text = String(decoding: head[start...end], as: UTF8.self)
        guard let label = text.range(of: "encoding") else { return nil }
        let words = text[label.upperBound...].split(whereSeparator: { "= \t\"'".contains($0) })
        return words.first.map { (String($0), end + 1) }
    }
}
