// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a font cannot be used.
public struct TypesettingError: Error, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The file is missing, cannot be read or is too large.
        case unreadable
        /// The file is no scalable font, or is broken.
        case notAFont
    }

    public let kind: Kind
    /// The file.
    public let subject: String
    let reason: String

    init(_ kind: Kind, _ subject: String, _ reason: String) {
        self.kind = kind
        self.subject = subject
        self.reason = reason
    }

    public var description: String {
        "The font \(subject) \(reason); install a TrueType or OpenType font with outlines."
    }
}
