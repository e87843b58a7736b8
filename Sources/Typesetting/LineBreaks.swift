// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CText

/// Where a paragraph is broken into lines.
///
/// Where lines *may* end is said by Unicode's rules (UAX #14), under which
/// Chinese breaks between any two characters, but neither before a closing mark
/// nor after an opening one. Where they *do* end is chosen as MapLibre does: as
/// few lines as the width allows, all about equally long.
enum LineBreaks {
    /// - Parameters:
    ///   - advances: the width of each character, 0 for those that are part of
    ///     another.
    ///   - maxWidth: in the same unit; nil for one line.
    /// - Returns: the lines, together all of the text.
    /// - Complexity: O(*n*²) in the places where lines may end.
    static func lines(of text: [UInt32], advances: [Double], maxWidth: Double?) -> [Range<Int>] {
        let total = advances.reduce(0, +)
        guard let maxWidth, maxWidth > 0, total > maxWidth, text.count > 1 else { return [0..<text.count] }
        let target = total / (total / maxWidth).rounded(.up)
        var ends: [Int] = []
        for (index, kind) in allowed(text).enumerated() where kind && index + 1 < text.count { ends.append(index + 1) }
        ends.append(text.count)

        var widthBefore = [0.0]
        for advance in advances { widthBefore.append(widthBefore[widthBefore.count - 1] + advance) }
        // Spaces at the end of a line are not seen.
        func width(_ start: Int, _ end: Int) -> Double {
            var end = end
            while end > start, isSpace(text[end - 1]) { end -= 1 }
            return widthBefore[end] - widthBefore[start]
        }
        var best: [(badness: Double, previous: Int)] = []
        for (number, end) in ends.enumerated() {
            let isLast = number == ends.count - 1
            var choice = (badness: badness(width(0, end), target, isLast), previous: -1)
            for previous in 0..<number {
                let sum = best[previous].badness + badness(width(ends[previous], end), target, isLast)
                if sum < choice.badness { choice = (sum, previous) }
            }
            best.append(choice)
        }
        var lines: [Range<Int>] = []
        var number = ends.count - 1
        while number >= 0 {
            let previous = best[number].previous
            lines.append((previous < 0 ? 0 : ends[previous])..<ends[number])
            number = previous
        }
        return lines.reversed()
    }

    private static func badness(_ width: Double, _ target: Double, _ isLast: Bool) -> Double {
        let ragged = (width - target) * (width - target)
        // A short last line looks better than a long one.
        return isLast ? (width < target ? ragged / 2 : ragged * 2) : ragged
    }

    /// Whether a line may end behind each character.
    private static func allowed(_ text: [UInt32]) -> [Bool] {
        var breaks = [CChar](repeating: CChar(LINEBREAK_NOBREAK), count: text.count)
        set_linebreaks_utf32(text, text.count, "zh", &breaks)
        return breaks.map { Int32($0) == LINEBREAK_ALLOWBREAK || Int32($0) == LINEBREAK_MUSTBREAK }
    }

    static func isSpace(_ code: UInt32) -> Bool {
        Unicode.Scalar(code)?.properties.isWhitespace ?? false
    }
}
