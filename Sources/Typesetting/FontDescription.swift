// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A font of the system, as it calls itself.
public struct FontDescription: Hashable, Sendable {
    public var family: String
    public var path: String
    /// Which font of a collection.
    public var index: Int
    /// From 1 to 1000; 400 is regular, 700 bold.
    public var weight = 400
    /// From 1 to 9; 5 is neither condensed nor expanded.
    public var width = 5
    public var isItalic = false

    init(family: String, path: String, index: Int) {
        self.family = family
        self.path = path
        self.index = index
    }

    /// How far the font is from what a name asks for, the family apart.
    func distance(from name: FontName) -> Int {
        abs(weight - name.weight) + (isItalic == name.isItalic ? 0 : 2000) + abs(width - name.width) * 4000
    }
}

/// A font's name as styles write it, in its parts, as in `Noto Sans Bold`.
public struct FontName: Hashable, Sendable {
    /// In small letters, without spaces.
    public var family: String
    public var weight = 400
    public var width = 5
    public var isItalic = false

    private static let weights = [
        "thin": 100, "hairline": 100, "extralight": 200, "ultralight": 200, "light": 300, "regular": 400,
        "normal": 400, "book": 400, "roman": 400, "medium": 500, "semibold": 600, "demibold": 600, "demi": 600,
        "bold": 700, "extrabold": 800, "ultrabold": 800, "heavy": 800, "black": 900,
    ]
    private static let widths = ["condensed": 3, "semicondensed": 4, "expanded": 7]

    /// Takes the words of weight, width and slope from the end of a name.
    public init(_ name: String) {
        var words = name.prefix(Self.longest).lowercased().split(whereSeparator: { " -_".contains($0) })
        while words.count > 1, let word = words.last.map(String.init) {
            if let weight = Self.weights[word] {
                self.weight = weight
            } else if let width = Self.widths[word] {
                self.width = width
            } else if word == "italic" || word == "oblique" {
                isItalic = true
            } else {
                break
            }
            words.removeLast()
        }
        family = words.joined()
    }

    private static let longest = 200

    /// A family's name in the same form.
    static func key(_ family: String) -> String { family.lowercased().filter { !" -_".contains($0) } }
}
