// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A folder that is removed with the value that owns it.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where a file lies in it, whether it is there or not.
    public func file(_ path: String) -> URL { url.appendingPathComponent(path) }

    /// Writes a file, with the folders on the way to it.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, to path: String) throws -> URL {
        let file = file(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file
    }

    @discardableResult
    public func write(_ text: String, to path: String) throws -> URL { try write(text.utf8, to: path) }

    public func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: file(path))) }
}
