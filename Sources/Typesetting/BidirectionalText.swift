// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CText

/// Which way the characters of a paragraph run, by the Unicode bidirectional
/// algorithm.
enum BidirectionalText {
    /// The embedding level of each character; odd ones run right to left.
    static func levels(of text: [UInt32]) -> [Int8] {
        let count = FriBidiStrIndex(text.count)
        guard text.contains(where: { $0 >= firstRightToLeft }) else { return [Int8](repeating: 0, count: text.count) }
        var types = [FriBidiCharType](repeating: FriBidiCharType(rawValue: 0), count: text.count)
        var brackets = [FriBidiBracketType](repeating: 0, count: text.count)
        var levels = [FriBidiLevel](repeating: 0, count: text.count)
        var direction = FRIBIDI_PAR_ON
        fribidi_get_bidi_types(text, count, &types)
        fribidi_get_bracket_types(text, count, types, &brackets)
        let highest = fribidi_get_par_embedding_levels_ex(types, brackets, count, &direction, &levels)
        // Zero says that there was no memory.
        return highest == 0 ? [Int8](repeating: 0, count: text.count) : levels
    }

    /// Hebrew begins here; before it everything runs left to right.
    private static let firstRightToLeft: UInt32 = 0x590

    /// The order in which runs of one line stand from left to right.
    static func visualOrder(_ levels: [Int8]) -> [Int] {
        var order = Array(levels.indices)
        guard let highest = levels.max(), let lowestOdd = levels.filter({ $0 % 2 == 1 }).min() else { return order }
        for level in stride(from: highest, through: lowestOdd, by: -1) {
            var start = 0
            while start < order.count {
                guard levels[order[start]] >= level else {
                    start += 1
                    continue
                }
                var end = start
                while end < order.count, levels[order[end]] >= level { end += 1 }
                order[start..<end].reverse()
                start = end
            }
        }
        return order
    }
}
