// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a feature of a snapshot is drawn as. Raw values are dimensions.
public enum SnapshotGeometryKind: UInt8, Hashable, Sendable {
    /// Each run is one or more separate positions.
    case points = 0
    /// Each run is a line of two or more positions.
    case lines = 1
    /// Each run is a ring of three or more positions, **without the closing
    /// one**. Exterior rings run clockwise on the screen (their area by the
    /// shoelace formula is positive with y southwards, as vector tiles ask),
    /// holes the other way.
    case polygons = 2
}

/// The geometry of one feature: runs of positions that lie in the mapped file.
///
/// It does not keep the snapshot alive: use it only while you hold the level.
/// Reading allocates nothing. Runs beyond `runCount` are empty.
public struct SnapshotGeometry {
    public let kind: SnapshotGeometryKind
    @usableFromInline let level: SnapshotLevel.Storage
    @usableFromInline let firstRun: Int
    /// How many lines or rings there are; one for points.
    public let runCount: Int

    @inlinable
    init(kind: SnapshotGeometryKind, level: SnapshotLevel.Storage, firstRun: Int, runCount: Int) {
        self.kind = kind
        self.level = level
        self.firstRun = firstRun
        self.runCount = runCount
    }

    /// The positions of one run: x₀, y₀, x₁, y₁, … on the snapshot's grid.
    @inlinable
    public func run(_ index: Int) -> UnsafeBufferPointer<Int32> {
        guard index >= 0 && index < runCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        return level.run(firstRun + index)
    }

    /// Whether a run begins a part: every line, and every exterior ring. The
    /// holes of a polygon follow its exterior ring.
    @inlinable
    public func startsPart(_ index: Int) -> Bool {
        guard index >= 0 && index < runCount else { return false }
        return index == 0 || level.partFlags[firstRun + index] != 0
    }
}
