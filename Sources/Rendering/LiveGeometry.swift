// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Snapshots
import SpatialIndexing
import VectorTiles

/// One kind of geometry of a live feature on a snapshot's grid.
struct LiveGeometry {
    struct Run {
        var positions: [Int32]
        var startsPart: Bool
    }

    let kind: SnapshotGeometryKind
    var runs: [Run] = []
    var box = GridBox.empty

    private init(_ kind: SnapshotGeometryKind) {
        self.kind = kind
    }

    /// The points, lines and areas of a geometry, each kind that there is once;
    /// parts with positions that cannot be projected are left out.
    static func make(_ geometry: Geometry, _ projection: LiveProjection) -> [LiveGeometry] {
        var points = LiveGeometry(.points)
        var lines = LiveGeometry(.lines)
        var polygons = LiveGeometry(.polygons)
        func add(_ geometry: Geometry) {
            switch geometry {
            case .point(let point): points.addPoint(point, projection)
            case .multiPoint(let multi): for point in multi.points { points.addPoint(point, projection) }
            case .lineString(let line): lines.addLine(line.coordinates, projection)
            case .multiLineString(let multi):
                for line in multi.lineStrings { lines.addLine(line.coordinates, projection) }
            case .polygon(let polygon): polygons.addPolygon(polygon, projection)
            case .multiPolygon(let multi): for polygon in multi.polygons { polygons.addPolygon(polygon, projection) }
            case .geometryCollection(let collection): collection.geometries.forEach(add)
            }
        }
        add(geometry)
        return [points, lines, polygons].filter { !$0.runs.isEmpty }
    }

    /// The geometry of a tile's feature; nil when nothing of it can be drawn.
    ///
    /// - Parameters:
    ///   - extent: tile units to a side.
    ///   - square: where the tile lies, in cells.
    init?(_ geometry: VectorTileGeometry, extent: Int, square: GridTile) {
        func cells(_ points: [TilePoint]) -> [Int32] {
            points.flatMap { point in
                [
                    Self.cell(square.minX + Double(point.x) * square.spanX / Double(extent)),
                    Self.cell(square.minY + Double(point.y) * square.spanY / Double(extent)),
                ]
            }
        }
        switch geometry {
        case .unknown: return nil
        case .points(let points):
            self.init(.points)
            // Points of the margin belong to the neighbours, which have them too.
            let inside = 0..<Int32(clamping: extent)
            for point in points where inside.contains(point.x) && inside.contains(point.y) {
                append(cells([point]), startsPart: true)
            }
        case .lines(let lines):
            self.init(.lines)
            for line in lines where line.count > 1 { append(cells(line), startsPart: true) }
        case .polygons(let rings):
            self.init(.polygons)
            for (index, ring) in rings.enumerated() where ring.count > 2 {
                let positions = cells(ring)
                append(positions, startsPart: index == 0 || Self.twiceArea(positions) > 0)
            }
        }
        if runs.isEmpty { return nil }
    }

    /// What lies beyond the grid is put on its border.
    private static func cell(_ value: Double) -> Int32 {
        Int32(min(max(value.rounded(), -2_147_483_648), 2_147_483_647))
    }

    private mutating func addPoint(_ point: Point, _ projection: LiveProjection) {
        guard let coordinate = point.coordinate, let cell = projection.cell(coordinate) else { return }
        append([cell.x, cell.y], startsPart: true)
    }

    private mutating func addLine(_ coordinates: [Coordinate], _ projection: LiveProjection) {
        guard coordinates.count > 1, let positions = projection.cells(coordinates) else { return }
        append(positions, startsPart: true)
    }

    private mutating func addPolygon(_ polygon: Polygon, _ projection: LiveProjection) {
        for (index, ring) in polygon.rings.enumerated() {
            var open = ring.coordinates
            if open.first == open.last { open = open.dropLast() }
            guard open.count > 2, var positions = projection.cells(open) else {
                if index == 0 { return }
                continue
            }
            if (Self.twiceArea(positions) > 0) != (index == 0) { positions = Self.reversed(positions) }
            append(positions, startsPart: index == 0)
        }
    }

    private mutating func append(_ positions: [Int32], startsPart: Bool) {
        runs.append(Run(positions: positions, startsPart: startsPart))
        for index in stride(from: 0, to: positions.count, by: 2) {
            box.expand(x: positions[index], y: positions[index + 1])
        }
    }

    /// Positive when the ring runs clockwise on the screen.
    private static func twiceArea(_ positions: [Int32]) -> Double {
        var sum = 0.0
        var (px, py) = (Double(positions[positions.count - 2]), Double(positions[positions.count - 1]))
        for index in stride(from: 0, to: positions.count, by: 2) {
            let (x, y) = (Double(positions[index]), Double(positions[index + 1]))
            sum += px * y - x * py
            (px, py) = (x, y)
        }
        return sum
    }

    private static func reversed(_ positions: [Int32]) -> [Int32] {
        stride(from: positions.count - 2, through: 0, by: -2).flatMap { [positions[$0], positions[$0 + 1]] }
    }
}
