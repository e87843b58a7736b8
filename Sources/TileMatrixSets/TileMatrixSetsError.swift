// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a document is no tile matrix set that we can serve.
public struct TileMatrixSetsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs.
    public enum Kind: Hashable, Sendable {
        /// The text is no JSON, or a member is missing or of the wrong type.
        case malformed
        /// A number is out of its range.
        case outOfRange
        /// The set uses something of the standard that we do not draw.
        case unsupported
    }

    public let kind: Kind
    /// The set, and the matrix within it, where they are known.
    public let subject: String
    /// A clause that says what is wrong and what would be accepted.
    public let detail: String

    public init(_ kind: Kind, _ subject: String, _ detail: String) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    public var description: String { "\(subject): \(detail)." }
}
