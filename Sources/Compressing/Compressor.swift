// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CDeflate

/// Compresses many buffers one after the other with the memory of one.
///
/// Use one for each worker: it is not thread safe.
public final class Compressor {
    /// 0 stores, 1 is the fastest, 6 the usual, 12 the smallest.
    public let level: Int
    private let handle: OpaquePointer

    /// - Parameter level: 0 to 12; anything else is taken as the nearer of the two.
    /// - Throws: `CompressingError` `outOfMemory`.
    public init(level: Int = 6) throws(CompressingError) {
        self.level = min(max(level, 0), 12)
        guard let handle = libdeflate_alloc_compressor(Int32(self.level)) else {
            throw CompressingError(.outOfMemory, .raw, "there is no memory for a compressor of level \(level)")
        }
        self.handle = handle
    }

    deinit { libdeflate_free_compressor(handle) }

    /// Appends the compressed form of `bytes` to `output`.
    ///
    /// - Complexity: O(*n*) in bytes, with a factor that grows with the level.
    public func compress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, into output: inout [UInt8]
    ) {
        let start = output.count
        let bound = bound(of: bytes.count, format: format)
        output.append(contentsOf: repeatElement(0, count: bound))
        let written = output.withUnsafeMutableBytes { buffer in
            compress(bytes, format: format, into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
        }
        // Zero would mean that the bound was too small, which libdeflate rules
        // out by its definition of the bound.
        output.removeLast(bound - written)
    }

    /// The compressed form of `bytes`.
    public func compress(_ bytes: [UInt8], format: CompressionFormat) -> [UInt8] {
        let bound = bound(of: bytes.count, format: format)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = bytes.withUnsafeBytes {
                compress($0, format: format, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// Compresses into memory of the caller.
    ///
    /// - Returns: the number of bytes written; 0 when they do not fit.
    public func compress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let target = output.baseAddress else { return 0 }
        // libdeflate wants an address even for no bytes.
        let source = bytes.baseAddress ?? UnsafeRawPointer(target)
        return switch format {
        case .raw: libdeflate_deflate_compress(handle, source, bytes.count, target, output.count)
        case .zlib: libdeflate_zlib_compress(handle, source, bytes.count, target, output.count)
        case .gzip: libdeflate_gzip_compress(handle, source, bytes.count, target, output.count)
        }
    }

    /// The most bytes that `count` bytes can become.
    public func bound(of count: Int, format: CompressionFormat) -> Int {
        switch format {
        case .raw: libdeflate_deflate_compress_bound(handle, count)
        case .zlib: libdeflate_zlib_compress_bound(handle, count)
        case .gzip: libdeflate_gzip_compress_bound(handle, count)
        }
    }
}
