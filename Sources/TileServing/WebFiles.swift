// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Crypto
import Foundation
import NIOCore

/// The viewer's files by name: our own, which are compiled in, and those of
/// MapLibre GL JS, which set-up fetches. The set is closed; a request's name
/// is looked up here and never on disk.
struct WebFiles: Sendable {
    struct File: Sendable {
        var mediaType: String
        var plain: ByteBuffer
        /// The same, compressed with gzip.
        var compressed: ByteBuffer
        /// Of the plain bytes, without its quotes.
        var entityTag: String
    }

    private let files: [String: File]

    /// Whether MapLibre GL JS is there.
    let hasMapLibrary: Bool

    /// - Parameter folder: Where `maplibre-gl.js` and `maplibre-gl.css` lie.
    init(folder: URL?) throws {
        var files: [String: File] = [:]
        for (name, bytes) in WebFiles.embedded { files[name] = try File(name: name, bytes: bytes) }
        let library = ["maplibre-gl.js", "maplibre-gl.css"]
        for name in library {
            guard let folder, let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { continue }
            files[name] = try File(name: name, bytes: [UInt8](data))
        }
        hasMapLibrary = library.allSatisfy { files[$0] != nil }
        self.files = files
    }

    subscript(name: String) -> File? { files[name] }

    /// The viewer's page.
    static let page = "index.html"

    private static var embedded: [(String, [UInt8])] {
        [
            (page, PackageResources.index_html),
            ("icon.svg", PackageResources.icon_svg),
            ("viewer.css", PackageResources.viewer_css),
            ("viewer.js", PackageResources.viewer_js),
            ("layers.js", PackageResources.layers_js),
            ("alerts.js", PackageResources.alerts_js),
            ("clock.js", PackageResources.clock_js),
            ("completeness.js", PackageResources.completeness_js),
            ("details.js", PackageResources.details_js),
            ("provenance.js", PackageResources.provenance_js),
            ("tiles.js", PackageResources.tiles_js),
            ("words.js", PackageResources.words_js),
        ]
    }
}

extension WebFiles.File {
    fileprivate init(name: String, bytes: [UInt8]) throws {
        mediaType =
            switch name.split(separator: ".").last {
            case "html": "text/html; charset=utf-8"
            case "svg": "image/svg+xml"
            case "css": "text/css; charset=utf-8"
            default: "text/javascript; charset=utf-8"
            }
        plain = ByteBuffer(bytes: bytes)
        compressed = ByteBuffer(bytes: try Deflate.compress(bytes, format: .gzip, level: 9))
        entityTag = EntityTag.of(bytes)
    }
}

/// Strong entity tags from content.
enum EntityTag {
    /// 24 hexadecimal digits, without quotes.
    static func of(_ bytes: some DataProtocol) -> String {
        SHA256.hash(data: bytes).prefix(12).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
