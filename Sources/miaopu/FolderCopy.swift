// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A copy of a folder's files and folders. Links, pipes and devices stay
/// behind: a pipe would be waited for without end, and a link may lead out of
/// the folder. What cannot be read stays behind too; whoever lists the folder
/// has said so.
struct FolderCopy {
    let isCancelled: () -> Bool

    /// - Throws: what the storage says when a file cannot be written;
    ///   `ExitStatus.interrupted` when cancelled. Part of the copy is then left.
    func copy(_ source: URL, to target: URL) throws {
        let files = FileManager.default
        try files.createDirectory(at: target, withIntermediateDirectories: true)
        guard let names = try? files.contentsOfDirectory(atPath: source.path) else { return }
        for name in names.sorted() {
            if isCancelled() { throw ExitStatus.interrupted }
            let from = source.appendingPathComponent(name)
            let to = target.appendingPathComponent(name)
            switch (try? files.attributesOfItem(atPath: from.path))?[.type] as? FileAttributeType {
            case .typeDirectory?: try copy(from, to: to)
            case .typeRegular? where files.isReadableFile(atPath: from.path):
                try files.copyItem(at: from, to: to)
            default: continue
            }
        }
    }
}
