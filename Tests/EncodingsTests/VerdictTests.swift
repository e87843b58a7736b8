// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import Encodings

@Suite("The encoding verdict")
struct VerdictTests {
    struct Case: Sendable, CustomStringConvertible {
        var texts: [String]
        var encoding: String
        var description: String { "\(texts[0]) in \(encoding)" }
    }

    @Test(
        "Text of some length is recognised, with nothing said of it",
        arguments: [
            Case(texts: Texts.simplified, encoding: "UTF-8"), Case(texts: Texts.simplified, encoding: "GB18030"),
            Case(texts: Texts.traditional, encoding: "UTF-8"), Case(texts: Texts.traditional, encoding: "GB18030"),
            Case(texts: Texts.traditional, encoding: "BIG5"), Case(texts: Texts.japanese, encoding: "UTF-8"),
            Case(texts: Texts.japanese, encoding: "SHIFT_JIS"), Case(texts: Texts.korean, encoding: "UTF-8"),
            Case(texts: Texts.korean, encoding: "EUC-KR"), Case(texts: Texts.western, encoding: "UTF-8"),
        ])
    func recognised(one: Case) throws {
        let found = try verdict(one.texts, in: one.encoding)
        #expect(found.name == one.encoding && found.isDecisive, "\(found.conclusion) \(found.ranking)")
        #expect(found.refusal == nil)
        let bytes = try one.texts.map { try encoded($0, one.encoding) }
        let ranked = verdict([bytes]) { $0.ranksAll = true }
        #expect(ranked.name == one.encoding && ranked.isDecisive, "\(ranked.candidates)")
        #expect(ranked.candidates.count >= 4 && ranked.candidates[0].behind == 0)
        #expect(
            ranked.samples.count == 3
                && ranked.samples.allSatisfy { $0.otherReading != nil && $0.otherReading != $0.reading })
        #expect(ranked.samples.allSatisfy { sample in one.texts.contains { $0.hasPrefix(sample.reading.prefix(8)) } })
    }

    @Test(
        "What bytes cannot tell is not decided, and no merge may use it",
        arguments: [
            Case(texts: ["甲"], encoding: "GBK"), Case(texts: ["蔷薇"], encoding: "GBK"),
            Case(texts: ["Müller"], encoding: "WINDOWS-1252"), Case(texts: Texts.western, encoding: "WINDOWS-1252"),
            Case(texts: ["Łódź", "Kraków", "Gdańsk"], encoding: "CP1250"),
            Case(texts: ["Ярославль", "Москва"], encoding: "WINDOWS-1251"), Case(texts: ["联通"], encoding: "GBK"),
        ])
    func undecided(one: Case) throws {
        let found = try verdict(one.texts, in: one.encoding)
        #expect(!found.isDecisive, "\(found.conclusion)")
        let refusal = try #require(found.refusal)
        #expect(refusal.sentence.contains("Nobody says") && refusal.sentence.contains("the town must say it"))
        #expect(!found.candidates.isEmpty)
    }

    @Test("Plain ASCII reads alike in all, whatever is said")
    func ascii() throws {
        #expect(try verdict(["abc", "Road 1"], in: "UTF-8").conclusion == .anyASCII)
        let said = try verdict(["abc"], in: "UTF-8", EncodingClaim(.codePageFile, "GBK"))
        #expect(said.conclusion == .anyASCII && said.name == "GBK" && said.doubts.isEmpty)
        #expect(EncodingJudge().verdict(on: TextSample(), .init(.none)).conclusion == .anyASCII)
    }

    @Test(
        "What is said is believed when the bytes agree",
        arguments: [
            ("GBK", "GB18030"), ("GB2312", "GB18030"), ("UTF-8", "UTF-8"), ("GB18030", "GB18030"),
        ])
    func believed(said: String, encoding: String) throws {
        for origin in [EncodingClaim.Origin.codePageFile, .header, .request] {
            let found = try verdict(Texts.simplified, in: encoding, EncodingClaim(origin, said))
            #expect(found.conclusion == .known(said) && found.name == said && found.doubts.isEmpty, "\(found)")
        }
    }

    @Test(
        "Single-byte encodings are believed as they are said",
        arguments: [
            "WINDOWS-1252", "ISO-8859-1", "CP1250", "CP850", "ISO-8859-2",
        ])
    func singleByte(encoding: String) throws {
        let found = try verdict(
            ["Zürich", "Düsseldorf", "Köln", "Göttingen"], in: encoding, EncodingClaim(.header, encoding))
        #expect(found.conclusion == .known(encoding) && found.refusal == nil, "\(found)")
    }

    struct Lie: Sendable {
        var said: String
        var encoding: String
        var texts = Texts.simplified
    }

    @Test(
        "A lie is found, and named with what is right",
        arguments: [
            Lie(said: "UTF-8", encoding: "GB18030"), Lie(said: "GBK", encoding: "UTF-8"),
            Lie(said: "WINDOWS-1252", encoding: "GB18030"), Lie(said: "ISO-8859-1", encoding: "UTF-8"),
            Lie(said: "BIG5", encoding: "GB18030"), Lie(said: "GBK", encoding: "BIG5", texts: Texts.traditional),
            Lie(said: "UTF-8", encoding: "BIG5", texts: Texts.traditional),
            Lie(said: "CP437", encoding: "GB18030"), Lie(said: "GBK", encoding: "EUC-KR", texts: Texts.korean),
            Lie(said: "GBK", encoding: "SHIFT_JIS", texts: Texts.japanese),
        ])
    func lie(lie: Lie) throws {
        let found = try verdict(lie.texts, in: lie.encoding, EncodingClaim(.codePageFile, lie.said))
        let refusal = try #require(found.refusal, "\(found)")
        #expect(refusal.suggestion == lie.encoding)
        #expect(refusal.sentence.contains("the .cpg file says \(lie.said)"), "\(refusal.sentence)")
        // It is shown as it is; only a person's own word is obeyed all the same.
        #expect(found.name == lie.encoding)
        #expect(
            found.samples.count == 3
                && found.samples.allSatisfy { $0.encoding == lie.encoding && $0.otherEncoding == lie.said })
        let ordered = try verdict(lie.texts, in: lie.encoding, EncodingClaim(.request, lie.said))
        #expect(ordered.name == lie.said && ordered.refusal?.suggestion == lie.encoding)
        let checked = verdict(
            [try lie.texts.map { try encoded($0, lie.encoding) }], EncodingClaim(.codePageFile, lie.said)
        ) {
            $0.isChecked = true
        }
        #expect(checked.name == lie.said && checked.refusal == nil)
        #expect(checked.doubts.contains { $0.sentence.contains("encoding_checked") })
    }

    @Test("Below the threshold a contradiction is no reason to refuse")
    func weak() throws {
        // Valid in both, and too short to tell.
        let found = try verdict(["蔷薇"], in: "GBK", EncodingClaim(.codePageFile, "BIG5"))
        #expect(found.refusal == nil && found.name == "BIG5")
    }

    @Test("A column in another encoding is told from the rest")
    func columns() throws {
        let gbk = try Texts.simplified.map { try encoded($0, "GB18030") }
        let utf8 = Texts.simplified.map { Array("备注：\($0)".utf8) }
        let names = [Array("NAME".utf8), Array("NOTE".utf8), Array("CODE".utf8)]
        let ascii = [Array("A1".utf8)]
        let found = verdict([gbk, utf8, ascii], names: names)
        #expect(found.columns.map(\.name).sorted() == ["NOTE"] || found.columns.map(\.name) == ["NAME"])
        #expect(found.refusal == nil && found.doubts.contains { $0.sentence.contains("and the rest in") })
        let encodings = [found.encoding(ofColumn: 0), found.encoding(ofColumn: 1)]
        #expect(encodings == ["GB18030", "UTF-8"], "\(found)")

        let said = verdict([gbk, utf8, ascii], EncodingClaim(.codePageFile, "GBK"), names: names)
        let refusal = try #require(said.refusal)
        #expect(refusal.sentence.contains("encoding: { file: GBK, columns: { NOTE: UTF-8 } }"), "\(refusal)")
        let declared = verdict([gbk, utf8, ascii], EncodingClaim(.request, "GBK"), names: names) {
            $0.columnClaims = [1: "UTF-8"]
        }
        #expect(declared.refusal == nil && declared.encoding(ofColumn: 1) == "UTF-8" && declared.name == "GBK")
        let wrong = verdict([gbk, utf8, ascii], EncodingClaim(.request, "GBK"), names: names) {
            $0.columnClaims = [1: "BIG5"]
        }
        #expect(
            wrong.refusal?.sentence.contains("declared to be in BIG5 and reads as UTF-8") == true, "\(wrong.doubts)")
        // A person has looked, also where nobody says an encoding of the file.
        let checked = verdict([gbk, utf8, ascii], names: names) {
            $0.columnClaims = [1: "BIG5"]
            $0.isChecked = true
        }
        #expect(checked.refusal == nil)
        #expect(checked.doubts.contains { $0.sentence.contains("Read as BIG5 all the same") }, "\(checked.doubts)")
    }

    @Test("Names of columns may be in another encoding than values")
    func names() throws {
        let values = Texts.simplified.map { Array($0.utf8) }
        let names = try ["监测点位编", "河道名称", "所属街镇", "建成年份"].map { try encoded($0, "GB18030") }
        let found = verdict([values, values, values, values], names: names)
        #expect(found.encoding(ofColumn: 2) == "UTF-8" && found.encoding(ofColumn: -1) == "GB18030", "\(found)")
    }

    @Test("Values of one column in two encodings are a mixture, which no merge may use")
    func mixture() throws {
        let utf8 = Texts.simplified.map { Array("\($0)甲".utf8) }
        let gbk = try Texts.simplified.prefix(4).map { try encoded("\($0)乙", "GB18030") }
        for claim in [EncodingClaim.none, EncodingClaim(.codePageFile, "UTF-8")] {
            let found = verdict([utf8 + utf8.map { $0 + Array("丙".utf8) } + gbk], claim)
            #expect(
                found.refusal?.sentence.contains("a mixture: of 28 values looked at, 4 are in GB18030") == true,
                "\(found)")
        }
    }

    @Test("UTF-8 that fields of fixed width cut off is UTF-8")
    func cut() throws {
        let cut = (0..<20).map { number -> [UInt8] in
            let text = String(repeating: "莘庄镇小学", count: 5) + "\(number)号楼"
            return Array(Array(text.utf8).dropFirst((number % 5) * 3).prefix(16))
        }
        var sample = TextSample()
        for value in cut { value.withUnsafeBytes { sample.look(at: $0, isFull: true) } }
        let found = EncodingJudge().verdict(on: sample, .init(.none, ranksAll: true))
        #expect(found.name == "UTF-8" && found.isDecisive, "\(found)")
        #expect(found.candidates[0].evidence.contains { $0.contains("cut off in the middle of a character") })
        #expect(
            EncodingJudge().verdict(on: sample, .init(EncodingClaim(.header, "GBK"))).refusal?.suggestion == "UTF-8")
    }

    @Test("Names of places decide what is too short without them")
    func placeNames() throws {
        let bytes = try ["春申"].map { try encoded($0, "GBK") }
        #expect(!verdict([bytes]).isDecisive)
        let known = verdict([bytes], places: ["春申", "莘庄镇"])
        #expect(known.isDecisive && known.name == "GB18030", "\(known)")
    }

    @Test("The order and the number of equal values change nothing")
    func order() throws {
        let values = try Texts.simplified.map { try encoded($0, "GBK") }
        let once = verdict([values]) { $0.ranksAll = true }
        var again = verdict([Array((values + values + values).reversed())]) { $0.ranksAll = true }
        again.recordsLookedAt = once.recordsLookedAt
        again.valuesLookedAt = once.valuesLookedAt
        #expect(once == again)
    }
}
