// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Why an operation on geometry could not be done.
///
/// `description` is one sentence for a person. A geometry that is merely
/// invalid is no error: see `ValidityFault` and `Repair`.
public struct TopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// A ring that is not closed or has too few positions, a line of one
        /// position, a number that is not finite.
        case malformed
        /// Nothing is left of the geometry on the grid.
        case collapsed
        /// The geometry stays invalid after every repair.
        case irreparable
        /// GEOS could not finish, usually over invalid input.
        case library
    }

    public let kind: Kind
    /// What was being done: `union`, `makeValid`.
    public let operation: String
    /// Where the trouble is, in the coordinates of the geometry, when known.
    public let location: Coordinate?
    public let description: String

    init(_ kind: Kind, _ operation: String, at location: Coordinate? = nil, _ sentence: String) {
        self.kind = kind
        self.operation = operation
        self.location = location
        description = sentence
    }
}
