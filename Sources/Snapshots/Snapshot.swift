// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import SpatialIndexing
import TileMatrixSets

/// A layer to draw from, in one tile matrix set: an immutable file that is
/// mapped, never parsed.
///
/// Opening costs the same whatever the size. Any number of threads may read at
/// once, without locks. A file that is damaged after it was opened gives wrong
/// pictures, never a trap or a read outside of it.
///
/// ```swift
/// let snapshot = try Snapshot(mapping: url)
/// let level = snapshot.level(forTileMatrix: address.tileMatrix)
/// let tile = snapshot.grid.tile(address, in: snapshot.tileMatrixSet)
/// level.search(tile.box(marginInPixels: 8)) { feature in
///     let geometry = level.geometry(of: feature)
///     for run in 0..<geometry.runCount { draw(geometry.run(run)) }
///     return true
/// }
/// ```
public final class Snapshot: Sendable {
    public let layer: String
    public let schema: Schema
    public let tileMatrixSet: TileMatrixSet
    /// The version of the data that the snapshot was cut from.
    public let dataVersion: String
    public let grid: SnapshotGrid
    /// What was given, drawn and dropped.
    public let summary: SnapshotSummary
    /// What is drawn lies within, in the set's reference system; empty when
    /// nothing is.
    public let envelope: Envelope
    /// Rows of the attribute table: features with something to draw.
    public let rowCount: Int
    /// One for each field of the schema, in its order.
    public let columns: [SnapshotColumn]
    /// The finest level first; at least one.
    public let levels: [SnapshotLevel]

    private let ids: SnapshotIDs
    private let sections: SealedSections

    /// Maps a file and checks its header, its section table, its description of
    /// itself and the sizes of all sections.
    ///
    /// - Throws: `SnapshotsError` `system`, `notASnapshot`, `otherVersion`,
    ///   `damaged`.
    public init(mapping url: URL) throws(SnapshotsError) {
        let file = try MappedFile(url)
        let sections = try SnapshotSections(file.bytes, subject: url.path)
        try sections.verify(.metadata)
        let metadata: SnapshotMetadata
        do {
            metadata = try JSONDecoder().decode(SnapshotMetadata.self, from: Data(try sections.bytes(.metadata)))
            tileMatrixSet = try TileMatrixSet(validating: metadata.tileMatrixSet)
        } catch {
            throw SnapshotsError(.damaged, url.path, "its description cannot be read; cut the snapshot again")
        }
        layer = metadata.layer
        schema = metadata.schema
        dataVersion = metadata.dataVersion
        grid = metadata.grid
        summary = metadata.summary
        envelope = metadata.envelope ?? .empty
        let idBuffer = try sections.array(.featureIDs, of: Int64.self, count: metadata.rowCount)
        let rowCount = idBuffer.count
        self.rowCount = rowCount
        ids = SnapshotIDs(buffer: idBuffer, file: file)

        var columns: [SnapshotColumn] = []
        for (number, field) in metadata.schema.fields.enumerated() {
            let codes = try sections.bytes(.codes, number)
            let dictionary = try sections.bytes(.dictionary, number)
            let codeSize = rowCount == 0 ? 1 : codes.count / rowCount
            guard [1, 2, 4].contains(codeSize), codes.count == codeSize * rowCount, dictionary.count % 16 == 0 else {
                throw SnapshotsError(
                    .damaged, url.path, "column “\(field.name)” has a wrong size; cut the snapshot again")
            }
            columns.append(
                SnapshotColumn(
                    field: field, rowCount: rowCount, codeSize: codeSize, codes: codes.baseAddress,
                    dictionary: dictionary, text: try sections.bytes(.text, number), file: file))
        }
        self.columns = columns

        var levels: [SnapshotLevel] = []
        for (number, ledger) in metadata.summary.levels.enumerated() {
            let dimensions = try sections.array(.dimensions, number, of: UInt8.self)
            let partFlags = try sections.array(.partFlags, number, of: UInt8.self)
            let storage = SnapshotLevel.Storage(
                rows: try sections.array(.rows, number, of: UInt32.self, count: dimensions.count),
                dimensions: dimensions,
                runStarts: try sections.array(.runStarts, number, of: UInt32.self, count: dimensions.count + 1),
                positionStarts: try sections.array(
                    .positionStarts, number, of: UInt32.self, count: partFlags.count + 1),
                partFlags: partFlags,
                positions: try sections.array(.positions, number, of: Int32.self))
            guard let tree = PackedHilbertTreeView(try sections.bytes(.tree, number)), tree.count == dimensions.count
            else {
                throw SnapshotsError(
                    .damaged, url.path, "the index of level \(number) is damaged; cut the snapshot again")
            }
            levels.append(
                SnapshotLevel(ledger: ledger, storage: storage, tree: tree, rowCount: rowCount, file: file))
        }
        guard !levels.isEmpty else {
            throw SnapshotsError(.damaged, url.path, "it has no level of detail; cut the snapshot again")
        }
        self.levels = levels
        self.sections = SealedSections(sections: sections, file: file)
    }

    /// The level to draw a tile from: the coarsest whose grid is at most a
    /// quarter of a pixel.
    ///
    /// - Parameters:
    ///   - tileMatrix: The position of the matrix in the set: its zoom level.
    ///   - tileSize: How many pixels wide the tile is drawn: 256, 512 for twice
    ///     the density, 1024 for vector tiles that are drawn up to one zoom level
    ///     deeper at twice the density. At the deepest level of vector tiles use
    ///     `levels[0]`, since clients go on magnifying it.
    public func level(forTileMatrix tileMatrix: Int, tileSize: Int = 256) -> SnapshotLevel {
        guard tileMatrixSet.tileMatrices.indices.contains(tileMatrix), tileSize > 0 else { return levels[0] }
        let matrix = tileMatrixSet.tileMatrices[tileMatrix]
        // A hair more than a quarter, so that rounding never costs a level.
        let quarter = matrix.tileSpanX / grid.unit / Double(tileSize) / 4 * 1.000_001
        return levels.last { Double(sign: .plus, exponent: $0.cellShift, significand: 1) <= quarter } ?? levels[0]
    }

    /// The position of a column, for a property's name.
    ///
    /// - Complexity: O(*n*) in columns; look it up once, not per feature.
    public func column(named name: String) -> Int? { schema.index(of: name) }

    /// The identifier of a row's feature; 0 beyond the last row.
    public func featureID(row: Int) -> Int64 { ids[row] }

    /// Compares every section with its checksum.
    ///
    /// - Throws: `SnapshotsError` `damaged`, naming the section.
    /// - Complexity: O(*n*) in bytes: it reads the whole file.
    public func verify() throws(SnapshotsError) { try sections.sections.verifyAll() }
}

/// The identifiers of the rows, in the mapped file.
private struct SnapshotIDs: @unchecked Sendable {
    // Unchecked because of the pointer; the bytes behind it are never written,
    // and the file is held.
    let buffer: UnsafeBufferPointer<Int64>
    let file: MappedFile

    subscript(row: Int) -> Int64 {
        row >= 0 && row < buffer.count ? Int64(littleEndian: buffer[row]) : 0
    }
}

/// The section table with the file that it points into.
private struct SealedSections: @unchecked Sendable {
    // Unchecked because of the pointers; the bytes behind them are never
    // written, and the file is held.
    let sections: SnapshotSections
    let file: MappedFile
}
