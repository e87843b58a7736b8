// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Appends protobuf fields to bytes.
struct ProtobufWriter {
    var bytes: [UInt8] = []

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func varintField(_ field: Int, _ value: UInt64) {
        varint(UInt64(field) << 3)
        varint(value)
    }

    mutating func stringField(_ field: Int, _ value: String) {
        varint(UInt64(field) << 3 | 2)
        var value = value
        value.withUTF8 {
            varint(UInt64($0.count))
            bytes.append(contentsOf: $0)
        }
    }

    mutating func bytesField(_ field: Int, _ content: some Collection<UInt8>) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    /// Numbers one after the other, with the length of them all before.
    mutating func packedField(_ field: Int, _ values: [UInt32]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(values.reduce(0) { $0 + Self.varintCount(UInt64($1)) }))
        for value in values { varint(UInt64(value)) }
    }

    mutating func fixed32Field(_ field: Int, _ value: UInt32) {
        varint(UInt64(field) << 3 | 5)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func fixed64Field(_ field: Int, _ value: UInt64) {
        varint(UInt64(field) << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    @inline(__always)
    static func varintCount(_ value: UInt64) -> Int {
        (70 - (value | 1).leadingZeroBitCount) / 7
    }
}
