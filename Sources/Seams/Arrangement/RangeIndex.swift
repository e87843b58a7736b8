// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SpatialIndexing

/// Finds which of many ranges meet another one.
///
/// The tree holds 32-bit cells of a whole number of millimetres, so an answer
/// may name a range that misses by a cell: callers compare exactly.
struct RangeIndex {
    private let tree: [UInt8]
    private let origin: GridPoint
    private let unit: Int64
    let extent: GridRange

    /// - Complexity: O(*n*).
    init(_ ranges: [GridRange]) {
        var extent = GridRange.empty
        for range in ranges { extent.expand(toContain: range) }
        let origin = extent.isEmpty ? GridPoint(0, 0) : GridPoint(extent.minX, extent.minY)
        let size = extent.isEmpty ? 0 : max(extent.maxX - extent.minX, extent.maxY - extent.minY)
        let unit = size / 1_000_000_000 + 1
        tree = PackedHilbertTree.build(ranges.map { Self.box($0, origin, unit) })
        self.origin = origin
        self.unit = unit
        self.extent = extent
    }

    private static func box(_ range: GridRange, _ origin: GridPoint, _ unit: Int64) -> GridBox {
        func cell(_ value: Int64) -> Int32 {
            Int32(max(-1_500_000_000, min(1_500_000_000, (Double(value) / Double(unit)).rounded(.down))))
        }
        return GridBox(
            minX: cell(range.minX - origin.x), minY: cell(range.minY - origin.y), maxX: cell(range.maxX - origin.x),
            maxY: cell(range.maxY - origin.y))
    }

    /// Calls `visit` with the number of each range that meets `range`, in no
    /// order that means anything.
    ///
    /// - Complexity: O(log *n* + hits).
    @inline(__always)
    func search(_ range: GridRange, _ visit: (Int) -> Void) {
        guard !range.isEmpty, range.intersects(extent) else { return }
        tree.withUnsafeBytes { bytes in
            guard let view = PackedHilbertTreeView(bytes) else { return }
            view.search(Self.box(range, origin, unit)) { item in
                visit(item)
                return true
            }
        }
    }
}
