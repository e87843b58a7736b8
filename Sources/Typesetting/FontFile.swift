// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CText

/// The bytes of a font file, mapped by HarfBuzz and read by FreeType too.
final class FontFile: @unchecked Sendable {
    // Unchecked because of the pointer; the bytes behind it are never written.
    let blob: OpaquePointer
    let path: String

    /// The largest file that is opened, in bytes; the largest collection of
    /// Chinese, Japanese and Korean fonts in Debian has a tenth of it.
    static let largest = 256 << 20

    init(path: String) throws(TypesettingError) {
        guard let blob = hb_blob_create_from_file_or_fail(path) else {
            throw TypesettingError(.unreadable, path, "cannot be read")
        }
        let size = hb_blob_get_length(blob)
        guard size > 0, size <= Self.largest else {
            hb_blob_destroy(blob)
            throw TypesettingError(.unreadable, path, "has \(size) bytes, and 1 to \(Self.largest) are accepted")
        }
        self.blob = blob
        self.path = path
    }

    deinit { hb_blob_destroy(blob) }

    var bytes: UnsafeRawBufferPointer {
        var count: UInt32 = 0
        let data = hb_blob_get_data(blob, &count)
        return UnsafeRawBufferPointer(start: data, count: Int(count))
    }
}
