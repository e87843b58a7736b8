// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import TestSupport
import Testing

/// The collected sample files; nil where there are none.
let sharedData = SharedData.url("data")

func pngFiles(_ folder: String) -> [URL] {
    guard let url = sharedData?.appendingPathComponent(folder) else { return [] }
    let files = (try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "png" }.sorted { $0.path < $1.path }
}

@Suite struct PNGTests {
    /// libpng reads what we write.
    func roundTrip(_ pixmap: Pixmap) throws -> (bytes: [UInt8], colorType: UInt8, bitDepth: UInt8) {
        let bytes = try PNGEncoder().encode(pixmap)
        let decoded = try Pixmap(png: bytes)
        #expect(decoded == pixmap)
        return (bytes, bytes[25], bytes[24])
    }

    static func noise(width: Int, height: Int, seed: UInt64, mask: UInt32, base: UInt32) -> Pixmap {
        var generator = SeededGenerator(seed: seed)
        var pixmap = Pixmap(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let packed = UInt32(truncatingIfNeeded: generator.next()) & mask | base
                let bytes = (0..<4).map { UInt8(truncatingIfNeeded: packed >> (8 * $0)) }
                pixmap[x, y] = PremultipliedColor(
                    premultipliedRed: bytes[0], green: bytes[1], blue: bytes[2], alpha: bytes[3])
            }
        }
        return pixmap
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 2), (5, 4), (17, 8), (256, 8)])
    func `Few colours become the narrowest palette`(colors: Int, bits: UInt8) throws {
        for width in [1, 7, 8, 9, 33] {
            var pixmap = Pixmap(width: width, height: 40)
            for index in 0..<(width * 40) {
                let red = index * 7 % colors
                pixmap[index % width, index / width] = PremultipliedColor(
                    straightRed: UInt8(red), green: 20, blue: 30, alpha: red == 0 ? 77 : 255)
            }
            let (_, type, depth) = try roundTrip(pixmap)
            #expect(type == 3)
            if width * 40 >= colors { #expect(depth == bits) }
        }
    }

    @Test func `A picture without transparency becomes RGB`() throws {
        let opaque = Self.noise(width: 61, height: 33, seed: 1, mask: 0x00FF_FFFF, base: 0xFF00_0000)
        #expect(try roundTrip(opaque).colorType == 2)
    }

    @Test func `A picture with transparency becomes RGBA`() throws {
        #expect(try roundTrip(Self.noise(width: 61, height: 33, seed: 2, mask: 0xFFFF_FFFF, base: 0)).colorType == 6)
    }

    @Test func `A tile of one colour takes little`() throws {
        #expect(try roundTrip(Pixmap(width: 256, height: 256, color: .white)).bytes.count < 150)
        #expect(try roundTrip(Pixmap(width: 256, height: 256)).bytes.count < 170)
    }

    @Test func `An encoder serves pictures of many sizes`() throws {
        let encoder = try PNGEncoder()
        for size in [40, 3, 100, 1] {
            let pixmap = Self.noise(width: size, height: size, seed: UInt64(size), mask: 0xFFFF_FFFF, base: 0)
            #expect(try Pixmap(png: encoder.encode(pixmap)) == pixmap)
        }
    }

    @Test func `A picture without pixels cannot be written`() throws {
        let encoder = try PNGEncoder()
        #expect(throws: PixmapsError.self) { try encoder.encode(Pixmap(width: 0, height: 4)) }
    }

    @Test func `Bytes that are no PNG are refused with a sentence`() {
        for bytes in [[], [1, 2, 3], Array("GIF89a and so on, at some length".utf8)] as [[UInt8]] {
            let error = #expect(throws: PixmapsError.self) { try Pixmap(png: bytes) }
            #expect(error?.kind == .unreadable)
            #expect(error?.description.hasSuffix(".") == true)
        }
    }

    @Test func `A truncated PNG is refused`() throws {
        let whole = try PNGEncoder().encode(Self.noise(width: 64, height: 64, seed: 3, mask: 0xFFFF_FFFF, base: 0))
        for count in stride(from: 0, to: whole.count - 12, by: 97) {
            let error = #expect(throws: PixmapsError.self) { try Pixmap(png: Array(whole[..<count])) }
            #expect(error?.kind == .unreadable)
        }
    }

    @Test func `A PNG with too many pixels is refused before memory is taken`() throws {
        let bytes = try PNGEncoder().encode(Pixmap(width: 300, height: 300, color: .black))
        let error = #expect(throws: PixmapsError.self) { try Pixmap(png: bytes, pixelCeiling: 300 * 299) }
        #expect(error?.kind == .tooLarge)
        #expect(try Pixmap(png: bytes, pixelCeiling: 300 * 300).width == 300)
    }

    @Test(.enabled(if: sharedData != nil, "the collected sample files are not on this machine"))
    func `The sample files of PngSuite and libpng are read`() throws {
        let files = pngFiles("suites/pngsuite") + pngFiles("suites/libpng-testpngs")
        #expect(!files.isEmpty)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let pixmap = try Pixmap(png: bytes)
            #expect(pixmap.width > 0, "\(file.lastPathComponent)")
            #expect(try Pixmap(png: PNGEncoder().encode(pixmap)) == pixmap, "\(file.lastPathComponent)")
        }
    }

    @Test(.enabled(if: sharedData != nil, "the collected sample files are not on this machine"))
    func `An interlaced file is the same picture as its plain twin`() throws {
        guard let folder = sharedData?.appendingPathComponent("suites/pngsuite") else { return }
        var pairs = 0
        for file in pngFiles("suites/pngsuite") where file.lastPathComponent.hasPrefix("ibasn") {
            let twin = folder.appendingPathComponent(String(file.lastPathComponent.dropFirst()))
            guard let plain = try? Data(contentsOf: twin) else { continue }
            pairs += 1
            // The plain files declare a gamma and the interlaced ones do not.
            let unadorned = withoutGamma([UInt8](plain))
            #expect(try Pixmap(png: unadorned) == Pixmap(png: [UInt8](Data(contentsOf: file))))
        }
        #expect(pairs > 3)
    }

    /// The file without its gAMA chunk: length, type, four bytes, checksum.
    func withoutGamma(_ bytes: [UInt8]) -> [UInt8] {
        let type = Array("gAMA".utf8)
        let found = bytes.indices.dropLast(16).first { bytes[$0..<($0 + 4)].elementsEqual(type) }
        guard let start = found else { return bytes }
        return Array(bytes[..<(start - 4)] + bytes[(start + 12)...])
    }

    @Test(.enabled(if: sharedData != nil, "the collected sample files are not on this machine"))
    func `Files made to crash readers are read or refused`() throws {
        let files = pngFiles("suites/libpng-testpngs/crashers")
        #expect(!files.isEmpty)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            do {
                let pixmap = try Pixmap(png: bytes, pixelCeiling: 1 << 22)
                #expect(pixmap.width > 0)
            } catch {
                #expect(error.description.hasSuffix("."))
            }
        }
    }
}
