// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a file is not read or written as a whole. What is wrong with one record
/// is a `FeatureFault`.
public struct FormatsError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// There is no such file, or it may not be read.
        case notFound
        /// The contents are none of the formats that are read, or not of the one
        /// that the name promises.
        case unrecognised
        /// The file is of its format, but cut off, damaged or contradicting
        /// itself.
        case damaged
        /// A ceiling of `DatasetLimits` is passed.
        case tooLarge
        /// The file carries what is refused on principle: views, links to other
        /// files, names that lead out of an archive.
        case unsafe
        /// A layer, field or condition that was asked for does not fit the file.
        case wrongUse
        /// The system failed: no memory, a full disk.
        case system
    }

    public let kind: Kind
    /// One sentence: what is wrong, where, and what would be accepted.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
