// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// An area of a layer that must tile: a town, a grid cell, a parcel.
public struct CoverageFeature: Hashable, Sendable {
    /// Unique in the layer.
    public var id: Int64
    /// The town or source. Gaps and overlaps are looked for between different
    /// owners only.
    public var owner: Int64
    /// Where two borders disagree, the one with the higher authority stays.
    public var authority: Int
    /// Whether its border must never move.
    public var isProtected: Bool
    /// A valid polygon or multipolygon: x east, y north, in metres, every
    /// ordinate on the district's grid as `GridPrecision` has it. Anything else
    /// is left alone and out of sight.
    public var geometry: Geometry

    public init(id: Int64, owner: Int64, authority: Int = 0, isProtected: Bool = false, geometry: Geometry) {
        self.id = id
        self.owner = owner
        self.authority = authority
        self.isProtected = isProtected
        self.geometry = geometry
    }
}

/// Up to what size a defect of a coverage is repaired.
public struct CoverageRules: Hashable, Sendable, Codable {
    /// The widest gap that is closed, in metres. The width is the diameter of
    /// the largest circle within.
    public var gapWidth = 1.0
    /// The largest gap that is closed, in square metres.
    public var gapArea = 5000.0
    /// The widest overlap that is resolved, in metres.
    public var overlapWidth = 1.0
    /// The largest overlap that is resolved, in square metres.
    public var overlapArea = 5000.0
    /// A gap or overlap not wider than this is a rounding of vertices on a
    /// shared edge and not spoken of, in metres; never less than three quarters
    /// of a cell of the grid.
    public var smallestWidth = 0.00075
    /// How many times deeper than its mouth is wide a slit must be to be taken
    /// for a gap, and not for a corner of the outer border.
    public var slitDepth = 4.0
    /// From which length on an arm of ground is a spike, in metres.
    public var spikeLength = 1.0
    /// The sides of a spike open by less than this, in degrees.
    public var spikeAngle = 10.0
    /// How many defect records are returned; the totals count all.
    public var mostRecords = 10_000

    public init() {}
}
