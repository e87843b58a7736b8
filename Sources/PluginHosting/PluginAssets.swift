// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc

/// The files in `assets/` of a plugin's folder, which the host serves without
/// asking the plugin.
public struct PluginAssets: Sendable {
    private let folder: String

    /// The largest file that is served, in bytes.
    public static let maxBytes = 8 << 20

    /// Nil for a plugin without such a folder: its own pages may be called so.
    public init?(of plugin: PluginDescription) {
        guard let folder = plugin.folder else { return nil }
        self.folder = folder + "/assets"
        var status = stat()
        guard lstat(self.folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    }

    /// The parts of a path below `/assets/`; nil for another path.
    public static func name(in path: String) -> [String]? {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return parts.count >= 2 && parts[0] == "assets" ? Array(parts.dropFirst()) : nil
    }

    /// The media type of a file; nil for an ending that is not served.
    public static func mediaType(of name: String) -> String? {
        mediaTypes[name.split(separator: ".").last.map { $0.lowercased() } ?? ""]
    }

    /// What a file holds.
    ///
    /// Each part of the name is opened by itself and no link is followed, so
    /// that nothing outside of the folder can be reached, whatever happens
    /// meanwhile to the folder.
    ///
    /// - Throws: `.notFound` for what is no regular file, is hidden, or is too large.
    public func contents(of name: [String]) throws(PluginHostingError) -> [UInt8] {
        let missing = PluginHostingError(.notFound, name.joined(separator: "/"), "The plugin has no file of that name.")
        guard name.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("/") }) else { throw missing }
        var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        for (index, part) in name.enumerated() where descriptor >= 0 {
            let kind = index == name.count - 1 ? O_NONBLOCK : O_DIRECTORY
            let next = openat(descriptor, part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
            close(descriptor)
            descriptor = next
        }
        guard descriptor >= 0 else { throw missing }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw missing }
        guard status.st_size <= Self.maxBytes else {
            throw PluginHostingError(
                .notFound, name.joined(separator: "/"),
                "The file has \(status.st_size) bytes; at most \(Self.maxBytes) are served.")
        }
        guard let data = try? handle.read(upToCount: Self.maxBytes) ?? Data() else { throw missing }
        return [UInt8](data)
    }

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "json": "application/json", "geojson": "application/geo+json",
        "html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "webp": "image/webp", "ico": "image/x-icon", "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf",
        "pbf": "application/x-protobuf", "pdf": "application/pdf",
    ]
}
