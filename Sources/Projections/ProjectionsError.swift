// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a reference system, a transformation or a fit was refused.
///
/// `description` is one sentence for a person: what is wrong, with which
/// reference system or position, and what would be accepted.
public struct ProjectionsError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The text names no reference system that PROJ knows.
        case unknownReferenceSystem
        /// The text is a reference system with a known mistake in it.
        case malformed
        /// A reference system that has no use here, such as a geocentric one.
        case unsupported
        /// The datum shift between the two is not known; guessing is refused.
        case ballpark
        /// A datum shift is known, but not for the area of the data.
        case outsideArea
        /// A position that the projection has no image for.
        case notTransformable
        /// An edge that would need too many vertices to stay on its line.
        case tooManyVertices
        /// Control points that cannot be read or do not determine a fit.
        case controlPoints
        /// PROJ itself failed, for instance because its database is missing.
        case library
    }

    public let kind: Kind
    /// The reference system, file or position that the error is about.
    public let subject: String
    /// Where in a buffer the first failing position stands; nil elsewhere.
    public let index: Int?
    public let description: String

    public init(_ kind: Kind, subject: String, index: Int? = nil, _ sentence: String) {
        self.kind = kind
        self.subject = subject
        self.index = index
        description = sentence
    }
}
