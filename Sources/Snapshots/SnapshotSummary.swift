// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What became of a layer's features when its snapshot was cut.
public struct SnapshotSummary: Hashable, Sendable, Codable {
    /// Features given to the writer.
    public var featureCount: Int
    /// Features without any position: no geometry, or an empty one. They are in
    /// no level.
    public var withoutGeometry: Int
    /// Features with positions outside the tile matrix set, which were put on
    /// its border.
    public var clamped: Int
    /// One entry for each level, the finest first.
    public var levels: [SnapshotLevelLedger]

    public init(
        featureCount: Int = 0, withoutGeometry: Int = 0, clamped: Int = 0, levels: [SnapshotLevelLedger] = []
    ) {
        self.featureCount = featureCount
        self.withoutGeometry = withoutGeometry
        self.clamped = clamped
        self.levels = levels
    }
}

/// What one level of detail shows, and what it no longer shows.
public struct SnapshotLevelLedger: Hashable, Sendable, Codable {
    /// Positions are multiples of 2^`cellShift` cells of the grid.
    public var cellShift: Int
    /// Features with something left to draw. A collection of points, lines and
    /// areas counts once for each of the three.
    public var drawn: Int
    /// Features of which nothing is left at this level.
    public var dropped: Int
    /// Rings and lines that shrank to nothing, those of dropped features
    /// included.
    public var collapsedRuns: Int
    /// Positions that are drawn; rings without the closing one.
    public var positions: Int
    /// The area of all polygons as they were given, in square units of the
    /// reference system.
    public var sourceArea: Double
    /// The area of all polygons as they are drawn.
    public var drawnArea: Double

    public init(
        cellShift: Int, drawn: Int = 0, dropped: Int = 0, collapsedRuns: Int = 0, positions: Int = 0,
        sourceArea: Double = 0, drawnArea: Double = 0
    ) {
        self.cellShift = cellShift
        self.drawn = drawn
        self.dropped = dropped
        self.collapsedRuns = collapsedRuns
        self.positions = positions
        self.sourceArea = sourceArea
        self.drawnArea = drawnArea
    }
}
