// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A 64-bit hash of a feature's content, equal on every machine.
///
/// It only notices change: two deliveries of one row are compared by it. It is
/// no defence against somebody who looks for collisions.
struct ContentHash {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        mix(UInt64(bytes.count))
        var offset = 0
        while offset + 8 <= bytes.count {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var tail: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            tail |= UInt64(bytes[offset]) << shift
            shift += 8
            offset += 1
        }
        mix(tail)
    }

    /// A multiplication to 128 bits folded to 64, as in the wyhash family.
    private mutating func mix(_ word: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        state = product.high ^ product.low ^ word.byteSwapped
    }

    var value: Int64 {
        Int64(bitPattern: state ^ (state >> 29))
    }
}
