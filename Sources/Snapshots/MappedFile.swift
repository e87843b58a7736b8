// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The bytes of a file as memory. They stay readable when the file is removed or
/// another takes its name.
final class MappedFile: @unchecked Sendable {
    // Unchecked because of the pointer; the bytes behind it are never written.

    let bytes: UnsafeRawBufferPointer

    /// - Throws: `SnapshotsError` `system`, or `notASnapshot` for an empty file.
    init(_ url: URL) throws(SnapshotsError) {
        let path = url.path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refused(path, "open") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.refused(path, "read") }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            throw SnapshotsError(.notASnapshot, path, "the file is empty or no regular file")
        }
        let count = Int(status.st_size)
        guard let address = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
            throw Self.refused(path, "map")
        }
        bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    private static func refused(_ path: String, _ verb: String) -> SnapshotsError {
        let number = errno
        return SnapshotsError(
            .system(errno: number), path, "the system does not \(verb) the file (\(String(cString: strerror(number))))")
    }
}
