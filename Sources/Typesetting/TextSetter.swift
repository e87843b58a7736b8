// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Sets labels: shaped, broken into lines, aligned.
public struct TextSetter {
    private let sections: [TextSection]
    private let setting: TextSetting
    private var block = TextBlock()
    private var missing: Set<Unicode.Scalar> = []

    /// Sets a label. Line feeds in it break lines; characters that no font has
    /// are left out and listed.
    ///
    /// - Complexity: O(*n*²) in characters, of which there are at most
    ///   `TextSetting.longest`.
    public static func set(_ sections: [TextSection], _ setting: TextSetting = TextSetting()) -> TextBlock {
        var setter = TextSetter(sections, setting)
        setter.run()
        return setter.block
    }

    private init(_ sections: [TextSection], _ setting: TextSetting) {
        self.sections = sections
        self.setting = setting
    }

    private mutating func run() {
        var text: [UInt32] = []
        var numbers: [Int] = []
        filling: for (number, section) in sections.enumerated() {
            for character in section.text.unicodeScalars {
                if text.count >= TextSetting.longest {
                    block.isCut = true
                    break filling
                }
                guard let kept = Self.kept(character) else { continue }
                text.append(kept)
                numbers.append(number)
            }
        }
        var lines: [Line] = []
        for paragraph in text.split(separator: 10, omittingEmptySubsequences: false) {
            lines += self.lines(of: Array(paragraph), Array(numbers[paragraph.indices]))
        }
        align(lines)
        block.missing = missing.sorted()
    }

    /// A character as it is set: controls go, other spaces and breaks become
    /// those that are understood.
    private static func kept(_ character: Unicode.Scalar) -> UInt32? {
        switch character.value {
        case 10, 0x2028, 0x2029: 10
        case 9: 32
        case 0..<32, 0x7F..<0xA0: nil
        default: character.value
        }
    }

    private struct Line {
        var runs: [ShapedRun]
        var width: Double
        /// The size of its largest section.
        var scale: Double
    }

    private mutating func lines(of text: [UInt32], _ numbers: [Int]) -> [Line] {
        guard !text.isEmpty else { return [Line(runs: [], width: 0, scale: 1)] }
        let shaper = TextShaper(text, sections: numbers, stacks: sections.map(\.stack))
        for (code, face) in zip(text, shaper.faces) where face == nil {
            if let character = Unicode.Scalar(code), FontStack.isVisible(character) { missing.insert(character) }
        }
        let whole = shaper.shape(0..<text.count)
        var advances = [Double](repeating: 0, count: text.count)
        for run in whole {
            for glyph in run.glyphs where advances.indices.contains(glyph.cluster) {
                advances[glyph.cluster] += advance(of: glyph, in: run)
            }
        }
        let ranges = LineBreaks.lines(of: text, advances: advances, maxWidth: setting.maxWidth)
        return ranges.map { range in
            var range = range
            while let first = range.first, LineBreaks.isSpace(text[first]) { range = (first + 1)..<range.upperBound }
            while let last = range.last, LineBreaks.isSpace(text[last]) { range = range.lowerBound..<last }
            let runs = range == 0..<text.count ? whole : shaper.shape(range)
            let order = BidirectionalText.visualOrder(runs.map(\.level))
            let width = runs.reduce(0) { sum, run in run.glyphs.reduce(sum) { $0 + advance(of: $1, in: run) } }
            let scale = range.map { sections[numbers[$0]].scale }.max() ?? 1
            return Line(runs: order.map { runs[$0] }, width: width, scale: scale)
        }
    }

    private func advance(of glyph: ShapedGlyph, in run: ShapedRun) -> Double {
        glyph.advance * sections[run.section].scale + (run.isJoined ? 0 : setting.letterSpacing)
    }

    private mutating func align(_ lines: [Line]) {
        block.lineCount = lines.count
        block.width = lines.map(\.width).max() ?? 0
        var top = 0.0
        for line in lines {
            let height = setting.lineHeight * line.scale
            let spare = block.width - line.width
            var pen = SIMD2(0, top + height / 2 + TextSetting.baseline * line.scale)
            switch setting.justification {
            case .left: break
            case .center: pen.x = spare / 2
            case .right: pen.x = spare
            }
            for run in line.runs {
                guard let face = run.face else { continue }
                let scale = sections[run.section].scale
                for glyph in run.glyphs {
                    let advance = advance(of: glyph, in: run)
                    block.glyphs.append(
                        TextBlock.Glyph(
                            face: face, id: glyph.id, position: pen + glyph.offset * scale, advance: advance,
                            scale: scale, section: run.section))
                    pen.x += advance
                }
            }
            top += height
        }
        block.height = top
    }
}
