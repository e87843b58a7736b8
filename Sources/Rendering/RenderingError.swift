// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a tile could not be drawn at all.
public struct RenderingError: Error, Hashable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The tile matrix set has no such tile.
        case noSuchTile
        /// The picture's size is not accepted.
        case badSize
        /// A sprite cannot be read.
        case badSprite
        /// The picture could not be written.
        case encoding
    }

    public let kind: Kind
    /// One sentence: what is wrong and what would be accepted.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
