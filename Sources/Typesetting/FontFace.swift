// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CText
import Synchronization

/// One font of a file: which characters it has, their glyphs and outlines.
///
/// Any number of threads may use it at once. Nothing is hinted: a glyph has the
/// same shape at every size and place.
public final class FontFace: Sendable {
    public let description: FontDescription
    /// A number of the face's own within the process, for caches.
    public let id: Int
    /// Does not change once it is made, which lets all threads shape with it.
    let shaping: HarfBuzzFont
    private let drawing: Mutex<DrawingState>
    private static let count = Mutex(0)

    private struct DrawingState: ~Copyable {
        let face: FreeTypeFace
        var outlines: [UInt32: GlyphOutline] = [:]
    }

    /// Glyphs of which a face keeps the outlines; at some kilobytes each.
    private static let keptOutlines = 8192

    /// Opens a font.
    ///
    /// - Throws: `TypesettingError` when the file cannot be read, is larger than
    ///   `FontFile.largest` or is no scalable font.
    public init(_ description: FontDescription) throws(TypesettingError) {
        let file = try FontFile(path: description.path)
        let face = try FreeTypeFace(file, index: description.index)
        shaping = try HarfBuzzFont(file, index: description.index)
        drawing = Mutex(DrawingState(face: face))
        self.description = description
        id = Self.count.withLock {
            $0 += 1
            return $0
        }
    }

    /// Whether the font has a character.
    public func has(_ character: Unicode.Scalar) -> Bool { shaping.glyph(of: character) != nil }

    /// The outline of a glyph; empty for spaces and for glyphs that are damaged
    /// or that there are not.
    public func outline(of glyph: UInt32) -> GlyphOutline {
        drawing.withLock { state in
            if let known = state.outlines[glyph] { return known }
            if state.outlines.count >= Self.keptOutlines { state.outlines.removeAll() }
            let outline = state.face.outline(of: glyph)
            state.outlines[glyph] = outline
            return outline
        }
    }
}

/// HarfBuzz's view of a font, at 1 em = `unitsPerEm`.
struct HarfBuzzFont: @unchecked Sendable {
    // Unchecked because of the pointer; HarfBuzz promises that what was made
    // immutable may be used by any number of threads.
    private let owner: Owner
    let unitsPerEm: Double

    var pointer: OpaquePointer { owner.pointer }

    private final class Owner {
        let pointer: OpaquePointer
        private let file: FontFile

        init(_ pointer: OpaquePointer, _ file: FontFile) {
            self.pointer = pointer
            self.file = file
        }

        deinit { hb_font_destroy(pointer) }
    }

    init(_ file: FontFile, index: Int) throws(TypesettingError) {
        let face = hb_face_create(file.blob, UInt32(index))
        defer { hb_face_destroy(face) }
        guard hb_face_get_glyph_count(face) > 0, let font = hb_font_create(face) else {
            throw TypesettingError(.notAFont, file.path, "has no glyphs that can be shaped")
        }
        unitsPerEm = Double(max(1, hb_face_get_upem(face)))
        hb_font_make_immutable(font)
        owner = Owner(font, file)
    }

    func glyph(of character: Unicode.Scalar) -> UInt32? {
        var glyph: hb_codepoint_t = 0
        return hb_font_get_nominal_glyph(pointer, character.value, &glyph) != 0 ? glyph : nil
    }

    /// How far a glyph by itself moves the pen, in ems, at most 16.
    func advance(of glyph: UInt32) -> Double {
        min(max(Double(hb_font_get_glyph_h_advance(pointer, glyph)) / unitsPerEm, 0), 16)
    }
}
