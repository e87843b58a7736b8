// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// Turns the bytes of a layer's names and values into text, and counts what has
/// no meaning in its encoding.
final class TextValues {
    private let decoder: TextDecoder
    private let nameDecoder: TextDecoder
    /// Of columns that are in another encoding, by their positions.
    private var columnDecoders: [Int: TextDecoder] = [:]
    private let ceiling: Int
    /// Values with bytes that mean nothing.
    private var replaced = 0
    /// Values that a field of fixed width cut off in the middle of a character.
    private var cut = 0

    /// - Parameter verdict: nil where all text is UTF-8.
    init(_ verdict: EncodingVerdict?, ceiling: Int) throws {
        let common = try EncodingInquiry.decoder(verdict?.name ?? "UTF-8")
        self.decoder = common
        let names = verdict?.columns.first { $0.index < 0 }
        nameDecoder = try names.map { try EncodingInquiry.decoder($0.encoding) } ?? common
        for column in verdict?.columns ?? [] where column.index >= 0 {
            columnDecoders[column.index] = try EncodingInquiry.decoder(column.encoding)
        }
        self.ceiling = ceiling
    }

    /// Starts counting anew.
    func begin() {
        replaced = 0
        cut = 0
    }

    func name(_ bytes: UnsafeRawBufferPointer) -> String { nameDecoder.decodeCut(bytes).text }

    /// - Parameter isFull: whether the value fills a field of fixed width, so that
    ///   its last character may be cut off.
    /// - Throws: `FeatureFault` when the text is longer than allowed.
    func value(_ bytes: UnsafeRawBufferPointer, column: Int, isFull: Bool) throws(FeatureFault) -> String {
        let decoder = columnDecoders.isEmpty ? decoder : columnDecoders[column] ?? decoder
        let decoded = isFull ? decoder.decodeCut(bytes) : decoder.decode(bytes)
        if decoded.replaced > 0 { replaced += 1 }
        if isFull && decoded.partBytes > 0 { cut += 1 }
        guard decoded.text.utf8.count <= ceiling else {
            throw FeatureFault(
                "text-too-long", "has a text of \(decoded.text.utf8.count) bytes; \(ceiling) is the most allowed")
        }
        return decoded.text
    }

    var notes: [String] {
        var notes: [String] = []
        if replaced == 1 {
            notes.append("1 value held bytes that mean nothing in its encoding; they were replaced by “\u{FFFD}”.")
        } else if replaced > 1 {
            notes.append(
                "\(replaced) values held bytes that mean nothing in their encoding; they were replaced by “\u{FFFD}”.")
        }
        if cut > 0 {
            let values = cut == 1 ? "1 value fills its field and was" : "\(cut) values fill their fields and were"
            notes.append(
                "\(values) cut off in the middle of a character before the delivery; the part of it was left out.")
        }
        return notes
    }
}
