// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Foundation

/// Writes ZIP archives, honest ones and others.
struct ZipBuilder {
    struct Member {
        var name: [UInt8]
        var contents: [UInt8]
        var isStored = false
        /// What the headers claim; nil for the truth.
        var claimedCount: Int?
        var claimedOffset: Int?
        /// The type in the Unix mode: a link is 0xA000.
        var unixType: UInt32 = 0x8000
        var flags: UInt16 = 0x800
        var method: UInt16?
        /// Already deflated.
        var deflated: [UInt8]?

        init(_ name: String, _ contents: [UInt8] = Array("{}".utf8)) {
            self.name = Array(name.utf8)
            self.contents = contents
        }
    }

    static func archive(_ members: [Member], padding: Int = 0) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let data =
                try member.isStored
                ? member.contents : member.deflated ?? Deflate.compress(member.contents, format: .raw)
            let method = member.method ?? (member.isStored ? 0 : 8)
            let checksum = Checksums.crc32(member.contents)
            let count = UInt32(member.claimedCount ?? member.contents.count)
            let offset = UInt32(member.claimedOffset ?? bytes.count)
            func common() -> [UInt8] {
                little(UInt16(20)) + little(member.flags) + little(method) + little(UInt32(0)) + little(checksum)
                    + little(UInt32(data.count)) + little(count) + little(UInt16(member.name.count)) + little(UInt16(0))
            }
            bytes += little(UInt32(0x0403_4B50)) + common() + member.name + data
            directory += little(UInt32(0x0201_4B50)) + [20, 3] + common() + little(UInt16(0)) + little(UInt16(0))
            directory += little(UInt16(0)) + little(member.unixType << 16) + little(offset) + member.name
        }
        let start = UInt32(bytes.count)
        let count = UInt16(truncatingIfNeeded: members.count)
        return bytes + directory + little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count)
            + little(UInt32(directory.count)) + little(start) + little(UInt16(0))
    }

    private static func little<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
        withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }
}
