// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Turns bytes of one encoding into text, through iconv.
final class TextDecoder {
    /// What became of some bytes.
    struct Decoded {
        var text: String
        /// Places where the bytes mean nothing in this encoding; each became
        /// U+FFFD.
        var replaced: Int
    }

    private let converter: iconv_t?
    private var buffer: [UInt8] = []

    /// UTF-8 needs no converter, and ASCII none in any encoding that it is part
    /// of.
    private let isUTF8: Bool
    private let containsASCII: Bool

    /// - Returns: nil when iconv does not know the encoding.
    init?(encoding: String) {
        let name = Self.canonical(encoding)
        isUTF8 = name == "UTF-8"
        containsASCII = !name.hasPrefix("UTF-16") && !name.hasPrefix("UTF-32") && !name.hasPrefix("UCS")
        if isUTF8 {
            converter = nil
            return
        }
        // iconv takes orders behind a slash.
        guard name.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x5F || $0.isASCIIAlphanumeric }) else { return nil }
        let opened = iconv_open("UTF-8", name)
        // iconv says no with the pointer −1.
        guard let opened, Int(bitPattern: opened) != -1 else { return nil }
        converter = opened
    }

    deinit {
        if let converter { iconv_close(converter) }
    }

    /// GBK and GB 2312 are read as GB 18030, which contains both.
    static func canonical(_ encoding: String) -> String {
        let upper = encoding.uppercased()
        switch upper {
        case "UTF8": return "UTF-8"
        case "GBK", "CP936", "936", "GB2312", "EUC-CN", "ANSI_936", "GB-18030", "GB_18030", "MS936", "WINDOWS-936":
            return "GB18030"
        default: return upper
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer) -> Decoded {
        if containsASCII && bytes.isASCII {
            return Decoded(text: String(decoding: bytes, as: UTF8.self), replaced: 0)
        }
        guard let converter else { return decodeUTF8(bytes) }
        return decode(bytes, converter)
    }

    private func decodeUTF8(_ bytes: UnsafeRawBufferPointer) -> Decoded {
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.isWellFormedUTF8 { return Decoded(text: text, replaced: 0) }
        return Decoded(text: text, replaced: max(1, text.unicodeScalars.count { $0 == "\u{FFFD}" }))
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, _ converter: iconv_t) -> Decoded {
        var replaced = 0
        var written = 0
        let capacity = bytes.count * 3 + 16
        if buffer.count < capacity { buffer = [UInt8](repeating: 0, count: capacity) }
        iconv(converter, nil, nil, nil, nil)
        var source = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        var left = bytes.count
        buffer.withUnsafeMutableBytes { output in
            var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
            var room = output.count
            while left > 0, iconv(converter, &source, &left, &target, &room) == -1, left > 0 {
                // Three bytes of room were set aside for every byte that is
                // left out here.
                guard room >= 3, let place = target else { break }
                let mark: (UInt8, UInt8, UInt8) = (0xEF, 0xBF, 0xBD)
                place[0] = CChar(bitPattern: mark.0)
                place[1] = CChar(bitPattern: mark.1)
                place[2] = CChar(bitPattern: mark.2)
                target = place + 3
                room -= 3
                replaced += 1
                if errno == EINVAL { break }
                source = source.map { $0 + 1 }
                left -= 1
            }
            written = output.count - room
        }
        return Decoded(text: String(decoding: buffer[..<written], as: UTF8.self), replaced: replaced)
    }

    /// The name of a field that a writer cut off at ten bytes, in the middle of
    /// a character perhaps: that character is left out.
    func decodeCutName(_ bytes: UnsafeRawBufferPointer) -> String {
        for dropped in 0..<min(4, bytes.count) {
            let decoded = decode(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - dropped)]))
            if decoded.replaced == 0 { return decoded.text }
        }
        return decode(bytes).text
    }
}

extension UInt8 {
    fileprivate var isASCIIAlphanumeric: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

extension UnsafeRawBufferPointer {
    var isASCII: Bool {
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

    var isWellFormedUTF8: Bool {
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
}
