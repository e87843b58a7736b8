// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing

/// The section table of a mapped snapshot. Every section that it hands out lies
/// within the file and begins at a multiple of 64 bytes.
struct SnapshotSections {
    private struct Key: Hashable {
        var kind: UInt32
        var number: UInt32
    }

    private struct Entry {
        var bytes: UnsafeRawBufferPointer
        var checksum: UInt32
    }

    private let subject: String
    private var entries: [Key: Entry] = [:]

    /// Reads and checks the header and the table.
    init(_ bytes: UnsafeRawBufferPointer, subject: String) throws(SnapshotsError) {
        self.subject = subject
        guard bytes.count >= SnapshotFormat.headerCount,
            bytes.prefix(SnapshotFormat.magic.count).elementsEqual(SnapshotFormat.magic)
        else {
            throw SnapshotsError(.notASnapshot, subject, "the file does not begin as a snapshot does")
        }
        func word(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        func long(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        func damaged(_ detail: String) -> SnapshotsError {
            SnapshotsError(.damaged, subject, "\(detail); cut the snapshot again")
        }
        guard word(8) == SnapshotFormat.version else {
            throw SnapshotsError(
                .otherVersion, subject,
                "the snapshot has format \(word(8)), this version reads \(SnapshotFormat.version); cut it again")
        }
        guard word(36) == Checksums.crc32(UnsafeRawBufferPointer(rebasing: bytes[0..<36])) else {
            throw damaged("the header is damaged")
        }
        guard long(16) == UInt64(bytes.count) else {
            throw damaged("the file has \(bytes.count) bytes and its header says \(long(16))")
        }
        let count = Int(word(12))
        let tableOffset = long(24)
        let tableCount = count * SnapshotFormat.entryCount
        guard count <= SnapshotFormat.maxSections, tableOffset <= UInt64(bytes.count),
            tableCount <= bytes.count - Int(tableOffset)
        else { throw damaged("the section table is not within the file") }
        let start = Int(tableOffset)
        let table = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + tableCount)])
        guard word(32) == Checksums.crc32(table) else { throw damaged("the section table is damaged") }
        for index in 0..<count {
            let entry = start + index * SnapshotFormat.entryCount
            let (offset, length) = (long(entry + 8), long(entry + 16))
            guard offset % UInt64(SnapshotFormat.alignment) == 0, offset <= UInt64(bytes.count),
                length <= UInt64(bytes.count) - offset
            else { throw damaged("section \(index) is not within the file") }
            entries[Key(kind: word(entry), number: word(entry + 4))] = Entry(
                bytes: UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<(Int(offset) + Int(length))]),
                checksum: word(entry + 24))
        }
    }

    /// The bytes of a section.
    func bytes(_ kind: SnapshotFormat.Section, _ number: Int = 0) throws(SnapshotsError) -> UnsafeRawBufferPointer {
        guard let entry = entries[Key(kind: kind.rawValue, number: UInt32(number))] else {
            throw SnapshotsError(.damaged, subject, "section \(kind) \(number) is missing; cut the snapshot again")
        }
        return entry.bytes
    }

    /// The elements of a section, which must have `count` of them when that is
    /// given, and no bytes left over.
    func array<Element: BitwiseCopyable>(
        _ kind: SnapshotFormat.Section, _ number: Int = 0, of type: Element.Type, count: Int? = nil
    ) throws(SnapshotsError) -> UnsafeBufferPointer<Element> {
        let bytes = try bytes(kind, number)
        let size = MemoryLayout<Element>.stride
        guard bytes.count % size == 0, count == nil || bytes.count / size == count else {
            throw SnapshotsError(
                .damaged, subject, "section \(kind) \(number) has \(bytes.count) bytes; cut the snapshot again")
        }
        // Sections begin at multiples of 64 bytes of a mapping that begins at a
        // page, so the elements are aligned.
        return bytes.bindMemory(to: type)
    }

    /// Compares a section with its checksum.
    func verify(_ kind: SnapshotFormat.Section, _ number: Int = 0) throws(SnapshotsError) {
        guard let entry = entries[Key(kind: kind.rawValue, number: UInt32(number))],
            Checksums.crc32(entry.bytes) == entry.checksum
        else {
            throw SnapshotsError(.damaged, subject, "section \(kind) \(number) is damaged; cut the snapshot again")
        }
    }

    /// Compares every section with its checksum.
    func verifyAll() throws(SnapshotsError) {
        for (key, entry) in entries where Checksums.crc32(entry.bytes) != entry.checksum {
            let kind = SnapshotFormat.Section(rawValue: key.kind).map { "\($0)" } ?? "\(key.kind)"
            throw SnapshotsError(
                .damaged, subject, "section \(kind) \(key.number) is damaged; cut the snapshot again")
        }
    }
}
