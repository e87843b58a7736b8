// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Foundation

/// Decompresses into files of the scratch folder and counts what comes out.
struct Inflation {
    private let limits: DatasetLimits
    private let decompressor: Decompressor
    private var total = 0

    /// A member that stays below this may have any ratio: a table of zeroes is
    /// no bomb.
    private static let harmlessBytes = 1 << 20

    init(limits: DatasetLimits) throws {
        self.limits = limits
        do {
            decompressor = try Decompressor()
        } catch {
            throw FormatsError(.tooLarge, "There is no memory left to decompress with; deliver smaller files.")
        }
    }

    /// The most bytes that a member may become.
    private func ceiling(compressed: Int) -> Int {
        let (scaled, overflow) = compressed.multipliedReportingOverflow(by: limits.inflationRatio)
        return max(0, min(limits.inflatedBytes - total, max(Self.harmlessBytes, overflow ? .max : scaled)))
    }

    /// Writes a member of an archive, which says how large it is.
    ///
    /// - Parameter output: nil checks the member without keeping it.
    mutating func inflate(
        member bytes: UnsafeRawBufferPointer, isStored: Bool, declared: Int, checksum: UInt32, to output: URL,
        name: String
    ) throws {
        let ceiling = isStored ? limits.inflatedBytes - total : ceiling(compressed: bytes.count)
        guard declared <= ceiling else { throw tooLarge(name, ceiling) }
        if isStored && declared != bytes.count { throw damaged(name) }
        try OutputFile.write(to: output, count: declared, name: name) { buffer in
            if isStored {
                buffer.copyMemory(from: bytes)
            } else if declared > 0 {
                guard let result = try? decompressor.decompress(bytes, format: .raw, into: buffer),
                    result.written == declared
                else { throw damaged(name) }
            }
            guard Checksums.crc32(UnsafeRawBufferPointer(buffer)) == checksum else { throw damaged(name) }
            return declared
        }
        total += declared
    }

    /// Writes what a `.gz` file holds; several members are put together.
    mutating func inflate(gzip bytes: UnsafeRawBufferPointer, to output: URL, name: String) throws {
        guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B else {
            throw FormatsError(.unrecognised, "“\(name)” is not a gzip file, although its name says so.")
        }
        let ceiling = ceiling(compressed: bytes.count)
        // The last four bytes say how large the last member is.
        var room = min(ceiling, max(65_536, Int(bytes.little(UInt32.self, at: bytes.count - 4))))
        while true {
            if let count = try inflateMembers(bytes, room: room, to: output, name: name) {
                total += count
                return
            }
            guard room < ceiling else { throw tooLarge(name, ceiling) }
            room = min(ceiling, room * 4)
        }
    }

    private func inflateMembers(
        _ bytes: UnsafeRawBufferPointer, room: Int, to output: URL, name: String
    ) throws -> Int? {
        var written = 0
        var isComplete = true
        try OutputFile.write(to: output, count: room, name: name) { buffer in
            var taken = 0
            repeat {
                let source = UnsafeRawBufferPointer(rebasing: bytes[taken...])
                let target = UnsafeMutableRawBufferPointer(rebasing: buffer[written...])
                let result: (taken: Int, written: Int)?
                do {
                    result = try decompressor.decompress(source, format: .gzip, into: target)
                } catch {
                    throw damaged(name)
                }
                guard let result else {
                    isComplete = false
                    return 0
                }
                taken += result.taken
                written += result.written
            } while taken + 18 <= bytes.count && bytes[taken] == 0x1F && bytes[taken + 1] == 0x8B
            return written
        }
        return isComplete ? written : nil
    }

    private func damaged(_ name: String) -> FormatsError {
        FormatsError(.damaged, "“\(name)” cannot be decompressed: it is damaged or was cut off.")
    }

    private func tooLarge(_ name: String, _ ceiling: Int) -> FormatsError {
        if limits.inflatedBytes - total <= ceiling {
            return FormatsError(
                .tooLarge,
                "“\(name)” decompresses to more than \(limits.inflatedBytes >> 20) MB, the most allowed in all.")
        }
        return FormatsError(
            .tooLarge,
            "“\(name)” decompresses to more than \(limits.inflationRatio) times its size, which no map does.")
    }
}

/// A file that is written through memory.
enum OutputFile {
    /// Makes a file of at most `count` bytes; `fill` says how many it has.
    static func write(
        to url: URL, count: Int, name: String, fill: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0, count == 0 || posix_fallocateOrTruncate(descriptor, count) else {
            let code = errno
            if descriptor >= 0 { close(descriptor) }
            throw FormatsError.scratch(name, code)
        }
        defer { close(descriptor) }
        guard count > 0 else {
            _ = try fill(UnsafeMutableRawBufferPointer(start: nil, count: 0))
            return
        }
        guard let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), address != MAP_FAILED
        else {
            throw FormatsError.memory(name)
        }
        defer { munmap(address, count) }
        let filled = try fill(UnsafeMutableRawBufferPointer(start: address, count: count))
        guard ftruncate(descriptor, filled) == 0 else { throw FormatsError.scratch(name, errno) }
    }

    /// Reserves the space, because a full disk under mapped memory is fatal.
    private static func posix_fallocateOrTruncate(_ descriptor: Int32, _ count: Int) -> Bool {
        let code = posix_fallocate(descriptor, 0, count)
        if code == 0 { return true }
        errno = code
        return (code == EOPNOTSUPP || code == EINVAL) && ftruncate(descriptor, count) == 0
    }
}
