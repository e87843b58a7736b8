// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why bytes or text are not a geometry that this module reads.
public struct SimpleFeaturesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs.
    public enum Kind: Hashable, Sendable {
        /// The input ends before the geometry does, or a count in it promises
        /// more than there are bytes left.
        case truncated
        /// The input is not of the format at all, or breaks its grammar.
        case malformed
        /// The input goes on after the geometry is complete.
        case trailing
        /// A type of geometry that Simple Features in the plane does not have:
        /// arcs, curves, surfaces.
        case unsupportedType
        /// An ordinate that is NaN or infinite.
        case notFinite
        /// A ring whose last position is not its first.
        case ringNotClosed
        /// A line of one position, or a ring of fewer than four.
        case tooFewPositions
        /// A limit of `GeometryLimits` or of a reader is passed.
        case limitExceeded
    }

    /// The format that was being read.
    public enum Format: String, Hashable, Sendable {
        case wkb = "WKB"
        case wkt = "WKT"
        case geoPackage = "GeoPackage geometry"
        case geoJSON = "GeoJSON"
    }

    public let kind: Kind
    public let format: Format
    /// Where the fault was found, in bytes from the start of the input; nil when
    /// the detail names the place.
    public let offset: Int?
    /// A clause that says what is wrong there and what would be accepted.
    public let detail: String

    public init(_ kind: Kind, _ format: Format, offset: Int?, _ detail: String) {
        self.kind = kind
        self.format = format
        self.offset = offset
        self.detail = detail
    }

    public var description: String {
        guard let offset else { return "\(format.rawValue): \(detail)." }
        return "\(format.rawValue) at byte \(offset): \(detail)."
    }
}
