// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CDeflate

/// Decompresses many buffers one after the other with the memory of one.
///
/// Use one for each worker: it is not thread safe.
public final class Decompressor {
    private let handle: OpaquePointer

    /// Takes the memory that every buffer is decompressed with.
    ///
    /// - Throws: `CompressingError` `outOfMemory`.
    public init() throws(CompressingError) {
        guard let handle = libdeflate_alloc_decompressor() else {
            throw CompressingError(.outOfMemory, .raw, "there is no memory for a decompressor")
        }
        self.handle = handle
    }

    deinit { libdeflate_free_decompressor(handle) }

    /// The decompressed bytes. Gzip data may have several members, which are put
    /// together, and zeroes behind the last.
    ///
    /// - Parameter ceiling: The most bytes that may come out. Memory grows with
    ///   what does come out, never with what a header promises.
    /// - Throws: `CompressingError` `corrupt`, `ceilingExceeded`, `trailing`.
    /// - Complexity: O(*n*) in bytes in and out.
    public func decompress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, ceiling: Int
    ) throws(CompressingError) -> [UInt8] {
        var output: [UInt8] = []
        var offset = 0
        repeat {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            offset += try member(rest, format: format, ceiling: max(0, ceiling), output: &output)
            guard format == .gzip else { break }
            if bytes[offset...].allSatisfy({ $0 == 0 }) { return output }
        } while offset + 1 < bytes.count && bytes[offset] == 0x1F && bytes[offset + 1] == 0x8B
        if offset < bytes.count {
            throw CompressingError(.trailing, format, "\(bytes.count - offset) bytes follow that do not belong to it")
        }
        return output
    }

    /// The same for an array.
    public func decompress(
        _ bytes: [UInt8], format: CompressionFormat, ceiling: Int
    ) throws(CompressingError) -> [UInt8] {
        try bytes.withUnsafeBufferPointer { buffer throws(CompressingError) in
            try decompress(UnsafeRawBufferPointer(buffer), format: format, ceiling: ceiling)
        }
    }

    /// Decompresses one stream, gzip member or zlib stream into memory that is
    /// there, a mapped file for instance.
    ///
    /// - Returns: how many bytes were taken and how many written; nil when there
    ///   is not room for all, and what is in `buffer` is then of no use.
    /// - Throws: `CompressingError` `corrupt`.
    /// - Complexity: O(*n*) in bytes in and out.
    public func decompress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, into buffer: UnsafeMutableRawBufferPointer
    ) throws(CompressingError) -> (taken: Int, written: Int)? {
        guard let source = bytes.baseAddress, let target = buffer.baseAddress else {
            throw CompressingError(.corrupt, format, "there are no bytes")
        }
        var taken = 0
        var written = 0
        let result =
            switch format {
            case .raw:
                libdeflate_deflate_decompress_ex(handle, source, bytes.count, target, buffer.count, &taken, &written)
            case .zlib:
                libdeflate_zlib_decompress_ex(handle, source, bytes.count, target, buffer.count, &taken, &written)
            case .gzip:
                libdeflate_gzip_decompress_ex(handle, source, bytes.count, target, buffer.count, &taken, &written)
            }
        switch result {
        case LIBDEFLATE_SUCCESS: return (taken, written)
        case LIBDEFLATE_INSUFFICIENT_SPACE: return nil
        default: throw CompressingError(.corrupt, format, "the bytes are damaged or cut off")
        }
    }

    /// Decompresses one stream behind what `output` holds, and says how many
    /// bytes it took.
    private func member(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, ceiling: Int, output: inout [UInt8]
    ) throws(CompressingError) -> Int {
        guard let source = bytes.baseAddress, !bytes.isEmpty else {
            throw CompressingError(.corrupt, format, "there are no bytes")
        }
        let start = output.count
        let most = ceiling - start
        var room = min(most, firstGuess(bytes, format: format))
        while true {
            // One byte at least: libdeflate wants an address.
            output.append(contentsOf: repeatElement(0, count: start + max(room, 1) - output.count))
            var taken = 0
            var written = 0
            let result = output.withUnsafeMutableBytes { buffer in
                let target = buffer.baseAddress.map { $0 + start }
                return switch format {
                case .raw:
                    libdeflate_deflate_decompress_ex(handle, source, bytes.count, target, room, &taken, &written)
                case .zlib:
                    libdeflate_zlib_decompress_ex(handle, source, bytes.count, target, room, &taken, &written)
                case .gzip:
                    libdeflate_gzip_decompress_ex(handle, source, bytes.count, target, room, &taken, &written)
                }
            }
            switch result {
            case LIBDEFLATE_SUCCESS:
                output.removeLast(output.count - start - written)
                return taken
            case LIBDEFLATE_INSUFFICIENT_SPACE where room < most:
                room = min(most, max(4096, room * 2))
            case LIBDEFLATE_INSUFFICIENT_SPACE:
                throw CompressingError(
                    .ceilingExceeded, format, "decompressed it is larger than \(ceiling) bytes, the most allowed")
            default:
                throw CompressingError(.corrupt, format, "the bytes are damaged or cut off")
            }
        }
    }

    /// How much room to begin with: what a gzip trailer says, as far as the
    /// compressed size makes it believable, else four times the input.
    private func firstGuess(_ bytes: UnsafeRawBufferPointer, format: CompressionFormat) -> Int {
        let usual = max(1024, min(bytes.count, 1 << 28) * 4)
        guard format == .gzip, bytes.count >= 18 else { return usual }
        let stated = Int(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)))
        // Text of maps rarely shrinks to less than a thirtieth.
        return stated > 0 && stated / 32 <= bytes.count ? stated : usual
    }
}
