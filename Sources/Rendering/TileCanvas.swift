// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rasterizing
import Snapshots
import SpatialIndexing

/// The picture of one tile while it is drawn, and the buffers that drawing
/// needs; kept from tile to tile.
final class TileCanvas {
    let width: Int
    let height: Int
    /// Where is painted; nil for everywhere.
    var clip: PixelRectangle?
    var pixmap: Pixmap
    let rasterizer: Rasterizer
    private(set) lazy var field = LineField(width: width, height: height)
    private var stroker: Stroker
    private var path = Path()
    private(set) lazy var labelPen = LabelPen(width: width, height: height)
    private let points: UnsafeMutableBufferPointer<SubpixelPoint>
    private var longRun: [SubpixelPoint] = []

    /// Longer runs take memory of their own.
    private static let usualRunLength = 1024

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixmap = Pixmap(width: width, height: height)
        rasterizer = Rasterizer(width: width, height: height)
        stroker = Stroker(visible: SubpixelRectangle(width: width, height: height))
        points = .allocate(capacity: Self.usualRunLength)
        points.initialize(repeating: SubpixelPoint(x: 0, y: 0))
    }

    deinit { points.deallocate() }

    /// Hands over a run of cells in subpixels of the tile, moved by a
    /// translation, without positions that repeat their predecessor.
    @inline(__always)
    func withPoints(
        _ run: UnsafeBufferPointer<Int32>, _ grid: TileGrid, _ shift: SubpixelPoint,
        _ body: (UnsafeBufferPointer<SubpixelPoint>) -> Void
    ) {
        let count = run.count / 2
        if count <= Self.usualRunLength {
            body(Self.transform(run, grid, shift, points))
        } else {
            if longRun.count < count {
                longRun = [SubpixelPoint](repeating: SubpixelPoint(x: 0, y: 0), count: count * 2)
            }
            longRun.withUnsafeMutableBufferPointer { body(Self.transform(run, grid, shift, $0)) }
        }
    }

    @inline(__always)
    private static func transform(
        _ run: UnsafeBufferPointer<Int32>, _ grid: TileGrid, _ shift: SubpixelPoint,
        _ target: UnsafeMutableBufferPointer<SubpixelPoint>
    ) -> UnsafeBufferPointer<SubpixelPoint> {
        var written = 0
        var last = SubpixelPoint(x: .min, y: .min)
        var index = 0
        while index &+ 1 < run.count {
            let position = grid.position(run[index], run[index &+ 1])
            let point = SubpixelPoint(x: position.x &+ shift.x, y: position.y &+ shift.y)
            index &+= 2
            if point == last { continue }
            target[written] = point
            written &+= 1
            last = point
        }
        return UnsafeBufferPointer(rebasing: target[..<written])
    }

    // MARK: Shapes

    /// Adds the rings of a polygon to the shape.
    @inline(__always)
    func addPolygon(_ geometry: CellGeometry, _ grid: TileGrid, _ shift: SubpixelPoint) {
        for run in 0..<geometry.runCount {
            geometry.withRun(run) { cells in
                withPoints(cells, grid, shift) { rasterizer.add($0) }
            }
        }
    }

    /// Adds the strokes along lines, or along the rings of polygons, to the
    /// shape.
    func addStrokes(_ geometry: CellGeometry, _ grid: TileGrid, _ shift: SubpixelPoint, _ style: StrokeStyle) {
        let isClosed = geometry.kind == .polygons
        for run in 0..<geometry.runCount {
            geometry.withRun(run) { cells in
                withPoints(cells, grid, shift) { points in
                    stroker.stroke(points, isClosed: isClosed, style: style, onto: rasterizer)
                }
            }
        }
    }

    /// Calls `body` with each position of a geometry.
    func forEachPosition(
        _ geometry: CellGeometry, _ grid: TileGrid, _ shift: SubpixelPoint, _ body: (SubpixelPoint) -> Void
    ) {
        for run in 0..<geometry.runCount {
            geometry.withRun(run) { cells in
                withPoints(cells, grid, shift) { $0.forEach(body) }
            }
        }
    }

    /// Paints the shape that was added.
    @inline(__always)
    func paint(_ color: PremultipliedColor) {
        rasterizer.paint(color, onto: &pixmap, within: clip)
    }

    /// Paints the shape that was added from a source of colours.
    func paint(_ source: some PixelSource) {
        rasterizer.paint(source, onto: &pixmap, within: clip)
    }

    /// Lays colours over the whole picture.
    func paintEverything(_ source: some PixelSource) {
        path.removeAll()
        path.addRectangle(minX: 0, minY: 0, maxX: Double(width), maxY: Double(height))
        rasterizer.add(path)
        paint(source)
    }

    /// Lays a colour over the whole picture.
    func paintEverything(_ color: PremultipliedColor) {
        if color.isOpaque {
            pixmap.fill(color)
        } else {
            path.removeAll()
            path.addRectangle(minX: 0, minY: 0, maxX: Double(width), maxY: Double(height))
            rasterizer.add(path)
            paint(color)
        }
    }
}
