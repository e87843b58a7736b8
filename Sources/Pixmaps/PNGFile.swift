// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing

/// How the samples of a PNG lie in its rows.
enum PNGLayout {
    case palette(bits: Int)
    case rgb
    case rgba

    /// Without the filter byte.
    func bytesPerRow(width: Int) -> Int {
        switch self {
        case .palette(let bits): (width * bits + 7) / 8
        case .rgb: width * 3
        case .rgba: width * 4
        }
    }

    var bitDepth: UInt8 {
        if case .palette(let bits) = self { UInt8(bits) } else { 8 }
    }

    /// The number in the header.
    var colorType: UInt8 {
        switch self {
        case .palette: 3
        case .rgb: 2
        case .rgba: 6
        }
    }
}

/// The chunks of a PNG file, appended in order.
struct PNGFile {
    private var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    init(width: Int, height: Int, layout: PNGLayout) {
        var header: [UInt8] = []
        Self.append(UInt32(width), to: &header)
        Self.append(UInt32(height), to: &header)
        // Compression, filter method and interlacing: 0 is the only one, the
        // only one, and none.
        header += [layout.bitDepth, layout.colorType, 0, 0, 0]
        appendChunk("IHDR", header)
    }

    /// The palette, and the alphas of its colours up to the last that is not
    /// opaque.
    mutating func appendPalette(_ colors: [PremultipliedColor]) {
        let straight = colors.map(\.straight)
        appendChunk("PLTE", straight.flatMap { [$0.red, $0.green, $0.blue] })
        let alphas = straight.map(\.alpha)
        if let last = alphas.lastIndex(where: { $0 < 255 }) { appendChunk("tRNS", Array(alphas[...last])) }
    }

    mutating func appendData(_ compressed: ArraySlice<UInt8>) {
        bytes.reserveCapacity(bytes.count + compressed.count + 24)
        appendChunk("IDAT", compressed)
    }

    consuming func finished() -> [UInt8] {
        appendChunk("IEND", EmptyCollection())
        return bytes
    }

    private mutating func appendChunk(_ type: StaticString, _ content: some RandomAccessCollection<UInt8>) {
        Self.append(UInt32(content.count), to: &bytes)
        let start = bytes.count
        type.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: content)
        let checksum = bytes.withUnsafeBytes { Checksums.crc32(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        Self.append(checksum, to: &bytes)
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
