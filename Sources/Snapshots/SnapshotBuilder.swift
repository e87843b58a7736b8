// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import SpatialIndexing
import TileMatrixSets

/// Collects the features of a layer, and writes its snapshot.
///
/// Use it from one thread. It holds all positions and attributes in flat arrays:
/// some 100 bytes for a building with few attributes.
public final class SnapshotBuilder {
    public let layer: String
    public let schema: Schema
    public let tileMatrixSet: TileMatrixSet
    public let grid: SnapshotGrid

    private var ids: [Int64] = []
    private var geometry: QuantisedGeometry
    private var columns: [ColumnEncoder]
    private var summary = SnapshotSummary()

    public init(layer: String, schema: Schema, tileMatrixSet: TileMatrixSet) {
        self.layer = layer
        self.schema = schema
        self.tileMatrixSet = tileMatrixSet
        grid = SnapshotGrid(tileMatrixSet)
        geometry = QuantisedGeometry(grid: grid)
        columns = schema.fields.map { _ in ColumnEncoder() }
    }

    /// Takes one feature. One without a geometry is only counted.
    ///
    /// - Throws: `SnapshotsError` `badFeature` when the number of values is not
    ///   that of the fields; `tooLarge` beyond 2^32 − 1 positions or features.
    /// - Complexity: O(*n*) in positions and values.
    public func add(_ feature: SnapshotFeature) throws(SnapshotsError) {
        guard feature.values.count == columns.count else {
            throw SnapshotsError(
                .badFeature, layer,
                "feature \(feature.id) has \(feature.values.count) values and the schema \(columns.count) fields")
        }
        summary.featureCount += 1
        guard let shape = feature.geometry else {
            summary.withoutGeometry += 1
            return
        }
        switch geometry.append(shape, row: UInt32(truncatingIfNeeded: ids.count)) {
        case .nothing:
            summary.withoutGeometry += 1
            return
        case .placed: break
        case .clamped: summary.clamped += 1
        }
        ids.append(feature.id)
        guard ids.count < Int(UInt32.max), geometry.positionCount < Int(UInt32.max) else {
            throw SnapshotsError(
                .tooLarge, layer, "the layer has more than \(UInt32.max) features or positions; split it")
        }
        for (index, value) in feature.values.enumerated() { columns[index].append(value) }
    }

    /// Writes what was added. The builder can go on afterwards.
    ///
    /// - Parameter dataVersion: What the snapshot calls the state of the data.
    /// - Throws: `SnapshotsError` `system`; `badFeature` when an identifier
    ///   occurs twice. Nothing is left behind then.
    /// - Complexity: O(*n*) in positions for each level of detail.
    @discardableResult
    public func write(dataVersion: String, to url: URL) throws(SnapshotsError) -> SnapshotSummary {
        let order = try itemOrder()
        var rowNumbers = [UInt32](repeating: .max, count: ids.count)
        var rows: [UInt32] = []
        rows.reserveCapacity(ids.count)
        for item in order {
            let row = Int(geometry.rows[Int(item)])
            if rowNumbers[row] == .max {
                rowNumbers[row] = UInt32(truncatingIfNeeded: rows.count)
                rows.append(UInt32(truncatingIfNeeded: row))
            }
        }

        let geometry = geometry.reordered(order, rowNumbers: rowNumbers)
        let file = try SnapshotFileWriter(url)
        var summary = summary
        var envelope = GridBox.empty
        var shifts = SnapshotLevels.shifts(for: tileMatrixSet, grid: grid)[...]
        var written = 0
        while let shift = shifts.popFirst() {
            let level = LevelCutter.cut(geometry, shift: shift)
            if let finer = summary.levels.last, level.ledger.positions * 5 > finer.positions * 4 {
                // It would hardly save anything; the finer level serves.
                continue
            }
            try level.write(to: file, number: written)
            if written == 0 { for box in level.boxes { envelope.expand(toContain: box) } }
            summary.levels.append(level.ledger)
            written += 1
            // Points do not get fewer.
            if !geometry.hasRuns || level.boxes.isEmpty { break }
        }

        try file.section(.featureIDs, 0, rows.map { ids[Int($0)].littleEndian })
        for (number, column) in columns.enumerated() { try column.write(to: file, number: number, rows: rows) }
        let metadata = SnapshotMetadata(
            layer: layer, schema: schema, tileMatrixSet: tileMatrixSet, dataVersion: dataVersion, grid: grid,
            rowCount: rows.count, envelope: self.envelope(envelope), summary: summary)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try file.section(.metadata, 0, [UInt8](try encoder.encode(metadata)))
        } catch let error as SnapshotsError {
            throw error
        } catch {
            throw SnapshotsError(.badFeature, layer, "its description cannot be written as JSON")
        }
        try file.finish()
        return summary
    }

    /// The items along the Hilbert curve; those in one place by identifier.
    private func itemOrder() throws(SnapshotsError) -> [UInt32] {
        let byID = HilbertOrder.permutation(sorting: ids.map { UInt64(bitPattern: $0) ^ 1 << 63 })
        for index in byID.indices.dropFirst() where ids[Int(byID[index])] == ids[Int(byID[index - 1])] {
            throw SnapshotsError(
                .badFeature, layer, "the identifier \(ids[Int(byID[index])]) occurs twice; it must be unique")
        }
        var ranks = [UInt32](repeating: 0, count: ids.count)
        for (rank, row) in byID.enumerated() { ranks[Int(row)] = UInt32(truncatingIfNeeded: rank) }
        let ranked = HilbertOrder.permutation(sorting: geometry.rows.map { UInt64(ranks[Int($0)]) })
        let curve = HilbertOrder.permutation(sorting: ranked.map { geometry.boxes[Int($0)].hilbertIndex })
        return curve.map { ranked[Int($0)] }
    }

    private func envelope(_ box: GridBox) -> Envelope? {
        guard !box.isEmpty else { return nil }
        let northWest = grid.coordinate(x: box.minX, y: box.minY)
        let southEast = grid.coordinate(x: box.maxX, y: box.maxY)
        return Envelope(minX: northWest.x, minY: southEast.y, maxX: southEast.x, maxY: northWest.y)
    }
}

/// Which levels of detail there are.
enum SnapshotLevels {
    /// The exponents of the levels' grids: 0, and one for every second matrix
    /// whose pixels are 16 cells or more, so that a quarter of a pixel of the
    /// finer matrix of each pair is one step of the grid.
    static func shifts(for set: TileMatrixSet, grid: SnapshotGrid) -> [Int] {
        var shifts = [0]
        for matrix in set.tileMatrices.reversed() {
            let quarter = matrix.cellSize / grid.unit / 4 * 1.000_001
            guard quarter >= 4, quarter < 16_777_216, let last = shifts.last else { continue }
            let shift = Int(quarter.exponent)
            // In WebMercatorQuad: 6 for levels 16 and 15, 8 for 14 and 13, ….
            if shift >= max(last + 2, 6) { shifts.append(shift) }
        }
        return shifts
    }
}
