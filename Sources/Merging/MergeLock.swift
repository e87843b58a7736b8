// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Keeps two merges of one district apart. The lock goes with the process that
/// holds it, so that a merge that was killed leaves nothing to clean up.
final class MergeLock {
    private let descriptor: Int32

    /// - Throws: `MergingError` when another process holds the lock.
    init(in folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw MergingError(.system, "The folder \(folder.lastPathComponent) cannot be made: \(error.localizedDescription)")
        }
        let path = folder.appendingPathComponent("merge.lock").path
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            throw MergingError(.system, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw MergingError(.wrongUse, "Another merge of this district is running; wait for it to end.")
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }
}
