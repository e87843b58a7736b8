// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What went wrong with the district's store, as one sentence for a person.
public struct DistrictStoresError: Error, CustomStringConvertible, Sendable {
    public enum Kind: Sendable, Equatable {
        /// The file is not a store of ours, or is damaged.
        case unusable
        /// The disk is full or refuses to write.
        case storage
        /// The caller asked for a layer, a field or a change that does not exist.
        case unknown
        /// The work was cancelled between two records; the store is unchanged.
        case cancelled
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
