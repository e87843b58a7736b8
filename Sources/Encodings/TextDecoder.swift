// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Turns bytes of one encoding into text, through iconv. For one thread at a
/// time.
public final class TextDecoder {
    /// What became of some bytes.
    public struct Decoded {
        public var text: String
        /// Places where the bytes mean nothing in this encoding; each became
        /// U+FFFD.
        public var replaced: Int
        /// Bytes at the end that begin a character which is not there to its end.
        public var partBytes = 0
    }

    private let converter: iconv_t?
    private var buffer: [UInt8] = []

    /// UTF-8 needs no converter, and ASCII none in any encoding that it is part
    /// of.
    private let isUTF8: Bool
    private let containsASCII: Bool

    /// - Returns: nil when iconv does not know the encoding.
    public init?(encoding: String) {
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

    /// The name that an encoding is read under: GBK and GB 2312 are read as
    /// GB 18030, which contains both.
    public static func canonical(_ encoding: String) -> String {
        let upper = encoding.uppercased()
        switch upper {
        case "UTF8": return "UTF-8"
        case "GBK", "CP936", "936", "GB2312", "EUC-CN", "ANSI_936", "GB-18030", "GB_18030", "MS936", "WINDOWS-936":
            return "GB18030"
        default: return upper
        }
    }

    /// The text of some bytes, with U+FFFD for what means nothing.
    ///
    /// - Complexity: O(*n*) in bytes.
    public func decode(_ bytes: UnsafeRawBufferPointer) -> Decoded {
        if containsASCII && bytes.isASCII {
            return Decoded(text: String(decoding: bytes, as: UTF8.self), replaced: 0)
        }
        guard let converter else { return decodeUTF8(bytes) }
        return decode(bytes, converter)
    }

    private func decodeUTF8(_ bytes: UnsafeRawBufferPointer) -> Decoded {
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.isWellFormedUTF8 { return Decoded(text: text, replaced: 0) }
        // U+FFFD that was written as such is no place without a meaning.
        let marks = text.unicodeScalars.count { $0 == "\u{FFFD}" } - bytes.replacementCharacters
        return Decoded(text: text, replaced: max(1, marks), partBytes: bytes.partOfUTF8)
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, _ converter: iconv_t) -> Decoded {
        var replaced = 0
        var written = 0
        var partBytes = 0
        let capacity = bytes.count * 3 + 16
        if buffer.count < capacity { buffer = [UInt8](repeating: 0, count: capacity) }
        iconv(converter, nil, nil, nil, nil)
        var source = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        var left = bytes.count
        buffer.withUnsafeMutableBytes { output in
            var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
            var room = output.count
            while left > 0, iconv(converter, &source, &left, &target, &room) == -1, left > 0 {
                let failure = errno
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
                if failure == EINVAL {
                    partBytes = left
                    break
                }
                source = source.map { $0 + 1 }
                left -= 1
            }
            written = output.count - room
        }
        return Decoded(
            text: String(decoding: buffer[..<written], as: UTF8.self), replaced: replaced, partBytes: partBytes)
    }

    /// The text of a field of fixed width that a writer may have cut off in the
    /// middle of a character: the part of it is left out, and told in
    /// `partBytes`.
    public func decodeCut(_ bytes: UnsafeRawBufferPointer) -> Decoded {
        let whole = decode(bytes)
        guard whole.partBytes > 0 else { return whole }
        var decoded = decode(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - whole.partBytes)]))
        decoded.partBytes = whole.partBytes
        return decoded
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
