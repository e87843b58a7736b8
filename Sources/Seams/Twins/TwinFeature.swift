// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A building, a shop: something that two towns may both have delivered.
public struct TwinFeature: Hashable, Sendable {
    /// Unique in the layer.
    public var id: Int64
    /// The town or source; twins have different ones.
    public var owner: Int64
    /// Of twins, the one with the higher authority is kept; of equals the lower id.
    public var authority: Int
    public var name: String?
    /// An area or a point: x east, y north, in metres on the millimetre grid.
    public var geometry: Geometry

    public init(id: Int64, owner: Int64, authority: Int = 0, name: String? = nil, geometry: Geometry) {
        self.id = id
        self.owner = owner
        self.authority = authority
        self.name = name
        self.geometry = geometry
    }
}

/// When two features are taken for one thing.
public struct TwinRules: Hashable, Sendable, Codable {
    /// From this share of common area over joint area on, two areas are one.
    public var sameShare = 0.6
    /// So are two of which one lies in the other by this share, if they differ
    /// in area by no more than twice.
    public var insideShare = 0.9
    /// From this share of the smaller area on, two areas are reported.
    public var reportedShare = 0.3
    /// How far apart the two sides of a cut may be, in metres.
    public var cutDistance = 0.05
    /// A cut is no shorter, in metres.
    public var shortestCut = 1.0
    /// How far apart two points of one name may be, in metres.
    public var pointDistance = 5.0
    /// Two points with different names, or without, are reported up to this distance, in metres.
    public var placeDistance = 1.0
    /// How many decisions are returned.
    public var mostRecords = 10_000

    public init() {}
}

/// What was decided about two features.
public struct TwinDecision: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        /// The same thing twice.
        case duplicate(kept: Int64, dropped: Int64)
        /// One thing, cut at the border, and whole again: `kept` gets the
        /// geometry, `dropped` goes.
        case joined(Geometry, kept: Int64, dropped: Int64)
        /// One thing, cut at the border; attributes or shape kept it apart.
        case cut
        /// Perhaps the same; a person should look.
        case unsure
    }

    public var verdict: Verdict
    /// Both ids, in rising order.
    public var features: [Int64]
    /// In metres.
    public var place: Coordinate
    /// For areas the share that led to the verdict; for points
    /// 1 − *d*/2*limit*; for cuts the share of the shorter side that is shared.
    public var confidence: Double
}
