// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CText

/// A glyph as HarfBuzz places it. Lengths are in ems of its own size.
struct ShapedGlyph {
    var id: UInt32
    /// The position in the paragraph of the first character it stands for.
    var cluster: Int
    var advance: Double
    var offset: SIMD2<Double>
}

/// Characters of one font, script, section and direction, shaped. Glyphs stand
/// from left to right.
struct ShapedRun {
    var characters: Range<Int>
    var face: FontFace?
    var section: Int
    var level: Int8
    var glyphs: [ShapedGlyph]
    /// Whether letters of its script hang together and must not be spaced.
    var isJoined: Bool
}

/// Shapes parts of one paragraph.
struct TextShaper {
    let text: [UInt32]
    /// The section of each character.
    let sections: [Int]
    let levels: [Int8]
    /// The font of each character; nil where no font has it.
    let faces: [FontFace?]
    private let scripts: [hb_script_t]

    init(_ text: [UInt32], sections: [Int], stacks: [FontStack]) {
        self.text = text
        self.sections = sections
        levels = BidirectionalText.levels(of: text)
        scripts = Self.scripts(of: text)
        var faces: [FontFace?] = []
        faces.reserveCapacity(text.count)
        for (index, code) in text.enumerated() {
            let character = Unicode.Scalar(code) ?? " "
            // Marks stay with the letter that they stand on, if its font can.
            if index > 0, let previous = faces[index - 1], sections[index] == sections[index - 1],
                !FontStack.isVisible(character) || Self.isMark(character) && previous.has(character)
            {
                faces.append(previous)
            } else {
                faces.append(stacks[sections[index]].face(for: character))
            }
        }
        self.faces = faces
    }

    private static func isMark(_ character: Unicode.Scalar) -> Bool {
        switch character.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Scripts, what belongs to all of them counted with what stands before.
    private static func scripts(of text: [UInt32]) -> [hb_script_t] {
        let functions = hb_unicode_funcs_get_default()
        var scripts = text.map { hb_unicode_script(functions, $0) }
        let isShared: (hb_script_t) -> Bool = {
            $0 == HB_SCRIPT_COMMON || $0 == HB_SCRIPT_INHERITED || $0 == HB_SCRIPT_UNKNOWN
        }
        var last = scripts.first { !isShared($0) } ?? HB_SCRIPT_LATIN
        for index in scripts.indices {
            if isShared(scripts[index]) { scripts[index] = last } else { last = scripts[index] }
        }
        return scripts
    }

    /// Shapes a part of the paragraph, the rest being its context; runs in the
    /// order of the text.
    func shape(_ range: Range<Int>) -> [ShapedRun] {
        var runs: [ShapedRun] = []
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start + 1
            while end < range.upperBound, belongs(end, with: start) { end += 1 }
            runs.append(run(start..<end))
            start = end
        }
        return runs
    }

    private func belongs(_ index: Int, with start: Int) -> Bool {
        sections[index] == sections[start] && levels[index] == levels[start] && scripts[index] == scripts[start]
            && faces[index] === faces[start]
    }

    private func run(_ range: Range<Int>) -> ShapedRun {
        let first = range.lowerBound
        let script = scripts[first]
        var run = ShapedRun(
            characters: range, face: faces[first], section: sections[first], level: levels[first], glyphs: [],
            isJoined: [HB_SCRIPT_ARABIC, HB_SCRIPT_SYRIAC, HB_SCRIPT_MONGOLIAN, HB_SCRIPT_NKO].contains(script))
        guard let face = run.face, let buffer = hb_buffer_create() else { return run }
        defer { hb_buffer_destroy(buffer) }
        text.withUnsafeBufferPointer {
            hb_buffer_add_utf32(buffer, $0.baseAddress, Int32($0.count), UInt32(first), Int32(range.count))
        }
        hb_buffer_set_script(buffer, script)
        hb_buffer_set_direction(buffer, run.level % 2 == 0 ? HB_DIRECTION_LTR : HB_DIRECTION_RTL)
        // The same on every computer, whatever its locale: simplified Chinese.
        hb_buffer_set_language(buffer, hb_language_from_string("zh-hans", -1))
        hb_shape(face.shaping.pointer, buffer, nil, 0)
        var count: UInt32 = 0
        guard let infos = hb_buffer_get_glyph_infos(buffer, &count),
            let positions = hb_buffer_get_glyph_positions(buffer, nil)
        else { return run }
        let em = face.shaping.unitsPerEm
        run.glyphs.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            let position = positions[index]
            let advance = min(max(Double(position.x_advance) / em, -Self.widest), Self.widest)
            run.glyphs.append(
                ShapedGlyph(
                    id: infos[index].codepoint, cluster: Int(infos[index].cluster), advance: advance,
                    offset: SIMD2(Double(position.x_offset), -Double(position.y_offset)) / em))
        }
        return run
    }

    /// In ems; what a broken font says beyond it is cut.
    private static let widest = 16.0
}
