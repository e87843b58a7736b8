// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import SimpleFeatures

/// What somebody says about the reference system of a delivery.
public struct ReferenceClaim: Hashable, Sendable, Codable {
    public enum Origin: String, Hashable, Sendable, Codable {
        /// Nobody says anything.
        case nobody
        /// The file says nothing and its format says it for all files.
        case format
        case file
        /// `district.yaml`.
        case district
    }

    public var origin: Origin
    /// `EPSG:4549`, `OGC:CRS84`, `GCJ-02`, a PROJ string, or WKT as it stands in
    /// a `.prj`; nil when nobody says anything.
    public var text: String?

    public init(_ origin: Origin, _ text: String?) {
        self.origin = text == nil ? .nobody : origin
        self.text = text
    }

    public static let none = ReferenceClaim(.nobody, nil)
}

/// A bounded choice of a delivery's positions, in its own numbers: first
/// ordinate in x, second in y, as the file has them after its axes were put into
/// the order east, north where the file says which is which.
public struct PositionSample: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Places along lines and outlines, which can lie on known lines.
        case lines
        /// Points, which can only lie inside or outside.
        case points
    }

    public var kind: Kind
    public var positions: [Coordinate]

    public init(kind: Kind, positions: [Coordinate]) {
        self.kind = kind
        self.positions = positions
    }
}

/// What is known of the ground: outlines of towns on the district's grid.
public struct ReferenceGround: Sendable {
    /// An area with its rings, closed, on the grid; x = east, y = north, metres.
    public struct Area: Hashable, Sendable {
        /// The town's code, where it is known.
        public var town: String?
        public var rings: [[Coordinate]]

        public init(town: String?, rings: [[Coordinate]]) {
            self.town = town
            self.rings = rings
        }
    }

    /// `EPSG:4549`.
    public var gridCRS: String
    /// The towns, or whatever else the district holds as areas.
    public var areas: [Area]
    /// Lines that deliveries may share: of neighbouring or of the same layers.
    public var lines: [[Coordinate]]

    public init(gridCRS: String, areas: [Area] = [], lines: [[Coordinate]] = []) {
        self.gridCRS = gridCRS
        self.areas = areas
        self.lines = lines
    }
}
