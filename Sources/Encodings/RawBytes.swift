// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension UnsafeRawBufferPointer {
    /// Whether no byte is beyond 0x7F.
    ///
    /// - Complexity: O(*n*) in bytes.
    public var isASCII: Bool {
        var offset = 0
        while offset + 8 <= count {
            if loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
            offset += 8
        }
        while offset < count {
            if self[offset] >= 0x80 { return false }
            offset += 1
        }
        return true
    }

    /// Whether the bytes are UTF-8 without surrogates and needless length.
    ///
    /// - Complexity: O(*n*) in bytes.
    public var isWellFormedUTF8: Bool {
        var offset = 0
        while offset < count {
            let lead = self[offset]
            if lead < 0x80 {
                offset += 1
                continue
            }
            let (length, low, high): (Int, UInt8, UInt8) =
                switch lead {
                case 0xC2...0xDF: (2, 0x80, 0xBF)
                case 0xE0: (3, 0xA0, 0xBF)
                case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80, 0xBF)
                case 0xED: (3, 0x80, 0x9F)
                case 0xF0: (4, 0x90, 0xBF)
                case 0xF1...0xF3: (4, 0x80, 0xBF)
                case 0xF4: (4, 0x80, 0x8F)
                default: (0, 0, 0)
                }
            guard length > 0, offset + length <= count, (low...high).contains(self[offset + 1]) else { return false }
            for index in 2..<Swift.max(2, length) where self[offset + index] & 0xC0 != 0x80 { return false }
            offset += length
        }
        return true
    }

    /// How many bytes at the end begin a character of UTF-8 that is not there to
    /// its end.
    var partOfUTF8: Int {
        for length in 1...3 where length <= count {
            let byte = self[count - length]
            if byte & 0xC0 == 0x80 { continue }
            let whole = byte >= 0xF0 && byte <= 0xF4 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            return byte <= 0xF4 && whole > length ? length : 0
        }
        return 0
    }

    /// How often U+FFFD stands in UTF-8.
    var replacementCharacters: Int {
        guard count >= 3 else { return 0 }
        var found = 0
        for offset in 0..<(count - 2)
        where self[offset] == 0xEF && self[offset + 1] == 0xBF && self[offset + 2] == 0xBD { found += 1 }
        return found
    }
}
