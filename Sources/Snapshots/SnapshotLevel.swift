// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SpatialIndexing

/// One level of detail of a snapshot: its features in Hilbert order, and a tree
/// over their boxes.
///
/// Features are numbered from 0 within the level; `row` leads to the attributes,
/// which all levels share. Any number of threads may read at once.
public final class SnapshotLevel: Sendable {
    /// Pointers into the mapped file with the counts that bound them.
    @usableFromInline
    struct Storage: @unchecked Sendable {
        // Unchecked because of the pointers; the bytes behind them are never
        // written.

        @usableFromInline let rows: UnsafeBufferPointer<UInt32>
        @usableFromInline let dimensions: UnsafeBufferPointer<UInt8>
        @usableFromInline let runStarts: UnsafeBufferPointer<UInt32>
        @usableFromInline let positionStarts: UnsafeBufferPointer<UInt32>
        @usableFromInline let partFlags: UnsafeBufferPointer<UInt8>
        @usableFromInline let positions: UnsafeBufferPointer<Int32>

        init(
            rows: UnsafeBufferPointer<UInt32>, dimensions: UnsafeBufferPointer<UInt8>,
            runStarts: UnsafeBufferPointer<UInt32>, positionStarts: UnsafeBufferPointer<UInt32>,
            partFlags: UnsafeBufferPointer<UInt8>, positions: UnsafeBufferPointer<Int32>
        ) {
            self.rows = rows
            self.dimensions = dimensions
            self.runStarts = runStarts
            self.positionStarts = positionStarts
            self.partFlags = partFlags
            self.positions = positions
        }

        /// The caller keeps `index` below the number of runs. The positions that
        /// a damaged file names are cut to those that there are.
        @usableFromInline
        @inline(__always)
        func run(_ index: Int) -> UnsafeBufferPointer<Int32> {
            let count = positions.count >> 1
            let start = min(Int(positionStarts[index]), count)
            let end = min(Int(positionStarts[index + 1]), count)
            guard start < end, let base = positions.baseAddress else {
                return UnsafeBufferPointer(start: nil, count: 0)
            }
            return UnsafeBufferPointer(start: base + 2 * start, count: 2 * (end - start))
        }
    }

    /// Positions are multiples of 2^`cellShift` cells of the grid; 0 is the
    /// finest level.
    public let cellShift: Int
    /// What is drawn and what was dropped.
    public let ledger: SnapshotLevelLedger
    /// How many features the level has.
    public let featureCount: Int
    @usableFromInline let storage: Storage
    @usableFromInline let tree: PackedHilbertTreeView
    @usableFromInline let rowCount: Int
    private let file: MappedFile

    init(
        ledger: SnapshotLevelLedger, storage: Storage, tree: PackedHilbertTreeView, rowCount: Int, file: MappedFile
    ) {
        cellShift = ledger.cellShift
        self.ledger = ledger
        featureCount = storage.dimensions.count
        self.storage = storage
        self.tree = tree
        self.rowCount = rowCount
        self.file = file
    }

    /// The box around all features; empty when there are none.
    public var box: GridBox { tree.envelope }

    /// Calls `visit` with the number of each feature whose box meets `box`,
    /// borders included, in rising order, until it returns false.
    ///
    /// The order is the same for every search, so neighbouring tiles draw their
    /// common features in the same order. Allocates nothing.
    ///
    /// - Returns: whether the search came to its end.
    @inlinable
    @discardableResult
    public func search(_ box: GridBox, _ visit: (Int) throws -> Bool) rethrows -> Bool {
        try tree.search(box, visit)
    }

    /// Whether any feature's box meets `box`: when not, a tile there is empty.
    @inlinable
    public func isEmpty(in box: GridBox) -> Bool {
        tree.search(box) { _ in false }
    }

    /// The box of a feature; empty beyond the last.
    @inlinable
    public func box(of feature: Int) -> GridBox { tree.itemBox(feature) }

    /// The row of a feature's attributes.
    @inlinable
    public func row(of feature: Int) -> Int {
        guard feature >= 0 && feature < featureCount else { return 0 }
        // A damaged file may name a row that there is not; columns answer null
        // for it.
        return Int(storage.rows[feature])
    }

    /// The geometry of a feature; no runs beyond the last.
    @inlinable
    public func geometry(of feature: Int) -> SnapshotGeometry {
        guard feature >= 0 && feature < featureCount else {
            return SnapshotGeometry(kind: .points, level: storage, firstRun: 0, runCount: 0)
        }
        let runs = storage.partFlags.count
        let first = min(Int(storage.runStarts[feature]), runs)
        let end = min(Int(storage.runStarts[feature + 1]), runs)
        return SnapshotGeometry(
            kind: SnapshotGeometryKind(rawValue: storage.dimensions[feature]) ?? .points, level: storage,
            firstRun: first, runCount: max(0, end - first))
    }
}
