// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Snapshots
import SpatialIndexing

/// Reads features back out of a snapshot: what plugins ask of the district.
enum SnapshotQuery {
    /// At most `limit` records whose boxes meet an envelope, in full detail and
    /// with all attributes of the snapshot; envelope and geometries in OGC:CRS84.
    ///
    /// - Parameter isWanted: told a feature's values in the order of the schema.
    static func records(
        of snapshot: Snapshot, in envelope: Envelope, limit: Int,
        where isWanted: ([AttributeValue]) -> Bool = { _ in true }
    ) -> [FeatureRecord] {
        guard let level = snapshot.levels.first, !envelope.isEmpty else { return [] }
        let grid = snapshot.grid
        let low = grid.cell(WebMercatorGround.metres(Coordinate(x: envelope.minX, y: envelope.minY)))
        let high = grid.cell(WebMercatorGround.metres(Coordinate(x: envelope.maxX, y: envelope.maxY)))
        var records: [FeatureRecord] = []
        guard limit > 0 else { return records }
        // Rows of the grid count southwards.
        level.search(GridBox(minX: low.x, minY: high.y, maxX: high.x, maxY: low.y)) { feature in
            let row = level.row(of: feature)
            let values = snapshot.columns.map { $0.value(row: row) }
            guard isWanted(values) else { return true }
            records.append(
                FeatureRecord(
                    id: snapshot.featureID(row: row), geometry: geometry(level.geometry(of: feature), grid),
                    values: values))
            return records.count < limit
        }
        return records
    }

    private static func geometry(_ shape: SnapshotGeometry, _ grid: SnapshotGrid) -> Geometry? {
        let runs = (0..<shape.runCount).map { positions(shape.run($0), grid) }
        switch shape.kind {
        case .points:
            let points = runs.joined().map { Point($0) }
            return points.count == 1 ? .point(points[0]) : .multiPoint(MultiPoint(points))
        case .lines:
            return runs.count == 1
                ? .lineString(LineString(runs[0])) : .multiLineString(MultiLineString(runs.map { LineString($0) }))
        case .polygons:
            var polygons: [Polygon] = []
            for (index, run) in runs.enumerated() {
                guard let first = run.first else { continue }
                let ring = LinearRing(run + [first])
                if shape.startsPart(index) || polygons.isEmpty {
                    polygons.append(Polygon(ring))
                } else {
                    polygons[polygons.count - 1].interiorRings.append(ring)
                }
            }
            return polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(MultiPolygon(polygons))
        }
    }

    private static func positions(_ run: UnsafeBufferPointer<Int32>, _ grid: SnapshotGrid) -> [Coordinate] {
        stride(from: 0, to: run.count - 1, by: 2).map {
            WebMercatorGround.degrees(grid.coordinate(x: run[$0], y: run[$0 + 1]))
        }
    }
}
