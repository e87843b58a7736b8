// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Snapshots

/// The geometry of a feature as runs of positions on a snapshot's grid, whether
/// they lie in a mapped file or were made from a live feature.
///
/// Points: runs of separate positions. Lines: one run each. Polygons: one run
/// for each ring, without its closing position; exterior rings run clockwise on
/// the screen, holes the other way.
enum CellGeometry {
    case mapped(SnapshotGeometry)
    case live(LiveGeometry)

    var kind: SnapshotGeometryKind {
        switch self {
        case .mapped(let geometry): geometry.kind
        case .live(let geometry): geometry.kind
        }
    }

    var runCount: Int {
        switch self {
        case .mapped(let geometry): geometry.runCount
        case .live(let geometry): geometry.runs.count
        }
    }

    /// Whether a run begins a line or a polygon.
    func startsPart(_ index: Int) -> Bool {
        switch self {
        case .mapped(let geometry): geometry.startsPart(index)
        case .live(let geometry): geometry.runs[index].startsPart
        }
    }

    /// Reads the positions of a run: x₀, y₀, x₁, y₁, …
    @inline(__always)
    func withRun(_ index: Int, _ body: (UnsafeBufferPointer<Int32>) -> Void) {
        switch self {
        case .mapped(let geometry): body(geometry.run(index))
        case .live(let geometry): geometry.runs[index].positions.withUnsafeBufferPointer(body)
        }
    }
}
