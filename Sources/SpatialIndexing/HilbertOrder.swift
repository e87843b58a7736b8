// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import TileMatrixSets

/// Sorting along the Hilbert curve.
public enum HilbertOrder {
    /// The place of a cell of the signed grid along the curve, from (`Int32.min`,
    /// `Int32.min`) on.
    @inlinable
    public static func index(x: Int32, y: Int32) -> UInt64 {
        HilbertCurve.index(
            x: UInt32(bitPattern: x) ^ 0x8000_0000, y: UInt32(bitPattern: y) ^ 0x8000_0000, order: 32)
    }

    /// The permutation that sorts keys: position *i* of the result is the number
    /// of the key that comes *i*-th. Equal keys keep their order.
    ///
    /// At most 2^32 − 1 keys.
    ///
    /// - Complexity: O(*n*): a radix sort of eight passes, of which those are
    ///   skipped in which all keys agree.
    public static func permutation(sorting keys: [UInt64]) -> [UInt32] {
        struct Entry {
            var key: UInt64
            var number: UInt32
        }
        var entries = [Entry](unsafeUninitializedCapacity: keys.count) { buffer, count in
            for (index, key) in keys.enumerated() {
                buffer.initializeElement(at: index, to: Entry(key: key, number: UInt32(truncatingIfNeeded: index)))
            }
            count = keys.count
        }
        var counts = [Int](repeating: 0, count: 8 * 256)
        for key in keys {
            for pass in 0..<8 { counts[pass << 8 | Int(key >> UInt64(8 * pass) & 255)] += 1 }
        }
        for pass in 0..<8 {
            let shift = UInt64(8 * pass)
            guard let first = keys.first, counts[pass << 8 | Int(first >> shift & 255)] < keys.count else { continue }
            var starts = [Int](repeating: 0, count: 256)
            var sum = 0
            for digit in 0..<256 {
                starts[digit] = sum
                sum += counts[pass << 8 | digit]
            }
            entries = [Entry](unsafeUninitializedCapacity: keys.count) { buffer, count in
                entries.withUnsafeBufferPointer { source in
                    for entry in source {
                        let digit = Int(entry.key >> shift & 255)
                        buffer.initializeElement(at: starts[digit], to: entry)
                        starts[digit] += 1
                    }
                }
                count = keys.count
            }
        }
        return entries.map(\.number)
    }
}
