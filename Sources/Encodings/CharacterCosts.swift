// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What kind of character a scalar is, as far as that tells encodings apart.
enum CharacterKind: UInt8 {
    case ascii, control
    /// Hanzi: frequent ones of either way of writing, the 3,755 and 5,401 of the
    /// first levels of GB 2312 and Big5, and all others.
    case frequentSimplified, frequentTraditional, frequentBoth, simplified, traditional, both, rareHanzi
    /// Signs of Chinese and Japanese text: 、。《》（）, full-width letters.
    case cjkSign
    case kana, halfWidthKana, hangul
    /// Letters of western Europe beyond ASCII, U+00C0 to U+017F.
    case latin
    case cyrillic
    case otherLetter
    /// °, ², ㎡, ①, “ and the like.
    case symbol
    /// C1 controls: no text has them, but bytes that were read as Latin-1.
    case latinControl
    /// Code points that belong to nobody.
    case nothing
    case privateUse
    /// U+FFFD that stands in the text itself.
    case lost
}

/// What languages a text can be in, as far as that tells encodings apart.
enum Script: Int, CaseIterable {
    case simplified, traditional, western, cyrillic, japanese, korean
    /// Letters of one script that is none of the others.
    case other
    /// Text that was read in a wrong encoding before: bytes, each as a letter of
    /// western Europe.
    case latinBytes

    /// How much less likely it is in a Chinese district, in natural logarithms.
    var prior: Double {
        switch self {
        case .simplified: 0
        case .traditional, .western: 3
        case .latinBytes: 6
        case .cyrillic, .japanese, .korean: 8
        case .other: 14
        }
    }
}

/// How unlikely a character is in a language: −ln of its probability, from the
/// share that its kind has in such text and the number of characters of the kind.
/// They need not be exact: what decides is many characters together.
enum CharacterCosts {
    static let ascii = 4.5
    /// For bytes that mean nothing.
    static let invalid = 18.0
    static let lost = 10.0
    /// A character that costs no more than this is ordinary in its language.
    static let ordinary = 9.7

    static func cost(_ kind: CharacterKind, in script: Script, isAlone: Bool) -> Double {
        switch kind {
        case .ascii: return ascii
        case .control, .nothing: return 15
        case .latinControl where script != .latinBytes: return 15
        case .privateUse: return 16
        case .lost: return lost
        default: break
        }
        switch script {
        case .simplified: return chinese(kind, isFrequent: kind == .frequentSimplified, isLevel: kind == .simplified)
        case .traditional: return chinese(kind, isFrequent: kind == .frequentTraditional, isLevel: kind == .traditional)
        case .western: return european(kind, letters: .latin, isAlone: isAlone)
        case .cyrillic: return european(kind, letters: .cyrillic, isAlone: true)
        case .other: return european(kind, letters: .otherLetter, isAlone: true)
        case .japanese: return japanese(kind)
        case .korean: return kind == .hangul ? 7.8 : kind == .cjkSign || kind == .symbol ? 9 : 13
        case .latinBytes: return kind == .latin || kind == .symbol || kind == .latinControl ? 5.3 : 13
        }
    }

    /// 62 % of the characters are some 800 frequent ones, 30 % of the first
    /// level.
    private static func chinese(_ kind: CharacterKind, isFrequent: Bool, isLevel: Bool) -> Double {
        if isFrequent || kind == .frequentBoth { return 7.1 }
        switch kind {
        case .both: return 9.4
        case .frequentSimplified, .frequentTraditional, .simplified, .traditional: return isLevel ? 9.4 : 12.5
        case .cjkSign: return 8.2
        case .symbol: return 10.6
        case .latin, .cyrillic, .otherLetter, .kana: return 11.5
        case .rareHanzi: return 13.6
        default: return 14
        }
    }

    /// - Parameter isAlone: whether no other character beyond ASCII stands
    ///   beside it, as is usual for letters with accents.
    private static func european(_ kind: CharacterKind, letters: CharacterKind, isAlone: Bool) -> Double {
        if kind == letters { return isAlone ? 5.5 : 11 }
        return kind == .symbol ? 8.5 : 13
    }

    private static func japanese(_ kind: CharacterKind) -> Double {
        switch kind {
        case .kana: 5.9
        case .frequentSimplified, .frequentTraditional, .frequentBoth, .simplified, .traditional, .both: 8.9
        case .cjkSign: 8
        case .halfWidthKana: 9.5
        case .rareHanzi: 13
        default: 12
        }
    }
}

/// The kind of every scalar, looked up once.
struct CharacterTable: Sendable {
    static let shared = CharacterTable()

    private var kinds: [CharacterKind]

    init() {
        kinds = [CharacterKind](repeating: .nothing, count: 0x1_0000)
        for value in 0..<0x1_0000 { kinds[value] = Self.kind(byRange: UInt32(value)) }
        let simplified = Self.characters(leads: 0xB0...0xD7, trails: [0xA1...0xFE], encoding: "EUC-CN")
        let traditional = Self.characters(leads: 0xA4...0xC6, trails: [0x40...0x7E, 0xA1...0xFE], encoding: "BIG5")
        for scalar in simplified { kinds[scalar] = .simplified }
        for scalar in traditional { kinds[scalar] = kinds[scalar] == .simplified ? .both : .traditional }
        for scalar in CommonCharacters.simplified.unicodeScalars where scalar.value < 0x1_0000 {
            let isBoth = kinds[Int(scalar.value)] == .both
            kinds[Int(scalar.value)] = isBoth ? .frequentBoth : .frequentSimplified
        }
        for scalar in CommonCharacters.traditional.unicodeScalars where scalar.value < 0x1_0000 {
            let isKnown = kinds[Int(scalar.value)] == .frequentSimplified
            if kinds[Int(scalar.value)] != .frequentBoth {
                kinds[Int(scalar.value)] = isKnown ? .frequentBoth : .frequentTraditional
            }
        }
    }

    func kind(of scalar: Unicode.Scalar) -> CharacterKind {
        if scalar.value < 0x1_0000 { return kinds[Int(scalar.value)] }
        if scalar.properties.isIdeographic { return .rareHanzi }
        switch scalar.properties.generalCategory {
        case .privateUse: return .privateUse
        case .unassigned: return .nothing
        default: return .symbol
        }
    }

    /// The characters of a block of a double-byte encoding.
    private static func characters(
        leads: ClosedRange<UInt8>, trails: [ClosedRange<UInt8>], encoding: String
    ) -> [Int] {
        guard let decoder = TextDecoder(encoding: encoding) else { return [] }
        let bytes = leads.flatMap { lead in trails.flatMap { $0.flatMap { [lead, $0] } } }
        let text = bytes.withUnsafeBytes { decoder.decode($0).text }
        return text.unicodeScalars.filter { (0x4E00...0x9FFF).contains($0.value) }.map { Int($0.value) }
    }

    private static func kind(byRange value: UInt32) -> CharacterKind {
        guard let scalar = Unicode.Scalar(value) else { return .nothing }
        switch value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E: return .ascii
        case 0...0x1F, 0x7F: return .control
        case 0x80...0x9F: return .latinControl
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x17F: return .latin
        case 0x400...0x45F: return .cyrillic
        case 0x3000...0x303F, 0xFF01...0xFF60, 0xFFE0...0xFFE6: return .cjkSign
        case 0x3040...0x30FF: return .kana
        case 0xFF61...0xFF9F: return .halfWidthKana
        case 0xAC00...0xD7A3: return .hangul
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: return .rareHanzi
        case 0xE000...0xF8FF: return .privateUse
        case 0xFFFD: return .lost
        default: break
        }
        switch scalar.properties.generalCategory {
        case .unassigned, .control, .surrogate: return .nothing
        case .privateUse: return .privateUse
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark:
            return .otherLetter
        default: return .symbol
        }
    }
}
