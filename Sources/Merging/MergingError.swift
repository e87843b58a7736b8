// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a merge, or one source of it, could not go on: one sentence for a person.
public struct MergingError: Error, CustomStringConvertible, Sendable {
    public enum Kind: Sendable, Equatable {
        /// The district's files ask for something that cannot be done.
        case wrongUse
        /// One source cannot be merged; the others can.
        case sourceRefused
        /// Borders would move farther than the district allows.
        case movementRefused
        /// The machine failed us: disk, memory, a process that cannot start.
        case system
        /// A person asked to stop.
        case cancelled
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
