// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Foundation

/// Writes the sections of a snapshot beside its place, and moves it there when
/// it is complete and on the disk. Left alone before `finish`, it takes the
/// temporary file away.
final class SnapshotFileWriter {
    private let url: URL
    private let temporaryPath: String
    private let descriptor: Int32
    private var offset = SnapshotFormat.headerCount
    private var table: [UInt8] = []
    private var isFinished = false

    init(_ url: URL) throws(SnapshotsError) {
        self.url = url
        let name = ".\(url.lastPathComponent).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        temporaryPath = url.deletingLastPathComponent().appendingPathComponent(name).path
        descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.refused(url, "create") }
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw Self.refused(url, "write") }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    /// Appends a section. Its elements are little endian already, as they are in
    /// memory on every system that we run on.
    func section<Element: BitwiseCopyable>(
        _ kind: SnapshotFormat.Section, _ number: Int, _ elements: [Element]
    ) throws(SnapshotsError) {
        try align()
        let start = offset
        let sum = try elements.withUnsafeBufferPointer { buffer throws(SnapshotsError) in
            let bytes = UnsafeRawBufferPointer(buffer)
            try write(bytes)
            return Checksums.crc32(bytes)
        }
        append(kind.rawValue)
        append(UInt32(truncatingIfNeeded: number))
        append(UInt64(start))
        append(UInt64(offset - start))
        append(sum)
        append(UInt32(0))
    }

    /// Writes the table and the header, waits for the disk, and gives the file
    /// its name.
    func finish() throws(SnapshotsError) {
        try align()
        let tableOffset = offset
        try write(table)
        var header = SnapshotFormat.magic
        func append<Number: FixedWidthInteger>(_ value: Number) {
            withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
        }
        append(SnapshotFormat.version)
        append(UInt32(truncatingIfNeeded: table.count / SnapshotFormat.entryCount))
        append(UInt64(offset))
        append(UInt64(tableOffset))
        append(Checksums.crc32(table))
        append(Checksums.crc32(header))
        header += [UInt8](repeating: 0, count: SnapshotFormat.headerCount - header.count)
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.refused(url, "write") }
        try write(header)
        guard fsync(descriptor) == 0 else { throw Self.refused(url, "synchronise") }
        guard rename(temporaryPath, url.path) == 0 else { throw Self.refused(url, "rename") }
        isFinished = true
        // The name itself is on the disk when the folder is.
        let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private func align() throws(SnapshotsError) {
        let rest = offset % SnapshotFormat.alignment
        if rest > 0 { try write([UInt8](repeating: 0, count: SnapshotFormat.alignment - rest)) }
    }

    private func append<Number: FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value.littleEndian) { table.append(contentsOf: $0) }
    }

    private func write(_ bytes: [UInt8]) throws(SnapshotsError) {
        try bytes.withUnsafeBufferPointer { buffer throws(SnapshotsError) in
            try write(UnsafeRawBufferPointer(buffer))
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(SnapshotsError) {
        var done = 0
        while done < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.refused(url, "write") }
            done += count
        }
        offset += bytes.count
    }

    private static func refused(_ url: URL, _ verb: String) -> SnapshotsError {
        let number = errno
        return SnapshotsError(
            .system(errno: number), url.path,
            "the system does not \(verb) the file (\(String(cString: strerror(number))))")
    }
}
