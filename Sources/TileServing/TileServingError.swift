// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a request or the server itself could not do what was asked.
public struct TileServingError: Error, CustomStringConvertible, Sendable {
    /// What went wrong, as far as the answer's status depends on it.
    public enum Kind: Sendable, Equatable {
        /// The request breaks the grammar of its path, query or headers.
        case malformed
        /// Nothing of that name, or a tile outside its matrix.
        case notFound
        /// The caller may not do this.
        case forbidden
        /// The path exists for other methods only; these are they.
        case methodNotAllowed(allowed: String)
        /// The client sent its body too slowly.
        case requestTimeout
        /// The body is over the ceiling.
        case contentTooLarge
        /// The request target is over the ceiling.
        case targetTooLong
        /// More work is waiting than the bound allows, or a wait ran out.
        case overloaded
        /// The catalogue is not loaded yet, or a part that the answer needs is down.
        case unavailable
        /// The port or address cannot be had.
        case addressUnavailable
        /// A file of the installation or the district cannot be read.
        case unreadable
        /// A fault of the server's own.
        case failed
    }

    public let kind: Kind
    /// One sentence for a person. It holds no path of the machine and no unescaped markup of the request's.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
