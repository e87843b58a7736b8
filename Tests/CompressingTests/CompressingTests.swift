// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Testing

/// Bytes that compress, and differ everywhere.
private func sample(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 &* 31 ^ $0 >> 9) }
}

@Suite struct CompressingTests {
    @Test(arguments: [CompressionFormat.raw, .zlib, .gzip], [0, 1, 6, 12])
    func `every format and level gives the bytes back`(format: CompressionFormat, level: Int) throws {
        for count in [0, 1, 1000, 300_000] {
            let bytes = sample(count)
            let packed = try Deflate.compress(bytes, format: format, level: level)
            #expect(try Deflate.decompress(packed, format: format, ceiling: count) == bytes)
        }
    }

    @Test func `a compressor appends behind what is there`() throws {
        let compressor = try Compressor(level: 6)
        var output: [UInt8] = [1, 2, 3]
        sample(5000).withUnsafeBytes { compressor.compress($0, format: .zlib, into: &output) }
        #expect(output.prefix(3) == [1, 2, 3])
        #expect(try Deflate.decompress(Array(output.dropFirst(3)), format: .zlib, ceiling: 9999) == sample(5000))
    }

    @Test func `one byte over the ceiling is refused`() throws {
        let packed = try Deflate.compress(sample(100_000), format: .gzip)
        let error = #expect(throws: CompressingError.self) {
            try Deflate.decompress(packed, format: .gzip, ceiling: 99_999)
        }
        #expect(error?.kind == .ceilingExceeded)
        #expect(error?.description == "gzip data: decompressed it is larger than 99999 bytes, the most allowed.")
    }

    @Test func `a bomb stops at the ceiling`() throws {
        let bomb = try Deflate.compress([UInt8](repeating: 0, count: 50_000_000), format: .gzip, level: 12)
        #expect(bomb.count < 60_000)
        let error = #expect(throws: CompressingError.self) {
            try Deflate.decompress(bomb, format: .gzip, ceiling: 1_000_000)
        }
        #expect(error?.kind == .ceilingExceeded)
    }

    @Test func `members of gzip data are put together and share the ceiling`() throws {
        let members = try Deflate.compress(sample(3000), format: .gzip) + Deflate.compress([9], format: .gzip)
        #expect(try Deflate.decompress(members, format: .gzip, ceiling: 3001) == sample(3000) + [9])
        let error = #expect(throws: CompressingError.self) {
            try Deflate.decompress(members, format: .gzip, ceiling: 3000)
        }
        #expect(error?.kind == .ceilingExceeded)
    }

    @Test func `zeroes behind gzip data are padding, anything else is not`() throws {
        let packed = try Deflate.compress(sample(10), format: .gzip)
        #expect(try Deflate.decompress(packed + [0, 0, 0], format: .gzip, ceiling: 10) == sample(10))
        let error = #expect(throws: CompressingError.self) {
            try Deflate.decompress(packed + [1, 2], format: .gzip, ceiling: 10)
        }
        #expect(error?.kind == .trailing)
    }

    @Test(arguments: [CompressionFormat.zlib, .gzip])
    func `every cut and every flipped byte is noticed`(format: CompressionFormat) throws {
        let bytes = sample(600)
        let packed = try Deflate.compress(bytes, format: format)
        for count in 0..<packed.count {
            #expect(throws: CompressingError.self) {
                try Deflate.decompress(Array(packed.prefix(count)), format: format, ceiling: 1 << 20)
            }
        }
        for index in packed.indices {
            var damaged = packed
            damaged[index] ^= 0x41
            // Some bytes of the header mean nothing; then the content is right.
            if let output = try? Deflate.decompress(damaged, format: format, ceiling: 1 << 20) {
                #expect(output == bytes)
            }
        }
    }

    @Test(arguments: [CompressionFormat.raw, .zlib, .gzip])
    func `memory of the caller takes one stream and says how far it went`(format: CompressionFormat) throws {
        let packed = try Deflate.compress(sample(4000), format: format)
        let decompressor = try Decompressor()
        var room = [UInt8](repeating: 0, count: 4100)
        let result = try (packed + [1, 2, 3]).withUnsafeBytes { source in
            try room.withUnsafeMutableBytes { try decompressor.decompress(source, format: format, into: $0) }
        }
        #expect(result?.taken == packed.count)
        #expect(result?.written == 4000)
        #expect(Array(room.prefix(4000)) == sample(4000))
        let short = try packed.withUnsafeBytes { source in
            try room.withUnsafeMutableBytes {
                try decompressor.decompress(
                    source, format: format, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<3999]))
            }
        }
        #expect(short == nil)
    }

    @Test func `checksums agree with the published values`() {
        let digits = Array("123456789".utf8)
        #expect(Checksums.crc32(digits) == 0xCBF4_3926)
        #expect(Checksums.adler32(digits) == 0x091E_01DE)
        #expect(Checksums.crc32([]) == 0)
        #expect(Checksums.adler32([]) == 1)
        let half = Checksums.crc32(Array(digits.prefix(4)))
        #expect(Checksums.crc32(Array(digits.dropFirst(4)), continuing: half) == 0xCBF4_3926)
    }
}
