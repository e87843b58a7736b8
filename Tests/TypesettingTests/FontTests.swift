// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import Typesetting

@Suite struct FontTests {
    @Test func `A name is family, weight, width and slope`() {
        #expect(FontName("Noto Sans CJK SC Bold Italic").family == "notosanscjksc")
        #expect(FontName("Noto Sans CJK SC Bold Italic").weight == 700)
        #expect(FontName("Noto Sans CJK SC Bold Italic").isItalic)
        #expect(FontName("Bold").family == "bold")
        #expect(FontName("DejaVu Sans Condensed").width == 3)
    }

    @Test func `Chinese is drawn with a font that has it, whatever the style names`() throws {
        let stack = FontCatalogue.system.stack(["Open Sans Bold", "No Such Font"])
        #expect(stack.missingNames == ["Open Sans Bold", "No Such Font"])
        let latin = try #require(stack.face(for: "A"))
        #expect(latin.description.family == "DejaVu Sans")
        let chinese = try #require(stack.face(for: "苗"))
        #expect(chinese.has("圃"))
        let glyph = try #require(chinese.shaping.glyph(of: "苗"))
        let outline = chinese.outline(of: glyph)
        #expect(outline.steps.count > 20)
        outline.flatten(tolerance: 0.01, move: { #expect(abs($0.x) < 2) }, line: { #expect(abs($0.y) < 2) })
        #expect(chinese.outline(of: 4_000_000).steps.isEmpty)
    }

    @Test func `A name that the system has is that font`() throws {
        let stack = FontCatalogue.system.stack(["DejaVu Sans Bold"])
        #expect(stack.missingNames == [])
        let face = try #require(stack.face(for: "a"))
        #expect(face.description.family == "DejaVu Sans" && face.description.weight == 700)
        #expect(stack.face(for: "\u{10FFFD}") == nil)
    }

    /// Every truncation and many flipped bytes of a real font: opened or
    /// refused, and asked for shapes either way.
    @Test func `Broken fonts are passed over or draw something, and end nothing`() throws {
        let original = try #require(FontCatalogue.system.fonts.first { $0.family == "DejaVu Sans" })
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: original.path)))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-fonts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, cut) in [0, 3, 12, 200, 4000, bytes.count / 2, bytes.count - 1].enumerated() {
            try Data(bytes[..<cut]).write(to: folder.appendingPathComponent("cut\(number).ttf"))
        }
        for number in 0..<12 {
            var damaged = bytes
            let reach = number < 6 ? 2000 : bytes.count
            for step in 0..<200 { damaged[(step * 7919 + number * 104_729) % reach] ^= 0xA5 }
            try Data(damaged).write(to: folder.appendingPathComponent("flipped\(number).ttf"))
        }
        let catalogue = FontCatalogue(folders: [folder.path])
        #expect(catalogue.fonts.count < 19)
        for font in catalogue.fonts {
            guard let face = try? FontFace(font) else { continue }
            for glyph in 0..<200 as Range<UInt32> { _ = face.outline(of: glyph) }
        }
        #expect(throws: TypesettingError.self) { try FontFace(FontDescription(family: "x", path: "/none", index: 0)) }
    }
}
