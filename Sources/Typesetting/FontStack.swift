// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization

/// Fonts in the order in which they are asked for a character.
public final class FontStack: Sendable {
    /// Names of the style that no font of the system has.
    public let missingNames: [String]
    private let catalogue: FontCatalogue
    private let fonts: [Int]
    private let known = Mutex<[Unicode.Scalar: FontFace?]>([:])

    /// The most names of a style that are looked at.
    static let mostNames = 16
    private static let keptCharacters = 65_536

    init(catalogue: FontCatalogue, fonts: [Int], missingNames: [String]) {
        self.catalogue = catalogue
        self.fonts = fonts
        self.missingNames = missingNames
    }

    /// The first font that has a character; nil when none has.
    public func face(for character: Unicode.Scalar) -> FontFace? {
        if let face = known.withLock({ $0[character] }) { return face }
        var found: FontFace?
        for font in fonts {
            guard let face = catalogue.face(font) else { continue }
            if face.has(character) {
                found = face
                break
            }
        }
        return known.withLock { known in
            if known.count >= Self.keptCharacters { known.removeAll() }
            known[character] = .some(found)
            return found
        }
    }

    /// Whether a character needs a glyph: neither a space nor one that only
    /// steers others.
    public static func isVisible(_ character: Unicode.Scalar) -> Bool {
        let properties = character.properties
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }
}
