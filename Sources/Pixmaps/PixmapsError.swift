// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a picture could not be read or written.
public struct PixmapsError: Error, Hashable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The bytes are no PNG, or a damaged one.
        case unreadable
        /// The picture has more pixels than the caller allows.
        case tooLarge
        /// The picture has no pixels.
        case empty
        /// There is no memory for the work.
        case outOfMemory
    }

    public let kind: Kind
    /// One sentence: what is wrong and what would be accepted.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
