// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A geometry as the store keeps it, with all that was done to it.
///
/// Areas are valid, rings of exteriors run anticlockwise and those of holes
/// clockwise, and every ordinate lies on the grid.
public struct NormalisedGeometry: Hashable, Sendable {
    public var geometry: Geometry
    /// What had to be changed beyond rounding; empty for a clean geometry.
    public var repairs: [Repair] = []
    /// Parts without any position that were left out.
    public var emptyPartsRemoved = 0
    /// Positions that repeated the one before, in the input.
    public var repeatedPositionsRemoved = 0

    public init(geometry: Geometry) {
        self.geometry = geometry
    }
}

/// One change that a geometry needed in order to be valid on the grid.
public struct Repair: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The geometry was invalid as delivered and was made valid.
        case madeValid
        /// Rounding alone would have made it invalid: our doing, not the
        /// town's. It was rounded with its topology kept.
        case roundedWithTopology
        /// A part or hole that encloses no area on the grid, or a line that is
        /// one position there, was dropped.
        case droppedCollapsed
    }

    public let kind: Kind
    /// What was wrong, in GEOS's words where it found it.
    public let reason: String
    /// Where, in the coordinates of the geometry.
    public let location: Coordinate?
    /// In square units of the plane.
    public let areaBefore, areaAfter: Double

    /// Whether the fault was in the delivery, rather than made by rounding.
    public var isFaultOfDelivery: Bool { kind == .madeValid }

    public var description: String {
        let place = location.map { " at \($0.brief)" } ?? ""
        let change = "area \(areaBefore.toThousandths) → \(areaAfter.toThousandths)"
        return switch kind {
        case .madeValid: "\(reason)\(place): made valid, \(change)"
        case .roundedWithTopology: "\(reason)\(place) after plain rounding: rounded with topology, \(change)"
        case .droppedCollapsed: "\(reason)\(place): dropped, \(change)"
        }
    }
}

extension Coordinate {
    /// For sentences: to the thousandth, as most grids are.
    var brief: String { "(\(x.toThousandths), \(y.toThousandths))" }
}

extension Double {
    var toThousandths: Double {
        let scaled = (self * 1000).rounded()
        return scaled.isFinite ? scaled / 1000 : self
    }
}
