// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import Encodings

@Suite("Text that was read wrongly once and saved again")
struct DoubleEncodingTests {
    /// Reads bytes of one encoding as another, as a program with a wrong setting
    /// does.
    private func misread(_ text: String, _ was: String, as wrong: String) throws -> String {
        let decoder = try #require(TextDecoder(encoding: wrong))
        return try encoded(text, was).withUnsafeBytes { decoder.decode($0).text }
    }

    @Test(
        "is recognised with what it was",
        arguments: [("UTF-8", "GBK"), ("UTF-8", "ISO-8859-1"), ("GBK", "ISO-8859-1")])
    func recognised(was: String, wrong: String) throws {
        // Of an even number of characters, so that GBK loses none.
        let garbled = try ["小湾新村", "梅陇镇小学校", "虹梅南路弄堂", "申莘绿地", "银都路居委会"].map { try misread($0, was, as: wrong) }
        let found = try verdict(garbled, in: "UTF-8", EncodingClaim(.format, "UTF-8"))
        #expect(found.name == "UTF-8" && found.refusal == nil, "\(found)")
        let note = try #require(found.notes.first, "\(garbled)")
        #expect(note.contains("of 5 distinct values") && note.contains("They are kept as delivered"), "\(note)")
        let original = was == "GBK" ? "GB18030" : was
        #expect(note.contains("look as if \(original) had been read as \(wrong == "GBK" ? "GBK" : "")"), "\(note)")
        let unsaid = try verdict(garbled, in: "UTF-8")
        #expect(unsaid.name == "UTF-8" && unsaid.isDecisive, "\(unsaid)")
    }

    @Test("is recognised in the two words that everybody has seen")
    func known() throws {
        let found = try #require(DoubleEncoding.find(in: ["灏忔咕", "å°æ¹¾"]))
        #expect(found.count >= 1)
        #expect(DoubleEncoding.find(in: ["å°\u{8F}æ¹¾"])?.example?.before == "小湾")
        #expect(DoubleEncoding.find(in: ["锟斤拷锟斤拷"])?.lost == 1)
        #expect(DoubleEncoding.find(in: ["名\u{FFFD}"])?.lost == 1)
    }

    @Test(
        "is nothing that ordinary text looks like",
        arguments: [
            Texts.simplified, Texts.traditional, Texts.japanese, Texts.korean, Texts.western, ["", "abc", "é", "±5°"],
        ])
    func decoys(texts: [String]) {
        #expect(DoubleEncoding.find(in: texts) == nil)
    }
}
