// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CText

/// FreeType's view of a font.
///
/// - Thread: one at a time. It has a library of its own, since FreeType lets
///   only one thread at a time use a library.
struct FreeTypeFace: ~Copyable, @unchecked Sendable {
    // Unchecked because of the pointers; whoever holds it sees to it that one
    // thread at a time uses it.
    private let library: FT_Library
    private let face: FT_Face
    private let file: FontFile

    /// - Parameter index: which font of a collection.
    init(_ file: FontFile, index: Int) throws(TypesettingError) {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else {
            throw TypesettingError(.unreadable, file.path, "cannot be opened, since there is no memory")
        }
        let bytes = file.bytes
        var face: FT_Face?
        let status = FT_New_Memory_Face(
            library, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, index, &face)
        guard status == 0, let face, face.pointee.face_flags & Self.isScalable != 0 else {
            FT_Done_FreeType(library)
            throw TypesettingError(.notAFont, file.path, "is broken or has no outlines (FreeType's error \(status))")
        }
        self.library = library
        self.face = face
        self.file = file
    }

    deinit {
        FT_Done_Face(face)
        FT_Done_FreeType(library)
    }

    // Macros that are not imported.
    private static let isScalable = 1
    private static let italicFlag = 1
    private static let boldFlag = 2
    private static let os2Table = FT_SFNT_OS2

    /// How many fonts are in the file.
    var faceCount: Int { face.pointee.num_faces }

    /// What the font calls itself.
    func description(index: Int) -> FontDescription? {
        guard let family = face.pointee.family_name.map({ String(cString: $0) }), !family.isEmpty else { return nil }
        let flags = Int(face.pointee.style_flags)
        var description = FontDescription(family: family, path: file.path, index: index)
        description.isItalic = flags & Self.italicFlag != 0
        description.weight = flags & Self.boldFlag != 0 ? 700 : 400
        if let table = FT_Get_Sfnt_Table(face, Self.os2Table)?.assumingMemoryBound(to: TT_OS2.self).pointee {
            if (1...1000).contains(table.usWeightClass) { description.weight = Int(table.usWeightClass) }
            if (1...9).contains(table.usWidthClass) { description.width = Int(table.usWidthClass) }
        }
        return description
    }

    /// The outline of a glyph; empty when there is none or it is damaged.
    func outline(of glyph: UInt32) -> GlyphOutline {
        var pen = OutlinePen(unitsPerEm: Double(max(1, face.pointee.units_per_EM)))
        // Font units, without hints: one shape for every size.
        guard FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_NO_SCALE)) == 0 else { return pen.outline }
        let orientation = FT_Outline_Get_Orientation(&face.pointee.glyph.pointee.outline)
        pen.outline.isClockwise = orientation != FT_ORIENTATION_POSTSCRIPT
        var calls = FT_Outline_Funcs(
            move_to: { end, pen in
                OutlinePen.draw(pen) { $0.outline.steps.append(.move($0.place(end))) }
            },
            line_to: { end, pen in
                OutlinePen.draw(pen) { $0.outline.steps.append(.line($0.place(end))) }
            },
            conic_to: { control, end, pen in
                OutlinePen.draw(pen) { $0.outline.steps.append(.quadratic($0.place(control), to: $0.place(end))) }
            },
            cubic_to: { first, second, end, pen in
                OutlinePen.draw(pen) {
                    $0.outline.steps.append(.cubic($0.place(first), $0.place(second), to: $0.place(end)))
                }
            }, shift: 0, delta: 0)
        let status = withUnsafeMutablePointer(to: &pen) {
            FT_Outline_Decompose(&face.pointee.glyph.pointee.outline, &calls, $0)
        }
        if status != 0 { pen.outline.steps = [] }
        return pen.outline
    }
}

/// Gathers what FreeType tells of an outline.
private struct OutlinePen {
    let unitsPerEm: Double
    var outline = GlyphOutline()

    func place(_ point: UnsafePointer<FT_Vector>?) -> SIMD2<Double> {
        guard let point = point?.pointee else { return .zero }
        return SIMD2(Double(point.x), -Double(point.y)) / unitsPerEm
    }

    /// - Returns: FreeType's sign that all is well.
    static func draw(_ pen: UnsafeMutableRawPointer?, _ body: (inout OutlinePen) -> Void) -> Int32 {
        if let pen { body(&pen.assumingMemoryBound(to: OutlinePen.self).pointee) }
        return 0
    }
}
