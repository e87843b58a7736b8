// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why bytes are no valid vector tile.
public struct VectorTilesError: Error, Hashable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The bytes are no protobuf message, or fields have the wrong type.
        case malformed
        /// The message breaks a rule of the vector-tile specification.
        case invalid
    }

    public let kind: Kind
    /// Where: the layer and the number of the feature, as far as known.
    public let subject: String
    /// One sentence: what is wrong, and where.
    public let description: String

    init(_ kind: Kind, _ subject: String, _ complaint: String) {
        self.kind = kind
        self.subject = subject
        description = "\(subject.isEmpty ? "The vector tile" : subject) \(complaint)."
    }
}
