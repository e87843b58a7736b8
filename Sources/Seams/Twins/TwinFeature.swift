// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A building, a shop: something that two towns may both have delivered.
public struct TwinFeature: Hashable, Sendable {
    /// Unique in the layer.
    public var id: Int64
    /// The town or source; twins have different ones.
    public var owner: Int64
    /// Of twins, a protected one is kept, then the one with the higher authority;
    /// of equals the one whose source comes first, then the lower id.
    public var authority: Int
    /// Whether it must neither go nor change.
    public var isProtected: Bool
    public var source: String
    public var name: String?
    /// An area or a point: x east, y north, in metres on the district's grid.
    public var geometry: Geometry

    public init(
        id: Int64, owner: Int64, authority: Int = 0, isProtected: Bool = false, source: String = "",
        name: String? = nil, geometry: Geometry
    ) {
        self.id = id
        self.owner = owner
        self.authority = authority
        self.isProtected = isProtected
        self.source = source
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
    /// The parts of one thing that was cut share no more than this of the smaller area.
    public var cutShare = 0.05
    /// How far apart the two sides of a cut may be, in metres.
    public var cutDistance = 0.05
    /// A cut is no shorter, in metres.
    public var shortestCut = 1.0
    /// How far apart two points of one name may be, in metres.
    public var pointDistance = 5.0
    /// Two points with different names, or without, are reported up to this distance, in metres.
    public var placeDistance = 1.0

    public init() {}

    /// Between two features that have to do with each other, in metres.
    public var farthest: Double { max(pointDistance, placeDistance, cutDistance) }
}

/// What was decided about two features.
public struct TwinDecision: Hashable, Sendable {
    /// Why both stay.
    public enum Doubt: String, Hashable, Sendable, Codable {
        case part = "they share a part of their ground"
        case place = "two things at one place, without a common name"
        case attributes = "their attributes differ"
        case shape = "together they are not one area"
        case protected = "both are protected"
        case joinedBefore = "one of them was joined to a third"
    }

    public enum Verdict: Hashable, Sendable {
        /// The same thing twice.
        case duplicate(kept: Int64, dropped: Int64)
        /// One thing, cut at the border, and whole again: `kept` gets the
        /// geometry, `dropped` goes.
        case joined(Geometry, kept: Int64, dropped: Int64)
        /// One thing, cut at the border, and still in two.
        case cut(Doubt)
        /// Perhaps the same; a person should look.
        case unsure(Doubt)
    }

    public var verdict: Verdict
    /// Both ids, in rising order.
    public var features: [Int64]
    /// In metres.
    public var place: Coordinate
    /// What both have in common: the common ground, the edge along which one
    /// thing was cut, or the line between two points.
    public var geometry: Geometry
    /// How far the two are apart, in metres: points, or the sides of a cut.
    public var distance: Double
    /// The common ground, in square metres.
    public var area: Double
    /// For areas the share that led to the verdict; for points
    /// 1 − *d*/2*limit*; for cuts the share of the shorter side that is shared.
    public var confidence: Double
}

/// What was decided about the twins of a layer.
public struct TwinResult: Hashable, Sendable {
    /// Best confidence first, then by ids. A feature that was dropped is named
    /// by no later decision.
    public var decisions: [TwinDecision] = []
    /// For each dropped feature the one that stands for it in the end.
    public var standIns: [Int64: Int64] = [:]
    /// The ids of all features that the result is about, in rising order. What
    /// was known of these from an earlier result no longer holds.
    public var considered: [Int64] = []
}
