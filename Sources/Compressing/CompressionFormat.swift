// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What surrounds a deflate stream.
public enum CompressionFormat: Hashable, Sendable {
    /// Nothing, as within ZIP archives (RFC 1951).
    case raw
    /// Two bytes of header and an Adler-32, as within PNG (RFC 1950).
    case zlib
    /// A longer header and a CRC-32, as in `.gz` files and HTTP (RFC 1952).
    case gzip

    var name: String {
        switch self {
        case .raw: "deflate data"
        case .zlib: "zlib data"
        case .gzip: "gzip data"
        }
    }
}
