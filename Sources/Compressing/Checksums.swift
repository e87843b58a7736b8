// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CDeflate

/// Checksums against accidents, not against intent.
public enum Checksums {
    /// The CRC-32 of gzip, ZIP and PNG. Give the sum so far to go on with it.
    ///
    /// - Complexity: O(*n*) in bytes.
    public static func crc32(_ bytes: UnsafeRawBufferPointer, continuing sum: UInt32 = 0) -> UInt32 {
        guard let base = bytes.baseAddress else { return sum }
        return libdeflate_crc32(sum, base, bytes.count)
    }

    /// The CRC-32 of an array.
    public static func crc32(_ bytes: [UInt8], continuing sum: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { crc32($0, continuing: sum) }
    }

    /// The Adler-32 of zlib. Give the sum so far to go on with it.
    ///
    /// - Complexity: O(*n*) in bytes.
    public static func adler32(_ bytes: UnsafeRawBufferPointer, continuing sum: UInt32 = 1) -> UInt32 {
        guard let base = bytes.baseAddress else { return sum }
        return libdeflate_adler32(sum, base, bytes.count)
    }

    /// The Adler-32 of an array.
    public static func adler32(_ bytes: [UInt8], continuing sum: UInt32 = 1) -> UInt32 {
        bytes.withUnsafeBytes { adler32($0, continuing: sum) }
    }
}
