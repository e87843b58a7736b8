// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One tile of a tile matrix set.
public struct TileAddress: Hashable, Sendable, CustomStringConvertible {
    /// The position of the matrix in the set, from the smallest scale on. It is
    /// the zoom level in sets whose first matrix is called `0`.
    public var tileMatrix: Int
    /// Counted from the set's corner of origin; southwards in nearly all sets.
    public var tileRow: Int
    /// Counted eastwards.
    public var tileColumn: Int

    /// An address that nothing is promised about.
    public init(tileMatrix: Int, tileRow: Int, tileColumn: Int) {
        self.tileMatrix = tileMatrix
        self.tileRow = tileRow
        self.tileColumn = tileColumn
    }

    /// An address as URLs spell it, column before row; nothing is promised.
    public init(z: Int, x: Int, y: Int) {
        self.init(tileMatrix: z, tileRow: y, tileColumn: x)
    }

    /// An address within a set.
    ///
    /// Returns nil when the set has no such matrix, or the matrix no such tile.
    public init?(validating tileMatrix: Int, tileRow: Int, tileColumn: Int, in set: TileMatrixSet) {
        self.init(tileMatrix: tileMatrix, tileRow: tileRow, tileColumn: tileColumn)
        if !set.contains(self) { return nil }
    }

    /// The same as `z/x/y`.
    public var description: String { "\(tileMatrix)/\(tileColumn)/\(tileRow)" }
}

/// A rectangle of tiles of one matrix, borders included. It may be empty.
public struct TileRange: Hashable, Sendable, Sequence {
    public var tileMatrix: Int
    /// Half open.
    public var rows: Range<Int>
    /// Half open.
    public var columns: Range<Int>

    public init(tileMatrix: Int, rows: Range<Int>, columns: Range<Int>) {
        self.tileMatrix = tileMatrix
        self.rows = rows
        self.columns = columns
    }

    /// How many tiles there are.
    public var count: Int { rows.count * columns.count }

    public var underestimatedCount: Int { count }

    public var isEmpty: Bool { rows.isEmpty || columns.isEmpty }

    /// Whether a tile is one of these: of the same matrix, within both ranges.
    public func contains(_ address: TileAddress) -> Bool {
        address.tileMatrix == tileMatrix && rows.contains(address.tileRow) && columns.contains(address.tileColumn)
    }

    /// Row by row, westernmost first.
    public func makeIterator() -> AnyIterator<TileAddress> {
        var row = rows.lowerBound
        var column = columns.lowerBound
        return AnyIterator {
            guard row < rows.upperBound, !columns.isEmpty else { return nil }
            defer {
                column += 1
                if column == columns.upperBound {
                    column = columns.lowerBound
                    row += 1
                }
            }
            return TileAddress(tileMatrix: tileMatrix, tileRow: row, tileColumn: column)
        }
    }
}
