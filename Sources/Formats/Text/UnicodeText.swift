// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// A text file as UTF-8 in memory; one in another encoding is rewritten in the
/// scratch folder first.
struct UnicodeText {
    /// What kind of text it is, which decides how it is looked at.
    enum Kind {
        /// Rows of cells; nil finds the separator.
        case table(separator: UInt8?)
        /// Lines of another kind.
        case lines
        /// JSON, which must be UTF-8.
        case json
        /// XML, which says its encoding or is UTF-8.
        case xml
    }

    let file: MappedFile
    /// Without the byte order mark.
    let bytes: UnsafeRawBufferPointer
    let verdict: EncodingVerdict
    private(set) var notes: [String] = []

    init(_ source: StagedFile, request: DatasetRequest, kind: Kind) throws {
        let original = try MappedFile(path: source.path, name: source.name)
        let raw = original.bytes
        let inquiry = EncodingInquiry(request, file: source.name)
        let text = RawText(raw, kind: kind)
        if let wide = WideText(raw) {
            verdict = wide.verdict(request)
        } else {
            let isMarked = raw.starts(with: [0xEF, 0xBB, 0xBF])
            var claim = EncodingClaim.none
            if case .json = kind { claim = EncodingClaim(.format, "UTF-8") }
            if isMarked { claim = EncodingClaim(.byteOrderMark, "UTF-8") }
            let sample = text.sample()
            verdict = try inquiry.verdict(on: sample, columns: text.columnNames, claim: claim)
        }
        let isUTF8 = EncodingJudge.areAlike(verdict.name, "UTF-8") && verdict.columns.isEmpty
        if isUTF8 && raw.isWellFormedUTF8 {
            file = original
        } else {
            let path = "\(source.folder)/utf-8.txt"
            let output = try ScratchFile(path: path, for: source.name)
            let replaced =
                try verdict.columns.isEmpty
                ? Self.rewrite(
                    raw, EncodingInquiry.decoder(verdict.name), isWide: WideText.isWide(verdict.name), to: output)
                : text.rewrite(verdict, to: output)
            try output.close()
            notes += Self.notes(replaced, in: verdict.name)
            file = try MappedFile(path: path, name: source.name)
        }
        let hasMark = file.bytes.starts(with: [0xEF, 0xBB, 0xBF])
        bytes = UnsafeRawBufferPointer(rebasing: file.bytes[(hasMark ? 3 : 0)...])
    }

    /// What is said of bytes that mean nothing.
    static func notes(_ replaced: Int, in encoding: String) -> [String] {
        replaced == 0
            ? []
            : [
                "The text holds bytes that mean nothing in \(encoding), in \(replaced) places; they were replaced by "
                    + "“\u{FFFD}”."
            ]
    }

    /// - Returns: how many places had no meaning.
    static func rewrite(
        _ raw: UnsafeRawBufferPointer, _ decoder: TextDecoder, isWide: Bool, to output: ScratchFile
    ) throws -> Int {
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
        return replaced
    }
}

/// UTF-16, which shows in its byte order mark or in every other byte of its ASCII.
struct WideText {
    private let name: String
    private let hasMark: Bool

    /// Nil when the text is none of it.
    init?(_ raw: UnsafeRawBufferPointer) {
        if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) {
            (name, hasMark) = ("UTF-16", true)
            return
        }
        // Text has no zero bytes, but UTF-16 has one beside each sign of ASCII.
        let looked = raw.prefix(65_536)
        var zeros = [0, 0]
        for (offset, byte) in looked.enumerated() where byte == 0 { zeros[offset & 1] += 1 }
        let pairs = looked.count / 2
        guard pairs >= 8, max(zeros[0], zeros[1]) * 10 >= pairs, min(zeros[0], zeros[1]) * 20 <= max(zeros[0], zeros[1])
        else { return nil }
        (name, hasMark) = (zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE", false)
    }

    static func isWide(_ name: String) -> Bool { TextDecoder.canonical(name).hasPrefix("UTF-16") }

    func verdict(_ request: DatasetRequest) -> EncodingVerdict {
        let sign = hasMark ? "its byte order mark" : "the zero byte beside each sign of ASCII"
        let inference = EncodingVerdict.Inference(
            encoding: name, score: 1, runnerUp: nil, isDecisive: true, reason: "\(sign) shows it.")
        guard let asked = request.encoding else {
            let claim = hasMark ? EncodingClaim(.byteOrderMark, name) : .none
            return EncodingVerdict(claim, conclusion: hasMark ? .known(name) : .inferred(inference), name: name)
        }
        let claim = EncodingClaim(.request, asked)
        guard !Self.isWide(asked) else {
            // The mark or the zero bytes say which of the two it is.
            return EncodingVerdict(claim, conclusion: .known(asked), name: name)
        }
        var verdict = EncodingVerdict(claim, conclusion: .inferred(inference), name: asked)
        verdict.doubts = [
            .init(
                mustBeQuarantined: !request.isEncodingChecked, suggestion: name,
                sentence: "Its text is in \(name), although \(asked) is declared: \(sign) shows it.")
        ]
        return verdict
    }
}
