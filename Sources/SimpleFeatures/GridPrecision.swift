// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The spacing of a grid of coordinates, and the one rule of how an ordinate is
/// put on it.
///
/// An ordinate on the grid is an integer `n` of cells, kept as
/// `Double(n) / cellsPerUnit` and never as `n * precision`: the two differ in
/// the last bit on one ordinate in eight, and then equal borders would not be
/// equal.
public struct GridPrecision: Hashable, Sendable {
    /// The distance of neighbouring grid lines, in units of the plane.
    public let precision: Double
    /// Cells in one unit where that is a whole number, else 1.
    @usableFromInline let cellsPerUnit: Double
    /// Units in one cell where that is a whole number, else 1.
    @usableFromInline let unitsPerCell: Double

    /// One millimetre on a grid in metres.
    public static let millimetre = GridPrecision(cellsPerUnit: 1000, unitsPerCell: 1)

    private init(cellsPerUnit: Double, unitsPerCell: Double) {
        precision = unitsPerCell / cellsPerUnit
        self.cellsPerUnit = cellsPerUnit
        self.unitsPerCell = unitsPerCell
    }

    /// Returns nil unless `precision` is 1/k or k units for a whole number k up
    /// to a milliard: only those have exact grid lines.
    public init?(_ precision: Double) {
        guard precision.isFinite, precision > 0 else { return nil }
        let cells = (1 / precision).rounded()
        if cells >= 1, cells <= 1e9, 1 / cells == precision || abs(cells * precision - 1) < 1e-12 {
            self.init(cellsPerUnit: cells, unitsPerCell: 1)
        } else if precision >= 1, precision <= 1e9, precision == precision.rounded() {
            self.init(cellsPerUnit: 1, unitsPerCell: precision)
        } else {
            return nil
        }
    }

    /// The nearest grid line; an ordinate half-way between two goes to the one
    /// farther from zero. A non-finite ordinate stays what it is.
    @inlinable
    public func snap(_ ordinate: Double) -> Double {
        // Adding zero turns -0 into 0, so that equal positions have equal bits.
        (ordinate * cellsPerUnit / unitsPerCell).rounded() * unitsPerCell / cellsPerUnit + 0
    }

    /// How many cells an ordinate lies from zero; a whole number for one on the grid.
    @inlinable
    public func cells(_ ordinate: Double) -> Double {
        let cells = ordinate * cellsPerUnit / unitsPerCell
        let whole = cells.rounded()
        return self.ordinate(ofCell: whole) == ordinate ? whole : cells
    }

    /// The ordinate of a grid line, by its number from zero.
    @inlinable
    public func ordinate(ofCell number: Double) -> Double {
        number * unitsPerCell / cellsPerUnit + 0
    }

    /// The nearest grid position.
    @inlinable
    public func snap(_ position: Coordinate) -> Coordinate {
        Coordinate(x: snap(position.x), y: snap(position.y))
    }

    /// Whether a position lies on the grid, to the last bit.
    @inlinable
    public func holds(_ position: Coordinate) -> Bool {
        snap(position) == position
    }
}
