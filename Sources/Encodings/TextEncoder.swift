// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Turns text into bytes of an encoding, through iconv. For one thread at a time.
public final class TextEncoder {
    private let converter: iconv_t

    /// - Returns: nil when iconv does not know the encoding.
    public init?(encoding: String) {
        // Not the canonical name: GBK is to be GBK here.
        let opened = iconv_open(encoding.uppercased(), "UTF-8")
        guard let opened, Int(bitPattern: opened) != -1 else { return nil }
        converter = opened
    }

    deinit { iconv_close(converter) }

    /// Nil when the encoding lacks a character.
    ///
    /// - Complexity: O(*n*) in bytes.
    public func encode(_ text: String) -> [UInt8]? {
        var input = Array(text.utf8CString.dropLast())
        let capacity = input.count * 4 + 16
        iconv(converter, nil, nil, nil, nil)
        return input.withUnsafeMutableBufferPointer { buffer -> [UInt8]? in
            var source = buffer.baseAddress
            var left = buffer.count
            var failed = false
            let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                output.withMemoryRebound(to: CChar.self) { output in
                    var target = output.baseAddress
                    var room = output.count
                    failed = iconv(converter, &source, &left, &target, &room) == -1
                    count = output.count - room
                }
            }
            return failed ? nil : bytes
        }
    }
}
