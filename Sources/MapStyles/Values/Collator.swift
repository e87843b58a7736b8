// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// How texts are ordered: with or without regard to case and to diacritics,
/// by the alphabet of a language.
public struct Collator: Hashable, Sendable {
    public var isCaseSensitive: Bool
    public var isDiacriticSensitive: Bool
    /// A language tag, as in `de` or `zh-Hans`.
    public var locale: String?

    public init(isCaseSensitive: Bool, isDiacriticSensitive: Bool, locale: String?) {
        self.isCaseSensitive = isCaseSensitive
        self.isDiacriticSensitive = isDiacriticSensitive
        self.locale = locale
    }

    /// Negative when the first text comes first, 0 when the two count as the
    /// same, positive else.
    public func compare(_ first: String, _ second: String) -> Int {
        if first == second { return 0 }
        let (a, b) = (keys(first), keys(second))
        for (x, y) in zip(a, b) where x.base != y.base { return x.base < y.base ? -1 : 1 }
        if a.count != b.count { return a.count < b.count ? -1 : 1 }
        if isDiacriticSensitive {
            for (x, y) in zip(a, b) where x.marks != y.marks { return x.marks.precedes(y.marks) ? -1 : 1 }
        }
        if isCaseSensitive {
            for (x, y) in zip(a, b) where x.isCapital != y.isCapital { return y.isCapital ? -1 : 1 }
        }
        return 0
    }

    private struct Key {
        /// Blanks and signs, then digits, then letters.
        var base: UInt64
        var marks: [UInt32]
        var isCapital: Bool
    }

    private func keys(_ text: String) -> [Key] {
        let language = locale.map { $0.prefix { $0 != "-" && $0 != "_" }.lowercased() } ?? ""
        var keys: [Key] = []
        for character in text.precomposedStringWithCanonicalMapping {
            let lower = character.lowercased()
            let isCapital = lower != String(character)
            if let tailored = Self.tailorings[language]?[lower] {
                for (base, order) in tailored {
                    keys.append(Key(base: Self.weight(base, order), marks: [], isCapital: isCapital))
                }
                continue
            }
            let scalars = Array(lower.decomposedStringWithCanonicalMapping.unicodeScalars)
            guard let first = scalars.first else { continue }
            keys.append(
                Key(base: Self.weight(first, 0), marks: scalars.dropFirst().map(\.value), isCapital: isCapital))
        }
        return keys
    }

    private static func weight(_ scalar: Unicode.Scalar, _ order: UInt64) -> UInt64 {
        let group: UInt64 =
            scalar.properties.isAlphabetic || scalar.properties.isIdeographic
            ? 2 : scalar.properties.numericType != nil ? 1 : 0
        return group << 40 | UInt64(scalar.value) << 8 | order
    }

    /// Letters that a language counts as letters of their own, as the letter
    /// after which they come; German looks for ä under ae.
    private static let tailorings: [String: [String: [(Unicode.Scalar, UInt64)]]] = [
        "de": ["ä": [("a", 0), ("e", 0)], "ö": [("o", 0), ("e", 0)], "ü": [("u", 0), ("e", 0)]],
        "sv": ["å": [("z", 1)], "ä": [("z", 2)], "ö": [("z", 3)]],
        "fi": ["å": [("z", 1)], "ä": [("z", 2)], "ö": [("z", 3)]],
        "da": ["æ": [("z", 1)], "ä": [("z", 1)], "ø": [("z", 2)], "ö": [("z", 2)], "å": [("z", 3)]],
        "nb": ["æ": [("z", 1)], "ä": [("z", 1)], "ø": [("z", 2)], "ö": [("z", 2)], "å": [("z", 3)]],
        "es": ["ñ": [("n", 1)]],
    ]
}

extension [UInt32] {
    fileprivate func precedes(_ other: [UInt32]) -> Bool { lexicographicallyPrecedes(other) }
}
