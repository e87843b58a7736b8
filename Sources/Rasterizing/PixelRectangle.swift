// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Whole pixels of a picture.
public struct PixelRectangle: Hashable, Sendable {
    public var columns: Range<Int>
    public var rows: Range<Int>

    public init(columns: Range<Int>, rows: Range<Int>) {
        self.columns = columns
        self.rows = rows
    }

    public var isEmpty: Bool { columns.isEmpty || rows.isEmpty }
}
