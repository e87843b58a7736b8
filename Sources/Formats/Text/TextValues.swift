// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Turns the bytes of a layer's names and values into text, and counts what has
/// no meaning in its encoding.
final class TextValues {
    private let decoder: TextDecoder?
    private let ceiling: Int
    /// Values with bytes that mean nothing.
    var replaced = 0

    /// - Parameter decoder: nil when the bytes ought to be UTF-8.
    init(decoder: TextDecoder?, ceiling: Int) {
        self.decoder = decoder
        self.ceiling = ceiling
    }

    func name(_ bytes: UnsafeRawBufferPointer) -> String {
        decoder?.decodeCutName(bytes) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// - Throws: `FeatureFault` when the text is longer than allowed.
    func value(_ bytes: UnsafeRawBufferPointer) throws(FeatureFault) -> String {
        let text: String
        if let decoder {
            let decoded = decoder.decode(bytes)
            if decoded.replaced > 0 { replaced += 1 }
            text = decoded.text
        } else {
            if !bytes.isASCII && !bytes.isWellFormedUTF8 { replaced += 1 }
            text = String(decoding: bytes, as: UTF8.self)
        }
        guard text.utf8.count <= ceiling else {
            throw FeatureFault("text-too-long", "has a text of \(text.utf8.count) bytes; \(ceiling) is the most allowed")
        }
        return text
    }

    var notes: [String] {
        switch replaced {
        case 0: []
        case 1: ["1 value held bytes that mean nothing in its encoding; they were replaced by “\u{FFFD}”."]
        default: ["\(replaced) values held bytes that mean nothing in their encoding; they were replaced by “\u{FFFD}”."]
        }
    }
}
