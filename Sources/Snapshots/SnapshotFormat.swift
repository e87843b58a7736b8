// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TileMatrixSets

/// The layout of a snapshot file. All numbers are little endian.
///
///     header, 64 bytes
///          0   8  "MIAOSNAP"
///          8   4  version of the format
///         12   4  number of sections
///         16   8  length of the file
///         24   8  offset of the section table
///         32   4  CRC-32 of the section table
///         36   4  CRC-32 of bytes 0 to 35
///         40  24  zero
///     sections, each at a multiple of 64 bytes
///     section table, 32 bytes a section
///          0   4  kind
///          4   4  number of the level or column, else 0
///          8   8  offset
///         16   8  length
///         24   4  CRC-32 of the section
///         28   4  zero
enum SnapshotFormat {
    static let magic = Array("MIAOSNAP".utf8)
    static let version: UInt32 = 1
    static let headerCount = 64
    static let entryCount = 32
    static let alignment = 64
    /// Far more than a layer with a thousand columns needs.
    static let maxSections = 65_536

    /// What a section holds.
    enum Section: UInt32 {
        /// `SnapshotMetadata` as JSON.
        case metadata = 1
        /// `Int64` for each row.
        case featureIDs = 2

        // For each level; *n* features, *m* runs of positions.

        /// A packed Hilbert tree over the boxes of the features, in their order.
        case tree = 16
        /// `UInt32[n]`: the row of each feature.
        case rows = 17
        /// `UInt8[n]`: the dimension: 0 points, 1 lines, 2 polygons.
        case dimensions = 18
        /// `UInt32[n + 1]`: the first run of each feature.
        case runStarts = 19
        /// `UInt32[m + 1]`: the first position of each run.
        case positionStarts = 20
        /// `UInt8[m]`: 1 when a run begins a part, 0 for holes.
        case partFlags = 21
        /// `Int32` pairs, x and y.
        case positions = 22

        // For each column.

        /// `UInt8`, `UInt16` or `UInt32` for each row: 0 is null, *k* is entry
        /// *k* − 1 of the dictionary.
        case codes = 32
        /// 16 bytes for each distinct value: type in 4 bytes, length of text in
        /// 4, then the value, or the offset of the text, in 8.
        case dictionary = 33
        /// UTF-8.
        case text = 34
    }

    /// The type of an entry of a dictionary.
    enum ValueTag: UInt32 {
        case boolean = 1
        case integer = 2
        case real = 3
        case text = 4
    }
}

/// What a snapshot says of itself.
struct SnapshotMetadata: Codable {
    var layer: String
    var schema: Schema
    var tileMatrixSet: TileMatrixSet
    var dataVersion: String
    var grid: SnapshotGrid
    /// Rows of the attribute table.
    var rowCount: Int
    /// In the set's reference system; nil when nothing is drawn.
    var envelope: Envelope?
    var summary: SnapshotSummary
}
