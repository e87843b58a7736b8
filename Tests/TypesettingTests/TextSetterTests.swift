// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import Typesetting

@Suite struct TextSetterTests {
    let stack = FontCatalogue.system.stack(["DejaVu Sans"])

    func set(_ text: String, _ change: (inout TextSetting) -> Void = { _ in }) -> TextBlock {
        var setting = TextSetting()
        change(&setting)
        return TextSetter.set([TextSection(text, stack: stack)], setting)
    }

    /// The lines of a text at a width where every character is one em.
    func lines(_ text: String, _ width: Double) -> [String] {
        let scalars = Array(text.unicodeScalars)
        let ranges = LineBreaks.lines(
            of: scalars.map(\.value), advances: scalars.map { _ in 1 }, maxWidth: width)
        return ranges.map { String(String.UnicodeScalarView(scalars[$0])) }
    }

    @Test func `One line is as wide as its glyphs, and one line high`() {
        let block = set("苗圃村")
        #expect(block.glyphs.count == 3 && block.lineCount == 1)
        #expect(abs(block.width - 3) < 0.1)
        #expect(block.height == 1.2)
        let spaced = set("苗圃村") { $0.letterSpacing = 0.5 }
        #expect(abs(spaced.width - block.width - 1.5) < 1e-9)
    }

    @Test func `Chinese breaks between characters, and never before a closing mark or after an opening one`() {
        #expect(lines("苗圃村中心小学校", 4) == ["苗圃村中", "心小学校"])
        for width in 2...7 {
            for line in lines("大昌公路（南段，在建），四号桥。", Double(width)) {
                #expect(!"）），，。".contains(line.first ?? " "), "\(line)")
                #expect(line.last != "（", "\(line)")
            }
        }
        #expect(lines("New Harbour Road", 10) == ["New ", "Harbour ", "Road"] || lines("New Harbour Road", 10).count == 2)
        #expect(lines("苗圃", 0) == ["苗圃"])
    }

    @Test func `Lines stand on the side that they keep to`() {
        let texts = [TextJustification.left, .center, .right].map { side in
            set("长长长长\n短") { $0.justification = side }
        }
        let starts = texts.map { $0.glyphs[4].position.x }
        #expect(starts[0] < 0.1 && abs(starts[1] - 1.5) < 0.1 && abs(starts[2] - 3) < 0.1)
        let drop = texts[0].glyphs[4].position.y - texts[0].glyphs[0].position.y
        #expect(texts[0].lineCount == 2 && abs(drop - 1.2) < 1e-9)
    }

    @Test func `Right-to-left text stands in its order within other text`() throws {
        let mixed = set("AB \u{05D0}\u{05D1}\u{05D2} 12")
        // Alef is the first letter to be read, and the last one from the left.
        let alef = try #require(stack.face(for: "\u{05D0}")?.shaping.glyph(of: "\u{05D0}"))
        let gimel = try #require(stack.face(for: "\u{05D2}")?.shaping.glyph(of: "\u{05D2}"))
        let alefX = try #require(mixed.glyphs.first { $0.id == alef }).position.x
        let gimelX = try #require(mixed.glyphs.first { $0.id == gimel }).position.x
        #expect(gimelX < alefX)
        #expect(BidirectionalText.visualOrder([0, 1, 0]) == [0, 1, 2])
        #expect(BidirectionalText.visualOrder([1, 2, 1]) == [2, 1, 0])
        // Arabic letters take the form of their place in the word.
        let joined = set("\u{0628}\u{0628}\u{0628}")
        #expect(Set(joined.glyphs.map(\.id)).count == 3)
    }

    @Test func `Sections have their own size and font`() {
        let block = TextSetter.set([
            TextSection("苗圃", stack: stack), TextSection("村", stack: stack, scale: 0.5),
        ])
        #expect(abs(block.width - 2.5) < 0.1)
        #expect(block.glyphs.map(\.section) == [0, 0, 1])
        #expect(block.glyphs.map(\.scale) == [1, 1, 0.5])
    }

    @Test func `What no font has is left out and named; what is too long is cut and said so`() {
        let block = set("A\u{10FFFD}B\u{E000}")
        #expect(block.glyphs.count == 2)
        #expect(block.missing.contains("\u{10FFFD}"))
        let long = set(String(repeating: "长", count: 100_000)) { $0.maxWidth = 10 }
        #expect(long.isCut && long.glyphs.count == TextSetting.longest)
        #expect(long.lineCount == 100)
        let marks = set("a" + String(repeating: "\u{0301}", count: 100_000))
        #expect(marks.isCut && marks.glyphs.count <= TextSetting.longest)
        #expect(set("").glyphs.isEmpty && set("\u{0}\u{7}\n\n").lineCount == 3)
    }
}
