// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// The names of fields in a MapInfo file. GDAL 3.6 writes an underscore for
/// every byte from 0x80 to 0xBF, of which most Chinese characters have one; so
/// it gets interim names, which are replaced in the text part afterwards.
enum MapInfoFieldNames {
    static func interimName(_ index: Int) -> String {
        "miaopu_field_\(index)_"
    }

    static func put(_ names: [String], in url: URL, _ options: WritingOptions) throws {
        let encoder = TextDecoder.canonical(options.encoding) == "UTF-8" ? nil : TextEncoder(encoding: options.encoding)
        let path = url.deletingPathExtension().appendingPathExtension(options.isMIF ? "mif" : "tab")
        var data = try Data(contentsOf: path)
        // Names end before the coordinates begin; those are not searched.
        let header =
            options.isMIF ? data.firstRange(of: Data("\nData".utf8))?.lowerBound ?? data.endIndex : data.endIndex
        var head = data[..<header]
        for (index, name) in names.enumerated() {
            let plain = String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
            let bytes = encoder.map { $0.encode(plain) } ?? Array(plain.utf8)
            guard let bytes, bytes.count <= 31 else {
                throw FormatsError(.wrongUse, "“\(name)” cannot be the name of a field in a MapInfo file (31 bytes).")
            }
            guard let place = head.firstRange(of: Data(interimName(index).utf8)) else { continue }
            head.replaceSubrange(place, with: bytes)
        }
        data.replaceSubrange(..<header, with: head)
        try data.write(to: path)
    }
}
