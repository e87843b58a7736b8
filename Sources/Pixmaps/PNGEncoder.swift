// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing

/// Writes pictures as PNG, choosing the smallest layout that loses nothing: a
/// palette of up to 256 colours, RGB when every pixel is opaque, else RGBA.
///
/// Rows are never filtered: on flat-coloured maps the filters make a file some
/// 20 % larger, and cost time. An encoder keeps its buffers between pictures.
///
/// - Thread: one worker's own; not to be shared.
public final class PNGEncoder {
    let compressor: Compressor
    var palette = PaletteBuilder()
    /// The rows as PNG wants them: a filter byte, then the samples.
    var rows: [UInt8] = []
    /// Room for the compressed rows.
    var compressed: [UInt8] = []

    /// An encoder with a compression level of libdeflate, 1 (fastest) … 12.
    ///
    /// Level 1 is the default by measurement: on tiles of a dense town it takes
    /// half the time of level 6 and makes files 6 % larger.
    ///
    /// - Throws: `outOfMemory` when there is no memory for a compressor.
    public init(level: Int = 1) throws(PixmapsError) {
        do {
            compressor = try Compressor(level: level)
        } catch {
            throw PixmapsError(.outOfMemory, error.description)
        }
    }

    /// The picture as the bytes of a PNG file.
    ///
    /// - Throws: `empty` for a picture without pixels.
    /// - Complexity: O(*n*) in pixels; a picture of one colour takes one pass
    ///   and a few hundred bytes.
    public func encode(_ pixmap: Pixmap) throws(PixmapsError) -> [UInt8] {
        guard pixmap.width > 0, pixmap.height > 0 else {
            throw PixmapsError(.empty, "A picture of \(pixmap.width) × \(pixmap.height) pixels cannot be a PNG file.")
        }
        let layout = pixmap.withUnsafePixels { pixels in
            fillRows(pixels, width: pixmap.width, height: pixmap.height)
        }
        var file = PNGFile(width: pixmap.width, height: pixmap.height, layout: layout)
        if case .palette = layout { file.appendPalette(palette.colors) }
        let bound = compressor.bound(of: rows.count, format: .zlib)
        if compressed.count < bound { compressed = [UInt8](repeating: 0, count: bound) }
        let count = compressed.withUnsafeMutableBytes { target in
            rows.withUnsafeBytes { compressor.compress($0, format: .zlib, into: target) }
        }
        file.appendData(compressed[..<count])
        return file.finished()
    }

    /// Lays the samples out in `rows` and says how.
    private func fillRows(_ pixels: UnsafeBufferPointer<UInt32>, width: Int, height: Int) -> PNGLayout {
        let layout: PNGLayout
        let solidColor = Pixmap.solidColor(of: pixels)
        if let solidColor {
            palette.collectOnly(solidColor)
            layout = .palette(bits: palette.bitsPerPixel)
        } else if palette.collect(pixels) {
            layout = .palette(bits: palette.bitsPerPixel)
        } else if pixels.allSatisfy({ $0 >= 0xFF00_0000 }) {
            layout = .rgb
        } else {
            layout = .rgba
        }
        let rowBytes = layout.bytesPerRow(width: width)
        let needed = (rowBytes + 1) * height
        if rows.count != needed { rows = [UInt8](repeating: 0, count: needed) }
        if solidColor != nil {
            rows.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
            return layout
        }
        rows.withUnsafeMutableBufferPointer { rows in
            for y in 0..<height {
                let start = y * (rowBytes + 1)
                rows[start] = 0
                let target = UnsafeMutableBufferPointer(rebasing: rows[(start + 1)..<(start + 1 + rowBytes)])
                let source = UnsafeBufferPointer(rebasing: pixels[(y * width)..<((y + 1) * width)])
                switch layout {
                case .palette(let bits): palette.writeRow(source, bits: bits, to: target)
                case .rgb: Self.writeRGB(source, to: target)
                case .rgba: Self.writeRGBA(source, to: target)
                }
            }
        }
        return layout
    }

    private static func writeRGB(_ source: UnsafeBufferPointer<UInt32>, to target: UnsafeMutableBufferPointer<UInt8>) {
        guard let bytes = target.baseAddress else { return }
        let raw = UnsafeMutableRawPointer(bytes)
        // Whole words that overlap by a byte, except where the last would reach
        // beyond the row.
        var offset = 0
        for pixel in source.dropLast() {
            raw.storeBytes(of: pixel.littleEndian, toByteOffset: offset, as: UInt32.self)
            offset += 3
        }
        guard let last = source.last else { return }
        target[offset] = UInt8(truncatingIfNeeded: last)
        target[offset + 1] = UInt8(truncatingIfNeeded: last >> 8)
        target[offset + 2] = UInt8(truncatingIfNeeded: last >> 16)
    }

    private static func writeRGBA(_ source: UnsafeBufferPointer<UInt32>, to target: UnsafeMutableBufferPointer<UInt8>) {
        var offset = 0
        for pixel in source {
            let (red, green, blue, alpha) = PremultipliedColor(packed: pixel).straight
            target[offset] = red
            target[offset + 1] = green
            target[offset + 2] = blue
            target[offset + 3] = alpha
            offset += 4
        }
    }
}
