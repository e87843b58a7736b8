// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import Typesetting

@Suite struct GlyphRangeTests {
    let stack = FontCatalogue.system.stack(["DejaVu Sans"])

    @Test func `A field is 192 on the outline and falls by 32 a pixel`() throws {
        // A square from 2 to 10 pixels, as TrueType fonts draw: clockwise.
        let em = DistanceField.em
        var outline = GlyphOutline()
        let corners = [SIMD2(2.0, -10), SIMD2(10, -10), SIMD2(10, -2), SIMD2(2, -2)].map { $0 / em }
        outline.steps = [.move(corners[0])] + corners.dropFirst().map { .line($0) }
        let field = DistanceField(outline)
        #expect([field.width, field.height, field.left, field.top] == [8, 8, 2, 10])
        let row = (0..<14).map { field.pixels[7 * 14 + $0] }
        #expect(row == [112, 144, 176, 208, 240, 255, 255, 255, 255, 240, 208, 176, 144, 112])
        #expect(DistanceField(GlyphOutline()).pixels.isEmpty)
    }

    @Test func `A range is a message of stacks with a glyph for each character that a font has`() throws {
        let bytes = GlyphRange.encode(0x82, of: stack, name: "A B")
        // stacks, then its name and its range.
        #expect(bytes.first == 0x0A)
        #expect(bytes.contains(sequence: [0x0A, 3] + Array("A B".utf8)))
        #expect(bytes.contains(sequence: [0x12, 11] + Array("33280-33535".utf8)))
        // U+82D7, as field 1 of its glyph, whose width comes with its pixels.
        #expect(bytes.contains(sequence: [0x08, 0xD7, 0x85, 0x02, 0x12]))
        #expect(bytes.count > 200_000)
        // Unused characters have no glyphs.
        #expect(GlyphRange.encode(0xE1, of: stack, name: "x").count < 100_000)
    }
}

extension [UInt8] {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: sequence) }
    }
}
