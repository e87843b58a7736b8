// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One-off compression. Use `Compressor` and `Decompressor` in loops.
public enum Deflate {
    /// The compressed form of `bytes`.
    ///
    /// - Parameter level: 0 (stored) to 12 (smallest).
    /// - Throws: `CompressingError` `outOfMemory`.
    public static func compress(
        _ bytes: [UInt8], format: CompressionFormat, level: Int = 6
    ) throws(CompressingError) -> [UInt8] {
        try Compressor(level: level).compress(bytes, format: format)
    }

    /// The compressed form of `bytes`.
    ///
    /// - Parameter level: 0 (stored) to 12 (smallest).
    /// - Throws: `CompressingError` `outOfMemory`.
    public static func compress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, level: Int = 6
    ) throws(CompressingError) -> [UInt8] {
        var output: [UInt8] = []
        try Compressor(level: level).compress(bytes, format: format, into: &output)
        return output
    }

    /// The decompressed bytes, at most `ceiling` of them.
    ///
    /// - Throws: as `Decompressor.decompress`.
    public static func decompress(
        _ bytes: [UInt8], format: CompressionFormat, ceiling: Int
    ) throws(CompressingError) -> [UInt8] {
        try Decompressor().decompress(bytes, format: format, ceiling: ceiling)
    }

    /// The decompressed bytes, at most `ceiling` of them.
    ///
    /// - Throws: as `Decompressor.decompress`.
    public static func decompress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, ceiling: Int
    ) throws(CompressingError) -> [UInt8] {
        try Decompressor().decompress(bytes, format: format, ceiling: ceiling)
    }
}
