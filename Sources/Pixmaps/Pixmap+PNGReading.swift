// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPNG

extension Pixmap {
    /// Reads a PNG of any colour type and bit depth, interlaced or not.
    ///
    /// Sixteen-bit channels are rounded to eight, and a file that declares
    /// another gamma than sRGB's is converted to sRGB.
    ///
    /// - Parameter pixelCeiling: the most pixels that are accepted; the size is
    ///   checked before memory is taken for them.
    /// - Throws: `unreadable` for bytes that are no PNG or a damaged one,
    ///   `tooLarge` above the ceiling.
    public init(png bytes: [UInt8], pixelCeiling: Int = 4096 * 4096) throws(PixmapsError) {
        self = try bytes.withUnsafeBytes { buffer in
            Result { () throws(PixmapsError) in try Pixmap(png: buffer, pixelCeiling: pixelCeiling) }
        }.get()
    }

    /// Reads a PNG from memory that lives at least as long as the call.
    public init(png bytes: UnsafeRawBufferPointer, pixelCeiling: Int = 4096 * 4096) throws(PixmapsError) {
        // libpng's simplified interface: the full one reports errors with
        // `longjmp`, which must never cross a Swift frame.
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard let base = bytes.baseAddress, png_image_begin_read_from_memory(&image, base, bytes.count) != 0 else {
            throw PixmapsError(.unreadable, "The bytes are not a readable PNG\(Self.reason(image)).")
        }
        let (width, height) = (Int(image.width), Int(image.height))
        guard width <= pixelCeiling, width * height <= pixelCeiling else {
            throw PixmapsError(
                .tooLarge, "The PNG has \(width) × \(height) pixels; at most \(pixelCeiling) pixels are accepted.")
        }
        // Red, green, blue and alpha, eight bits each, not premultiplied.
        image.format = 3
        var succeeded = false
        self.init(width: width, height: height) { pixels in
            succeeded = png_image_finish_read(&image, nil, pixels.baseAddress, 0, nil) != 0
            guard succeeded else { return pixels.initialize(repeating: 0) }
            for index in pixels.indices where pixels[index] < 0xFF00_0000 {
                let pixel = pixels[index]
                let color = PremultipliedColor(
                    straightRed: UInt8(truncatingIfNeeded: pixel), green: UInt8(truncatingIfNeeded: pixel >> 8),
                    blue: UInt8(truncatingIfNeeded: pixel >> 16), alpha: UInt8(truncatingIfNeeded: pixel >> 24))
                pixels[index] = color.packed
            }
        }
        guard succeeded else {
            throw PixmapsError(.unreadable, "The PNG is damaged\(Self.reason(image)).")
        }
    }

    /// libpng's own words, with a leading ": ", where it left any.
    private static func reason(_ image: png_image) -> String {
        let text = withUnsafeBytes(of: image.message) { buffer in
            String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        }
        return text.isEmpty ? "" : ": \(text)"
    }
}
