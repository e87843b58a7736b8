// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The file into which a child stores its crash. The parent makes it in the
/// child's folder and keeps it open; the child maps it and takes its name away.
struct CrashReportFile: ~Copyable {
    private let descriptor: Int32

    private static let name = "crash-report"

    /// Nil when the folder has no room for it: a crash then has no stack.
    init?(in folder: URL) {
        let path = folder.appendingPathComponent(Self.name).path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        // Memory of a file that has no room faults when it is written to.
        guard posix_fallocate(descriptor, 0, off_t(CrashRecorder.reportBytes)) == 0 else {
            close(descriptor)
            unlink(path)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }

    /// What the child stored; nil when it did not crash, or had no time to.
    func report() -> CrashReport? {
        var bytes = [UInt8](repeating: 0, count: CrashRecorder.reportBytes)
        guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return nil }
        return CrashReport(bytes)
    }

    /// The child's side: in its folder, before it does anything.
    static func takeUp() {
        let descriptor = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        let memory = mmap(
            nil, CrashRecorder.reportBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        close(descriptor)
        unlink(name)
        guard let memory, memory != MAP_FAILED else { return }
        CrashRecorder.begin(into: memory)
    }
}
