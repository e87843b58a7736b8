// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The text of an address in one spelling: no spaces and brackets, ASCII digits,
/// Chinese numerals before 弄, 号 and the like as digits.
struct AddressText {
    let characters: [Character]

    /// Longer texts are no addresses.
    static let longest = 200

    private static let spellings: [Character: Character] = [
        "號": "号", "衖": "弄", "－": "-", "—": "-", "–": "-", "―": "-", "~": "-", "～": "-", "至": "-", "到": "-", "，": ",",
        "；": ";", "棟": "幢", "栋": "幢", "巿": "市", "閔": "闵",
    ]
    private static let brackets: [Character: Character] = ["(": ")", "[": "]", "【": "】", "〔": "〕", "〈": "〉"]
    /// What a numeral in words may stand before.
    private static let units: Set<Character> = ["弄", "号", "支", "幢", "室", "层", "座", "单"]
    private static let digits: [Character: Int] = [
        "〇": 0, "○": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    ]
    private static let tens: [Character: Int] = ["十": 10, "百": 100, "千": 1000]

    init(_ text: String) {
        characters = Self.withDigits(Self.folded(text))
    }

    private static func folded(_ text: String) -> [Character] {
        var result: [Character] = []
        var closing: Character?
        for scalar in text.unicodeScalars {
            var character = Character(scalar)
            if (0xFF01...0xFF5E).contains(scalar.value), let half = Unicode.Scalar(scalar.value - 0xFEE0) {
                character = Character(half)
            }
            if let end = closing {
                if character == end { closing = nil }
                continue
            }
            if let end = brackets[character] {
                closing = end
                continue
            }
            guard !character.isWhitespace, scalar.properties.generalCategory != .control else { continue }
            character = spellings[character] ?? character
            // “至” and “到” count as a hyphen between numbers alone.
            if character == "-", !"-－—–―~～".contains(Character(scalar)), result.last?.isASCIIDigit != true {
                character = Character(scalar)
            }
            result.append(contentsOf: character.uppercased())
        }
        return result
    }

    private static func withDigits(_ text: [Character]) -> [Character] {
        var result: [Character] = []
        var index = 0
        while index < text.count {
            var end = index
            while end < text.count, digits[text[end]] != nil || tens[text[end]] != nil { end += 1 }
            // 甲 and the like may stand between the numeral and its unit.
            var unit = end
            if unit < text.count, Self.letters.contains(text[unit]) { unit += 1 }
            if end > index, unit < text.count, units.contains(text[unit]), let value = number(text[index..<end]) {
                result.append(contentsOf: String(value))
                index = end
            } else {
                result.append(contentsOf: text[index..<max(end, index + 1)])
                index = max(end, index + 1)
            }
        }
        return result
    }

    static let letters: Set<Character> = ["甲", "乙", "丙", "丁", "戊", "己"]

    /// 一二〇, 一百二十, 十二, 两千零五; nil for what is none of them.
    static func number(_ words: ArraySlice<Character>) -> Int? {
        if words.allSatisfy({ digits[$0] != nil }) {
            guard words.count <= 5 else { return nil }
            return words.reduce(0) { $0 * 10 + (digits[$1] ?? 0) }
        }
        var sum = 0
        var digit: Int?
        var last = 10_000
        for word in words {
            if let value = digits[word] {
                guard digit == nil || digit == 0 else { return nil }
                digit = value
            } else if let ten = tens[word] {
                guard ten < last else { return nil }
                sum += (digit ?? 1) * ten
                (digit, last) = (nil, ten)
            }
        }
        return sum + (digit ?? 0)
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
