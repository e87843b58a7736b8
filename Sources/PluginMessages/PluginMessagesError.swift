// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A message that does not say what the contract asks of it.
public struct PluginMessagesError: Error, CustomStringConvertible, Hashable, Sendable {
    /// What kind of mistake it is.
    public enum Kind: Hashable, Sendable {
        /// A feature has no place among the fields of its layer.
        case feature
        /// A batch contradicts itself: runs of unequal length, a bad index.
        case batch
        /// More than the contract allows.
        case limit
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// The layer in question.
    public let layer: String
    /// One sentence: what is wrong and what would be accepted.
    public let description: String

    /// Makes an error of one sentence about a layer.
    public init(_ kind: Kind, layer: String, _ description: String) {
        self.kind = kind
        self.layer = layer
        self.description = description
    }
}
