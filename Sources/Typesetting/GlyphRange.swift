// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// 256 characters of a font stack with their glyphs, as MapLibre GL asks for
/// them: a protobuf message of distance fields.
public enum GlyphRange {
    /// How many ranges there are: up to U+FFFF, where browsers stop asking.
    public static let count = 256

    /// How high the line begins above the baseline, in pixels of a glyph at 24
    /// pixels: browsers then put a label's baseline where pictures have it.
    private static let ascender = 26

    /// Writes a range.
    ///
    /// - Parameters:
    ///   - number: from 0; characters from `256 * number` on.
    ///   - name: what the stack is called in the message.
    /// - Complexity: O(*n*) in the pixels of all glyphs times their edges: up to
    ///   half a second for 256 Chinese characters.
    public static func encode(_ number: Int, of stack: FontStack, name: String) -> [UInt8] {
        let first = UInt32(max(0, min(number, count - 1)) * 256)
        var message = ProtobufWriter()
        message.write(1, name)
        message.write(2, "\(first)-\(first + 255)")
        for code in first..<first + 256 {
            guard let character = Unicode.Scalar(code), let face = stack.face(for: character),
                let glyph = face.shaping.glyph(of: character)
            else { continue }
            message.write(3, encode(code, glyph, face))
        }
        var glyphs = ProtobufWriter()
        glyphs.write(1, message.bytes)
        return glyphs.bytes
    }

    private static func encode(_ code: UInt32, _ glyph: UInt32, _ face: FontFace) -> [UInt8] {
        let field = DistanceField(face.outline(of: glyph))
        var message = ProtobufWriter()
        message.write(1, Int(code))
        if !field.pixels.isEmpty { message.write(2, field.pixels) }
        message.write(3, field.width)
        message.write(4, field.height)
        message.writeSigned(5, field.left)
        message.writeSigned(6, field.top - ascender)
        message.write(7, Int((face.shaping.advance(of: glyph) * DistanceField.em).rounded()))
        return message.bytes
    }
}

/// The few kinds of fields that glyphs need.
private struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(_ field: UInt64, _ number: Int) {
        varint(field << 3)
        varint(UInt64(max(0, number)))
    }

    mutating func writeSigned(_ field: UInt64, _ number: Int) {
        varint(field << 3)
        varint(UInt64(bitPattern: Int64(number << 1 ^ number >> 63)))
    }

    mutating func write(_ field: UInt64, _ content: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    mutating func write(_ field: UInt64, _ text: String) { write(field, Array(text.utf8)) }
}
