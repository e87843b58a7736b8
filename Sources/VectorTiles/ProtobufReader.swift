// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Reads the fields of one protobuf message, in place.
struct ProtobufReader {
    /// A field's number and how its value is written.
    struct Tag: Equatable {
        var field: Int
        var wireType: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    private func malformed(_ complaint: String) -> VectorTilesError { VectorTilesError(.malformed, "", complaint) }

    /// The next tag, or nil at the end.
    mutating func tag() throws(VectorTilesError) -> Tag? {
        guard !isAtEnd else { return nil }
        let value = try varint()
        let field = value >> 3
        guard field > 0, field < 1 << 29 else { throw malformed("has a field without a number") }
        return Tag(field: Int(field), wireType: Int(value & 7))
    }

    mutating func varint() throws(VectorTilesError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 70 {
            let byte = bytes[position]
            position += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
        }
        throw malformed("ends in the middle of a number")
    }

    mutating func fixed32() throws(VectorTilesError) -> UInt32 {
        UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    mutating func fixed64() throws(VectorTilesError) -> UInt64 {
        UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self))
    }

    /// The bytes of a field whose length is written before it.
    mutating func delimited() throws(VectorTilesError) -> UnsafeRawBufferPointer {
        let count = try varint()
        guard count <= UInt64(bytes.count - position) else { throw malformed("is cut off") }
        return try take(Int(count))
    }

    mutating func string() throws(VectorTilesError) -> String {
        guard let text = String(validating: try delimited(), as: UTF8.self) else {
            throw malformed("has a text that is not UTF-8")
        }
        return text
    }

    /// Passes over the value of a field that is not known.
    mutating func skip(_ tag: Tag) throws(VectorTilesError) {
        switch tag.wireType {
        case 0: _ = try varint()
        case 1: _ = try take(8)
        case 2: _ = try delimited()
        case 5: _ = try take(4)
        default: throw malformed("has a field of wire type \(tag.wireType), which there is not")
        }
    }

    private mutating func take(_ count: Int) throws(VectorTilesError) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw malformed("is cut off") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }
}
