// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// The directory of a ZIP archive, checked before anything is decompressed.
struct ZipDirectory {
    struct Member {
        /// A relative path without `..`, decoded.
        var path: String
        var isFolder: Bool
        var isStored: Bool
        var declaredCount: Int
        var checksum: UInt32
        /// Where the compressed bytes lie in the archive.
        var bytes: Range<Int>
    }

    private(set) var members: [Member] = []
    private let archive: UnsafeRawBufferPointer
    private let name: String

    /// - Throws: `FormatsError` when the archive is damaged, too large in its
    ///   number of members, encrypted, or names what may not be written.
    init(_ archive: UnsafeRawBufferPointer, name: String, limits: DatasetLimits) throws {
        self.archive = archive
        self.name = name
        guard archive.count >= 22, archive.little(UInt32.self, at: 0) == 0x0403_4B50 else {
            throw FormatsError(.unrecognised, "“\(name)” is not a ZIP archive, although its name says so.")
        }
        var (offset, count) = try directory()
        guard count <= limits.archiveMembers else {
            throw FormatsError(
                .tooLarge, "“\(name)” holds \(count) files; \(limits.archiveMembers) is the most allowed.")
        }
        for _ in 0..<count { try read(entry: &offset) }
        guard archive.little(UInt32.self, at: min(offset, archive.count - 4)) != 0x0201_4B50 else {
            throw damaged("its directory says \(count) files and holds more")
        }
        try checkNames()
        try checkOverlaps()
    }

    private func damaged(_ what: String) -> FormatsError {
        FormatsError(.damaged, "The archive “\(name)” is damaged: \(what).")
    }

    /// Where the directory begins, and how many entries it says it has.
    private func directory() throws -> (offset: Int, count: Int) {
        var end = archive.count - 22
        let last = max(0, end - 65_535)
        while end >= last, archive.little(UInt32.self, at: end) != 0x0605_4B50 { end -= 1 }
        guard end >= last else { throw damaged("its directory is missing, as when a transfer broke off") }
        var count = Int(archive.little(UInt16.self, at: end + 10))
        var offset = Int(archive.little(UInt32.self, at: end + 16))
        if offset == 0xFFFF_FFFF || count == 0xFFFF, end >= 20, archive.little(UInt32.self, at: end - 20) == 0x0706_4B50
        {
            let large = archive.little(UInt64.self, at: end - 12)
            guard large <= UInt64(archive.count - 56), archive.little(UInt32.self, at: Int(large)) == 0x0606_4B50 else {
                throw damaged("its directory is missing")
            }
            count = Int(clamping: archive.little(UInt64.self, at: Int(large) + 32))
            offset = Int(clamping: archive.little(UInt64.self, at: Int(large) + 48))
        }
        guard offset <= end else { throw damaged("its directory lies beyond its end") }
        return (offset, count)
    }

    private mutating func read(entry offset: inout Int) throws {
        guard offset + 46 <= archive.count, archive.little(UInt32.self, at: offset) == 0x0201_4B50 else {
            throw damaged("its directory breaks off")
        }
        let flags = archive.little(UInt16.self, at: offset + 8)
        let method = archive.little(UInt16.self, at: offset + 10)
        let nameCount = Int(archive.little(UInt16.self, at: offset + 28))
        let extraCount = Int(archive.little(UInt16.self, at: offset + 30))
        let commentCount = Int(archive.little(UInt16.self, at: offset + 32))
        let attributes = archive.little(UInt32.self, at: offset + 38)
        let system = archive[offset + 5]
        let end = offset + 46 + nameCount + extraCount + commentCount
        guard end <= archive.count else { throw damaged("its directory breaks off") }
        var sizes = (
            inflated: UInt64(archive.little(UInt32.self, at: offset + 24)),
            deflated: UInt64(archive.little(UInt32.self, at: offset + 20)),
            local: UInt64(archive.little(UInt32.self, at: offset + 42))
        )
        readLargeSizes(archive.part(from: offset + 46 + nameCount, count: extraCount), &sizes)

        let rawName = archive.part(from: offset + 46, count: nameCount)
        let path = Self.decode(rawName, isUTF8: flags & 0x800 != 0)
        guard flags & 1 == 0 else {
            throw FormatsError(.unsafe, "“\(path)” in “\(name)” is encrypted; deliver the archive without a password.")
        }
        let unixType = UInt32(attributes >> 16) & UInt32(S_IFMT)
        let isFolder = path.hasSuffix("/") || path.hasSuffix("\\")
        if system == 3, unixType != 0, unixType != UInt32(S_IFREG), unixType != UInt32(S_IFDIR) {
            throw FormatsError(.unsafe, "“\(path)” in “\(name)” is a link or device, not a file; it is refused.")
        }
        guard method == 0 || method == 8 || isFolder else {
            throw FormatsError(
                .unrecognised,
                "“\(path)” in “\(name)” is packed with method \(method); use the usual one (deflate).")
        }
        let start = try dataOffset(local: sizes.local, path)
        guard sizes.deflated <= UInt64(archive.count - start) else { throw damaged("“\(path)” lies beyond its end") }
        members.append(
            Member(
                path: path, isFolder: isFolder, isStored: method == 0, declaredCount: Int(clamping: sizes.inflated),
                checksum: archive.little(UInt32.self, at: offset + 16), bytes: start..<start + Int(sizes.deflated)))
        offset = end
    }

    /// The sizes of ZIP64, where the usual ones say that they are there.
    private func readLargeSizes(
        _ extra: UnsafeRawBufferPointer, _ sizes: inout (inflated: UInt64, deflated: UInt64, local: UInt64)
    ) {
        var offset = 0
        while offset + 4 <= extra.count {
            let end = min(extra.count, offset + 4 + Int(extra.little(UInt16.self, at: offset + 2)))
            if extra.little(UInt16.self, at: offset) == 1 {
                var field = offset + 4
                func take(_ size: inout UInt64) {
                    guard size == 0xFFFF_FFFF, field + 8 <= end else { return }
                    size = extra.little(UInt64.self, at: field)
                    field += 8
                }
                take(&sizes.inflated)
                take(&sizes.deflated)
                take(&sizes.local)
            }
            offset = end
        }
    }

    private func dataOffset(local: UInt64, _ path: String) throws -> Int {
        guard local <= UInt64(max(0, archive.count - 30)), archive.little(UInt32.self, at: Int(local)) == 0x0403_4B50
        else { throw damaged("“\(path)” has no header") }
        let header = Int(local)
        let start =
            header + 30 + Int(archive.little(UInt16.self, at: header + 26))
            + Int(archive.little(UInt16.self, at: header + 28))
        guard start <= archive.count else { throw damaged("“\(path)” lies beyond its end") }
        return start
    }

    /// Windows in China writes names in GBK and does not say so.
    private static func decode(_ bytes: UnsafeRawBufferPointer, isUTF8: Bool) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        if !isUTF8, let decoder = TextDecoder(encoding: "GB18030") { return decoder.decode(bytes).text }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func checkNames() throws {
        var seen: Set<String> = []
        for index in members.indices {
            let path = members[index].path.replacingOccurrences(of: "\\", with: "/")
            let parts = path.split(separator: "/", omittingEmptySubsequences: true)
            let isSafe =
                !path.hasPrefix("/") && !path.contains(":") && !parts.isEmpty
                && !path.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
                && parts.allSatisfy { $0 != ".." && $0 != "." && $0.utf8.count <= 200 } && parts.count <= 16
            guard isSafe else {
                throw FormatsError(
                    .unsafe,
                    "“\(name)” holds a file called “\(Self.printable(path))”; names must be relative and lead nowhere else."
                )
            }
            let clean = parts.joined(separator: "/")
            guard seen.insert(clean.lowercased()).inserted || members[index].isFolder else {
                throw FormatsError(.unsafe, "“\(name)” holds two files called “\(clean)”; it is refused.")
            }
            members[index].path = clean
        }
    }

    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(80).map { $0.value < 32 || $0.value == 127 ? "?" : $0 })
        )
    }

    /// Members that share bytes are a bomb.
    private func checkOverlaps() throws {
        let ranges = members.map(\.bytes).filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        for (first, second) in zip(ranges, ranges.dropFirst()) where second.lowerBound < first.upperBound {
            throw FormatsError(.unsafe, "“\(name)” holds files that overlap one another; it is refused.")
        }
    }
}

extension String {
    /// Nil when the bytes are not well-formed.
    init?(validating bytes: UnsafeRawBufferPointer, as encoding: UTF8.Type) {
        guard bytes.isWellFormedUTF8 else { return nil }
        self.init(decoding: bytes, as: UTF8.self)
    }
}
